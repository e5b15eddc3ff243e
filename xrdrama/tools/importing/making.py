"""Makes the folder of a set from a model file: in a child, with limits of time and memory."""

from __future__ import annotations

import math
import re
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Final

import msgspec

from xrdrama.content import find_file
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import DeviceError, Problem, RemoteProtocolError, UsageError
from xrdrama.gltf.extent import extent_of
from xrdrama.gltf.posing import posed
from xrdrama.processes.compiling import run_in_child
from xrdrama.saving import saving_folder
from xrdrama.tools.checking.sets import check_scene_file
from xrdrama.tools.importing.clips import clips_text, imported_clips
from xrdrama.tools.importing.reading import format_of, read_model
from xrdrama.tools.importing.report import ImportReport, NotCarriedOver, unit_warnings

IMPORT_SECONDS: Final = 300.0
"""Seconds that an import may take."""
IMPORT_MEMORY: Final = 8 << 30
"""Bytes of address space."""
MODEL: Final = "assets/model.glb"
REPORT: Final = "import_report.json"
_SHOWN: Final = 40
"""Most materials that are listed in scene.yaml."""


def import_set(file: Path, out: Path, scale: float = 1.0) -> tuple[ImportReport, list[Problem]]:
    """Make the folder `out` of a set from a model file; returns the report and its problems.

    UsageError for a file that cannot be read, a name that no set can have and a folder that
    exists; DeviceError when the import takes too long or too much memory, or cannot be written.
    """
    name = out.name
    if not is_name(name):
        hint = f"such as {as_name(name) or 'market_square'}"
        raise UsageError(f"{name!r} cannot be the name of a set", f"choose another name, {hint}")
    if out.exists() or out.is_symlink():
        raise UsageError(
            f"{out} exists already, and nothing in it was changed",
            "choose another name with -o, or delete it",
        )
    if not (math.isfinite(scale) and 1e-4 <= scale <= 1e4):
        raise UsageError(f"--scale {scale:g} is not valid", "write a number from 0.0001 to 10000")
    find_file(str(file), "there is no file")
    format_of(file)
    with saving_folder(out) as folder:
        words = ["import-set", str(file.resolve()), str(folder), name, "--scale", repr(scale)]
        lines = run_in_child(words, file, "import", IMPORT_SECONDS, IMPORT_MEMORY)
        try:
            report = msgspec.json.decode("\n".join(lines), type=ImportReport)
        except msgspec.MsgspecError as error:
            raise DeviceError(f"importing {file} failed: {error}", "report this") from None
    return report, check_scene_file(out / "scene.yaml")[0]


def import_to(file: Path, folder: Path, name: str, scale: float) -> ImportReport:
    """Write the files of a set into a folder, in the child; UsageError when it cannot be read."""
    try:
        brought = read_model(file)
    except RemoteProtocolError as error:
        raise UsageError(f"{file.name}: {error}") from None
    least, most = extent_of(posed(brought.model), scale)
    size = tuple(high - low for low, high in zip(least, most, strict=True))
    used = {p.material for node in brought.model.nodes for p in node.primitives}
    report = ImportReport(
        file=file.name,
        format=format_of(file),
        scale=scale,
        triangles=brought.model.triangle_count,
        pieces=sum(len(node.primitives) for node in brought.model.nodes),
        materials=tuple(m.name for i, m in enumerate(brought.model.materials) if i in used),
        pictures=sum(1 for image in brought.model.images if image.content),
        lights=len(brought.model.lights),
        clips=tuple(imported_clips(brought.model.rig)),
        skins=sum(1 for node in brought.model.nodes if node.skin >= 0),
        size_m=size,  # type: ignore[arg-type]  # three numbers
        middle_m=tuple((a + b) / 2 for a, b in zip(least, most, strict=True)),  # type: ignore[arg-type]
        decoded=brought.decoded,
        not_carried_over=tuple(
            NotCarriedOver(remark.pointer, remark.message, remark.hint)
            for remark in brought.remarks
        ),
        warnings=unit_warnings(size, scale),  # type: ignore[arg-type]
    )
    (folder / "assets").mkdir(parents=True)
    (folder / MODEL).write_bytes(brought.glb)
    (folder / "scene.yaml").write_text(_scene_text(report, name), "utf-8")
    written = msgspec.json.format(msgspec.json.encode(report), indent=2)
    (folder / REPORT).write_bytes(written + b"\n")
    return report


def _scene_text(report: ImportReport, name: str) -> str:
    """The commented scene.yaml of an imported set."""
    template = (files("xrdrama.tools.starting") / "templates" / "imported.txt").read_text("utf-8")
    shown = [_plain(material) for material in dict.fromkeys(report.materials)]
    listed = "".join(f"#   {material}\n" for material in shown[:_SHOWN])
    if len(shown) > _SHOWN:
        listed += f"#   and {len(shown) - _SHOWN} more, in {REPORT}\n"
    width, depth, height = report.size_m
    x, y, z = report.middle_m
    return Template(template).substitute(
        name=name,
        title=name.replace("_", " ").capitalize(),
        file=_plain(report.file),
        model=MODEL,
        scale="" if report.scale == 1.0 else f", scale: {report.scale:g}",
        size=f"{width:.4g} m wide, {depth:.4g} m deep, {height:.4g} m high",
        middle=f"[{x:.4g}, {y:.4g}, {z:.4g}]",
        clips=clips_text(report.clips),
        materials=listed or "#   (it has none)\n",
    )


def _plain(text: str) -> str:
    """A text of a file for a comment: on one line, without control characters."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]", " ", text)[:80]
