"""A peer's end of the wire, for inputs in processes of their own: `Ingress` over ZeroMQ."""

from __future__ import annotations

import itertools
import re
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import assert_never

import msgspec
import zmq

from xrdrama.adapters.bridge.curve import Handshake, encrypt
from xrdrama.adapters.bridge.following import OnFrame, StateLane
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.adapters.bridge.keys import is_local, key_for
from xrdrama.adapters.bridge.queue import WakingQueue
from xrdrama.errors import DeviceError, RemoteProtocolError, UsageError
from xrdrama.show.ports import Stop
from xrdrama.timing import NS
from xrdrama.wire.codec import checked, decode_from_core, encode
from xrdrama.wire.commands import Role, Sender
from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import (
    PROTOCOL_MAJOR,
    Bye,
    Delta,
    FromCore,
    Hello,
    Keyframe,
    Promise,
    Record,
    Recorded,
    Refused,
    Snapshot,
    Started,
    Welcome,
)
from xrdrama.wire.nodes import (
    AskTime,
    DrawFrame,
    FromNode,
    NodeContent,
    NodesAre,
    ShowFrame,
    ShowOver,
    TimeIs,
    ToNode,
)
from xrdrama.wire.schema import schema_hash

ENDPOINT = re.compile(r"tcp://(?:[^\s:/*]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", re.ASCII)
WINDOW = 2000
"""Unacknowledged records above which `record` waits."""
KEY_CODES = ("key_wrong", "key_needed", "source_reserved")
"""Refusal codes of a hello without the right key."""
RESEND = 0.5
"""Seconds until a record that is not acknowledged is sent again, with the same id."""
PATIENT_RESEND = 20.0
"""The same at a fixed rate, where an event is acknowledged when its frame comes."""
PARTING = 0.5
"""Seconds within which the last messages must be sent."""

ASK_TIME = b""
"""In the queue: a question about the core's clock."""
_OF_NODES = (Welcome, Refused, NodeContent, DrawFrame, ShowFrame, TimeIs, ShowOver, NodesAre)
OnAnswer = Callable[[Recorded | Refused], None]


class _UnderWay(msgspec.Struct):
    at: int
    sent: float
    bytes: bytes
    on_answer: OnAnswer | None = None


