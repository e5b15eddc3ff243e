"""Keeps render nodes in step: which frame they draw, and when all of them show it. Sans-IO.

    step = Stepper(epoch, {"left": ("arc",), "right": ("floor",)}, period)
    for name, message in step.offer(frame, shows_at, now): ...     # and of every other call
    step.tick(now)                                                 # not later than step.due

One frame is under way at a time. All nodes that are in step are asked to draw it; when all have
drawn it they are asked to show it, at its own time or, when they were late, at a later one of the
frame grid. So slow nodes leave out the same frames. A node is missing when it has not drawn a
frame after one and a half periods, or after three times its usual time if it draws slowly: the
others show theirs without it. It is in step again as soon as it answers.

All times are nanoseconds on the core's clock.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from xrdrama.wire.nodes import (
    DrawFrame,
    FrameDrawn,
    FrameShown,
    JoinNodes,
    NodeHealth,
    ShowFrame,
    ToNode,
)

MOST_PERIODS: Final = 1.5
"""Periods after which a node that has not drawn a frame is missing."""
SLOW: Final = 3
"""Usual times of drawing after which a node is missing that is slower than the frames."""
LONGEST: Final = 1_000_000_000
"""Nanoseconds that a node is waited for at most, and while its usual time is not known."""
KNOWN: Final = 6
"""Frames after which the usual time of a node is known."""
MARGIN: Final = 2_000_000
"""Nanoseconds that the order to show a frame needs to reach the nodes."""
EARLY: Final = 4_000_000
"""Nanoseconds before its own time at which a frame is shown, or a quarter of a period: at its own
time the next one is made and sent, and reading that would delay some nodes of a machine."""
KEPT: Final = 240
"""Frames that medians are of."""
OPEN: Final = 8
"""Shown frames that reports are waited for."""
Out = list[tuple[str, ToNode]]
"""Messages for nodes, by name."""


class _Node(msgspec.Struct):
    name: str
    walls: tuple[str, ...]
    state: str = "away"
    frame: int = -1
    """The newest frame that it has when it joins: it draws later ones only."""
    last: int = -1
    misses: int = 0
    shown: int = 0
    clock: str = ""
    real_time: bool = False
    reason: str = ""
    late: deque[int] = msgspec.field(default_factory=lambda: deque(maxlen=KEPT))
    skew: deque[int] = msgspec.field(default_factory=lambda: deque(maxlen=KEPT))
    took: deque[int] = msgspec.field(default_factory=lambda: deque(maxlen=24))


class _Released(msgspec.Struct):
    """A frame that nodes were asked to show."""

    at: int
    nodes: set[str]
    shown: dict[str, int] = {}


class Stepper:
    """The core's end. `nodes` are the walls of each node, `period` a frame's nanoseconds."""

    def __init__(self, epoch: int, nodes: Mapping[str, tuple[str, ...]], period: int) -> None:
        self.epoch, self._period = epoch, period
        self._nodes = {name: _Node(name, walls) for name, walls in nodes.items()}
        self._frame: int | None = None
        """The frame under way."""
        self._shows_at = self._due = 0
        self._asked: set[str] = set()
        self._drawn: set[str] = set()
        self._next: tuple[int, int] | None = None
        """The newest frame that is not under way yet, and its time."""
        self._released: OrderedDict[int, _Released] = OrderedDict()
        self.skews: deque[int] = deque(maxlen=KEPT)
        """Nanoseconds between the first and the last node that showed a frame, of the last ones."""
        self.mismatches = 0
        """Frames that a node showed although it was not asked to."""
        self.frames = 0
        """Frames that nodes were asked to show."""

    # -- what happens ---------------------------------------------------------------------------

    def join(self, name: str, join: JoinNodes) -> None:
        """A node can draw, from the next frame on."""
        node = self._nodes[name]
        node.state, node.frame, node.reason = "waiting", join.frame, ""
        node.clock, node.real_time = join.clock, join.real_time
        node.took.clear()
        self._leave_frame(name)

    def leave(self, name: str, reason: str) -> None:
        """A node has gone, or may not join."""
        node = self._nodes[name]
        node.state, node.reason = "away", reason
        self._leave_frame(name)

    def offer(self, frame: int, shows_at: int, now: int) -> Out:
        """The core has made a frame that is shown at `shows_at`."""
        self._next = frame, shows_at
        return [*self.tick(now), *self._begin(now)]

    def drawn(self, name: str, said: FrameDrawn, now: int) -> Out:
        """A node has drawn a frame."""
        node = self._nodes[name]
        if node.state == "away":
            return []
        node.took.append(said.took)
        if name not in self._asked:
            if node.state == "missing":  # it is back
                node.state, node.frame, node.reason = "waiting", said.frame, ""
            return self._begin(now)
        if said.frame != self._frame:
            return []
        self._drawn.add(name)
        return self._release(now) if self._drawn == self._asked else []

    def shown(self, name: str, said: FrameShown) -> None:
        """A node has shown a frame."""
        node, released = self._nodes[name], self._released.get(said.frame)
        if released is None or name not in released.nodes:
            self.mismatches += 1
            return
        if name in released.shown:
            return
        node.last, node.shown = said.frame, node.shown + 1
        node.late.append(said.at - released.at)
        released.shown[name] = said.at
        if len(released.shown) == len(released.nodes):
            first = min(released.shown.values())
            for each, at in released.shown.items():
                self._nodes[each].skew.append(at - first)
            if len(released.shown) > 1:
                self.skews.append(max(released.shown.values()) - first)

    def tick(self, now: int) -> Out:
        """Continue without nodes that are too late."""
        if self._frame is None or now < self.due:
            return []
        for name in self._asked - self._drawn:
            node = self._nodes[name]
            node.state, node.misses = "missing", node.misses + 1
            node.reason = f"it has not drawn frame {self._frame}"
        self._asked &= self._drawn
        return self._release(now)

    @property
    def due(self) -> int:
        """When `tick` must be called; far away when no frame is under way."""
        return 2**62 if self._frame is None else self._due

    # -- one frame ------------------------------------------------------------------------------

    def _begin(self, now: int) -> Out:
        """The next frame, if none is under way and a node can draw it."""
        if self._frame is not None or self._next is None:
            return []
        frame, shows_at = self._next
        able = [node for node in self._nodes.values() if node.state in ("waiting", "in step")]
        able = [node for node in able if node.frame < frame]
        if not able:
            return []
        self._next = None
        self._frame, self._shows_at = frame, shows_at
        self._due = now + max(self._timeout(node) for node in able)
        self._asked, self._drawn = {node.name for node in able}, set()
        for node in able:
            node.state = "in step"
        return [(node.name, DrawFrame(self.epoch, frame)) for node in able]

    def _release(self, now: int) -> Out:
        """All have drawn the frame: they show it."""
        frame, self._frame = self._frame, None
        assert frame is not None
        ready, self._asked, self._drawn = self._drawn, set(), set()
        if not ready:
            return self._begin(now)
        at = self._shows_at - min(EARLY, self._period // 4)
        if at < now + MARGIN:
            at += -((at - now - MARGIN) // self._period) * self._period
        self.frames += 1
        self._released[frame] = _Released(at, set(ready))
        while len(self._released) > OPEN:
            self._released.popitem(last=False)
        shows: Out = [(name, ShowFrame(self.epoch, frame, at)) for name in sorted(ready)]
        return [*shows, *self._begin(now)]

    def _leave_frame(self, name: str) -> None:
        """A node does not count for the frame under way; `tick` continues if it was the last."""
        self._asked.discard(name)
        self._drawn.discard(name)
        if self._frame is not None and self._asked == self._drawn:
            self._due = -(2**62)

    def _timeout(self, node: _Node) -> int:
        """Nanoseconds that a node may take to draw a frame."""
        if len(node.took) < KNOWN:
            return LONGEST
        usual = sorted(node.took)[len(node.took) // 2]
        return min(LONGEST, max(round(MOST_PERIODS * self._period), SLOW * usual))

    # -- how it goes ----------------------------------------------------------------------------

    def states(self) -> dict[str, str]:
        """The state of each node, by name."""
        return {name: node.state for name, node in self._nodes.items()}

    def health(self) -> tuple[NodeHealth, ...]:
        """How each node does."""
        return tuple(self._health(node) for node in self._nodes.values())

    def _health(self, node: _Node) -> NodeHealth:
        return NodeHealth(
            node.name,
            node.walls,
            node.state,
            node.last,
            median_ms(node.skew),
            median_ms(node.late),
            node.misses,
            node.shown,
            median_ms(node.took),
            node.clock,
            node.real_time,
            node.reason,
        )

    def alarms(self) -> Iterator[str]:
        """What a person must know, a text for each node that is not in step."""
        for node in self._nodes.values():
            walls = ", ".join(node.walls)
            if node.state == "missing":
                yield (
                    f"the node {node.name} is missing ({node.reason}): {walls} keeps frame"
                    f" {node.last}"
                )
            elif node.state == "away":
                why = f": {node.reason}" if node.reason else ""
                yield f"the node {node.name} has not joined{why}; nobody draws {walls}"


def median_ms(values: deque[int]) -> float:
    """The median of nanoseconds in milliseconds, three decimals; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return round(ordered[len(ordered) // 2] / 1e6, 3)
