"""What `stage check` says about cameras and moves: coverage, overscan, moire, render budget."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import isfinite
from typing import Any

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage import Stage
from xrdrama.stage.advice import moire
from xrdrama.stage.advice.budget import Budget, budget
from xrdrama.stage.advice.coverage import Coverage, overlap
from xrdrama.stage.advice.leaving import Departure, Moment, departures, timeline
from xrdrama.stage.advice.overscan import Advice, advise
from xrdrama.stage.advice.shot import optics_for
from xrdrama.stage.advice.surfaces import (
    Axes,
    Surface,
    cameras_of,
    grazing_of,
    hit,
    surfaces_of,
)
from xrdrama.stage.model import Camera
from xrdrama.timing import NS, FrameRate
from xrdrama.tools.stages.moves import Recorded

MAP_STEPS = 20


class MoireAdvice(msgspec.Struct, frozen=True):
    """The risk of moire: over the moves, and as maps over lens, focus and distance."""

    pitch_mm: float
    photosite_um: float
    aperture: float
    assumed: tuple[str, ...]
    """What the stage file does not say and is assumed."""
    in_focus: moire.At
    """The riskiest place of the moves with the focus on the wall."""
    on_actor: moire.At | None
    """The same with the focus on the stand-in; None without one."""
    lenses: moire.RiskMap
    focus: moire.RiskMap


class Advised(msgspec.Struct, frozen=True):
    """All that is advised for the camera of a stage and some moves."""

    moves: tuple[str, ...]
    rate: FrameRate
    moments: dict[str, tuple[Moment, ...]]
    """By name of the move."""
    overscan: Advice
    moire: MoireAdvice | None
    budget: Budget | None
    overlaps: dict[str, float]
    """For each pair of cameras, "a over b": the share of what a sees that b sees, too."""


def advice_for(stage: Stage, moves: Sequence[Recorded], rate: FrameRate) -> Advised:
    """All advice for the stage's first camera on these moves."""
    surfaces = surfaces_of(stage)
    cameras = cameras_of(stage)
    camera = next(iter(cameras.values()))
    moments = {
        move.name: timeline(surfaces, camera, move.pose_at, move.length, rate) for move in moves
    }
    poses = [
        camera.perspective_centre(move.pose_at(moment.at))
        for move in moves
        for moment in moments[move.name]
    ]
    pairs = [(move.pose_at, move.length) for move in moves]
    overscan = advise(surfaces, camera, pairs, stage.delays, rate)
    return Advised(
        tuple(move.name for move in moves),
        rate,
        moments,
        overscan,
        _moire(stage, surfaces, camera, poses),
        budget(surfaces, camera.lens, poses, stage.inner),
        _overlaps(surfaces, cameras),
    )


def _overlaps(surfaces: tuple[Surface, ...], cameras: dict[str, Camera]) -> dict[str, float]:
    """The overlap of each pair of cameras at their safe poses."""
    found = {}
    for (one, a), (other, b) in combinations(cameras.items(), 2):
        views = ((a.safe, a.lens.edges), (b.safe, b.lens.edges))
        found[f"{one} over {other}"] = overlap(surfaces, views[0], views[1])
        found[f"{other} over {one}"] = overlap(surfaces, views[1], views[0])
    return found


