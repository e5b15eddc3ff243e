"""Synthetic surveys of walls whose true pose is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from xrdrama.errors import Problem
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, Wall, parse_stage
from xrdrama.stage.surveys.positions import Positions
from xrdrama.stage.surveys.reading import CORNERS

FLAT = (
    "shape: flat, width: 4, height: 2, panel: {size: [0.5, 0.5], pixels: [64, 64]}, "
    "centre: [0, 4, 1.2]"
)
ARC = (
    "shape: arc, radius: 4, angle: 120, height: 2, segments: 8, pixels: [1024, 256], "
    "centre: [0, 0, 0.2]"
)
TRUTH = Pose(Vec3(0.012, -0.02, 0.006), Quat.from_angles(pan=0.4, tilt=-0.2, roll=0.3))
CORNER_NAMES = tuple(CORNERS)[:4]
Change = Callable[[Vec3], Vec3]


def stage_of(wall: str, csv: str | bytes = "", *, survey: bool = True,
             more: str = "") -> tuple[Stage | None, list[Problem]]:  # fmt: skip
    """The stage with one wall, and its problems; `csv` is the survey's text."""
    used = f", survey: wall.csv{more}" if survey else ""
    text = (
        "xrdrama: 1\nid: one\ncanvas: [1024, 1024]\neye_point: [0, 0, 1.4]\nwalls:\n"
        f"  main: {{{wall}{used}}}\n"
        "camera: {focal_mm: 35, sensor_mm: [36, 20.25]}\n"
    )
    content = csv if isinstance(csv, bytes) else csv.encode()
    return parse_stage(text, "folder/one.stage.yaml", lambda name: content)


def wall_of(wall: str) -> Wall:
    """The declared wall."""
    stage, problems = stage_of(wall, survey=False)
    assert stage is not None, problems
    return stage.walls[0]


def named(wall: str, change: Change, names: tuple[str, ...] = CORNER_NAMES) -> dict[str, Vec3]:
    """The corners of a wall as they are measured after `change`."""
    made = wall_of(wall)
    positions = Positions(made, None, "name", "")
    found = {name: positions.at(*CORNERS[name]) for name in names}
    return {name: change(at) for name, at in found.items() if at is not None}


def gridded(wall: str, change: Change, columns: int, rows: int) -> dict[str, Vec3]:
    """A grid of points in pixels, from edge to edge: `across,down` and the measured position."""
    made = wall_of(wall)
    positions = Positions(made, None, "pixels", "")
    points = {}
    for row in range(rows + 1):
        for column in range(columns + 1):
            u, v = column / columns, row / rows
            at = positions.at(u, 1 - v)
            assert at is not None
            points[f"{u * made.pixels[0]:g},{v * made.pixels[1]:g}"] = change(at)
    return points


def csv_of(points: Mapping[str, Vec3], head: str = "name,x,y,z", scale: float = 1.0) -> str:
    """The survey as CSV."""
    lines = [head]
    for name, at in points.items():
        lines.append(f"{name}," + ",".join(f"{c * scale:.9f}" for c in (at.x, at.y, at.z)))
    return "\n".join(lines) + "\n"


def noisy(millimetres: float, seed: int = 1) -> Change:
    """The true pose, and normally distributed noise on each axis."""
    chance = random.Random(seed)

    def change(at: Vec3) -> Vec3:
        noise = Vec3(*(chance.gauss(0.0, millimetres / 1000) for _ in range(3)))
        return TRUTH.apply(at) + noise

    return change


def on_wall(stage: Stage | None, u: float, v: float) -> Vec3:
    """The position in the stage of a place on its wall."""
    assert stage is not None
    found = Positions(stage.walls[0], None, "name", "").at(u, v)
    assert found is not None
    return found
