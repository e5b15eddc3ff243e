"""Makes a performer of a figure from another program, and says what the figure lacks."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama.content.performers import read_figure
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.gltf import figures
from xrdrama.performer import SHAPES
from xrdrama.performer.bodies import missing_shapes
from xrdrama.saving import saving_folder
from xrdrama.tools.performers.renaming import renamed

_TEXT = """# Made by `xrdrama performer new` of {source}.{licence}
xrdrama: 1
id: {name}
title: {title}
figure: assets/{name}.glb
gestures: [everyday]
mood: calm
"""


class MadeReport(msgspec.Struct, frozen=True):
    """What the figure has, by the names that performers use, and what it lacks."""

    folder: Path
    bones: dict[str, str]
    """Bone to the joint's own name."""
    shapes: dict[str, str]
    """Shape to the morph target's own name."""
    missing_bones: tuple[str, ...]
    missing_shapes: tuple[str, ...]
    unused_targets: tuple[str, ...]
    remarks: tuple[str, ...]
    licence: str


def make_performer_of(name: str, source: Path, out: Path | None = None) -> MadeReport:
    """Make the folder of a performer from a .glb or .vrm file.

    UsageError for a name that content cannot have, a folder that exists, and a file that cannot
    be read or used as a figure; nothing is written then.
    """
    if not is_name(name):
        hint = f"use small letters, digits and _, such as {as_name(name) or 'lan'}"
        raise UsageError(f"{name!r} cannot be the name of a performer", hint)
    folder = out if out is not None else Path("performers") / name
    if folder.exists() or folder.is_symlink():
        raise UsageError(
            f"{folder} exists already, and nothing in it was changed",
            "choose another name, or delete it",
        )
    try:
        found = renamed(source.read_bytes())
        skeleton = read_figure(found.content).skeleton
        figure = figures.read_figure(found.content, SHAPES)
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror}", "give a .glb or .vrm file") from None
    except RemoteProtocolError as error:
        message, _, hint = f"{source}: {error}".rpartition(": ")
        raise UsageError(message, hint) from None
    licence = f" Licence: {found.licence}" if found.licence else ""
    text = _TEXT.format(
        source=source.name, licence=licence, name=name, title=name.replace("_", " ").capitalize()
    )
    with saving_folder(folder) as place:
        (place / "performer.yaml").write_text(text, "utf-8")
        (place / "assets").mkdir()
        (place / "assets" / f"{name}.glb").write_bytes(found.content)
    return MadeReport(
        folder, found.bones, found.shapes,
        tuple(bone for bone in figures.BONES if bone not in skeleton.bones),
        tuple(missing_shapes(skeleton)),
        found.unknown,
        tuple(f"{remark.message}: {remark.hint}" for remark in figure.remarks),
        found.licence,
    )  # fmt: skip