def _moire(
    stage: Stage, surfaces: tuple[Surface, ...], camera: Camera, poses: Sequence[Pose]
) -> MoireAdvice | None:
    """The risk over poses of the entrance pupil; None if no wall is ahead of any."""
    optics, assumed = optics_for(camera)
    seen: list[tuple[Surface, float, float, float | None]] = []
    for pose in poses[:: max(1, len(poses) // 200)]:
        axes = Axes.of(pose)
        met = hit(surfaces, axes.eye, axes.forward)
        if met is not None:
            actor = stage.stand_in
            to_actor = None
            if actor is not None:
                depth = axes.inside((actor.at.x, actor.at.y, actor.at.z + 1.5))[1]
                to_actor = depth if depth > 0.3 else None
            seen.append((met[1], met[0], grazing_of(met[1], axes.forward), to_actor))
    if not seen:
        return None
    walls = [
        moire.at(one.pitch, d, msgspec.structs.replace(optics, focus=d), grazing=angle)
        for one, d, angle, _ in seen
    ]
    actors = [
        moire.at(one.pitch, d, msgspec.structs.replace(optics, focus=to), grazing=angle)
        for one, d, angle, to in seen
        if to is not None
    ]
    pitch, far = seen[0][0].pitch, max(d for _, d, _, _ in seen)
    distances = _steps(0.5, max(8.0, 1.5 * far))
    return MoireAdvice(
        pitch * 1000,
        optics.photosite * 1e6,
        optics.aperture,
        assumed,
        max(walls, key=lambda at: at.risk),
        max(actors, key=lambda at: at.risk) if actors else None,
        moire.lens_map(pitch, optics, [f / 1000 for f in LENSES], distances),
        moire.focus_map(pitch, optics, _steps(0.6, max(8.0, 1.5 * far)), distances),
    )


LENSES = (14, 18, 21, 24, 28, 32, 35, 40, 50, 65, 75, 85, 100, 135)
"""Focal lengths of the map, millimetres."""


def _steps(low: float, high: float) -> list[float]:
    return [low + (high - low) * i / (MAP_STEPS - 1) for i in range(MAP_STEPS)]


def machine_form(advised: Advised) -> dict[str, Any]:
    """The advice as `stage check --json` prints it."""
    return {
        "coverage": [
            _moment(name, moment) for name, all_of in advised.moments.items() for moment in all_of
        ],
        "departures": {name: departures(all_of) for name, all_of in advised.moments.items()},
        "overlaps": advised.overlaps,
        "overscan_advice": _finite(msgspec.to_builtins(advised.overscan)),
        "moire": advised.moire or {},
        "budget": advised.budget or {},
    }


def _finite(value: Any) -> Any:
    """JSON has no infinity: an overscan that cannot be drawn is null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return None if isinstance(value, float) and not isfinite(value) else value


def _moment(name: str, moment: Moment) -> dict[str, Any]:
    seen = moment.seen
    return {
        "move": name,
        "at_s": round(moment.at / NS, 6),
        "share": round(seen.share, 6),
        "floor": round(seen.floor, 6),
        "off": round(seen.off, 6),
        "edge": seen.side,
        "edges": {side: round(share, 4) for side, share in seen.edges.items()},
        "seconds_to_off": moment.off_in,
        "grazing_deg": moment.grazing,
    }


def advice_lines(advised: Advised) -> list[str]:
    """The advice in lines for a terminal."""
    lines = []
    for name, moments in advised.moments.items():
        least = min(moments, key=lambda moment: moment.seen.share)
        angles = [moment.grazing for moment in moments if moment.grazing is not None]
        worst = min((angle.worst for angle in angles), default=None)
        lines.append(
            f"coverage, {name}: at least {_shares(least.seen)}"
            + (f", worst viewing angle {worst:.0f} degrees" if worst is not None else "")
        )
        lines += [f"coverage, {name}: {_sentence(one)}" for one in departures(moments)]
    lines += [f"overscan: {text}" for text in advised.overscan.text]
    if advised.moire is not None:
        lines += _moire_lines(advised.moire)
    if advised.budget is not None:
        (wide, high), text = advised.budget.needed, advised.budget.text
        lines.append(f"render budget: the frame shows {wide} x {high} wall pixels at most; {text}")
    return lines


def _shares(seen: Coverage) -> str:
    """The shares of a frame in words; as printed, they make 100 %."""
    walls, off = round(1000 * seen.share), round(1000 * seen.off)
    floor = 1000 - walls - off
    return (
        f"{walls / 10:.1f}% of the frame on the walls"
        + (f", {floor / 10:.1f}% on the floor" if floor > 0 else "")
        + (f", {off / 10:.1f}% off" if off > 0 else "")
    )


def _moire_lines(found: MoireAdvice) -> list[str]:
    lines = []
    for where, at in (("the wall", found.in_focus), ("the stand-in", found.on_actor)):
        if at is not None:
            lines.append(
                f"moire risk, focus on {where}: {at.word} ({at.risk:.2f}) at {at.distance:.1f} m, "
                f"LED period {at.period:.2f} photosites, blur {at.blur:.1f}"
                + ("; single LEDs can be seen" if at.period > moire.LARGEST > at.blur else "")
            )
    if found.assumed:
        lines.append(f"moire risk: assumed {' and '.join(found.assumed)}")
    return lines


def _sentence(left: Departure) -> str:
    """A departure in words."""
    until = f"to {left.until:.2f} s" if left.until is not None else "to the end"
    edge = "in a gap between walls" if left.side == "gap" else f"first at the {left.side} edge"
    return (
        f"off the walls from {left.at:.2f} s {until}, {edge}, up to {left.worst:.1%} of the frame"
    )
