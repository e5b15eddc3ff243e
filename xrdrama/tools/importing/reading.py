"""Reads a model file of any known format, in the child: a plain GLB, and what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import unquote

import msgspec

from xrdrama.adapters.importing.draco import unpacked
from xrdrama.adapters.importing.pictures import png_or_jpeg
from xrdrama.adapters.importing.usd import read_usd
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.importing.obj import Linked, read_obj
from xrdrama.gltf.importing.plain import plain_glb
from xrdrama.gltf.meshes import Model, Remark
from xrdrama.gltf.references import resolve
from xrdrama.gltf.writer import write_glb

FORMATS: Final = {
    ".glb": "glTF", ".gltf": "glTF", ".obj": "OBJ",
    ".usd": "USD", ".usda": "USD", ".usdc": "USD", ".usdz": "USD",
}  # fmt: skip
MOST_LINKED: Final = 256 * 1024 * 1024
"""Most bytes of a file that a model refers to."""


class Brought(msgspec.Struct, frozen=True):
    """A plain GLB, the model in it, and the remarks on what it does not have."""

    glb: bytes
    model: Model
    decoded: tuple[str, ...]
    remarks: tuple[Remark, ...]


def read_model(file: Path) -> Brought:
    """Read a .glb, .gltf, .obj or USD file; RemoteProtocolError, with the reason, if invalid.

    Files that it refers to must be in its folder, or in a folder beside that.
    """
    kind = format_of(file)
    decoded: tuple[str, ...] = ()
    if kind == "glTF":
        plain = plain_glb(
            file.read_bytes(), linked_from(file), unpack=unpacked, picture=png_or_jpeg
        )
        glb, decoded, remarks = plain.glb, plain.decoded, plain.remarks
    else:
        if kind == "OBJ":
            model = read_obj(file.read_bytes(), linked_from(file), png_or_jpeg)
        else:
            model = read_usd(file, png_or_jpeg)
        glb, remarks = write_glb(model), model.remarks
    found = read_glb(glb, clips=None)
    return Brought(glb, found, decoded, tuple(dict.fromkeys([*remarks, *found.remarks])))


def format_of(file: Path) -> str:
    """The format of a model file by its suffix; UsageError for another one."""
    kind = FORMATS.get(file.suffix.lower())
    if kind is None:
        raise UsageError(
            f"{file} is not a model that can be imported",
            f"export the model as .glb; {', '.join(FORMATS)} are read",
        )
    return kind


def linked_from(file: Path) -> Linked:
    """The reader of the files that a model refers to."""
    folder = file.resolve().parent

    def linked(reference: str) -> bytes:
        parent = (folder / unquote(reference).replace("\\", "/")).parent.resolve()
        if not parent.is_relative_to(folder.parent):
            raise RemoteProtocolError(
                f"{reference[:120]!r} is far from the model: copy the file beside the model"
            )
        try:
            names = [path.name for path in parent.iterdir() if path.is_file()]
        except OSError:
            names = []
        last = reference.replace("\\", "/").rpartition("/")[2]
        found, _ = resolve(last, "", names)
        path = (parent / found).resolve()
        if not path.is_relative_to(folder.parent):
            raise RemoteProtocolError(
                f"{reference[:120]!r} is a link to a place far from the model: copy the file"
            )
        if path.stat().st_size > MOST_LINKED:
            raise RemoteProtocolError(f"{reference[:120]!r} is too large: reduce it")
        return path.read_bytes()

    return linked
