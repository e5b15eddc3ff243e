"""Faults, one function each: what was tried how often, and what was lost, doubled or wrong."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import zmq

from tests.chaos.show import NETWORK, Load, Show, lost_and_doubled, pause
from xrdrama.adapters.bridge.curve import encrypt
from xrdrama.adapters.bridge.keyring import read_pair
from xrdrama.errors import RemoteProtocolError
from xrdrama.show.take import read_take
from xrdrama.tools.takes.replaying import replay_take

MOST_MEMORY_MB = 20.0
"""Megabytes that a flood may add to the core's memory."""


class Outcome(msgspec.Struct, frozen=True):
    """The result of a fault."""

    fault: str
    times: int
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    note: str = ""

    @property
    def is_good(self) -> bool:
        """True if nothing was lost, doubled or wrong."""
        return not (self.lost or self.doubled or self.wrong)


def kills(folder: Path, times: int, *, twice: bool = False) -> Outcome:
    """The core is killed (SIGKILL) at random moments while events arrive, and resumed.

    Lost: acknowledged and not in the take. Doubled: in it twice. Wrong: a replay of the take makes
    other frames than the show did. With `twice`, the control, every event is sent under two ids.
    """
    chance = random.Random(2026)
    with closing(Show(folder)) as show:
        load = Load(show, twice=twice)
        try:
            load.wait_for_frames()
            for _ in range(times):
                pause(chance.uniform(0.05, 0.8))
                show.kill()
                show.resume()
                load.wait_for_frames()
        finally:
            unanswered = load.close()
        assert show.end() == 0, show.said()
        return _compared("core killed, events arriving", times, show, load, unanswered)


def _compared(fault: str, times: int, show: Show, load: Load, unanswered: int) -> Outcome:
    """The take of a show that has ended, against what was acknowledged to its peer."""
    lost, doubled = lost_and_doubled(show.take.read_bytes(), load.acknowledged)
    replayed = replay_take(show.take)
    wrong = int(not replayed.identical) + unanswered + len(load.refused)
    same = "identical" if replayed.identical else "DIFFERS"
    note = f"{len(load.acknowledged)} events, {replayed.frames} frames, replay {same}"
    return Outcome(fault, times, lost, doubled, wrong, note)


def cuts(take: bytes, times: int) -> Outcome:
    """A take is cut off at a random byte. Wrong: what is read is not a prefix of it."""
    return _damaged("take cut off at a byte", take, times, lambda data, at, _: data[:at])


def flips(take: bytes, times: int) -> Outcome:
    """One bit of a take is flipped. Wrong: as for cuts."""

    def flip(data: bytes, at: int, bit: int) -> bytes:
        return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]

    return _damaged("bit of a take flipped", take, times, flip)


def _damaged(
    fault: str, take: bytes, times: int, damage: Callable[[bytes, int, int], bytes]
) -> Outcome:
    chance, whole = random.Random(7), read_take(take)
    wrong = refused = 0
    for _ in range(times):
        at, bit = chance.randrange(len(take)), chance.randrange(8)
        try:
            found = read_take(damage(take, at, bit))
        except RemoteProtocolError:
            refused += 1
            continue
        is_prefix = found.entries == whole.entries[: len(found.entries)]
        is_prefix = is_prefix and found.ticks == whole.ticks[: len(found.ticks)]
        wrong += not is_prefix or found.good > at
    return Outcome(fault, times, wrong=wrong, note=f"a prefix, or refused ({refused} times)")


def garbage(show: Show, load: Load, times: int) -> Outcome:
    """Random bytes on the command lane. Wrong: the show stops, or its memory grows."""
    chance, before = random.Random(3), show.memory_mb
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger, socket.sndtimeo = 0, 60_000
        socket.connect(show.endpoint)
        for _ in range(times):
            socket.send(chance.randbytes(chance.randrange(200)))
            while socket.poll(0):
                socket.recv()
        load.wait_for_frames(12)
    grown = show.memory_mb - before
    wrong = int(grown > MOST_MEMORY_MB) + int(show.process.poll() is not None)
    return Outcome("garbage on the command lane", times, wrong=wrong, note=f"{grown:+.1f} MB")


def strange_keys(show: Show, load: Load, times: int) -> Outcome:
    """Connections over the network with keys that are not allowed. Wrong: one gets an answer."""
    pair, wrong = read_pair(show.ring.folder / "desk.json"), 0
    with zmq.Context() as context:
        for _ in range(times):
            public, secret = (key.decode() for key in zmq.curve_keypair())
            with context.socket(zmq.DEALER) as socket:
                socket.linger = 0
                encrypt(socket, msgspec.structs.replace(pair, public=public, secret=secret))
                socket.connect(show.endpoint.replace("127.0.0.1", NETWORK))
                socket.send(b"hello")
                wrong += bool(socket.poll(20))
    load.wait_for_frames()
    return Outcome("strange keys over the network", times, wrong=wrong, note="none let in")


def stops(show: Show, load: Load, times: int) -> Outcome:
    """The core is stopped (SIGSTOP) for 1.5 s, and continued. Wrong: no frames follow."""
    for _ in range(times):
        show.process.send_signal(signal.SIGSTOP)
        pause(1.5)
        show.process.send_signal(signal.SIGCONT)
        load.wait_for_frames(12)
    return Outcome("core stopped for 1.5 s", times, note="frames follow")


def on_one_show(folder: Path, *, floods: int, keys: int, pauses: int) -> list[Outcome]:
    """The faults that a running show must bear, on one show, whose events are compared at its
    end."""
    with closing(Show(folder)) as show:
        load = Load(show)
        try:
            load.wait_for_frames()
            found = [
                garbage(show, load, floods),
                strange_keys(show, load, keys),
                stops(show, load, pauses),
            ]
        finally:
            unanswered = load.close()
        assert show.end() == 0, show.said()
        return [*found, _compared("events during these three", 1, show, load, unanswered)]
