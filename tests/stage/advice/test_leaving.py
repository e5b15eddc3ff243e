"""The look-ahead is scored on moves of an operator that it was not tuned on: a spring that follows
targets, not the eased keys of `tracking.moves`."""

from __future__ import annotations

from math import sin
from pathlib import Path
from random import Random

import pytest

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, load_stage
from xrdrama.stage.advice.coverage import coverage
from xrdrama.stage.advice.leaving import (
    AHEAD,
    Course,
    Outlook,
    departures,
    timeline,
)
from xrdrama.stage.advice.surfaces import surfaces_of
from xrdrama.timing import NS, FrameRate

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"
RATE = FrameRate(24)
FPS = 24
SAMPLES = 60
"""Samples of the simulated tracker per second."""


@pytest.fixture(scope="module")
def wall() -> Stage:
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    return load_stage(text.replace("focal_mm: 35", "focal_mm: 85"))


def operator(seed: int, seconds: float) -> list[Pose]:
    """The poses of a hand-held camera at 60 samples a second: a damped spring that follows targets
    (where to stand and what to look at), and a shaking hand of random sine waves."""
    random = Random(seed)
    at, speed = [0.0, -1.0, 1.4, 0.0, 0.0], [0.0] * 5
    goal, until = list(at), 0.0
    shake = [[(random.uniform(0.4, 2.2), random.uniform(0, 6.3)) for _ in range(3)] for _ in at]
    poses = []
    for step in range(round(seconds * SAMPLES)):
        t = step / SAMPLES
        if t >= until:
            until = t + random.uniform(1.5, 4.5)
            goal = [random.uniform(-0.7, 0.7), random.uniform(-1.6, -0.4), random.uniform(1.2, 1.5),
                    random.uniform(-32, 32), random.uniform(-4, 4)]  # fmt: skip
        for axis in range(5):
            pull = 9.0 * (goal[axis] - at[axis]) - 5.5 * speed[axis]
            speed[axis] += pull / SAMPLES
            at[axis] += speed[axis] / SAMPLES
        hand = [sum(sin(6.283 * hz * t + phase) for hz, phase in waves) / 3 for waves in shake]
        x, y, z = (at[axis] + 0.004 * hand[axis] for axis in range(3))
        pan, tilt = at[3] + 0.25 * hand[3], at[4] + 0.25 * hand[4]
        poses.append(Pose(Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt)))
    return poses


class Scored:
    """Alarms against what came: departures announced, and alarms without a departure."""

    def __init__(self) -> None:
        self.departures = self.announced = self.alarms = self.calm = self.disturbed = 0
        self.leads: list[float] = []

    def add(self, off: list[bool], alarms: list[bool]) -> None:
        for frame in range(FPS, len(off) - FPS):
            left = off[frame] and off[frame + 1] and not any(off[frame - 12 : frame])
            if left:
                self.departures += 1
                raised = [n for n in range(frame - FPS, frame) if all(alarms[n:frame])]
                self.announced += bool(raised)
                self.leads.append((frame - raised[0]) / FPS if raised else 0.0)
            if off[frame]:
                continue
            self.alarms += alarms[frame]
            leaves = any(off[frame + 1 : frame + FPS + 1])
            self.calm += not leaves
            self.disturbed += alarms[frame] and not leaves


def run(stage: Stage, seeds: range, seconds: float = 30.0, *, blind: bool = False) -> Scored:
    surfaces = surfaces_of(stage)
    outlook, camera, scored = Outlook(surfaces), stage.camera, Scored()
    for seed in seeds:
        poses = operator(seed, seconds)
        off, alarms = [], []
        for frame in range(round(seconds * FPS)):
            newest = frame * SAMPLES // FPS
            samples = [(n * NS // SAMPLES, poses[n]) for n in range(max(0, newest - 8), newest + 1)]
            course = Course() if blind else Course.of(samples)
            pose = poses[newest]
            edges = camera.lens.edges
            off.append(coverage(surfaces, camera.perspective_centre(pose), edges).is_off)
            due = outlook.due(camera, pose, course)
            alarms.append(due is not None)
        scored.add(off, alarms)
    return scored


def test_look_ahead_announces_departures_of_moves_it_was_not_tuned_on(wall: Stage) -> None:
    scored = run(wall, range(900, 908))
    assert scored.departures >= 25
    assert scored.announced >= 0.95 * scored.departures, vars(scored)
    assert sorted(scored.leads)[len(scored.leads) // 2] >= 0.4, scored.leads
    # Of the frames after which a second passes on the walls, those with an alarm:
    assert scored.disturbed <= 0.10 * scored.calm, vars(scored)


def test_a_steady_pan_is_announced_a_second_ahead(wall: Stage) -> None:
    outlook, camera = Outlook(surfaces_of(wall)), wall.camera
    surfaces = surfaces_of(wall)

    def pose(t: float) -> Pose:
        return Pose(Vec3(0, -1, 1.4), Quat.from_angles(pan=-15 * t))

    warned = left = -1.0
    for frame in range(60):
        t = frame / FPS
        samples = [(round((t - n / 60) * NS), pose(t - n / 60)) for n in range(7, -1, -1)]
        due = outlook.due(camera, pose(t), Course.of(samples))
        if due and warned < 0:
            warned = t
            assert due == (AHEAD[-1], "right")
        seen = coverage(surfaces, camera.perspective_centre(pose(t)), camera.lens.edges)
        if seen.is_off and left < 0:
            left = t
            assert seen.side == "right"
    assert 0.95 <= left - warned <= 1.1


def test_a_planned_move_has_its_departures_and_the_seconds_to_them(wall: Stage) -> None:
    def pose(at: int) -> Pose:
        return Pose(Vec3(0, -1, 1.4), Quat.from_angles(pan=-25 * sin(at / NS)))

    moments = timeline(surfaces_of(wall), wall.camera, pose, 6 * NS, RATE)
    found = departures(moments)
    assert [one.side for one in found] == ["right", "left"]
    first = round(found[0].at * FPS)
    assert moments[first].off_in == 0.0
    assert moments[0].off_in == pytest.approx(found[0].at)
    assert moments[first - 12].off_in == pytest.approx(0.5, abs=1e-6)
    assert moments[-1].off_in is None or moments[-1].seen.is_off


def test_without_the_course_departures_are_not_announced(wall: Stage) -> None:
    """The negative control: the score can fail."""
    scored = run(wall, range(900, 902), blind=True)
    assert scored.departures > 3 and scored.announced < 0.5 * scored.departures
