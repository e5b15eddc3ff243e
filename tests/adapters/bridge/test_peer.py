"""Our own processes' end: nothing is lost, nothing counts twice, nobody waits for himself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from tests.adapters.bridge.cores import Core, Raw, free_port
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge import peer as peers
from xrdrama.adapters.bridge.peer import WINDOW
from xrdrama.adapters.bridge.queue import WakingQueue
from xrdrama.errors import DeviceError, LocalProtocolError
from xrdrama.run.ingress import MOST_SAMPLES
from xrdrama.spatial import Pose, Vec3
from xrdrama.timing import NS
from xrdrama.tracking import TrackingSample
from xrdrama.wire.commands import ParamSet
from xrdrama.wire.events import DeviceFound, Gestured, Pressed

NewCore = Callable[..., Core]
NewPeer = Callable[..., Peer]


@pytest.fixture
def new_peer() -> Iterator[NewPeer]:
    made: list[Peer] = []

    def make(core: Core, name: str = "mic", *sources: str) -> Peer:
        made.append(
            Peer(core.server.endpoint, name=name, role="recogniser", sources=sources or (name,))
        )
        return made[-1]

    yield make
    for peer in made:
        peer.close(0.0)


def never() -> threading.Event:
    return threading.Event()


def pressed(core: Core) -> list[str]:
    """The options in the file; and it also records that the peer was found."""
    return [option for option in core.options() if option]


def started(core: Core, peer: Peer) -> Peer:
    core.begin()
    assert peer.wait_for_start(never())
    return peer


# -- starting -----------------------------------------------------------------------------------


def test_a_peer_waits_for_the_start_and_has_the_time_of_the_show(
    core: Core, new_peer: NewPeer
) -> None:
    peer = new_peer(core)
    threading.Timer(0.2, core.begin).start()
    assert peer.wait_for_start(never())
    assert not peer.fixed_rate
    before = time.monotonic_ns() - core.origin
    assert before <= peer.now() <= time.monotonic_ns() - core.origin


def test_peer_can_be_stopped_before_the_start(core: Core, new_peer: NewPeer) -> None:
    stop = threading.Event()
    threading.Timer(0.1, stop.set).start()
    assert not new_peer(core).wait_for_start(stop)


def test_peer_of_another_release_is_refused_with_both_versions(
    core: Core, new_peer: NewPeer
) -> None:
    peer = new_peer(core)
    peer._hello = msgspec.structs.replace(peer._hello, schema="0" * 32)
    core.begin()
    with pytest.raises(DeviceError, match=rf"{core.server.welcome.schema}.*{'0' * 32}"):
        peer.wait_for_start(never())
    with pytest.raises(DeviceError, match="refused this process"):
        peer.record(Pressed("keys", "stay"))


# -- records ------------------------------------------------------------------------------------


def test_everything_arrives_once_and_in_order(core: Core, new_peer: NewPeer) -> None:
    peer = started(core, new_peer(core))
    for number in range(3 * WINDOW):
        peer.record(Pressed("mic", f"option{number}"))
    assert peer.close(TIMEOUT) == 0
    assert pressed(core) == [f"option{n}" for n in range(3 * WINDOW)]


def test_threads_share_a_peer(core: Core, new_peer: NewPeer) -> None:
    peer = started(core, new_peer(core))

    def work(name: str) -> None:
        for number in range(200):
            peer.record(Pressed("mic", f"{name}{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert peer.close(TIMEOUT) == 0
    options = pressed(core)
    for name in "abc":
        assert [o for o in options if o[0] == name] == [f"{name}{n}" for n in range(200)]


def test_invalid_message_is_not_sent(core: Core, new_peer: NewPeer) -> None:
    peer = started(core, new_peer(core))
    nowhere = Pose(Vec3(float("nan"), 0.0, 0.0))
    for event in (
        ParamSet("mic", "fog", float("inf")),
        TrackingSample("mic", "1", 0, nowhere),
        Pressed("mic", "x" * 65),
        Gestured("mic", "open_palm", 1.5, 0),
    ):
        with pytest.raises(LocalProtocolError):
            peer.record(event)
    peer.record(Pressed("mic", "stay"))
    assert peer.close(TIMEOUT) == 0
    assert core.server.bad == 0 and pressed(core) == ["stay"]


def test_refusal_without_room_is_reported(
    core: Core, new_peer: NewPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "RESEND", 10 * TIMEOUT)  # what is refused twice is counted twice
    peer = started(core, new_peer(core))
    wait_until(lambda: core.take().entries)
    assert core.ingress.before(2**62)[0].event == DeviceFound("mic")
    for number in range(MOST_SAMPLES + 30):
        peer.record(TrackingSample("mic", "1", number, Pose()))
    wait_until(lambda: core.ingress.dropped == 30)
    wait_until(lambda: len(peer.refused) == 30)
    assert peer.refused[0].code == "too_much"


def test_a_core_that_comes_back_gets_what_it_missed_and_nothing_twice(
    new_core: NewCore, new_peer: NewPeer
) -> None:
    port = free_port()
    core = new_core(port=port)
    peer = started(core, new_peer(core))
    for number in range(50):
        peer.record(Pressed("mic", f"option{number}"))
    wait_until(lambda: len(core.options()) >= 50)
    core.close()
    for number in range(50, 100):  # nobody listens
        peer.record(Pressed("mic", f"option{number}"))
    core = new_core(port=port, resume=True)
    core.begin()
    assert peer.close(TIMEOUT) == 0
    assert sorted(pressed(core)) == sorted(f"option{n}" for n in range(100))


def test_peer_whose_core_ended_reports_unrecorded_events(core: Core, new_peer: NewPeer) -> None:
    peer = started(core, new_peer(core))
    core.server.close()
    for _ in range(7):
        peer.record(Pressed("mic", "stay"))
    began = time.monotonic()
    assert peer.close(0.2) == 7
    assert time.monotonic() - began < TIMEOUT


# -- the virtual clock --------------------------------------------------------------------------


def test_at_a_fixed_rate_a_source_that_runs_ahead_never_waits_for_itself(
    new_core: NewCore, new_peer: NewPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Far more than its window fits into the stretch that it is ahead."""
    monkeypatch.setattr(peers, "PATIENT_RESEND", 10 * TIMEOUT)  # what is lost stays lost
    core = new_core(fixed_rate=True, sources=("mic",))
    peer = started(core, new_peer(core))
    assert peer.fixed_rate
    count, step = 3 * WINDOW, NS // 1000

    def run() -> None:
        for number in range(count):
            peer.record(Pressed("mic", f"option{number}"), number * step)
        peer.promise("mic", 2**61)

    source = threading.Thread(target=run)
    source.start()
    entries = []
    for number in range(1, count * step // (NS // 24) + 2):
        at = number * NS // 24
        assert core.ingress.wait_for(at, TIMEOUT) == [], "deadlock"
        entries += core.ingress.before(at)
    source.join()
    assert peer.close(TIMEOUT) == 0
    found, *acts = entries
    assert found.event == DeviceFound("mic") and found.at == 0  # no wall clock in here
    assert [entry.at for entry in acts] == [n * step for n in range(count)]
    assert pressed(core) == [f"option{n}" for n in range(count)]


# -- processes that die -------------------------------------------------------------------------

CHILD = """
import signal, sys, threading
from xrdrama.adapters.bridge import Peer
from xrdrama.wire.events import Pressed

peer = Peer(sys.argv[1], name="child", role="recogniser", sources=("child",))
assert peer.wait_for_start(threading.Event())
for number in range(15_000):  # fewer than the core has room for, however late it is killed
    peer.record(Pressed("child", f"{sys.argv[2]}{number}"))
signal.pause()
"""


def test_killed_peer_does_not_disturb_others_and_the_next_one_is_served(
    core: Core, new_raw: Callable[[Core], Raw], tmp_path: Path
) -> None:
    core.begin()
    other = new_raw(core)
    other.greet("other")
    for name in ("first", "second"):
        child = subprocess.Popen([sys.executable, "-c", CHILD, core.server.endpoint, name])
        try:
            wait_until(lambda: any(o.startswith(name) for o in core.options()[-500:]))  # noqa: B023
        finally:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
        core.ingress.before(2**62)
    core.server.close()  # it may still be writing what the last one said
    found = core.take()
    assert not found.torn
    events = [entry.event for entry in found.entries]
    assert events.count(DeviceFound("child")) == 2
    for name in ("first", "second"):  # ids of a restarted process are not those of the one before
        numbers = [int(o.removeprefix(name)) for o in core.options() if o.startswith(name)]
        assert numbers == list(range(len(numbers))) and numbers


# -- the queue ----------------------------------------------------------------------------------


def test_a_waking_queue_wakes_and_keeps_the_order() -> None:
    import select

    queue = WakingQueue[int]()
    assert queue.drain() == []
    assert select.select([queue.fileno()], [], [], 0)[0] == []
    for number in range(1000):
        queue.put(number)
    assert select.select([queue.fileno()], [], [], 0)[0] == [queue.fileno()]
    assert queue.drain() == list(range(1000)) and queue.drain() == []
    queue.wake()
    assert select.select([queue.fileno()], [], [], 0)[0] and queue.drain() == []


def test_a_waking_queue_loses_nothing_between_threads() -> None:
    queue = WakingQueue[tuple[str, int]]()

    def write(name: str) -> None:
        for number in range(2000):
            queue.put((name, number))

    threads = [threading.Thread(target=write, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    found: list[tuple[str, int]] = []
    while any(thread.is_alive() for thread in threads):
        found += queue.drain()
    for thread in threads:
        thread.join()
    found += queue.drain()
    for name in "ab":
        assert [n for who, n in found if who == name] == list(range(2000))
