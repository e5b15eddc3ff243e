"""`advance` against building its frames and as much arithmetic in Python as its views need."""

from __future__ import annotations

from functools import partial

import msgspec

from xrdrama import content
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.production import outer_views
from xrdrama.spatial import Pose, Quat, Vec3, settle
from xrdrama.stage import Stage, load_stage
from xrdrama.timing import FrameTime
from xrdrama.tools.bench.comparing import BenchResult, compared_in_pieces
from xrdrama.tracking import TrackingSample
from xrdrama.tracking.moves import Move, load_move
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame, Light, OpenChoice, OpenOption, Projection, Tracked, View

SHOW = "lantern_demo"
PIECE = 10
"""Frames that are measured at a time."""
FOUR_WALLS = """
xrdrama: 1
id: four
canvas: [4096, 2048]
eye_point: [0, -1.5, 1.6]
walls:
  front: {shape: flat, width: 8, height: 4, centre: [0, 5, 2], pixels: [2048, 1024]}
  left: {shape: flat, width: 6, height: 4, centre: [-4, 2, 2], pan: 90, pixels: [1024, 1024], at: [2048, 0]}
  right: {shape: flat, width: 6, height: 4, centre: [4, 2, 2], pan: -90, pixels: [1024, 1024], at: [3072, 0]}
  ceiling: {shape: flat, width: 8, height: 6, centre: [0, 2, 4.1], tilt: 90, pixels: [1024, 1024], at: [0, 1024]}
camera: {focal_mm: 38, sensor_mm: [36, 20.25]}
"""  # noqa: E501


def production_on(stage: Stage, move: Move | None = None) -> tuple[Production, list[Tick]]:
    """The demo on another stage, and ten seconds of ticks with a tracker at 60 Hz that follows a
    move, or else that of the demo. Its performers are measured apart: `casting`."""
    loaded = content.load_show(SHOW)
    production = content.produce(loaded)
    production = msgspec.structs.replace(
        production, stage=stage, outer_views=outer_views(stage), cast={}
    )
    move = move or load_move(loaded.text("move") or "", "move")
    ticks, seq, sample = [], 0, 0
    for number in range(240):
        time_ = FrameTime.of(number, production.rate)
        entries = []
        while sample * 16_666_667 < time_.shows_at:
            at = sample * 16_666_667
            entries.append(Entry(seq, at, TrackingSample("op", "1", at, move.pose(at))))
            sample, seq = sample + 1, seq + 1
        ticks.append(Tick(time_, tuple(entries)))
    return production, ticks


def bench_advance() -> list[BenchResult]:
    """`advance` with four walls and the demo's story, against building its frames and as much bare
    arithmetic in Python as its views need."""
    production, ticks = production_on(load_stage(FOUR_WALLS, "four"))
    show, before, parts = opening(production), [], []
    for tick in ticks:
        before.append(show)
        show, frame = advance(show, tick)
        parts.append(_parts(frame))

    def play(first: int) -> None:
        show = before[first]
        for tick in ticks[first : first + PIECE]:
            show, _ = advance(show, tick)

    def refer(first: int) -> None:
        for given in parts[first : first + PIECE]:
            _reference(*given)

    pieces = [(partial(play, at), partial(refer, at)) for at in range(0, len(ticks), PIECE)]
    per_frame = compared_in_pieces("advance", pieces, goal=3.0)
    count = len(ticks)
    return [
        msgspec.structs.replace(
            per_frame, value=per_frame.value / count, reference=per_frame.reference / count
        )
    ]


Numbers = tuple[float, ...]
_TURN = Quat(0.9, 0.1, 0.2, 0.3)


def _parts(frame: Frame) -> tuple[Frame, list[tuple[View, Numbers]], list[Numbers]]:
    """The numbers of a frame, prepared so that only constructing the frame is measured."""
    views: list[tuple[View, Numbers]] = []
    for view in frame.views:
        p, q, r = view.pose.position, view.pose.rotation, view.projection
        numbers = (p.x, p.y, p.z, q.w, q.x, q.y, q.z,
                   r.left, r.right, r.bottom, r.top, r.near, r.far)  # fmt: skip
        views.append((view, numbers))
    lights: list[Numbers] = [(c.x, c.y, c.z) for c in (light.colour for light in frame.lights)]
    return frame, views, lights


def _reference(frame: Frame, views: list[tuple[View, Numbers]], lights: list[Numbers]) -> Frame:
    """The frame built again, its numbers rounded, and ten rotations: a reference of construction
    in C alone would compare the processor's C with its Python, and differ by machine."""
    turned = _TURN
    for _ in range(10):
        turned = turned * _TURN
    for _, numbers in views:
        for number in numbers:
            settle(number)
    return _built(frame, views, lights)


def _built(frame: Frame, views: list[tuple[View, Numbers]], lights: list[Numbers]) -> Frame:
    """The same frame value, built from its numbers."""
    made = []
    for view, n in views:
        pose = Pose(Vec3(n[0], n[1], n[2]), Quat(n[3], n[4], n[5], n[6]))
        projection = Projection(n[7], n[8], n[9], n[10], n[11], n[12])
        made.append(View(view.id, view.target, pose, projection, view.overscan))
    choice = frame.choice
    if choice is not None:
        options = tuple(
            OpenOption(o.id, o.number, dict(o.texts), tuple(o.say), o.show, o.progress, o.heard)
            for o in choice.options
        )
        choice = OpenChoice(
            choice.id, options, choice.left, choice.show, choice.hearing, choice.numbered
        )
    t = frame.tracked
    return Frame(
        FrameTime(frame.time.number, frame.time.shows_at, frame.time.timecode),
        frame.beat,
        frame.scene,
        dict(frame.params),
        tuple(made),
        tuple(frame.captions),
        tuple(frame.sounds),
        choice,
        tuple(frame.picks),
        tuple(frame.feedback),
        tuple(
            Light(light.id, Vec3(*n), light.direction)
            for light, n in zip(frame.lights, lights, strict=True)
        ),
        tuple(frame.alarms),
        Tracked(t.source, t.subject, t.at, t.state, made[0].pose) if t else None,
        frame.ending,
        frame.held,
        frame.panic,
    )
