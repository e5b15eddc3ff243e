"""The core's end of the wire: command lane (ROUTER), state (XPUB) and track lanes (PUB)."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import blake2b
from typing import Literal, Protocol, assert_never

import msgspec
import zmq

from xrdrama.adapters.bridge.curve import Guard, Network
from xrdrama.adapters.bridge.keyring import Allowed
from xrdrama.adapters.bridge.keys import RunKey
from xrdrama.adapters.bridge.listening import bound
from xrdrama.adapters.bridge.nodes import NO_NODES, NodeLane
from xrdrama.adapters.bridge.publishing import StatePublisher
from xrdrama.adapters.bridge.queue import WakingQueue
from xrdrama.adapters.bridge.roles import WITH_KEY, Refusal, may_join, may_say, sender_of
from xrdrama.errors import DeviceError, RemoteProtocolError
from xrdrama.timing import NS
from xrdrama.wire.codec import decode_from_peer, encode
from xrdrama.wire.events import CORE, AnyEvent, DeviceFound, DeviceLost, Entry, Origin
from xrdrama.wire.messages import (
    Bye,
    FromCore,
    FromPeer,
    Hello,
    Promise,
    Record,
    Recorded,
    Refused,
    Snapshot,
    Started,
    Welcome,
)
from xrdrama.wire.nodes import (
    AskContent,
    AskNodes,
    AskTime,
    FrameDrawn,
    FrameShown,
    FromNode,
    JoinNodes,
    NodeContent,
    NodesAre,
    ToNode,
)
from xrdrama.wire.schema import schema_hash

REMEMBERED = 20_000
"""How many acknowledged records of each peer are remembered, in case it sends them again."""
IDLE = 200
"""Milliseconds after which the thread looks around, when nothing happens."""
PARTING = 300
"""Milliseconds within which render nodes must hear that the run has ended."""
AT_ONCE = 500
"""Most messages received in a row, so that outgoing messages do not wait for a flood."""
MOST_PEERS = 256
"""Most known peers; the one that was silent for longest must say hello again."""
Lane = Literal["frame", "track", "say", "lost", "started", "offer"]
"""The kinds of messages from other threads to the thread that owns the sockets."""

Said = Record | Promise | Snapshot | Bye | FromNode
"""What a peer says after its hello."""
TOO_MUCH = Refusal(
    "too_much",
    "too many events are waiting for the next frame: send fewer, or send this one again later",
)
REUSED = Refusal(
    "id_reused",
    "another event was recorded under this id: a peer that was started again must choose a new"
    " instance in its hello (bridge/README.md), or continue its numbering",
)


class Door(Protocol):
    """Receives recorded events (run.ingress)."""

    failure: str
    """Why the last event could not be recorded, or ""."""

    def record(
        self,
        event: AnyEvent,
        at: int,
        origin: Origin = CORE,
        *,
        acknowledge: Callable[[int], None] | None = None,
    ) -> bool:
        """Record an event."""

    def promise(self, source: str, at: int) -> None:
        """Record a watermark."""

    def leave(self, source: str) -> None:
        """A source has ended."""


_Records = OrderedDict[int, tuple[int, bytes]]
"""Record ids to their number in the log, -1 while not yet acknowledged, and their event's hash."""


class _Peer(msgspec.Struct):
    hello: Hello
    has_key: bool
    recorded: _Records
    who: Allowed | None


