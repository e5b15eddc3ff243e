"""The head of the viewer and what is round it, from frames and from what viewers have shown."""

from __future__ import annotations

import msgspec
import pytest

from xrdrama import content
from xrdrama.adapters.audio.listening import FRAMES, STALE_S, Listener
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.production import ViewerRule
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import FrameTime
from xrdrama.wire.events import Presented
from xrdrama.wire.frame import Frame

GATE = Vec3(0.2, 12.5, 3.4)
HEAD = Vec3(0.0, 2.5, 1.6)


class Stand:
    """A listener with a clock, and frames of the drama."""

    def __init__(self, frame: Frame, production: Production) -> None:
        self.now = 100.0
        self.frame = frame
        self.listener = Listener(production, lambda: self.now)
        self.listener.follow(frame)

    def look(self, pan: float = 0.0, eyes: int = 2, number: int = 0) -> None:
        turn = Quat.from_angles(pan=pan)
        apart = [turn.rotate(Vec3(side * 0.0315, 0.0, 0.0)) for side in (-1, 1)][:eyes]
        poses = tuple(Pose(HEAD + one, turn) for one in apart)
        self.listener.seen(Presented("viewer", number, poses))


@pytest.fixture(scope="module")
def drama() -> Production:
    return content.produce(content.load_show("lantern_headset"))


@pytest.fixture(scope="module")
def frame(drama: Production) -> Frame:
    return advance(opening(drama), Tick(FrameTime.of(0, drama.rate)))[1]


def stand(frame: Frame, drama: Production, sound: str = "headset") -> Stand:
    rule = ViewerRule(sound=sound, sounds_from={"bell": "gate"})  # type: ignore[arg-type]
    return Stand(frame, msgspec.structs.replace(drama, viewers=rule))


def test_a_place_is_before_the_head_and_aside_when_it_turns(
    frame: Frame, drama: Production
) -> None:
    at = stand(frame, drama)
    assert at.listener.where("bell") is None  # nobody has looked yet
    at.look()
    ahead = at.listener.where("bell")
    gate = drama.scenes[frame.scene].places["gate"].at
    assert ahead is not None and (gate - HEAD - ahead).length() < 1e-9
    at.look(pan=90.0)  # to the left: what was ahead is at the right
    aside = at.listener.where("bell")
    assert aside is not None
    assert (aside.x, aside.y) == pytest.approx((ahead.y, -ahead.x))
    assert at.listener.where("motif") is None


def test_only_the_viewers_of_the_rule_hear_places(frame: Frame, drama: Production) -> None:
    for sound, eyes, hears in (
        ("headset", 2, True), ("headset", 1, False), ("always", 1, True), ("always", 2, True),
        ("recorded", 2, False), ("recorded", 1, False),
    ):  # fmt: skip
        at = stand(frame, drama, sound)
        at.look(eyes=eyes)
        assert (at.listener.where("bell") is not None) == hears, (sound, eyes)


def test_a_viewer_that_is_gone_or_in_another_set_hears_no_places(
    frame: Frame, drama: Production
) -> None:
    at = stand(frame, drama)
    at.look()
    at.now += STALE_S + 0.01
    assert at.listener.where("bell") is None
    at.look()
    assert at.listener.where("bell") is not None
    time = FrameTime.of(1, drama.rate)
    at.listener.follow(msgspec.structs.replace(frame, scene="tea_room", time=time))
    assert at.listener.where("bell") is None  # until the viewer, too, is there
    at.look(number=1)
    at.listener.follow(frame)
    assert at.listener.where("bell") is None


def test_frames_that_nobody_knows_are_not_listened_from(frame: Frame, drama: Production) -> None:
    at = stand(frame, drama)
    at.look(number=7)
    assert at.listener.where("bell") is None
    for number in range(1, FRAMES + 1):
        time = FrameTime.of(number, drama.rate)
        at.listener.follow(msgspec.structs.replace(frame, time=time))
    at.look(number=0)  # shown long ago
    assert at.listener.where("bell") is None
    at.listener.seen(Presented("viewer", FRAMES, ()))
    assert at.listener.where("bell") is None
