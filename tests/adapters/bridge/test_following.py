"""Peers that follow the state lane: what they get, in which order, and what they hear back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import zmq

from tests.adapters.bridge.cores import Core, free_port
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.following import StateLane
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.codec import encode
from xrdrama.wire.commands import Panic, Role
from xrdrama.wire.deltas import Sender
from xrdrama.wire.events import Pressed
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Recorded, Refused


class Follower:
    def __init__(self, core: Core, role: Role = "viewer") -> None:
        self.numbers: list[int] = []
        self.peer = Peer(core.server.endpoint, name="page", role=role, sources=())
        self.heard: list[Recorded | Refused] = []

    def follow(self) -> None:
        self.peer.subscribe(lambda frame: self.numbers.append(frame.number))


def frame(number: int) -> Frame:
    return Frame(FrameTime.of(number, FrameRate(24)), "counting", "lane", {"fog": 0.5})


@pytest.fixture
def core(tmp_path: Path) -> Iterator[Core]:
    core = Core(tmp_path / "night.take")
    yield core
    core.close()


@pytest.fixture
def follower(core: Core) -> Iterator[Follower]:
    follower = Follower(core, "director")
    yield follower
    follower.peer.close(0.0)


def test_new_follower_gets_the_newest_frame_then_every_one(core: Core, follower: Follower) -> None:
    core.publish(*(encode(frame(number)) for number in range(3)))
    follower.follow()
    wait_until(lambda: follower.numbers)
    assert follower.numbers[0] == 2
    # A subscription takes a moment to arrive; from then on nothing is left out.
    numbers = count(3)

    def flows() -> bool:
        core.server.publish(encode(frame(next(numbers))), [])
        return len(follower.numbers) > 1

    wait_until(flows, every=0.05)
    last = next(numbers) + 30
    for number in range(last - 30, last + 1):
        core.server.publish(encode(frame(number)), [])
    wait_until(lambda: follower.numbers[-1] == last)
    assert follower.numbers[1:] == list(range(follower.numbers[1], last + 1))


def test_the_first_frame_is_the_newest_even_where_older_ones_wait(core: Core) -> None:
    """Those that came on the lane before the snapshot was answered are behind it."""
    context, poller, seen = zmq.Context[zmq.Socket[bytes]](), zmq.Poller(), list[int]()
    welcome, asked = core.server.welcome, list[bool]()
    lane = StateLane(
        context,
        poller,
        core.server.endpoint,
        lambda one: seen.append(one.number),
        lambda: asked.append(True),
    )
    lane.follow(welcome.state_port, welcome.epoch)
    numbers, newest = count(), 0

    def waits() -> bool:
        nonlocal newest
        newest = next(numbers)
        core.server.publish(encode(frame(newest)), [])
        return bool(poller.poll(0))

    def goes_on() -> bool:
        core.server.publish(encode(frame(next(numbers))), [])
        lane.receive()
        return len(seen) > 1

    try:
        wait_until(waits, every=0.05)
        core.publish(encode(frame(newest := next(numbers))))
        assert asked
        lane.snapshot(core.server._lane.snapshot(deltas=True) or b"")
        wait_until(goes_on, every=0.05)
        assert seen == list(range(newest, newest + len(seen)))
        late = Sender(welcome.epoch)
        late.skip(encode(frame(newest)))
        lane.snapshot(late.keyframe())
        assert seen == list(range(newest, newest + len(seen))) and lane.gaps == 0
    finally:
        lane.close()
        context.term()


def test_one_may_connect_first_and_follow_later(core: Core, follower: Follower) -> None:
    core.publish(encode(frame(7)))
    follower.peer.connect()
    wait_until(lambda: follower.peer.show == "night")
    assert follower.numbers == []
    follower.follow()
    wait_until(lambda: follower.numbers == [7])


def test_frames_go_on_when_the_core_comes_back(tmp_path: Path) -> None:
    port = free_port()
    first = Core(tmp_path / "night.take", port=port)
    follower = Follower(first)
    follower.follow()
    first.server.publish(encode(frame(1)), [])
    wait_until(lambda: follower.numbers)
    first.close()
    second = Core(tmp_path / "night.take", port=port, resume=True)
    try:
        numbers = count(2)

        def follows() -> bool:
            second.server.publish(encode(frame(next(numbers))), [])
            return follower.numbers[-1] > 1

        wait_until(follows, every=0.05)
    finally:
        follower.peer.close(0.0)
        second.close()


def test_sender_of_a_command_gets_its_number_in_the_log(core: Core, follower: Follower) -> None:
    follower.follow()
    follower.peer.record(Panic("page", True), on_answer=follower.heard.append)
    wait_until(lambda: follower.heard)
    (heard,) = follower.heard
    assert isinstance(heard, Recorded)
    entries = core.take().entries
    assert entries[heard.seq].event == Panic("page", True)
    assert follower.peer.under_way == 0


def test_sender_without_the_role_gets_the_reason(core: Core) -> None:
    viewer = Follower(core, "viewer")
    viewer.follow()
    try:
        viewer.peer.record(Panic("page", True), on_answer=viewer.heard.append)
        viewer.peer.record(Pressed("page", "take"), on_answer=viewer.heard.append)
        wait_until(lambda: len(viewer.heard) == 2)
        by_kind = {type(heard): heard for heard in viewer.heard}
        refused = by_kind[Refused]
        assert isinstance(refused, Refused) and "director" in refused.reason
        assert Recorded in by_kind
    finally:
        viewer.peer.close(0.0)
