"""The text of a stage file that `xrdrama stage new` writes, with comments for its author."""

from __future__ import annotations

import msgspec

from xrdrama.document.wording import short
from xrdrama.errors import UsageError
from xrdrama.stage.canvases import MOST_PIXELS


class PlacedWall(msgspec.Struct):
    """A wall with all that its lines in the file need; metres and pixels."""

    id: str
    keys: dict[str, str]
    pixels: tuple[int, int]
    note: str
    survey: str | None = None
    """The CSV file of its measured points, "" for none; None for a wall that follows another."""
    panel: str = ""
    """The value of `panel:`, from which its pixels follow; "" for none."""


def stage_text(
    line: str, name: str, walls: list[PlacedWall], lens: float, eye: tuple[float, float, float]
) -> str:
    """The text of a stage file called `name` with placed walls, a lens of `lens` millimetres and an
    eye point; `line` is what it was made from. UsageError for walls that do not fit on a canvas."""
    width = max(wall.pixels[0] for wall in walls)
    height = sum(wall.pixels[1] for wall in walls)
    if height > MOST_PIXELS:
        raise UsageError(
            f"the walls have {height} pixels down, one below the other; a canvas has at most "
            f"{MOST_PIXELS}",
            "write a larger pitch",
        )
    shown = " ".join(line.split())
    lines = [
        f"# Made by: xrdrama stage new {short(shown)}",
        "# Lengths in metres; x right, y forward (into the wall), z up. examples/stages/README.md",
        "# explains every word. Check: xrdrama stage check, xrdrama stage verify.",
        "xrdrama: 1",
        f"id: {name}",
        "# The picture for the LED processor, in pixels:",
        f"canvas: [{width}, {height}]",
        "walls:",
    ]
    top = 0
    for wall in walls:
        lines += [f"  {wall.id}:", f"    # {wall.note}"]
        lines += [f"    {key}: {value}" for key, value in wall.keys.items()]
        across, down = wall.pixels
        counted = f"panel: {wall.panel}" if wall.panel else f"pixels: [{across}, {down}]"
        lines += [f"    {counted}", f"    at: [0, {top}]"]
        if wall.survey:
            lines.append(f"    survey: {wall.survey}   # it replaces centre and rotation")
        elif wall.survey is not None:
            lines.append(
                "    # survey: wall.csv   # measured points, instead of centre: name,x,y,z"
            )
        top += down
    at = f"[{eye[0]:g}, {eye[1]:.4g}, {eye[2]:.4g}]"
    lines += [
        "camera:",
        f"  focal_mm: {lens:g}",
        "  sensor_mm: [36, 20.25]   # the used part of the sensor",
        "  # tracker_offset: {position: [0, 0, 0]}   # of the lens mount, relative to the tracker",
        "  # entrance_pupil_mm: 60   # in front of the mount; see the lens's data sheet",
        "  picture: [640, 360]",
        "# Where the outer picture is taken from, and the camera's place when tracking is lost:",
        f"eye_point: {at}",
        f"safe: {{position: {at}}}",
        'tracking: {protocol: freed, subject: "1", port: 40000, address: 127.0.0.1}',
        "inner: {overscan: 1.2, feather: 0.03, pixels: [640, 360]}",
        "outer: {density: 40, every: 2}   # pixels per metre; redrawn every 2 frames",
    ]
    return "\n".join(lines) + "\n"
