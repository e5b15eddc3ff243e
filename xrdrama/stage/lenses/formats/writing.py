"""The text of a lens file, from what an importer found."""

from __future__ import annotations

from math import inf

import msgspec

from xrdrama.stage.lenses.distortion import Model, Point, Six
from xrdrama.stage.lenses.form import INFINITY


class FoundPoint(msgspec.Struct, frozen=True):
    """A lens at one setting, in the units of a lens file; `zoom` is 0 for that of a prime."""

    focal_mm: float
    focus_m: float = inf
    zoom: float = 0.0
    entrance_pupil_mm: float = 0.0
    projection_offset_mm: Point = (0.0, 0.0)
    distortion_offset_mm: Point = (0.0, 0.0)
    radial: Six = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    tangential: Point = (0.0, 0.0)


class FoundLens(msgspec.Struct, frozen=True):
    """A lens as an importer found it: maps are (encoder, mm) and (encoder, metres).

    `notes` says what was not carried over, or how it was understood.
    """

    sensor_mm: Point
    points: tuple[FoundPoint, ...]
    model: Model = "D-U"
    title: str = ""
    zoom_map: tuple[Point, ...] = ()
    focus_map: tuple[Point, ...] = ()
    unit: str = "raw"
    notes: tuple[str, ...] = ()


def number(value: float) -> str:
    """A number as lens files have it: twelve digits, and a point before an exponent."""
    if value == inf:
        return INFINITY
    text = f"{value:.12g}"
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}.0e{exponent}" if e and "." not in mantissa else text


def _list(values: tuple[float, ...]) -> str:
    return f"[{', '.join(number(value) for value in values)}]"


def lens_text(name: str, lens: FoundLens) -> str:
    """The text of a lens file with the id `name`, in canonical form."""
    lines = ["xrdrama: 1", f"id: {name}"]
    if lens.title:
        lines.append(f"title: {_quoted(lens.title)}")
    lines += [f"sensor_mm: {_list(lens.sensor_mm)}", f"model: {lens.model}"]
    if lens.zoom_map or lens.focus_map:
        lines.append("encoders:")
        for ring, unit, rows in (("zoom", "mm", lens.zoom_map), ("focus", "m", lens.focus_map)):
            if rows:
                lines += [f"  {ring}:", f"    unit: {lens.unit}", "    points:"]
                lines += [
                    f"      - {{at: {number(at)}, {unit}: {number(means)}}}" for at, means in rows
                ]
    lines.append("calibration:")
    lines += [f"  - {{{_point(point)}}}" for point in lens.points]
    return "\n".join(lines) + "\n"


def _quoted(title: str) -> str:
    plain = " ".join(title.split())[:120]
    escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _point(point: FoundPoint) -> str:
    parts = []
    if point.zoom:
        parts.append(f"zoom: {number(point.zoom)}")
    if point.focus_m != inf or point.zoom:
        parts.append(f"focus: {number(point.focus_m)}")
    parts.append(f"focal_mm: {number(point.focal_mm)}")
    if point.entrance_pupil_mm:
        parts.append(f"entrance_pupil_mm: {number(point.entrance_pupil_mm)}")
    for key in ("projection_offset_mm", "distortion_offset_mm", "radial", "tangential"):
        values = getattr(point, key)
        if any(values):
            parts.append(f"{key}: {_list(values)}")
    return ", ".join(parts)
