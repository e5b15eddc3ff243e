"""The room's show over the bridge: ids that the core knows again, its answers, what is too much."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from xrdrama.audience import room as rooms
from xrdrama.audience.doing import does, source_of
from xrdrama.audience.room import BUSY, Room, record_id
from xrdrama.errors import DeviceError
from xrdrama.wire.audience import MarkerFound, Tap
from xrdrama.wire.events import Joined, Pressed
from xrdrama.wire.messages import Recorded, Refused

EVENT = Pressed("audience.1.tap", "stay")


class FakePeer:
    """Lists what is recorded; answers when the test says so."""

    def __init__(self) -> None:
        self.under_way = 0
        self.recorded: list[tuple[int, Any]] = []
        self.answers: list[Any] = []
        self.failure = ""

    def record(self, event: Any, *, id: int, on_answer: Any = None) -> None:
        if self.failure:
            raise DeviceError(self.failure)
        self.recorded.append((id, event))
        self.answers.append(on_answer)


def _outcome(peer: FakePeer, answer: Recorded | Refused | None) -> list[Any]:
    async def send() -> list[Any]:
        found: list[Any] = []
        Room(peer, None).send(1, 7, EVENT, found.append)  # type: ignore[arg-type]
        if answer is not None:
            peer.answers[0](answer)
        for _ in range(3):
            await asyncio.sleep(0)  # lets the answer's callback run
        return found

    return asyncio.run(send())


def test_ids_on_the_bridge_follow_from_seat_and_id() -> None:
    assert record_id(1, 7) == record_id(1, 7)
    found = {record_id(seat, id) for seat in range(200) for id in range(1, 101)}
    assert len(found) == 20_000 and all(1 <= id < 2**53 for id in found)


def test_answers_of_the_core_come_back() -> None:
    assert _outcome(FakePeer(), Recorded(1, 231)) == [231]
    (refusal,) = _outcome(FakePeer(), Refused(1, "too many events", "too_much"))
    assert refusal.code == "too_much"
    (refusal,) = _outcome(FakePeer(), Refused(1, "another event", "id_reused"))
    assert refusal.code == "id_reused"
    (refusal,) = _outcome(FakePeer(), Refused(1, "the disk is full", "not_recorded"))
    assert refusal.code == "not_recorded"


def test_too_many_waiting_events_are_refused_at_once() -> None:
    peer = FakePeer()
    peer.under_way = rooms.MOST_WAITING
    assert _outcome(peer, None) == [BUSY] and not peer.recorded


def test_a_show_that_refuses_this_process_is_said() -> None:
    peer = FakePeer()
    peer.failure = "the key is wrong"
    (refusal,) = _outcome(peer, None)
    assert refusal.code == "not_recorded" and "key" in refusal.text


def test_joined_viewers_are_recorded_when_they_change() -> None:
    peer = FakePeer()
    room = Room(peer, None)  # type: ignore[arg-type]
    for viewers in (0, 3, 3, 2):
        room.joined(viewers)
    assert [event for _, event in peer.recorded] == [
        Joined("audience", 3), Joined("audience", 2),
    ]  # fmt: skip
    assert len({id for id, _ in peer.recorded}) == 2


@pytest.mark.parametrize("kind", [Tap, MarkerFound])
def test_each_request_has_its_function(kind: type) -> None:
    assert kind in does(lambda: 0)
    assert source_of(12) == "audience.12" and source_of(12, "gaze") == "audience.12.gaze"
