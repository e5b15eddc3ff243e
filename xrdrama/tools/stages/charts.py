"""The charts of a stage: coverage and overscan over a move, risk of moire, and a plan."""

from __future__ import annotations

from math import isfinite

from xrdrama.adapters.charts.chart import BLUE, DIM, GREEN, LAMP, PAPER, RED, Chart, shade
from xrdrama.spatial import Pose
from xrdrama.stage import Stage
from xrdrama.stage.advice.leaving import departures
from xrdrama.stage.advice.moire import RiskMap
from xrdrama.stage.advice.overscan import needs_over
from xrdrama.stage.advice.surfaces import Axes, cameras_of, hit, surfaces_of
from xrdrama.timing import NS
from xrdrama.tools.stages.advice import Advised
from xrdrama.tools.stages.moves import Recorded

WALL, FLOOR, OFF = (88, 140, 112), (74, 80, 104), (122, 46, 40)
FRUSTA = 6
"""Frames of a move whose frusta the plan shows."""


def charts_of(
    stage: Stage, moves: list[Recorded], advised: Advised
) -> dict[str, tuple[bytes, str]]:
    """Each chart by the name of its file: a PNG, and what it shows in words."""
    found: dict[str, tuple[bytes, str]] = {}
    for number, move in enumerate(moves):
        end = f"_{number + 1}" if len(moves) > 1 else ""
        if move.length > 0:
            found[f"coverage{end}.png"] = (
                _coverage(move, advised),
                f"{move.name}: the share of the frame on the walls and on the floor of the stage; "
                "red: times in which the camera sees beyond them, with the edge that leaves first",
            )
            found[f"overscan{end}.png"] = (
                _overscan(stage, move, advised),
                f"{move.name}: the overscan that each frame needs at "
                f"{advised.overscan.latency_frames:.1f} frames of latency",
            )
        found[f"plan{end}.png"] = (
            _plan(stage, move, advised),
            f"{move.name}: the stage from above, with the camera's way and what it sees; red: "
            "frames that see beyond the walls",
        )
    if advised.moire is not None:
        found["moire_lens.png"] = (
            _risks(
                advised.moire.lenses, "Moire risk, in focus on the wall", "focal length, mm", 1000
            ),
            "the risk of moire for other lenses, when the wall is in focus: 0 dark, 1 red",
        )
        found["moire_focus.png"] = (
            _risks(advised.moire.focus, f"Moire risk of the {stage.camera.lens.focal * 1000:g} mm "
                   f"lens at f/{advised.moire.aperture:g}", "focus, m", 1),
            "the risk of moire for this lens over its focus: it is high where the wall is in focus",
        )  # fmt: skip
    return found


def _coverage(move: Recorded, advised: Advised) -> bytes:
    moments = advised.moments[move.name]
    last = moments[-1].at / NS
    chart = Chart("Coverage", "seconds", "share of the frame", x=(0, last), y=(0, 1))
    for left in departures(moments):
        chart.band(left.at, last if left.until is None else left.until, OFF)
    zero = [(m.at / NS, 0.0) for m in moments]
    wall = [(m.at / NS, m.seen.share) for m in moments]
    floor = [(m.at / NS, m.seen.share + m.seen.floor) for m in moments]
    chart.area(zero, wall, WALL, "wall")
    chart.area(wall, floor, FLOOR, "floor")
    chart.grid()
    chart.line(wall, GREEN)
    chart.key("beyond the walls", OFF)
    for left in departures(moments):
        chart.dot((left.at, 1 - left.worst), RED, left.side)
    return chart.png()


