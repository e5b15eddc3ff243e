"""Overscan and slip against the formulae of the field, and on moves that were held out."""

from __future__ import annotations

from collections.abc import Callable
from math import atan, inf, radians, sin, tan
from pathlib import Path
from random import Random

import pytest

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Lens, Stage, load_stage
from xrdrama.stage.advice.overscan import (
    Advice,
    advise,
    overscan_for,
    pan_overscan,
    quantile,
    shown_pose,
    tolerance_limit,
)
from xrdrama.stage.advice.slip import content_slip, move_slip, pan_slip, staging, wall_slip
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.stage.delays import DelayLine
from xrdrama.timing import NS, FrameRate

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"
RATE = FrameRate(24)
WIDE_WALL = """
xrdrama: 1
id: wide
canvas: [4096, 2048]
walls: {main: {shape: flat, width: 40, height: 20, centre: [0, 4, 1.5], pixels: [4096, 2048]}}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [3840, 2160]}
eye_point: [0, 0, 1.5]
inner: {overscan: 1.2, pixels: [1280, 720]}
"""


def staged(latency: str) -> Stage:
    return load_stage(WIDE_WALL + latency)


def advice(stage: Stage, *moves: Callable[[int], Pose], seconds: float = 4.0) -> Advice:
    pairs = [(move, round(seconds * NS)) for move in moves]
    return advise(surfaces_of(stage), stage.camera, pairs, stage.delays, RATE)


def pan(degrees_per_second: float) -> Callable[[int], Pose]:
    return lambda at: Pose(
        Vec3(0, 0, 1.5), Quat.from_angles(pan=degrees_per_second * (at / NS - 2.0) / 4)
    )


# lens (mm), degrees per second, frames, percent: the table of the field notes
TABLE = [(40, 10, 3, 6), (40, 10, 6, 12), (40, 10, 11, 22), (40, 20, 6, 24), (40, 30, 11, 73),
         (24, 30, 6, 30), (75, 30, 3, 29), (75, 30, 11, 115)]  # fmt: skip


@pytest.mark.parametrize(("focal", "speed", "frames", "percent"), TABLE)
def test_the_formula_for_a_pan_gives_the_published_table(
    focal: int, speed: int, frames: int, percent: int
) -> None:
    lens = Lens(focal / 1000, (0.036, 0.02025))
    grown = pan_overscan(lens, radians(speed * frames / 24))
    assert grown == pytest.approx(1 + percent / 100, abs=0.006)


@pytest.mark.parametrize("frames", [1, 3, 6, 11])
@pytest.mark.parametrize("speed", [5.0, 12.0, 30.0])
def test_advice_for_a_steady_pan_is_the_formula(speed: float, frames: int) -> None:
    stage = staged(f"latency: {{render: {frames} frames}}")
    half = atan(0.036 / 2 / 0.040)
    expected = tan(half + radians(speed * frames / 24)) / tan(half)

    def turning(at: int) -> Pose:
        return Pose(Vec3(0, 0, 1.5), Quat.from_angles(pan=speed * (at / NS - 1.0)))

    found = advice(stage, turning, seconds=2.0)
    assert found.latency_frames == pytest.approx(frames, abs=1e-6)
    for value in (found.unpredicted.needed_95, found.unpredicted.needed_99, found.advised):
        assert abs(value - expected) < 0.02
    assert abs(found.pan_formula - expected) < 0.001
    assert found.dominated_by == "pan" and found.slip.content_px < 0.01


def walking(seed: int) -> Callable[[int], Pose]:
    """A hand-held pan, tilt and step of random sine waves: not made by `tracking.moves`."""
    random = Random(seed)
    waves = [
        [(random.uniform(0.5, 1.0) * size, random.uniform(low, high), random.uniform(0, 6.3))
         for size, low, high in ((whole, 0.05, 0.2), (whole / 6, 0.4, 1.0), (whole / 40, 1.2, 2.0))]
        for whole in (14.0, 5.0, 0.35, 0.25, 0.05)
    ]  # fmt: skip

    def pose(at: int) -> Pose:
        t = at / NS
        turn, tilt, x, y, z = (
            sum(size * sin(6.283 * hz * t + phase) for size, hz, phase in axis) for axis in waves
        )
        return Pose(Vec3(x, y, 1.5 + z), Quat.from_angles(pan=turn, tilt=tilt))

    return pose


def test_advice_covers_frames_of_moves_it_was_not_derived_from() -> None:
    stage = staged("latency: {tracker: 8ms, network: 1ms, render: 3 frames, processor: 1 frame}")
    found = advice(stage, *(walking(seed) for seed in range(10)), seconds=24.0)
    surfaces, camera = surfaces_of(stage), stage.camera
    late = stage.delays.total(RATE)
    covered, few, total = 0, 0, 0
    for seed in range(500, 512):
        move = walking(seed)
        for frame in range(0, 24 * 24, 2):
            at = RATE.shows_at(frame)
            need = overscan_for(surfaces, camera.lens, move(at - late), move(at))
            covered += need <= found.advised
            few += need <= 1 + (found.advised - 1) / 2
            total += 1
    assert covered >= 0.99 * total, covered / total
    assert few < 0.95 * total  # the negative control: half of the margin is not enough
    assert found.advised < 1.5 and found.unpredicted.needed_95 <= found.unpredicted.needed_99


