"""Signed votes over real WebSockets: receipts that hold, and every refusal with its code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.adapters.web.audience.phones import Phone
from tests.adapters.web.audience.server import AudienceServer
from xrdrama.adapters.signing.p256 import SigningKey, verify
from xrdrama.audience.votes import Desk, open_desk
from xrdrama.errors import DeviceError
from xrdrama.ledger.log import EventLog
from xrdrama.ledger.votes import Receipt, are_of_one_log
from xrdrama.wire.events import Voted


def receipt_of(answer: dict[str, Any]) -> Receipt:
    return msgspec.convert(answer["receipt"], type=Receipt)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path / "votes", "the_last_boat")


@pytest.fixture
def boat(tmp_path: Path, desk: Desk) -> Iterator[AudienceServer]:
    folder = tmp_path / "site"
    folder.mkdir()
    groups = ("front", "back")
    with AudienceServer(folder, show="the_last_boat", desk=desk, groups=groups) as served:
        served.play_to_choice()
        yield served


def test_vote_is_answered_with_a_receipt_that_holds_and_counts_once(
    boat: AudienceServer, desk: Desk
) -> None:
    phone = Phone(boat)
    with phone.open() as page:
        words = phone.words(page, "girl")
        first = page.ask(7, **words)
        again = page.ask(7, **words)
        receipt = receipt_of(first)
        assert again == first and receipt.index == 0 and receipt.head.size == 1
        key = bytes.fromhex(page.state["ballot"]["key"])
        assert key == bytes.fromhex(desk.run.key) and receipt.holds(key, verify)
        # Another vote of the phone replaces the first one; its receipt is under a newer head.
        second = receipt_of(phone.vote(page, "doctor"))
        assert (second.index, second.head.size) == (1, 2) and second.holds(key, verify)
        proof = page.ask(do="proof", index=0, size=1)
        head = msgspec.convert(proof["head"], type=type(receipt.head))
        path = [bytes.fromhex(one) for one in proof["consistency"]]
        assert are_of_one_log(receipt.head, head, key, path, verify)
        for index, size in ((2, 1), (0, 3)):
            assert page.ask(do="proof", index=index, size=size)["code"] == "no_such_leaf"
        tally = boat.play().tally
        assert tally is not None and tally.counts == {"girl": 0, "doctor": 1}
        assert (tally.voters, tally.changed) == (1, 1)


def test_what_is_refused_has_its_code_and_is_not_in_the_log(
    boat: AudienceServer, desk: Desk
) -> None:
    phone, other = Phone(boat), Phone(boat)
    with phone.open() as page, other.open() as second:
        vote = phone.words(page, "girl")
        forged = {**vote, "signature": vote["signature"][:-2] + "00"}
        swapped = {**vote, "option": "doctor"}
        late = str(int(vote["opening"]) - 1)
        for words, code in [
            (forged, "bad_signature"),
            (swapped, "bad_signature"),
            (phone.words(page, "girl", run="another"), "other_run"),
            (phone.words(page, "girl", opening=late), "vote_late"),
            (phone.words(page, "girl", choice="elsewhere"), "vote_late"),
            (phone.words(page, "nobody"), "no_vote"),
        ]:
            answer = page.ask(**words)
            assert (answer["code"], bool(answer["refused"])) == (code, True)
        assert boat.shows.sent == []  # nothing of it has reached the show
        assert "receipt" in page.ask(41, **vote)
        assert page.ask(42, **vote)["code"] == "vote_replayed"
        assert second.ask(41, **vote)["code"] == "key_taken"
        phone.key = SigningKey()
        assert phone.vote(page, "doctor")["code"] == "other_key"
        assert page.ask(do="tap", option="doctor")["code"] == "vote_unsigned"
        assert "recorded" in second.ask(do="tap", option="doctor")  # it has not signed a vote
        tally = boat.play().tally
        assert tally is not None and tally.counts == {"girl": 1, "doctor": 1}
        boat.play(24 * 25, until=lambda frame: frame.picks)
        assert other.vote(second, "girl", **_opening(vote))["code"] == "vote_late"
    assert desk.receipt(1, 41).head.size == 1


def _opening(vote: dict[str, Any]) -> dict[str, Any]:
    return {"choice": vote["choice"], "opening": vote["opening"]}


def test_clock_of_the_phone_plays_no_part(boat: AudienceServer) -> None:
    """Its ids are in its time: that of 1970, and of the year 2100."""
    early, late = Phone(boat), Phone(boat)
    with early.open() as page, late.open() as other:
        assert "receipt" in early.vote(page, "girl", id=1)
        assert "receipt" in late.vote(other, "girl", id=4_102_444_800_000)
        boat.play(24 * 25, until=lambda frame: frame.picks)
        page.until(lambda page: page.state.get("tally", {}).get("phase") == "decided")
        for phone, shown, id in ((early, page, 2), (late, other, 4_102_444_900_000)):
            assert phone.vote(shown, "doctor", id=id)["code"] == "vote_late"


def test_vote_that_comes_too_late_in_the_show_is_taken_back(boat: AudienceServer) -> None:
    """The server has not seen yet that the window has ended: the show decides."""
    phone = Phone(boat)
    with phone.open() as page:
        words = phone.words(page, "girl")
        for _ in range(24 * 25):  # the pages do not see these frames
            if boat.show.step().picks:
                break
        assert "receipt" in page.ask(5, **words)
        boat.play()
        page.until(lambda page: len(page.answers[5]) == 2)
        assert page.answers[5][1]["code"] == "vote_late"


def test_restarted_server_goes_on_with_the_log(tmp_path: Path, boat: AudienceServer) -> None:
    phone = Phone(boat)
    with phone.open() as page:
        vote = phone.words(page, "girl")
        receipt = receipt_of(page.ask(9, **vote))
    desk = open_desk(tmp_path / "votes", "the_last_boat")
    assert desk.receipt(1, 9) == receipt
    folder = tmp_path / "again"
    folder.mkdir()
    show, groups = "the_last_boat", ("front", "back")
    with AudienceServer(folder, show=show, desk=desk, groups=groups) as served:
        served.play_to_choice()
        again = Phone(served)
        again.key = phone.key
        with again.open() as page:
            answer = page.ask(9, **vote)  # not answered before, as far as the page knows
            assert receipt_of(answer) == receipt
            assert page.ask(10, **vote)["code"] == "vote_replayed"
            again.key = SigningKey()
            assert again.vote(page, "girl")["code"] == "other_key"


def test_key_of_the_log_that_is_lost_is_not_replaced(tmp_path: Path) -> None:
    open_desk(tmp_path / "votes", "show")
    (tmp_path / "votes.key").unlink()
    with pytest.raises(DeviceError, match="key of the log"):
        open_desk(tmp_path / "votes", "show")


class Failing:
    """A log whose next write fails, after it was done or before."""

    def __init__(self, log: EventLog) -> None:
        self.log = log
        self.fails = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)

    def append_many(self, entries: Any) -> Any:
        fails, self.fails = self.fails, ""
        if fails == "before":
            raise DeviceError("the disk is full")
        done = self.log.append_many(entries)
        if fails == "after":
            raise DeviceError("the disk is gone")
        return done


@pytest.mark.parametrize("when", ["before", "after"])
def test_vote_that_could_not_be_written_is_refused_and_the_log_stays_one(
    boat: AudienceServer, desk: Desk, when: str
) -> None:
    failing = Failing(desk._log)
    desk._log = failing
    phone, other = Phone(boat), Phone(boat)
    with phone.open() as page, other.open() as second:
        first = receipt_of(other.vote(second, "girl"))
        failing.fails = when
        words = phone.words(page, "girl")
        answer = page.ask(3, **words)
        assert answer["code"] == "not_recorded" and "disk" in answer["refused"]
        receipt = receipt_of(phone.vote(page, "doctor"))
        assert receipt.head.size == (3 if when == "after" else 2)
        key = bytes.fromhex(desk.run.key)
        assert receipt.holds(key, verify)
        proof = second.ask(do="proof", index=0, size=1)
        path = [bytes.fromhex(one) for one in proof["consistency"]]
        newest = msgspec.convert(proof["head"], type=type(first.head))
        assert are_of_one_log(first.head, newest, key, path, verify)
        tally = boat.play().tally
        assert tally is not None and tally.counts == {"girl": 1, "doctor": 1}


def test_groups_join_by_their_own_link_and_their_votes_name_them(boat: AudienceServer) -> None:
    cookies = {group: boat.join(token) for group, token in boat.seats.rooms.items()}
    assert list(cookies) == ["front", "back"]
    front, back = Phone(boat, cookies["front"]), Phone(boat, cookies["back"])
    with front.open() as page, back.open() as second:
        leaf = json.loads(receipt_of(front.vote(page, "girl")).leaf)
        assert leaf["group"] == "front"
        assert "recorded" in second.ask(do="tap", option="girl")
    votes = [event for _, _, event in boat.shows.sent]
    assert [one.group for one in votes if isinstance(one, Voted)] == ["front", "back"]
    assert isinstance(votes[0], Voted) and votes[0].leaf and not votes[1].leaf  # type: ignore[union-attr]


def test_show_without_a_log_refuses_signed_votes(tmp_path: Path) -> None:
    with AudienceServer(tmp_path, show="the_last_boat") as served:
        served.play_to_choice()
        phone = Phone(served)
        with phone.open() as page:
            page.state["ballot"] = {"run": "none"}
            assert phone.vote(page, "girl")["code"] == "not_supported"
