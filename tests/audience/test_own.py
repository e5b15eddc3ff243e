"""Shows of viewers' own: each continues by itself, stands still while its viewer is away."""

from __future__ import annotations

import pytest

from tests.adapters.web.console import Clock, PlayedShow
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.audience import own as owns
from xrdrama.audience.own import OwnShows
from xrdrama.show import Production
from xrdrama.wire.events import Pressed
from xrdrama.wire.frame import Frame


class Owned:
    def __init__(self) -> None:
        self.clock = Clock()
        self.heard: list[Frame] = []

        def view(production: Production) -> View:
            return View(production, "", "own", lambda scene: "")

        production = PlayedShow().production
        self.shows = OwnShows(production, view, self.clock, self.heard.append)

    def join(self, seat: int) -> Stream:
        stream = self.shows.stream(seat)
        assert isinstance(stream, Stream)
        return stream

    def play(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.clock.now += 0.1
            self.shows.advance()


def _number(stream: Stream) -> int:
    assert stream.frame is not None
    return stream.frame.number


def _to_choice(owned: Owned, stream: Stream) -> Frame:
    for _ in range(3000):
        assert stream.frame is not None
        if stream.frame.open_choice:
            return stream.frame
        owned.play(0.1)
    raise AssertionError("the drama has no choice")


def test_a_show_continues_at_ten_frames_a_second() -> None:
    owned = Owned()
    stream = owned.join(1)
    owned.play(20)
    assert _number(stream) == 200
    assert stream.frame is not None and stream.frame.time.shows_at == 20_000_000_000


def test_seats_pick_for_themselves() -> None:
    owned = Owned()
    one, two = owned.join(1), owned.join(2)
    frame = _to_choice(owned, one)
    assert frame.open_choice is not None
    first, second = (option.id for option in frame.open_choice.options[:2])
    outcomes: list[object] = []
    owned.shows.send(1, 7, Pressed("audience.1.tap", first), outcomes.append)
    owned.shows.send(2, 7, Pressed("audience.2.tap", second), outcomes.append)
    owned.play(0.2)
    assert outcomes == [1, 1]
    picked = {pick.name: pick.option for heard in owned.heard for pick in heard.picks}
    assert picked == {"audience.1.tap": first, "audience.2.tap": second}
    owned.play(8)
    assert one.frame and two.frame and one.frame.beat != two.frame.beat


def test_a_show_stands_still_while_its_viewer_is_away_and_continues() -> None:
    owned = Owned()
    stream = owned.join(1)
    owned.play(5)
    owned.shows.left(1)
    owned.play(30)
    assert _number(stream) == 50
    assert owned.join(1) is stream
    owned.play(1)
    assert _number(stream) == 60


def test_a_late_server_makes_few_frames_at_once_and_skips_no_time() -> None:
    owned = Owned()
    stream = owned.join(1)
    owned.clock.now += 60
    owned.shows.advance()
    assert _number(stream) == 0
    owned.play(1)
    assert _number(stream) == 10


def test_full_is_said_and_a_viewer_who_leaves_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owns, "MOST_SHOWS", 2)
    owned = Owned()
    owned.join(1)
    owned.join(2)
    assert owned.shows.stream(3) == owns.FULL
    owned.shows.left(1)
    owned.join(3)
    assert owned.shows.stream(1) == owns.FULL
    owned.shows.left(3)
    owned.join(1)


def test_shows_of_viewers_who_left_longest_ago_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(owns, "MOST_KEPT", 2)
    owned = Owned()
    first = owned.join(1)
    for seat in (1, 2, 3):
        owned.join(seat)
        owned.shows.left(seat)
    assert owned.join(1) is not first
