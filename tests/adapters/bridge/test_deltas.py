"""Deltas on real sockets: late, slow and lossy followers have the core's frames, bit by bit."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import zmq

from tests.adapters.bridge.cores import Core, Raw, Sockets
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.following import StateLane
from xrdrama.adapters.bridge.publishing import StatePublisher
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.codec import decode_from_core, encode
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Keyframe, Snapshot

CLIENT = Path(__file__).resolve().parents[3] / "bridge" / "python"
PARAMS = {f"lantern {n}": 0.5 for n in range(20)}


def frame(number: int, **params: float) -> bytes:
    params = {**PARAMS, "fog": number % 97 / 97, **params}
    return encode(Frame(FrameTime.of(number, FrameRate(24)), "counting", "lane", dict(params)))


class Lane:
    """A StateLane without a peer; its requests are answered by the core when it reads next."""

    def __init__(self, core: Core, port: int = 0) -> None:
        self.core = core
        self.shown: list[bytes] = []
        self.asked = 0
        self._context = zmq.Context[zmq.Socket[bytes]]()
        self.poller = zmq.Poller()
        endpoint = core.server.endpoint
        self.lane = StateLane(self._context, self.poller, endpoint, self._show, self._ask)
        self._waits = False
        welcome = core.server.welcome
        self.lane.follow(port or welcome.state_port, welcome.epoch)

    def _show(self, frame: Frame) -> None:
        self.shown.append(encode(frame))

    def _ask(self) -> None:
        self.asked += 1
        self._waits = True

    def receive(self) -> None:
        if self._waits:
            self._waits = False
            answer = self.core.server._lane.snapshot(deltas=True)
            if answer is not None:
                self.lane.snapshot(answer)
        self.lane.receive()

    def close(self) -> None:
        self.lane.close()
        self._context.term()


@pytest.fixture
def new_lane(core: Core) -> Iterator[Callable[..., Lane]]:
    made: list[Lane] = []

    def make(**more: Any) -> Lane:
        made.append(Lane(core, **more))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_deltas_are_made_only_while_somebody_wants_them(
    core: Core, sockets: Sockets, new_lane: Callable[..., Lane]
) -> None:
    whole = sockets.open(zmq.SUB, core.server.state_endpoint, b"frame")
    publisher = core.server._lane
    core.publish(*(frame(n) for n in range(20)))
    assert publisher.made == 0
    lane, numbers = new_lane(), count(20)

    def flows() -> bool:
        core.publish(frame(next(numbers)))
        lane.receive()
        return len(lane.shown) > 5

    wait_until(flows, every=0.01)
    lane.lane.close()

    def nobody_wants_them() -> bool:
        before = publisher.made
        core.publish(frame(next(numbers)))
        return publisher.made == before

    wait_until(nobody_wants_them, every=0.01)
    # An engine that follows whole frames has had those only.
    while whole.poll(0):
        topic, data = whole.recv_multipart()
        assert topic == b"frame" and isinstance(decode_from_core(data), Frame)


def test_who_joins_a_thousand_frames_a_second_late_misses_none_from_then_on(core: Core) -> None:
    published: list[bytes] = []
    stop = threading.Event()

    def run() -> None:
        for number in count():
            published.append(frame(number))
            core.server.publish(published[-1], [])
            if stop.wait(0.001):
                return

    thread = threading.Thread(target=run)
    thread.start()
    shown: list[bytes] = []
    peer = Peer(core.server.endpoint, name="page", role="viewer", sources=())
    try:
        wait_until(lambda: len(published) > 100)
        peer.subscribe(lambda one: shown.append(encode(one)))
        wait_until(lambda: len(shown) > 400)
    finally:
        stop.set()
        thread.join()
        wait_until(lambda: shown[-1:] == published[-1:])
        gaps = peer.gaps
        peer.close(0.0)
    places = {data: number for number, data in enumerate(published)}
    seen = [places[data] for data in shown]  # each is one of the core's, bit by bit
    # The first may come from the command lane; the lane joins with the next keyframe.
    assert seen[1:] == list(range(seen[1], len(published))) and seen[0] < seen[1]
    assert gaps == 0


def test_a_slow_follower_misses_frames_asks_and_is_exact_again(
    core: Core, new_lane: Callable[..., Lane]
) -> None:
    lane, numbers, chance = new_lane(), count(), random.Random(5)
    published: list[bytes] = []

    def publish(*, wait: bool = True) -> None:
        # Most of it changes, so that the buffers of the kernel fill.
        values = {f"lantern {n}": chance.random() for n in range(500)}
        published.append(frame(next(numbers), **values))
        core.server.publish(published[-1], [])
        if wait:
            wait_until(lambda: core.server._lane.frame == published[-1])

    def flows() -> bool:
        publish()
        lane.receive()
        return len(lane.shown) > 3

    wait_until(flows, every=0.01)
    for _ in range(2200):  # it does not read
        publish(wait=False)

    def is_up_to_date() -> bool:
        publish()
        lane.receive()
        return lane.shown[-1] == published[-1]

    wait_until(is_up_to_date)
    assert lane.lane.gaps >= 1 and len(lane.shown) < len(published)
    places = [published.index(data) for data in lane.shown]
    assert places == sorted(set(places))


@pytest.mark.parametrize("loss", [0.01, 0.1, 0.3])
def test_a_lane_that_loses_doubles_and_reorders_converges(
    loss: float, core: Core, sockets: Sockets, new_lane: Callable[..., Lane]
) -> None:
    """A proxy between the core and its follower does it; in the end both have the same frame."""
    chance = random.Random(f"lane {loss}")
    from_core = sockets.open(zmq.SUB, core.server.state_endpoint, b"delta")
    to_lane = sockets.open(zmq.PUB, "inproc://unused")
    port = to_lane.bind_to_random_port("tcp://127.0.0.1")
    lane, numbers = new_lane(port=port), count()
    published: list[bytes] = []
    held: list[list[bytes]] = []

    def step(lossy: float) -> bool:
        published.append(frame(next(numbers)))
        core.publish(published[-1])
        while from_core.poll(0):
            message = from_core.recv_multipart()
            if chance.random() < lossy:
                continue
            if chance.random() < lossy:
                held.append(message)
                continue
            for _ in range(1 + (chance.random() < lossy)):
                to_lane.send_multipart(message)
            if held and chance.random() < 0.5:
                to_lane.send_multipart(held.pop())
        lane.receive()
        return lane.shown[-1:] == published[-1:] and len(published) > 600

    for _ in range(600):
        step(loss)
    wait_until(lambda: step(0.0), every=0.005)
    assert set(lane.shown) <= set(published)
    places = [published.index(data) for data in lane.shown]
    assert places == sorted(set(places))
    assert lane.lane.gaps > 0 and lane.asked > 1


def test_the_answer_to_a_request_is_a_keyframe_where_deltas_are_followed(
    core: Core, raw: Raw
) -> None:
    raw.greet()
    core.publish(*(frame(n) for n in range(7)))
    raw.say(Snapshot(deltas=True))
    newest = raw.hear()
    assert isinstance(newest, Keyframe)
    assert (newest.epoch, newest.number) == (core.server.welcome.epoch, 7)
    assert encode(newest.frame) == frame(6)
    raw.say(Snapshot())
    assert isinstance(raw.hear(), Frame)


def test_anything_may_be_said_to_the_state_lane(
    core: Core, sockets: Sockets, new_lane: Callable[..., Lane]
) -> None:
    """Subscriptions to all kinds of topics, and other messages."""
    chance = random.Random(3)
    loud = sockets.open(zmq.XSUB, core.server.state_endpoint)
    for size in (0, 1, 2, 6, 200):
        for first in (b"", b"\0", b"\1", b"\2", b"\1delt", b"\1deltas"):
            loud.send(first + chance.randbytes(size))
            loud.send_multipart([b"\1delta", b"more"])
    lane, numbers = new_lane(), count()

    def flows() -> bool:
        core.publish(frame(next(numbers)))
        lane.receive()
        return len(lane.shown) > 3

    wait_until(flows, every=0.01)


def test_who_wants_deltas_is_counted_by_their_topic() -> None:
    """A flood of subscribers gets one whole frame more at each frame, never more than one."""
    with zmq.Context[zmq.Socket[bytes]]() as context:
        socket = context.socket(zmq.XPUB)
        socket.linger = 0
        socket.bind("inproc://state")
        publisher = StatePublisher(socket, 7)
        subscribers = [context.socket(zmq.SUB) for _ in range(20)]
        for each in subscribers:
            each.connect("inproc://state")
            each.subscribe(b"delta")
        for number in range(3):
            publisher.receive()
            publisher.publish(frame(number))
        for each in subscribers:
            got = [decode_from_core(each.recv_multipart()[1]) for _ in range(3)]
            assert [isinstance(one, Keyframe) for one in got] == [True, False, False]
            each.close()
        socket.close()


def test_the_python_client_follows_deltas(core: Core) -> None:
    code = (
        "import sys, msgspec; sys.path.insert(0, sys.argv[1]); import xrdrama_client as c\n"
        "client = c.Client(sys.argv[2], name='engine')\n"
        "print('follows', flush=True)\n"
        "for frame in client.frames(timeout=60):\n"
        "    print(frame.time[0], frame.params['fog'], len(frame.params), flush=True)\n"
        "    if frame.time[0] >= 10_000: break\n"
        "client.close()\n"
    )
    command = [sys.executable, "-c", code, str(CLIENT), core.server.endpoint]
    core.publish(frame(0))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None and client.stdout.readline() == "follows\n"
        assert client.stdout.readline().split()[0] == "0"
        numbers = count(1)
        wait_until(lambda: core.publish(frame(next(numbers))) or core.server._lane.made > 0)
        last = next(numbers) + 200
        for number in range(last - 200, last):
            core.publish(frame(number))
            time.sleep(0.001)  # a rate that it can follow
        core.publish(frame(10_000))
        lines = [line.split() for line in client.stdout.read().splitlines()]
        assert client.wait(TIMEOUT) == 0
    seen = [int(number) for number, _, _ in lines]
    assert seen[-201:] == [*range(last - 200, last), 10_000]
    assert all(float(fog) == int(n) % 97 / 97 and size == "21" for n, fog, size in lines)