@pytest.mark.parametrize("frames", [0, 1, 3, 6, 11])
def test_slip_of_a_sideways_move_is_the_formula(frames: int) -> None:
    """0.5 m/s, 40 mm, 4 m, far objects: 67 px at 3 frames, 244 px at 11 (field notes 3.4)."""
    stage = staged("")
    surfaces, camera = surfaces_of(stage), stage.camera
    moved = 0.5 * frames / 24
    shown, seen = Pose(Vec3(-moved, 0, 1.5)), Pose(Vec3(0, 0, 1.5))
    focal = 3840 * 40 / 36
    for virtual in (inf, 20.0, 5.0, 4.0, 3.0):
        exact = content_slip(surfaces, camera, shown, seen, virtual)
        formula = move_slip(focal, moved, 4.0, virtual)
        assert exact is not None and abs(-exact[0] - formula) < 1e-6 and abs(exact[1]) < 1e-9
    published = {0: 0, 1: 22, 3: 67, 6: 133, 11: 244}
    assert move_slip(focal, moved, 4.0) == pytest.approx(published[frames], abs=0.6)
    assert move_slip(focal, moved, 4.0, 4.0) == 0.0
    assert wall_slip(moved, 4.0, 0.0026) == pytest.approx(moved / 0.0026)


def test_a_nodal_pan_leaves_what_is_drawn_in_its_place_and_moves_the_frustum() -> None:
    stage = staged("")
    shown = Pose(Vec3(0, 0, 1.5), Quat.from_angles(pan=-6))
    exact = content_slip(surfaces_of(stage), stage.camera, shown, Pose(Vec3(0, 0, 1.5)))
    assert exact == pytest.approx((0, 0), abs=1e-9)
    assert pan_slip(4267, radians(6)) == pytest.approx(448.5, abs=0.5)


def test_a_move_sideways_is_said_to_be_beyond_overscan_and_staging_is_advised() -> None:
    stage = staged("latency: {render: 6 frames}")
    found = advice(stage, lambda at: Pose(Vec3(0.5 * (at / NS - 2), 0, 1.5)))
    assert found.dominated_by == "move" and found.slip.content_px == pytest.approx(133, abs=1)
    assert found.slip.staging_m is not None
    near, far = found.slip.staging_m
    assert far is not None and near < 4.0 < far
    for distance in (near, far):
        assert abs(move_slip(3840 * 40 / 36, 0.125, 4.0, distance)) == pytest.approx(2.0, abs=0.01)
    assert any("overscan does not change that" in text for text in found.text)
    assert staging(4267, 0.0, 4.0, 2.0) == (0.0, inf)


def test_a_stage_that_declares_no_latency_gets_an_assumption_and_a_notice() -> None:
    found = advice(staged(""), pan(20))
    assert not found.declared and found.latency_frames == pytest.approx(6)
    assert "declares no latency" in found.text[0]


def test_prediction_to_the_exposure_leaves_little_and_can_be_chosen() -> None:
    parts = "tracker: 8ms, network: 1ms, render: 2 frames, processor: 1 frame, panel: 3ms"
    shown, seen = (staged(f"latency: {{{parts}, predict_to: {to}}}") for to in ("shown", "seen"))
    moves = [walking(seed) for seed in range(3)]
    plain, ahead = (advice(stage, *moves, seconds=10.0) for stage in (shown, seen))
    assert plain.unpredicted == ahead.unpredicted
    need = ahead.unpredicted.needed_99 - 1
    # `shown` predicts over the 9 ms until the sample arrives, `seen` over the whole line.
    assert 0.8 * need < plain.predicted.needed_99 - 1 < need
    assert ahead.predicted.needed_99 - 1 < 0.45 * need


def test_a_steady_move_is_predicted_exactly() -> None:
    delays = staged("latency: {render: 4 frames, predict_to: seen}").delays
    found = shown_pose(pan(40), NS, delays, RATE)
    assert found.rotation.angle_to(pan(40)(NS).rotation) < 1e-6


def test_tolerance_limits_are_those_of_wilks() -> None:
    values = [float(n) for n in range(1, 1001)]
    assert tolerance_limit(values, 0.99, 298) == 1000.0
    assert tolerance_limit(values, 0.99, 299) == 1000.0  # the largest of 299 is enough
    assert tolerance_limit(values, 0.99, 473) < 1000.0  # from 473 the largest may be left out
    assert quantile(values, 0.99) == 990.0 and quantile([3.0], 0.95) == 3.0


def test_a_delay_line_counts_times_and_frames() -> None:
    delays = staged("latency: {tracker: 8ms, network: 2ms, render: 2 frames, camera: 0.5f}").delays
    assert delays.total(RATE) == 10_000_000 + round(2 * NS / 24) + round(0.5 * NS / 24)
    assert delays.frames(FrameRate(24)) == pytest.approx(2.74)
    assert delays.frames(FrameRate(48)) == pytest.approx(2.98)
    assert delays.lookahead(RATE) == 0
    old = staged("tracking: {latency: 20ms}")
    assert old.delays == DelayLine(tracker=old.delays.tracker) and not old.delays.is_declared
    assert old.delays.total(RATE) == 20_000_000 == old.tracking.latency


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("latency: {render: 2}", "F007", "is not a delay"),
        ("latency: {render: 2 fr}", "F007", "is not a delay"),
        ("latency: {render: -1 frames}", "F007", "is not a delay"),
        ("latency: {render: 900 frames}", "F005", "up to 10s or 240 frames"),
        ("latency: {renderer: 2 frames}", "F014", "renderer"),
        ("latency: {predict_to: later}", "F008", "shown, seen"),
        ("tracking: {latency: 20ms}\nlatency: {tracker: 8ms, network: 1ms}", "W040", "20ms"),
    ],
)
def test_bad_delays_are_reported_at_their_place(text: str, code: str, says: str) -> None:
    from xrdrama.stage import parse_stage

    _, problems = parse_stage(WIDE_WALL + text)
    assert [p.code for p in problems] == [code], problems
    assert says in problems[0].message and problems[0].line >= 9
