"""A peer's end of the wire, for inputs in processes of their own: `Ingress` over ZeroMQ."""

from __future__ import annotations

import itertools
import threading
import time
from collections import OrderedDict

import zmq

from xrdrama.adapters.bridge.queue import WakingQueue
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.show.ports import Stop
from xrdrama.wire.codec import checked, decode_from_core
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.messages import (
    PROTOCOL_MAJOR,
    Bye,
    FromCore,
    Hello,
    Promise,
    Record,
    Recorded,
    Refused,
    Role,
    Started,
    Welcome,
)
from xrdrama.wire.schema import schema_hash

WINDOW = 2000
"""Records that may be under way before `record` waits."""
RESEND = 0.5
"""Seconds until a record that is not acknowledged is sent again, with the same id."""


class Peer:
    """Connected to a core at `endpoint`; a `show.ports.Ingress`. One thread owns the socket."""

    def __init__(self, endpoint: str, *, name: str, role: Role, sources: tuple[str, ...]) -> None:
        self.refused: list[Refused] = []
        self.fixed_rate = False
        self._hello = Hello(PROTOCOL_MAJOR, schema_hash(), name, role, sources)
        self._endpoint = endpoint
        # A restarted process must not reuse the ids of the one before it.
        self._ids = itertools.count(time.time_ns() & ((1 << 52) - 1))
        self._out = WakingQueue[bytes]()
        self._under_way: OrderedDict[int, tuple[float, bytes]] = OrderedDict()
        self._changed = threading.Condition()
        self._origin: int | None = None
        self._welcome: Welcome | None = None
        self._failure = ""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="peer", daemon=True)

    # -- the port -------------------------------------------------------------------------------

    def wait_for_start(self, stop: Stop) -> bool:
        """Say hello, then block until the show starts (True) or `stop` is set (False)."""
        if not self._thread.is_alive():
            self._out.put(checked(self._hello))
            self._thread.start()
        while not stop.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._origin is not None or self._failure, 0.1)
                if self._failure:
                    raise DeviceError(f"the core refused this process: {self._failure}")
                if self._origin is not None:
                    return True
        return False

    def now(self) -> int:
        """The show's time."""
        return time.monotonic_ns() - (self._origin or 0)

    def record(self, event: AnyEvent, at: int = 0) -> None:
        """Send an event; waits while too many are not acknowledged."""
        id = next(self._ids)
        data = checked(Record(id, at, event))
        with self._changed:
            self._changed.wait_for(lambda: len(self._under_way) < WINDOW or self._closing.is_set())
            self._under_way[id] = (time.monotonic(), data)
        self._out.put(data)

    def promise(self, source: str, at: int) -> None:
        """Send a watermark."""
        self._out.put(checked(Promise(source, at)))

    def close(self, timeout: float = 2.0) -> int:
        """Wait until all is acknowledged, say goodbye; how many records were not."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, timeout)
            left = len(self._under_way)
        self._out.put(checked(Bye()))
        self._closing.set()
        self._out.wake()
        if self._thread.is_alive():
            self._thread.join()
        return left

    # -- the peer's own thread ------------------------------------------------------------------

    def _run(self) -> None:
        context = zmq.Context()
        socket = context.socket(zmq.DEALER)
        socket.linger = 500
        socket.setsockopt(zmq.RECONNECT_IVL, 20)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        socket.connect(self._endpoint)
        poller = zmq.Poller()
        poller.register(socket, zmq.POLLIN)
        poller.register(self._out.fileno(), zmq.POLLIN)
        try:
            while True:
                ready = dict(poller.poll(100))
                for data in self._out.drain():
                    socket.send(data)
                if socket in ready:
                    self._receive(socket)
                self._resend(socket)
                if self._closing.is_set():
                    for data in self._out.drain():
                        socket.send(data)
                    return
        finally:
            socket.close()
            context.term()

    def _receive(self, socket: zmq.Socket[bytes]) -> None:
        while True:
            try:
                data = socket.recv(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                self._heard(decode_from_core(data))
            except RemoteProtocolError as error:
                self._failure = str(error)

    def _heard(self, message: FromCore) -> None:
        with self._changed:
            match message:
                case Welcome():
                    self._welcome, self.fixed_rate = message, message.fixed_rate
                case Started():
                    self._origin = message.origin
                case Recorded():
                    self._under_way.pop(message.id, None)
                case Refused() if message.id == 0:
                    self._refused(message.reason)
                case Refused():
                    self._under_way.pop(message.id, None)
                    self.refused.append(message)
            self._changed.notify_all()

    def _refused(self, reason: str) -> None:
        if reason == "say hello first":  # the core was restarted: introduce ourselves again
            self._out.put(checked(self._hello))
        else:
            self._failure = reason

    def _resend(self, socket: zmq.Socket[bytes]) -> None:
        if self.fixed_rate:
            return  # there an event is acknowledged when its frame comes, however late that is
        now = time.monotonic()
        with self._changed:
            old = [(id, data) for id, (at, data) in self._under_way.items() if now - at > RESEND][
                :100
            ]
            for id, data in old:
                self._under_way[id] = (now, data)
        for _, data in old:
            socket.send(data)
