"""The simulated robot in MuJoCo: it follows gestures within its limits, and stands, or says not."""

from __future__ import annotations

import pytest

from tests.robots import gestures
from tests.robots.performing import Performed, perform, released
from xrdrama.adapters.mujoco.description import description
from xrdrama.adapters.mujoco.simulated import SimulatedBody, pushes
from xrdrama.performer.robot.body import CONTROL_STEP
from xrdrama.performer.robot.driving import Command
from xrdrama.performer.robot.joints import JOINTS, angles_of

MOST_ERROR = 0.05
"""rad"""
HOLDS_N, FALLS_N = 40.0, 120.0
SECONDS = 8.0


@pytest.mark.parametrize("name", gestures.ALL)
def test_gesture_arrives_within_the_limits(name: str) -> None:
    done = perform(gestures.ALL[name], seconds=5.0)
    assert done.error <= MOST_ERROR
    assert done.range_used <= 1.0 and done.speed_used <= 1.0
    assert done.touching <= 5  # of 500 steps: an arm may brush the body, not press on it
    assert done.fell_at is None


def test_without_limits_they_are_exceeded() -> None:
    done = perform(gestures.wave, seconds=2.0, limited=False)
    assert done.range_used > 1.0 and done.speed_used > 1.0 and done.touching > 100


def pushed(seed: int, force: float, seconds: float = SECONDS) -> Performed:
    return perform(gestures.wave, seconds, pushes(seed, force, seconds - 2.0))


@pytest.mark.parametrize("seed", [1, 2])
def test_it_stands_under_small_pushes(seed: int) -> None:
    assert pushed(seed, HOLDS_N).fell_at is None


@pytest.mark.soak
def test_20_of_20_performances_under_small_pushes_do_not_fall() -> None:
    fallen = [seed for seed in range(20) if pushed(seed, HOLDS_N).fell_at is not None]
    assert fallen == []


@pytest.mark.parametrize("seed", [1, 2])
def test_a_large_push_fells_it_and_it_says_so_within_20_control_steps(seed: int) -> None:
    done = pushed(seed, FALLS_N)
    assert done.fell_at is not None
    at = next(at for at, state in done.reports if state == "fell")
    assert 0 <= at - done.fell_at <= 20 * CONTROL_STEP


def test_same_pushes_give_the_same_motion_and_another_mass_another() -> None:
    assert pushed(3, 60.0, 4.0) == pushed(3, 60.0, 4.0)

    def end(mass: float) -> tuple[float, ...]:
        body = SimulatedBody(pushes(3, HOLDS_N, 2.0), mass=mass)
        body.command(angles_of({}))
        body.advance(2_000_000_000)
        return body.root

    assert end(1.0) == end(1.0) != end(1.1)


def test_stopped_body_is_damped_and_sinks() -> None:
    body = SimulatedBody()
    loop = released(body)
    for step in range(1, 200):
        if step == 20:
            loop.stop("a test", step * CONTROL_STEP)
        loop.received(Command(step + 2, angles_of({}), releases=1), step * CONTROL_STEP)
        loop.step(step * CONTROL_STEP)
        assert (loop.order.angles is None) == (step >= 20)
    assert body.telemetry()[-1].mode == "damping"
    assert body.fell_at is not None


def test_description_is_a_whole_robot() -> None:
    text = description()
    assert text.count("<joint ") == text.count("<motor ") == len(JOINTS)
    assert body_names() == [joint.name for joint in JOINTS]


def body_names() -> list[str]:
    body = SimulatedBody()
    return [body._model.joint(index + 1).name for index in range(len(JOINTS))]


def test_body_is_asked_to_walk_and_cannot() -> None:
    assert not SimulatedBody().walk(0.2, 0.0, 0.0)
