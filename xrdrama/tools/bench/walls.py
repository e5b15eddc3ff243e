"""The watch on cameras that leave the walls: against `advance`, and on a wall of many pieces."""

from __future__ import annotations

from math import cos, pi, sin

import msgspec

from xrdrama import content
from xrdrama.run.wall_watch import WallWatch
from xrdrama.show import Show, advance, opening
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage.advice.course import Course
from xrdrama.stage.advice.outlook import Outlook
from xrdrama.stage.advice.surfaces import Surface
from xrdrama.tools.bench.advance import production_on
from xrdrama.tools.bench.comparing import BenchResult, compared
from xrdrama.tracking.moves import load_move
from xrdrama.wire.frame import Frame

STAGE, MOVE = "arc_volume", "off_the_wall"


def bench_off_wall() -> list[BenchResult]:
    """The watch of a running show during a move that leaves the walls, against `advance` of the
    same frames; and a look on a wall of 2,048 pieces against one of 32."""
    stage = content.load_stage_file(content.find("stage", STAGE))
    path = content.find("move", MOVE)
    production, ticks = production_on(stage, load_move(content.read_text(path), str(path)))
    start = opening(production)
    given: list[tuple[Frame, Show]] = []

    def play() -> None:
        show = start
        given.clear()
        for tick in ticks:
            show, frame = advance(show, tick)
            given.append((frame, show))

    def watch() -> int:
        watcher = WallWatch(stage)
        return sum(len(watcher.shown(*each).alarms) for each in given)

    play()
    assert watch() > 0, "the move must leave the walls"
    result = compared("off_wall_watch", watch, play, goal=2.0, pairs=10)
    count = len(ticks)
    per_frame = msgspec.structs.replace(
        result, value=result.value / count, reference=result.reference / count
    )
    camera, course = stage.camera, Course(Vec3(0.3, 0.0, 0.0), Vec3(0.0, 0.0, 0.2))
    poses = [Pose(Vec3(0.0, -1.0, 1.4), Quat.from_angles(tilt=tilt)) for tilt in range(0, 40, 5)]

    def looks(outlook: Outlook) -> None:
        for pose in poses:
            outlook.warned(camera, pose, course, None)

    many, few = Outlook.on(_arc(64, 32)), Outlook.on(_arc(32, 1))
    pieces = compared("off_wall_pieces", lambda: looks(many), lambda: looks(few), goal=4.0)
    return [per_frame, pieces]


def _arc(columns: int, rows: int) -> tuple[Surface, ...]:
    """A half circle of 5 m radius and 4 m height, in pieces."""
    made = []
    for column in range(columns):
        ends = [pi * (1.0 - (column + side) / columns) for side in (0, 1)]
        (ax, ay), (bx, by) = ((5.0 * cos(end), 5.0 * sin(end)) for end in ends)
        middle = sum(ends) / 2.0
        normal = (-cos(middle), -sin(middle), 0.0)
        foot = ((ax, ay, 0.0), (bx, by, 0.0))
        for row in range(rows):
            low, high = 4.0 * row / rows, 4.0 * (row + 1) / rows
            corners = ((ax, ay, low), (bx, by, low), (bx, by, high), (ax, ay, high))
            made.append(Surface("arc", corners, normal, 0.0026, foot))
    return tuple(made)
