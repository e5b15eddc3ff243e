"""What an import brought and what it did not, as it is printed, written and sent as JSON."""

from __future__ import annotations

import msgspec


class NotCarriedOver(msgspec.Struct, frozen=True, order=True):
    """Something of the file that the set does not have: where in the file, what, and the remedy."""

    where: str
    what: str
    hint: str = ""


class ImportedClip(msgspec.Struct, frozen=True):
    """An animation of the file, and whether it plays in the set as it was made."""

    name: str
    seconds: float
    plays: bool
    """False when an earlier one moves the same nodes."""


class ImportReport(msgspec.Struct, frozen=True):
    """What a set has of the file that it was imported from."""

    file: str
    """The name of the imported file."""
    format: str
    scale: float
    triangles: int
    pieces: int
    materials: tuple[str, ...]
    pictures: int
    lights: int
    size_m: tuple[float, float, float]
    """Width, depth and height of the set, metres (x right, y into the wall, z up)."""
    middle_m: tuple[float, float, float]
    """The middle of its bounding box."""
    decoded: tuple[str, ...]
    """What was compressed or of another format, and was decoded: Draco, meshopt, KTX2 ..."""
    not_carried_over: tuple[NotCarriedOver, ...]
    clips: tuple[ImportedClip, ...]
    skins: int
    """Pieces that the joints of a skeleton bend."""
    warnings: tuple[str, ...]


CENTIMETRES, MILLIMETRES, TINY = 300.0, 3000.0, 0.3
"""Metres: sets that are larger are probably in other units; so are smaller ones."""


def unit_warnings(size: tuple[float, float, float], scale: float) -> tuple[str, ...]:
    """A warning when a set of this size (metres) is probably not in metres."""
    largest = max(size)
    shown = " x ".join(f"{side:.3g}" for side in size)
    if largest > CENTIMETRES:
        unit, factor = ("millimetres", 0.001) if largest > MILLIMETRES else ("centimetres", 0.01)
    elif largest < TINY:
        unit, factor = "another unit", 100.0
    else:
        return ()
    return (
        f"the set is {shown} m: if its file is in {unit}, import it again with"
        f" --scale {scale * factor:g}",
    )


def lines_of(report: ImportReport) -> list[str]:
    """The report as lines for a terminal."""
    width, depth, height = report.size_m
    decoded = f"; decoded: {', '.join(report.decoded)}" if report.decoded else ""
    found = [
        f"{report.triangles:,} triangles, {len(report.materials)} materials, {report.pictures} "
        f"pictures, {report.lights} lights; {width:.4g} x {depth:.4g} x {height:.4g} m{decoded}"
    ]
    for clip in report.clips:
        which = "plays in a loop" if clip.plays else "moves what an earlier one moves: not played"
        found.append(f"animation {clip.name!r}, {clip.seconds:.3g} s: {which} (`clips:`)")
    for lost in report.not_carried_over:
        where = f"{lost.where}: " if lost.where else ""
        hint = f" ({lost.hint})" if lost.hint else ""
        found.append(f"not carried over: {where}{lost.what}{hint}")
    found += [f"warning: {text}" for text in report.warnings]
    return found
