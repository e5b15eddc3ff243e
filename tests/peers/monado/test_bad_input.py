"""Controllers that go away, fields of view that cannot be, a view that wants to be centred."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.peers.monado.audience import SHOW, Performance, places_of_cards
from tests.peers.monado.puppet import HANDS, HEAD, Puppet
from tests.peers.monado.stand import Service, own_network
from xrdrama import content
from xrdrama.adapters.openxr.interaction.aiming import heading
from xrdrama.show.take import read_take
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.wire.events import Presented, Pressed
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer
ASIDE = Pose(Vec3(0.7, 0.4, 1.5), Quat.from_angles(pan=70.0))


def _is_open_for_long(frame: Frame) -> bool:
    """Whether a choice stays open for all that follows: where the viewer starts slowly, the first
    choice may be nearly over by now, and the next one is used."""
    closes_at = frame.choice.closes_at if frame.choice else None
    return frame.choice is not None and (
        closes_at is None or closes_at - frame.time.shows_at > 5 * NS
    )


class Session:
    """One performance in which everything goes wrong in turn."""

    def __init__(self, folder: Path) -> None:
        with (
            own_network(),
            closing(Service(folder)) as service,
            closing(Performance(folder / "out", service.viewer_environment(), "vr", SHOW)) as show,
            closing(Puppet()) as puppet,
        ):
            show.wait_until_seen(timeout_s=180.0)
            self.marks = {"start": self._mark(show)}
            self._look_aside(puppet)
            self.marks["aside"] = self._mark(show)
            self._hold_b(puppet)
            self.marks["centred"] = self._mark(show)
            puppet.stand(HEAD.position, HEAD.rotation)
            self._hold_b(puppet)
            self._see_nothing(puppet)
            self.marks["seen"] = self._mark(show)
            frame = show.wait(_is_open_for_long, 90.0)
            self._pull_without_a_hand(show, puppet, frame)
            self.still_open = show.frame is not None and show.frame.beat == frame.beat
            self._pull(show, puppet, frame)
            show.wait(lambda after: after.beat != frame.beat, 10.0)
            self.result: dict[str, Any] = show.end()
        take = read_take(Path(self.result["take"]).read_bytes())
        self.entries = take.entries
        self.events = [entry.event for entry in take.entries]

    def _mark(self, show: Performance) -> int:
        show.wait_until_seen(20)
        assert show.frame is not None
        # A frame is made before it shows: the next action must not be before the mark.
        return show.frame.time.shows_at - NS // 4

    def _look_aside(self, puppet: Puppet) -> None:
        puppet.stand(ASIDE.position, ASIDE.rotation)

    def _hold_b(self, puppet: Puppet) -> None:
        for pressed, seconds in ((True, 1.8), (False, 0.3)):
            puppet.presses_b = pressed
            puppet.send()
            time.sleep(seconds)  # the press under test

    def _see_nothing(self, puppet: Puppet) -> None:
        puppet.fov = (0.5, -0.5, -0.5, 0.5)  # inside out
        puppet.send()
        time.sleep(1.0)  # how long the views are inside out
        puppet.fov = (0.0, 0.0, 0.0, 0.0)
        puppet.send()

    def _pull_without_a_hand(self, show: Performance, puppet: Puppet, frame: Frame) -> None:
        show.wait_until_seen(2)
        puppet.aim_at(next(iter(places_of_cards(frame).values())))
        puppet.active = False
        puppet.send()
        self._pull_and_release(show, puppet)

    def _pull(self, show: Performance, puppet: Puppet, frame: Frame) -> None:
        puppet.active = True
        puppet.hands = dict(HANDS)
        puppet.aim_at(next(iter(places_of_cards(frame).values())))
        self._pull_and_release(show, puppet)

    def _pull_and_release(self, show: Performance, puppet: Puppet) -> None:
        """Each for some of the headset's frames, however slow they are."""
        show.wait_until_seen(2)
        for pulls in (True, False):
            puppet.pull(pulls)
            show.wait_until_seen(2)

    def head(self, mark: str) -> Pose:
        """Where the head was in the set at the time of a mark."""
        until = self.marks[mark]
        seen = [e for e in self.entries if isinstance(e.event, Presented) and e.at <= until]
        assert isinstance(seen[-1].event, Presented)
        left, right = seen[-1].event.poses
        return left.lerp(right, 0.5)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    return Session(tmp_path_factory.mktemp("bad"))


def test_a_long_press_centres_the_view(session: Session) -> None:
    production = content.produce(content.load_show(SHOW))
    stands = production.scenes["lantern_street"].places["film_camera"].pose.position
    aside, centred = session.head("aside"), session.head("centred")
    off = aside.position - stands
    assert (off.x, off.y) == pytest.approx((0.7, 0.4), abs=1e-3)
    assert heading(aside.rotation) == pytest.approx(70.0, abs=0.1)
    off = centred.position - stands
    assert (off.x, off.y) == pytest.approx((0.0, 0.0), abs=1e-3)
    assert heading(centred.rotation) == pytest.approx(0.0, abs=0.1)
    assert centred.position.z == pytest.approx(1.5, abs=1e-3)  # the floor stays the floor


def test_a_field_of_view_that_cannot_be_is_bounded_and_the_show_goes_on(session: Session) -> None:
    report = session.result["viewer"]["report"]
    assert report["bounded_fovs"] > 0
    assert report["waited"] == report["ended"]
    assert session.result["viewer"]["changes"] == []
    last = [event for event in session.events if isinstance(event, Presented)][-1]
    assert last.frame > session.marks["seen"] * 24 // NS


def test_a_lost_controller_picks_nothing_until_it_is_back(session: Session) -> None:
    assert session.still_open
    pressed = [event for event in session.events if isinstance(event, Pressed)]
    assert [event.source for event in pressed] == ["viewer.trigger"]
