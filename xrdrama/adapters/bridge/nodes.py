"""The core's end of the frame-sync lane: render nodes that are kept in step (`wire.stepping`)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, assert_never

import msgspec

from xrdrama.adapters.bridge.roles import Refusal
from xrdrama.wire.messages import Hello
from xrdrama.wire.nodes import (
    AskContent,
    AskNodes,
    AskTime,
    FrameDrawn,
    FrameShown,
    FromNode,
    JoinNodes,
    NodeContent,
    NodeHealth,
    NodesAre,
    ShowOver,
    TimeIs,
    ToNode,
    digest_of,
)
from xrdrama.wire.stepping import Out, Stepper, median_ms

HEALTH_EVERY: Final = 12
"""Frames between two reports about the nodes."""
NO_NODES: Final = Refusal(
    "not_node", "this show has no render nodes: add nodes: to the show file, and start it again"
)


class Sync(msgspec.Struct, frozen=True):
    """How the nodes do, from one thread to another."""

    health: tuple[NodeHealth, ...] = ()
    alarms: tuple[str, ...] = ()
    skew_ms: float = 0.0
    """The median of the last frames: from the first node that showed a frame to the last one."""
    frames: int = 0
    mismatches: int = 0


class NodeLane:
    """Used by the bridge's own thread, except `sync` and `wait_joined`, which any thread may use.

    `say(identity, message)` sends a message to a peer.
    """

    def __init__(
        self,
        epoch: int,
        content: NodeContent,
        period: int,
        say: Callable[[bytes, ToNode], None],
    ) -> None:
        self._content, self._say = content, say
        self._digest = digest_of(content.files)
        self._step = Stepper(epoch, content.nodes, period)
        self._identities: dict[str, bytes] = {}
        self._offered = 0
        self.sync = Sync(self._step.health(), tuple(self._step.alarms()))
        self._changed = threading.Condition()

    def offer(self, frame: int, shows_at: int) -> None:
        """The core has made a frame; `shows_at` is on the core's clock."""
        self._send(self._step.offer(frame, shows_at, time.monotonic_ns()))
        self._offered += 1
        self._report(whole=self._offered % HEALTH_EVERY == 0)

    def tick(self) -> None:
        """Continue without nodes that are too late."""
        now = time.monotonic_ns()
        if now >= self._step.due:
            self._send(self._step.tick(now))
            self._report(whole=False)

    def wait_ms(self, most: int) -> int:
        """Milliseconds until `tick` must be called, at most so many."""
        left = (self._step.due - time.monotonic_ns()) // 1_000_000 + 1
        return max(0, min(most, left))

    def heard(self, identity: bytes, hello: Hello, message: FromNode) -> Refusal | None:
        """A node said something; the refusal, or None."""
        now = time.monotonic_ns()
        name = hello.name
        if isinstance(message, AskNodes):
            step = self._step
            skew = median_ms(step.skews)
            health = NodesAre(step.health(), skew, step.frames, step.mismatches)
            self._say(identity, health)
            return None
        if hello.role != "node" or name not in self._content.nodes:
            known = ", ".join(self._content.nodes)
            return Refusal("not_node", f"the show has no node {name!r}; its nodes are {known}")
        is_joined = self._identities.get(name) == identity
        match message:
            case AskTime():
                self._say(identity, TimeIs(message.sent, now, time.monotonic_ns()))
            case AskContent():
                self._say(identity, self._content)
            case JoinNodes():
                return self._join(identity, name, message)
            case FrameDrawn():
                if is_joined:
                    self._send(self._step.drawn(name, message, now))
            case FrameShown():
                if is_joined:
                    self._step.shown(name, message)
            case _:
                assert_never(message)
        return None

    def _join(self, identity: bytes, name: str, join: JoinNodes) -> Refusal | None:
        before = self._identities.get(name)
        if join.differs or join.content != self._digest:
            file = join.differs or "a file"
            reason = f"its {file} is not that of the show"
            if before in (None, identity):
                self._step.leave(name, reason[:300])
                self._report(whole=True)
            return Refusal(
                "other_content",
                f"{file} of the node {name!r} is not that of the show {self._content.show!r}: run"
                f" xrdrama nodes push {self._content.show}, and give the node this folder",
            )
        if before not in (None, identity) and self._step.states()[name] == "in step":
            return Refusal("node_taken", f"another process draws for the node {name!r}: end it")
        self._identities[name] = identity
        self._step.join(name, join)
        self._report(whole=True)
        return None

    def left(self, identity: bytes) -> None:
        """A peer said goodbye."""
        for name, known in list(self._identities.items()):
            if known == identity:
                del self._identities[name]
                self._step.leave(name, "it has left")
                self._report(whole=True)

    def _send(self, out: Out) -> None:
        for name, message in out:
            identity = self._identities.get(name)
            if identity is not None:
                self._say(identity, message)

    def _report(self, *, whole: bool) -> None:
        step = self._step
        alarms = tuple(step.alarms())
        if not whole and alarms == self.sync.alarms:
            return
        with self._changed:
            skew = median_ms(step.skews)
            self.sync = Sync(step.health(), alarms, skew, step.frames, step.mismatches)
            self._changed.notify_all()

    def wait_joined(self, timeout: float) -> set[str]:
        """Block until every node has joined; the names of those that have not."""

        def missing() -> set[str]:
            return {one.name for one in self.sync.health if one.state == "away"}

        with self._changed:
            self._changed.wait_for(lambda: not missing(), timeout)
            return missing()

    def close(self) -> None:
        """Notify the nodes that the run has ended."""
        for identity in self._identities.values():
            self._say(identity, ShowOver())
