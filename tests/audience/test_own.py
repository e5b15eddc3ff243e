"""Shows of viewers' own: each continues by itself, stands still while its viewer is away."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.web.console import Clock, PlayedShow
from xrdrama.adapters.eventlog.sqlite import SqliteLog
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.audience import own as owns
from xrdrama.audience.journal import PLACES_EVERY_S, Journal
from xrdrama.audience.own import OwnShows
from xrdrama.errors import DeviceError
from xrdrama.show import Production
from xrdrama.wire.events import Pressed
from xrdrama.wire.frame import Frame


@cache
def production() -> Production:
    return PlayedShow().production


class Owned:
    """`file` is where the journal is kept, for shows of the files `story`."""

    def __init__(self, file: Path | None = None, story: str = "1") -> None:
        self.clock = Clock()
        self.heard: list[Frame] = []
        self.said: list[str] = []

        def view(production: Production) -> View:
            return View(production, "", "own", lambda scene: "")

        self.log = SqliteLog(file, synced=False) if file else None
        journal = Journal(self.log, story)
        self.shows = OwnShows(
            production(), view, self.clock, self.heard.append,
            journal=journal, notice=self.said.append,
        )  # fmt: skip

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
    assert outcomes == [1, 2]  # their numbers differ, so that a refusal finds its sender
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


# -- after a restart --------------------------------------------------------------------------


def _picked(owned: Owned, seat: int, id: int) -> str:
    """Pick the last option of the open choice of a seat's show."""
    stream = owned.join(seat)
    frame = _to_choice(owned, stream)
    assert frame.open_choice is not None
    option = frame.open_choice.options[-1].id
    outcomes: list[object] = []
    owned.shows.send(seat, id, Pressed(f"audience.{seat}.tap", option), outcomes.append)
    assert outcomes and isinstance(outcomes[0], int)
    return option


def _caught_up(owned: Owned, stream: Stream) -> Frame:
    """Wait without time passing, as after a restart."""
    while stream.frame is None:
        owned.shows.advance()
    return stream.frame


def _shown(frame: Frame | None) -> dict[str, Any]:
    assert frame is not None
    return View(production(), "", "own", lambda scene: "").of(frame)


def test_a_restarted_server_continues_each_show_where_it_was(tmp_path: Path) -> None:
    before = Owned(tmp_path / "shows")
    stream = before.join(1)
    _picked(before, 1, 7)
    before.play(9)
    assert stream.frame is not None
    was = stream.frame
    # It is killed: nothing is closed, and the newest seconds may not be in the journal.
    after = Owned(tmp_path / "shows")
    again = after.join(1)
    assert again.n == -1  # nothing is sent of the time that is played again
    frame = _caught_up(after, again)
    assert was.number - PLACES_EVERY_S * 10 - 1 <= frame.number <= was.number + 1
    assert not after.heard or not after.heard[0].picks  # old picks are not answered again
    while _number(again) < was.number:
        after.play(0.1)
    assert _shown(again.frame) == _shown(was)
    # The control: a show without these picks is elsewhere then.
    new = after.join(2)
    while _number(new) < was.number:
        after.play(0.1)
    assert new.frame is not None and new.frame.beat != was.beat


def test_a_pick_of_the_last_moment_is_kept_and_counts_once(tmp_path: Path) -> None:
    before = Owned(tmp_path / "shows")
    before.join(1)
    option = _picked(before, 1, 7)
    # It is killed before the frame that takes the pick.
    after = Owned(tmp_path / "shows")
    stream = after.join(1)
    _caught_up(after, stream)
    outcomes: list[object] = []
    again = Pressed("audience.1.tap", option)
    after.shows.send(1, 7, again, outcomes.append)  # the page had no answer
    after.play(1)
    assert len(outcomes) == 1 and isinstance(outcomes[0], int)
    assert after.log is not None
    picks = [entry for entry in after.log.replay() if entry.key == "own/pick"]
    assert len(picks) == 1 and outcomes == [picks[0].seq]
    # The control: another id is another pick.
    after.shows.send(1, 8, again, outcomes.append)
    assert sum(entry.key == "own/pick" for entry in after.log.replay()) == 2


def test_a_changed_show_begins_again_and_the_page_says_so(tmp_path: Path) -> None:
    before = Owned(tmp_path / "shows")
    before.join(1)
    _picked(before, 1, 7)
    before.play(3)
    after = Owned(tmp_path / "shows", story="2")
    stream = after.join(1)
    stream.publish()
    assert _number(stream) == 0 and owns.BEGINS_AGAIN in stream.text(-1)
    after.play(owns.SAID_S + 1)
    stream.publish()
    assert owns.BEGINS_AGAIN not in stream.text(-1)
    new = after.join(2)
    new.publish()
    assert "note" not in new.text(-1)


def test_a_journal_that_cannot_be_written_refuses_picks_and_says_so(tmp_path: Path) -> None:
    owned = Owned(tmp_path / "shows")
    frame = _to_choice(owned, owned.join(1))
    assert frame.open_choice is not None and owned.log is not None
    owned.log.close()
    event = Pressed("audience.1.tap", frame.open_choice.options[0].id)
    outcomes: list[Any] = []
    owned.shows.send(1, 7, event, outcomes.append)
    assert [outcome.code for outcome in outcomes] == ["not_recorded"]
    owned.play(3 * PLACES_EVERY_S)
    (said,) = owned.said
    assert "not kept" in said
    assert not any(frame.picks for frame in owned.heard)


@pytest.mark.parametrize("data", [b"\x00", b"", b"\xff\xfe", b"\x95\x01\x02\x03\x04\x05"])
def test_a_damaged_journal_is_said_with_its_entry(tmp_path: Path, data: bytes) -> None:
    log = SqliteLog(tmp_path / "shows", synced=False)
    log.append("own/pick", data, "x")
    with pytest.raises(DeviceError, match="entry 1 of the journal"):
        Journal(log, "1")