class Peer:
    """Connected to a core at `endpoint`; a `show.ports.Ingress`. One thread owns the sockets.

    `on_welcome` is called once, in the peer's own thread, when the core has let this peer in.
    A process that gives every record an id of its own may keep its `instance` when it is restarted.
    A render node hears in `on_node` what concerns it, in the same thread.
    UsageError for an invalid endpoint.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        name: str,
        role: Role,
        sources: tuple[str, ...],
        on_welcome: Callable[[], None] = lambda: None,
        instance: str = "",
        on_node: Callable[[Welcome | Refused | ToNode], None] = lambda message: None,
        pair: Pair | None = None,
    ) -> None:
        found = ENDPOINT.fullmatch(endpoint)
        if found is None or not 0 < int(found[1]) < 65_536:
            hint = "write for example tcp://127.0.0.1:7400"
            raise UsageError(f"{endpoint!r} is not a valid show endpoint", hint)
        if pair is None and not is_local(endpoint):
            raise UsageError(
                f"{endpoint} is on another machine, which needs a key",
                "make one there (xrdrama keys new NAME --role ROLE), and give its file with --key",
            )
        self._pair = pair
        self.refused: deque[Refused] = deque(maxlen=100)
        """The newest records that the core refused."""
        self.fixed_rate = False
        self.show = ""
        """The id of the core's show, after its first answer."""
        # A restarted process has another instance, and numbers its records again.
        self._hello = Hello(
            PROTOCOL_MAJOR, schema_hash(), name, role, sources, instance or secrets.token_hex(8)
        )
        self._endpoint = endpoint
        self._on_welcome, self._on_node = on_welcome, on_node
        self._ids = itertools.count(1)
        self._out = WakingQueue[bytes]()
        self._unsent: deque[bytes] = deque()
        self._under_way: OrderedDict[int, _UnderWay] = OrderedDict()
        self._changed = threading.Condition()
        self._origin: int | None = None
        self._period = 0
        self._greeted = 0.0
        self._failure = ""
        self._closing = threading.Event()
        self._on_frame: OnFrame | None = None
        self._lane: StateLane | None = None
        self._state_port = self._epoch = 0
        self._thread = threading.Thread(target=self._run, name="peer", daemon=True)

    # -- the port -------------------------------------------------------------------------------

    def wait_for_start(self, stop: Stop) -> bool:
        """Say hello, then block until the show starts (True) or `stop` is set (False)."""
        self.connect()
        while not stop.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._origin is not None or self._failure, 0.1)
                if self._failure:
                    raise DeviceError(f"the core refused this process: {self._failure}")
                if self._origin is not None:
                    return True
        return False

    def connect(self) -> None:
        """Say hello without waiting for an answer."""
        if not self._thread.is_alive():
            self._greet()
            self._thread.start()

    def greet(self) -> None:
        """Say hello again: a restarted core does not know its peers yet."""
        self._greet()

    def _greet(self) -> None:
        self._greeted = time.monotonic()
        # Over a network the connection has the key.
        key = "" if self._pair else key_for(self._endpoint)
        self._hello = msgspec.structs.replace(self._hello, key=key)
        self._out.put(checked(self._hello))

    def subscribe(self, on_frame: OnFrame) -> None:
        """Say hello and follow the state lane, the newest frame first: `on_frame` is called with
        each frame, in order, in the peer's own thread. It must be quick.
        """
        self._on_frame = on_frame
        self.connect()
        self._out.wake()

    @property
    def failure(self) -> str:
        """Why the core refused this process, or ""."""
        return self._failure

    @property
    def gaps(self) -> int:
        """How often frames were missing on the state lane, after the first one."""
        return self._lane.gaps if self._lane is not None else 0

    @property
    def under_way(self) -> int:
        """Records that the core has not acknowledged yet."""
        return len(self._under_way)

    def now(self) -> int:
        """The show's time, nanoseconds."""
        return time.monotonic_ns() - (self._origin or 0)

    def record(
        self,
        event: AnyEvent,
        at: int = 0,
        on_answer: OnAnswer | None = None,
        sender: Sender | None = None,
        id: int | None = None,
    ) -> None:
        """Send an event; waits while too many are not acknowledged. A console names the `sender`.

        An event that is sent again with the same `id` counts once; the default is a new one.

        `on_answer` is called in the peer's own thread with the core's answer: Recorded
        with the number in the log, or Refused. DeviceError once the core has refused this process.
        """
        id = next(self._ids) if id is None else id
        data = checked(Record(id, at, event, sender))
        with self._changed:
            if self.fixed_rate and not self._has_room(at):
                # The core may be waiting for us: times never go back, so this promise is safe.
                self._out.put(checked(Promise(event.source, at)))
            self._changed.wait_for(lambda: self._has_room(at))
            if self._failure:
                raise DeviceError(f"the core refused this process: {self._failure}")
            self._under_way[id] = _UnderWay(at, time.monotonic(), data, on_answer)
        self._out.put(data)

    def _has_room(self, at: int) -> bool:
        if len(self._under_way) < WINDOW or self._failure or self._closing.is_set():
            return True
        # At a fixed rate the oldest is acknowledged with its frame, and that comes once we have
        # promised the frame's time: to wait within one frame would be to wait for ourselves.
        oldest = next(iter(self._under_way.values()))
        return self.fixed_rate and at - oldest.at <= self._period

    def promise(self, source: str, at: int) -> None:
        """Send a watermark."""
        self._out.put(checked(Promise(source, at)))

    def say(self, message: FromNode) -> None:
        """Send what a render node says."""
        self._out.put(checked(message))

    def ask_time(self) -> None:
        """Ask for the core's clock; the question is stamped when it is sent."""
        self._out.put(ASK_TIME)

    def close(self, timeout: float = 2.0, *, failed: bool = False) -> int:
        """Wait until all records are acknowledged, then send `bye`; returns how many were not.

        A source that `failed` sends none: at a fixed rate the core would take it for one whose
        recording has ended, and continue without it before its supervisor reports the failure.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way or self._failure, timeout)
            left = len(self._under_way)
        if not failed:
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
        socket.linger = round(PARTING * 1000)
        socket.setsockopt(zmq.RECONNECT_IVL, 20)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 500)
        poller = zmq.Poller()
        poller.register(self._out.fileno(), zmq.POLLIN)
        handshake = self._encrypted(socket)
        if handshake:
            poller.register(handshake.monitor, zmq.POLLIN)
        socket.connect(self._endpoint)
        try:
            while not self._closing.is_set():
                # A core that reads slowly, or not any more, must not block this thread.
                poller.register(socket, zmq.POLLIN | (zmq.POLLOUT if self._unsent else 0))
                ready = dict(poller.poll(100))
                self._unsent.extend(self._out.drain())
                self._send(socket)
                if handshake and handshake.monitor in ready:
                    self._fail(handshake.failure())
                if ready.get(socket, 0) & zmq.POLLIN:
                    self._receive(socket)
                if self._on_frame is not None and self._lane is None:
                    self._lane = StateLane(
                        context, poller, self._endpoint, self._on_frame, self._ask, self._pair
                    )
                if self._lane is not None:
                    self._follow(self._lane)
                self._resend()
            self._part(socket)
        finally:
            if handshake:
                handshake.close()
            socket.close()
            if self._lane is not None:
                self._lane.close()
            context.term()

    def _encrypted(self, socket: zmq.Socket[bytes]) -> Handshake | None:
        """Prepare a socket for another machine; what watches its handshake."""
        if self._pair is None:
            return None
        encrypt(socket, self._pair)
        return Handshake(socket, self._pair)

    def _fail(self, reason: str) -> None:
        if reason:
            with self._changed:
                self._failure = reason
                self._changed.notify_all()

    def _send(self, socket: zmq.Socket[bytes]) -> None:
        while self._unsent:
            try:
                data = self._unsent[0] or encode(AskTime(time.monotonic_ns()))
                socket.send(data, zmq.NOBLOCK)
            except zmq.Again:
                return
            self._unsent.popleft()

    def _part(self, socket: zmq.Socket[bytes]) -> None:
        self._unsent.extend(self._out.drain())
        deadline = time.monotonic() + PARTING
        while self._unsent and time.monotonic() < deadline:
            socket.poll(20, zmq.POLLOUT)
            self._send(socket)

    def _receive(self, socket: zmq.Socket[bytes]) -> None:
        while True:
            try:
                data = socket.recv(zmq.NOBLOCK)
            except zmq.Again:
                return
            try:
                message = decode_from_core(data)
                if not isinstance(message, Keyframe):
                    self._heard(message)
                elif self._lane is not None:
                    self._lane.snapshot(data)
            except RemoteProtocolError as error:
                self._fail(str(error))

    def _follow(self, lane: StateLane) -> None:
        """Follow the state lane that a welcome named, and request a first frame."""
        if self._state_port:
            lane.follow(self._state_port, self._epoch)
            self._state_port = 0
        lane.receive()

    def _ask(self) -> None:
        self._out.put(checked(Snapshot(deltas=True)))

    def _heard(self, message: FromCore) -> None:
        on_answer: OnAnswer | None = None
        is_first_welcome = isinstance(message, Welcome) and not self.show
        with self._changed:
            match message:
                case Welcome():
                    self.fixed_rate, self.show = message.fixed_rate, message.show
                    frames, seconds = message.rate
                    self._period = NS * seconds // frames
                    self._state_port, self._epoch = message.state_port, message.epoch
                case Started():
                    self._origin = message.origin
                case Recorded():
                    on_answer = self._settled(message.id)
                case Refused() if message.id == 0:
                    self._refused(message)
                case Refused():
                    on_answer = self._settled(message.id)
                    self.refused.append(message)
                case (
                    NodeContent() | DrawFrame() | ShowFrame() | TimeIs() | ShowOver() | NodesAre()
                    | Frame() | Keyframe() | Delta()
                ):  # fmt: skip
                    pass  # of nodes; whole frames are not requested here, keyframes go to the lane
                case _:
                    assert_never(message)
            self._changed.notify_all()
        if isinstance(message, _OF_NODES):
            self._on_node(message)
        if is_first_welcome:
            self._on_welcome()
        elif on_answer is not None and isinstance(message, Recorded | Refused):
            on_answer(message)

    def _settled(self, id: int) -> OnAnswer | None:
        settled = self._under_way.pop(id, None)
        return settled.on_answer if settled else None

    def _refused(self, refused: Refused) -> None:
        if refused.code == "hello_first":  # the core was restarted: introduce ourselves again
            if time.monotonic() - self._greeted > RESEND:  # once, whatever else was refused
                self._greet()
        elif refused.code == "node_taken":
            pass  # a lost connection is noticed late: the node asks again
        elif (
            refused.code in KEY_CODES
            and self._pair is None
            and self._hello.key != key_for(self._endpoint)
        ):  # that hello was sent before this core had written its key
            self._greet()
        else:
            self._failure = refused.reason

    def _resend(self) -> None:
        if self._unsent:
            return
        now = time.monotonic()
        timeout_s = PATIENT_RESEND if self.fixed_rate else RESEND
        with self._changed:
            late = [one for one in self._under_way.values() if now - one.sent > timeout_s][:100]
            for one in late:
                one.sent = now
        self._unsent.extend(one.bytes for one in late)
