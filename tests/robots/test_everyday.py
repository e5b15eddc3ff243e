"""All everyday gestures on the simulated K1: they arrive, within the limits of every joint."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.performer.our_performers import everyday, performer
from tests.robots.performing import Performed, perform
from tests.robots.test_simulated import MOST_ERROR
from xrdrama.performer import Act, Performing, Repertoire, channels_at
from xrdrama.timing import NS

NOW, BEGAN = 60 * NS, NS // 2
SETTLES_S = 1.2


def played(name: str, repertoire: Repertoire, *, limited: bool = True) -> Performed:
    """A gesture by a robot whose idling is frozen at `NOW`, so that its joints come to rest."""
    robot = replace(performer("k1"), repertoire=repertoire)

    def channels(seconds: float) -> dict[str, float]:
        act = Act(name, NOW + BEGAN - round(seconds * NS))
        return channels_at(Performing("k1", acts=(act,)), robot, NOW)

    seconds = (BEGAN + repertoire.gestures[name].length) / NS + SETTLES_S
    return perform(channels, seconds, limited=limited)


ALWAYS = ("bow", "cheer", "crouch", "fold_hands", "wave")
"""Of the waist, both arms at their fastest, the legs, hands that nearly touch, one arm."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in ALWAYS else pytest.mark.soak)
        for name in everyday().gestures
    ],
)
def test_gesture_arrives_within_the_limits(name: str) -> None:
    done = played(name, performer("k1").repertoire)
    assert 0.0 < done.error <= MOST_ERROR
    assert done.range_used <= 1.0 and done.speed_used <= 1.0
    assert done.touching <= 5 and done.fell_at is None


def test_those_that_always_run_are_gestures() -> None:
    assert set(ALWAYS) <= set(everyday().gestures)


def test_without_limits_they_are_exceeded() -> None:
    done = played("cheer", everyday(), limited=False)
    assert done.range_used > 1.0 or done.speed_used > 1.0