def _overscan(stage: Stage, move: Recorded, advised: Advised) -> bytes:
    advice, camera = advised.overscan, stage.camera
    plain, ahead = needs_over(
        surfaces_of(stage), camera, (move.pose_at, move.length), stage.delays, advised.rate
    )
    drawn = [need for need in (*plain, advice.advised, advice.overscan) if isfinite(need)]
    top = min(3.0, max(drawn) * 1.04 + 0.02)
    chart = Chart(
        f"Overscan needed at {advice.latency_frames:.1f} frames of latency",
        "seconds", "times the frame", x=(0, move.length / NS), y=(1, top),
    )  # fmt: skip
    chart.grid()
    period = advised.rate.period
    chart.line([(n * period, min(v, top)) for n, v in enumerate(plain)], LAMP, "as measured")
    if advice.declared:
        chart.line([(n * period, min(v, top)) for n, v in enumerate(ahead)], BLUE, "predicted")
    chart.level(advice.overscan, PAPER, f"the stage's {advice.overscan:.3g}")
    if advice.advised <= top:
        chart.level(advice.advised, GREEN, f"advised {advice.advised:.3g}", at_right=False)
    return chart.png()


def _risks(found: RiskMap, title: str, label: str, scale: float) -> bytes:
    down = [value * scale for value in found.down]
    across = list(found.across)
    rows = [[shade(risk) for risk in row] for row in found.risk]
    half = (across[1] - across[0]) / 2
    low, high = 1.5 * down[0] - 0.5 * down[1], 1.5 * down[-1] - 0.5 * down[-2]
    chart = Chart(
        title, "distance of the wall, m", label, size=(960, 420),
        x=(across[0] - half, across[-1] + half), y=(low, high),
    )  # fmt: skip
    chart.grid()
    chart.cells(across, down, rows)
    for text, share in (("low", 0.1), ("some", 0.5), ("high", 1.0)):
        chart.key(text, shade(share))
    return chart.png()


def _plan(stage: Stage, move: Recorded, advised: Advised) -> bytes:
    surfaces, camera = surfaces_of(stage), next(iter(cameras_of(stage).values()))
    points = [(x, y) for one in surfaces for x, y, _ in one.corners]
    moments = advised.moments[move.name]
    way = [camera.perspective_centre(move.pose_at(m.at)) for m in moments]
    points += [(pose.position.x, pose.position.y) for pose in way]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    chart = Chart(
        "Plan", "m to the right", "m to the wall", size=(960, 620), square=True,
        x=(min(xs) - 1, max(xs) + 1), y=(min(ys) - 1, max(ys) + 1),
    )  # fmt: skip
    chart.grid()
    step = max(1, (len(way) - 1) // (FRUSTA - 1))
    for moment, pose in list(zip(moments, way, strict=True))[::step]:
        left, right, _, _ = camera.lens.edges
        ends = [_seen_at(stage, pose, x) for x in (left, right)]
        eye = (pose.position.x, pose.position.y)
        chart.outline([eye, *ends], RED if moment.seen.is_off else DIM)
    for one in surfaces:
        flat = [(x, y) for x, y, _ in one.corners]
        if one.foot is None:
            chart.outline(flat, BLUE)
        else:
            (ax, ay, _), (bx, by, _) = one.foot
            chart.line([(ax, ay), (bx, by)], LAMP, width=4)
    chart.line([(pose.position.x, pose.position.y) for pose in way], GREEN, width=3)
    chart.dot((way[0].position.x, way[0].position.y), GREEN, "start" if move.length else "camera")
    if stage.stand_in is not None:
        chart.dot((stage.stand_in.at.x, stage.stand_in.at.y), PAPER, "stand-in")
    for text, colour in (("wall", LAMP), ("ceiling or floor", BLUE), ("camera", GREEN)):
        chart.key(text, colour)
    return chart.png()


def _seen_at(stage: Stage, pose: Pose, x: float) -> tuple[float, float]:
    """Where the ray at the tangent `x` meets a wall, from above; 3 m ahead without one."""
    axes = Axes.of(pose)
    ray = axes.ray(x, 0.0)
    met = hit(surfaces_of(stage), axes.eye, ray)
    way = met[0] if met else 3.0
    return axes.eye[0] + ray[0] * way, axes.eye[1] + ray[1] * way