class Server:
    """Listens on `endpoint` and two ports after it. `now` gives the show's time, live.

    `reserved` are the sources that only processes with the key may name: those of the show. Peers
    of other machines connect to the same ports of `network`.
    """

    def __init__(
        self,
        *,
        show: str,
        rate: tuple[int, int],
        fixed_rate: bool,
        door: Door,
        now: Callable[[], int],
        address: str = "127.0.0.1",
        port: int = 0,
        reserved: frozenset[str] = frozenset(),
        nodes: NodeContent | None = None,
        network: Network | None = None,
    ) -> None:
        self.bad = 0
        self._reserved = reserved
        self._door, self._now = door, now
        self._context = zmq.Context()
        self.guard = Guard(self._context, network) if network else None
        """Who lets peers of other machines in, if any may connect."""
        try:
            self._command = bound(self._context, zmq.ROUTER, address, port)
            state = bound(self._context, zmq.XPUB, address, port + 1 if port else 0)
            self._track = bound(self._context, zmq.PUB, address, port + 2 if port else 0)
        except DeviceError:
            self._context.destroy(linger=0)
            raise
        sockets = (self._command, state, self._track)
        self.endpoint, self.state_endpoint, self.track_endpoint = (
            socket.getsockopt_string(zmq.LAST_ENDPOINT) for socket in sockets
        )
        self._listen_on_network(sockets)
        self.key = RunKey(int(self.endpoint.rpartition(":")[2]))
        ports = [int(e.rpartition(":")[2]) for e in (self.state_endpoint, self.track_endpoint)]
        # Milliseconds since 1970: the epoch of a run is above those of the runs before it.
        epoch = time.time_ns() // 1_000_000
        self._lane = StatePublisher(state, epoch)
        self.welcome = Welcome(show, epoch, rate, fixed_rate, schema_hash(), *ports)
        period = NS * rate[1] // rate[0]
        self.nodes = NodeLane(epoch, nodes, period, self._say) if nodes else None
        """The render nodes of a show that has some."""
        self._peers: OrderedDict[bytes, _Peer] = OrderedDict()
        """By identity; the one that sent last is last."""
        self._known: OrderedDict[tuple[str, str], _Records] = OrderedDict()
        """Records by name and instance of their peer: it may come back as another connection."""
        self._ready: frozenset[str] = frozenset()
        self._lost: set[str] = set()
        """Sources that were lost and have not come back."""
        self._ready_changed = threading.Condition()
        self._origin: int | None = None
        self._out = WakingQueue[tuple[Lane, bytes, bytes]]()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bridge", daemon=True)

    def _listen_on_network(self, sockets: tuple[zmq.Socket[bytes], ...]) -> None:
        if self.guard is None:
            return
        try:
            for socket in sockets:
                self.guard.bind(socket)
        except DeviceError:
            self._context.destroy(linger=0)
            raise

    # -- called from the show's thread ----------------------------------------------------------

    def start(self) -> None:
        """Start listening."""
        self._thread.start()

    def wait_ready(self, sources: set[str], timeout: float) -> set[str]:
        """Block until peers with all these sources have said hello; those that have not."""
        with self._ready_changed:
            self._ready_changed.wait_for(lambda: sources <= self._ready, timeout)
            return sources - self._ready

    def begin(self, origin: int) -> None:
        """The show starts: nanosecond 0 is `origin` on the monotonic clock."""
        self._out.put(("started", b"", encode(Started(origin))))

    def publish(self, frame: bytes, samples: list[tuple[str, bytes]]) -> None:
        """Send a frame's bytes on the state lane, and camera samples on the track lane."""
        self._out.put(("frame", b"", frame))
        for subject, sample in samples:
            self._out.put(("track", f"track/{subject}".encode(), sample))

    def offer(self, frame: int, shows_at: int) -> None:
        """Have the render nodes draw a published frame, which is shown at `shows_at` of the show,
        in nanoseconds."""
        if self.nodes is not None:
            self._out.put(("offer", b"", msgspec.msgpack.encode((frame, shows_at))))

    def remember(self, entry: Entry) -> None:
        """An entry of a resumed take: sent again, it is acknowledged and does not count."""
        if entry.peer:
            records = self._records_of(entry.peer, entry.instance)
            records[entry.id] = entry.seq, _hash(entry.event)

    def close(self) -> None:
        """Stop listening and close the sockets."""
        self._stop.set()
        self._out.wake()
        if self._thread.is_alive():
            self._thread.join()
        if self.nodes:
            self._command.close(linger=PARTING)
        self._context.destroy(linger=0)
        self.key.close()

    # -- the bridge's own thread ----------------------------------------------------------------

    def _run(self) -> None:
        poller = zmq.Poller()
        poller.register(self._command, zmq.POLLIN)
        poller.register(self._lane.socket, zmq.POLLIN)
        poller.register(self._out.fileno(), zmq.POLLIN)
        if self.guard:
            poller.register(self.guard.socket, zmq.POLLIN)
        while not self._stop.is_set():
            ready = dict(poller.poll(self.nodes.wait_ms(IDLE) if self.nodes else IDLE))
            if self.guard and self.guard.socket in ready:
                self.guard.answer()
            if self._command in ready:
                self._receive()
            if self._lane.socket in ready:
                self._lane.receive()
            for lane, topic, data in self._out.drain():
                self._send(lane, topic, data)
            if self.nodes:
                self.nodes.tick()
        if self.nodes:
            self.nodes.close()

    def _receive(self) -> None:
        for _ in range(AT_ONCE):
            who = None
            try:
                if self.guard:
                    parts, who = self.guard.receive(self._command)
                else:
                    parts = self._command.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            identity, data = parts[0], parts[-1]
            try:
                if len(parts) != 2:
                    raise RemoteProtocolError("a message has one part")
                self._heard(identity, decode_from_peer(data), who)
            except RemoteProtocolError as error:
                self.bad += 1
                self._say(identity, Refused(0, str(error)[:400], "malformed"))

    def _heard(self, identity: bytes, message: FromPeer, who: Allowed | None) -> None:
        if isinstance(message, Hello):
            self._hello(identity, message, who)
            return
        peer = self._peers.get(identity)
        if peer is None or peer.who != who:
            self._say(identity, Refused(0, "say hello first", "hello_first"))
            return
        self._peers.move_to_end(identity)
        self._said(identity, peer, message)

    def _said(self, identity: bytes, peer: _Peer, message: Said) -> None:
        """A known peer said something."""
        match message:
            case Record():
                self._record(identity, peer, message)
            case Promise():
                if message.source in peer.hello.sources:
                    self._door.promise(message.source, message.at)
            case Snapshot():
                newest = self._lane.snapshot(deltas=message.deltas)
                if newest is not None:
                    self._command.send_multipart([identity, newest])
            case Bye():
                self._bye(identity, peer)
            case AskContent() | JoinNodes() | FrameDrawn() | FrameShown() | AskTime() | AskNodes():
                self._node(identity, peer, message)
            case _:
                assert_never(message)

    def _node(self, identity: bytes, peer: _Peer, message: FromNode) -> None:
        if self.nodes is None and isinstance(message, AskNodes):
            self._say(identity, NodesAre())
            return
        refused = self.nodes.heard(identity, peer.hello, message) if self.nodes else NO_NODES
        if refused:
            self._refuse(identity, 0, refused)

    def _hello(self, identity: bytes, hello: Hello, who: Allowed | None) -> None:
        refused = may_join(hello, self.key, self._reserved, who)
        if refused:
            self._refuse(identity, 0, refused)
            return
        again = identity in self._peers
        has_key = who.role in WITH_KEY if who else hello.key != ""
        records = self._records_of(hello.name, hello.instance)
        self._peers[identity] = _Peer(hello, has_key, records, who)
        self._peers.move_to_end(identity)
        while len(self._peers) > MOST_PEERS:
            # A peer without the key cannot displace the processes of the show.
            strangers = (known for known, peer in self._peers.items() if not peer.has_key)
            del self._peers[next(strangers, next(iter(self._peers)))]
        self._say(identity, self.welcome)
        if self._origin is not None:
            self._say(identity, Started(self._origin))
        for source in hello.sources:
            # A source that was lost before the start is also found again.
            if source in self._lost or (self._origin is not None and not again):
                self._lost.discard(source)
                self._door.record(DeviceFound(source), self._stamp())
        self._note_ready()

    def _records_of(self, name: str, instance: str) -> _Records:
        recorded = self._known.setdefault((name, instance), OrderedDict())
        self._known.move_to_end((name, instance))
        while len(self._known) > MOST_PEERS:
            self._known.popitem(last=False)
        return recorded

    def _note_ready(self) -> None:
        with self._ready_changed:
            sources = (source for peer in self._peers.values() for source in peer.hello.sources)
            self._ready = frozenset(sources)
            self._ready_changed.notify_all()

    def _record(self, identity: bytes, peer: _Peer, message: Record) -> None:
        hashed = _hash(message.event)
        seq, before = peer.recorded.get(message.id, (-1, b""))
        if before == hashed:
            if seq >= 0:
                self._say(identity, Recorded(message.id, seq))
            return
        sender = sender_of(peer.hello, message)
        if isinstance(sender, Refusal):
            refused: Refusal | None = sender
        elif before:
            refused = REUSED
        else:
            refused = may_say(peer.hello, message.event, sender.role, has_key=peer.has_key)
        if refused or isinstance(sender, Refusal):
            self._refuse(identity, message.id, refused or TOO_MUCH)
            return
        peer.recorded[message.id] = -1, hashed
        while len(peer.recorded) > REMEMBERED:
            peer.recorded.popitem(last=False)
        at = message.at if self.welcome.fixed_rate else self._now()

        def acknowledge(seq: int) -> None:
            peer.recorded[message.id] = seq, hashed
            self._out.put(("say", identity, encode(Recorded(message.id, seq))))

        hello = peer.hello
        origin = Origin(hello.name, message.id, hello.instance, sender.name, sender.role)
        taken = self._door.record(message.event, at, origin, acknowledge=acknowledge)
        if not taken:
            del peer.recorded[message.id]
            failure = self._door.failure
            refusal = Refusal("not_recorded", failure) if failure else TOO_MUCH
            self._refuse(identity, message.id, refusal)

    def _bye(self, identity: bytes, peer: _Peer) -> None:
        del self._peers[identity]
        if self.nodes:
            self.nodes.left(identity)
        if not peer.hello.instance:
            # It will not send records again, so the next one with its name is another process.
            self._known.pop((peer.hello.name, ""), None)
        for source in peer.hello.sources:
            self._door.leave(source)

    def _refuse(self, identity: bytes, id: int, refusal: Refusal) -> None:
        self._say(identity, Refused(id, refusal.reason[:500], refusal.code))

    def lost(self, source: str, reason: str) -> None:
        """A process of ours died: the show is notified and does not wait for it."""
        self._lost.add(source)
        self._door.leave(source)
        self._door.record(DeviceLost(source, reason[:400]), self._stamp())
        self._out.put(("lost", b"", source.encode()))

    def _stamp(self) -> int:
        """The time for events of this side: now; on the virtual clock, that of the next frame."""
        return 0 if self.welcome.fixed_rate else self._now()

    def _say(self, identity: bytes, message: FromCore | ToNode) -> None:
        self._command.send_multipart([identity, encode(message)])

    def _send(self, lane: Lane, topic: bytes, data: bytes) -> None:
        match lane:
            case "frame":
                self._lane.publish(data)
            case "track":
                self._track.send_multipart([topic, data])
            case "say":
                self._command.send_multipart([topic, data])
            case "lost":
                gone = [i for i, peer in self._peers.items() if data.decode() in peer.hello.sources]
                for identity in gone:
                    del self._peers[identity]
                self._note_ready()
            case "started":
                self._origin = msgspec.msgpack.decode(data, type=Started).origin
                for identity in self._peers:
                    self._command.send_multipart([identity, data])
            case "offer":
                frame, shows_at = msgspec.msgpack.decode(data, type=tuple[int, int])
                if self.nodes and self._origin is not None:
                    self.nodes.offer(frame, self._origin + shows_at)
            case _:
                assert_never(lane)


def _hash(event: AnyEvent) -> bytes:
    return blake2b(encode(event), digest_size=8).digest()
