"""A core without a show: the real server, ingress log and journal; a peer that says anything."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import zmq
from zmq.utils.monitor import recv_monitor_message

from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.bridge import Server
from xrdrama.adapters.bridge.curve import Network, encrypt
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.adapters.journal import Journal
from xrdrama.errors import DeviceError
from xrdrama.run.ingress import IngressLog
from xrdrama.show.take import Header, Take, read_take
from xrdrama.wire.codec import decode_from_core, encode
from xrdrama.wire.messages import (
    PROTOCOL_MAJOR,
    FromCore,
    FromPeer,
    Hello,
    Recorded,
    Refused,
    Welcome,
)
from xrdrama.wire.nodes import NodeContent
from xrdrama.wire.schema import schema_hash

MET = (
    zmq.EVENT_HANDSHAKE_SUCCEEDED,
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
    zmq.EVENT_DISCONNECTED,
)
CHANCE = random.SystemRandom()
"""Not `random` itself: hypothesis seeds it alike in every process that runs tests."""


class Core:
    """Listens, journals, and is asked for what it has."""

    def __init__(
        self,
        path: Path,
        *,
        fixed_rate: bool = False,
        sources: tuple[str, ...] = (),
        port: int = 0,
        resume: bool = False,
        nodes: NodeContent | None = None,
        rate: tuple[int, int] = (24, 1),
        network: Network | None = None,
    ) -> None:
        self.path = path
        taken: Take | None = None
        if resume:
            self.journal, taken = Journal.resume(path)
        else:
            header = Header("night", "0.1.0", schema_hash(), (24, 1), {})
            self.journal = Journal.begin(path, header)
        self.ingress = IngressLog(self.journal, fixed_rate=fixed_rate, sources=sources)
        self.origin = time.monotonic_ns()
        try:
            self.server = Server(
                show="night",
                rate=rate,
                fixed_rate=fixed_rate,
                door=self.ingress,
                now=lambda: time.monotonic_ns() - self.origin,
                port=port,
                nodes=nodes,
                network=network,
            )
        except DeviceError:
            self.journal.close()
            raise
        for entry in taken.entries if taken else ():
            self.server.remember(entry)
        self.server.start()

    def begin(self) -> None:
        """Start the show; who says hello from now on comes late."""
        self.server.begin(self.origin)
        wait_until(lambda: self.server._origin is not None)

    def publish(self, *frames: bytes) -> None:
        """Publish frames, and wait until the last one is on the lane."""
        for frame in frames:
            self.server.publish(frame, [])
        wait_until(lambda: self.server._lane.frame == frames[-1])

    def take(self) -> Take:
        """What is in the file now."""
        return read_take(self.path.read_bytes())

    def options(self) -> list[str]:
        """The options that were pressed, as the file has them."""
        return [getattr(entry.event, "option", "") for entry in self.take().entries]

    def close(self) -> None:
        """Stop."""
        self.server.close()
        self.journal.close()


class Sockets:
    """Sockets that are all closed at once."""

    def __init__(self) -> None:
        self._context = zmq.Context()
        self._made: list[zmq.Socket[bytes]] = []

    def open(
        self, kind: int, endpoint: str, *topics: bytes, pair: Pair | None = None
    ) -> zmq.Socket[bytes]:
        """A socket connected to an endpoint, with topics where it subscribes, and with keys."""
        made = self._context.socket(kind)
        made.linger = 0
        made.setsockopt(zmq.RCVTIMEO, round(TIMEOUT * 1000))
        if kind == zmq.DEALER:
            made.setsockopt(zmq.RCVHWM, 0)
            made.setsockopt(zmq.SNDHWM, 0)
        for topic in topics:
            made.subscribe(topic)
        if pair:
            encrypt(made, pair)
        made.connect(endpoint)
        self._made.append(made)
        return made

    def meet(self, kind: int, endpoint: str) -> None:
        """Connect a socket of a kind to an endpoint; returns once it is let in or turned away."""
        made = self._context.socket(kind)
        self._made.append(made)
        made.linger = 0
        monitor = made.get_monitor_socket()
        self._made.append(monitor)
        made.connect(endpoint)
        while True:
            assert monitor.poll(TIMEOUT * 1000), endpoint
            if recv_monitor_message(monitor)["event"] in MET:
                made.disable_monitor()
                return

    def close(self) -> None:
        """Close them."""
        for made in self._made:
            made.close()
        self._context.term()


class Raw:
    """A peer that says whatever bytes a test likes."""

    def __init__(self, sockets: Sockets, core: Core) -> None:
        self.socket = sockets.open(zmq.DEALER, core.server.endpoint)
        self._key = core.server.key.value

    def say(self, message: FromPeer) -> None:
        """A message."""
        self.socket.send(encode(message))

    def send(self, *parts: bytes) -> None:
        """Any parts."""
        self.socket.send_multipart(parts)

    def hear(self, timeout: float = TIMEOUT) -> FromCore:
        """The next answer."""
        assert self.socket.poll(round(timeout * 1000)), "no answer came"
        return decode_from_core(self.socket.recv())

    def silent(self, seconds: float = 0.2) -> bool:
        """True when nothing comes for so long."""
        return not self.socket.poll(round(seconds * 1000))

    def refused(self) -> Refused:
        """The next answer, which refuses."""
        said = self.hear()
        assert isinstance(said, Refused), said
        return said

    def recorded(self) -> Recorded:
        """The next answer, which acknowledges."""
        said = self.hear()
        assert isinstance(said, Recorded), said
        return said

    def greet(self, name: str = "raw", **changes: Any) -> Welcome:
        """Say hello, with the key of the core where no other is given, and be let in."""
        self.say(hello(name, **{"key": self._key, **changes}))
        said = self.hear()
        assert isinstance(said, Welcome), said
        return said


def hello(name: str = "raw", **changes: Any) -> Hello:
    """A hello that is let in, but for the changes."""
    said = {"major": PROTOCOL_MAJOR, "schema": schema_hash(), "name": name, "role": "engine"}
    return Hello(**{**said, **changes})


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    """A port that is free, with the two behind it; UDP's with SOCK_DGRAM.

    Not one that the system gives away: a peer that calls a port of that range while nobody
    listens there can be connected to itself, and then holds it.
    """
    for _ in range(100):
        port = CHANCE.randrange(20_000, 30_000)
        try:
            for lane in range(3):
                with socket.socket(socket.AF_INET, kind) as probe:
                    probe.bind(("127.0.0.1", port + lane))
        except OSError:
            continue
        return port
    raise AssertionError("no port is free")


@contextmanager
def no_thread_left(*names: str) -> Iterator[None]:
    """None of these names runs afterwards that did not run before."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert not [thread for thread in left if thread.name in names]
