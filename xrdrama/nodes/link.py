"""A render node's connection to the core: what to draw, when to show it, and the core's clock."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Final, assert_never

from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.adapters.bridge.keys import is_local
from xrdrama.errors import DeviceError
from xrdrama.show.ports import Stop
from xrdrama.timing import NS
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Refused, Welcome
from xrdrama.wire.nodes import (
    AskContent,
    DrawFrame,
    FrameDrawn,
    FrameShown,
    JoinNodes,
    NodeContent,
    NodesAre,
    ShowFrame,
    ShowOver,
    TimeIs,
    ToNode,
    digest_of,
)

KEPT: Final = 16
"""Frames that are kept until they are to be drawn, and exchanges that the clock is taken from."""
QUICK, SLOW = 0.01, 0.5
"""Seconds between two questions about the clock: for the first `KEPT`, and later."""
LATER: Final = 0.04
"""Seconds after which it is said that a frame was shown, if no other is drawn before."""
ANSWER: Final = 1.0
"""Seconds after which a question that was not answered is asked again."""


class Clock:
    """The core's clock on this machine: four stamps of each exchange, and of the last ones the one
    that took the shortest time. Nanoseconds.

    Processes of one machine have one clock (`is_shared`).
    """

    def __init__(self, *, is_shared: bool = False) -> None:
        self._is_shared = is_shared
        self._exchanges: deque[tuple[int, int]] = deque(maxlen=KEPT)

    def answered(self, answer: TimeIs, now: int) -> None:
        """An answer came at `now` on our own clock."""
        trip = (now - answer.sent) - (answer.answered - answer.received)
        offset = ((answer.received - answer.sent) + (answer.answered - now)) // 2
        self._exchanges.append((trip, offset))

    @property
    def is_known(self) -> bool:
        """True after enough exchanges."""
        return self._is_shared or len(self._exchanges) == KEPT

    @property
    def offset(self) -> int:
        """What must be added to our clock for that of the core."""
        if self._is_shared or not self._exchanges:
            return 0
        return min(self._exchanges)[1]

    @property
    def name(self) -> str:
        """How the core's clock is known: `shared`, or `exchange`."""
        return "shared" if self._is_shared else "exchange"

    @property
    def trip(self) -> int:
        """The time of the shortest exchange: the offset is wrong by at most half of it."""
        return min(self._exchanges)[0] if self._exchanges else 0


class Link:
    """The connection of the node `name`. Raises DeviceError when the core refuses it.

    `pair` are the keys for a core on another machine.
    `files` are the hashes of the node's own files; `find_files` for a show that the core names.
    """

    def __init__(
        self, endpoint: str, name: str, *, real_time: bool = False, pair: Pair | None = None
    ) -> None:
        self.name, self.clock = name, Clock(is_shared=is_local(endpoint))
        self._real_time = real_time
        self.over = False
        """True after the core said that the run has ended."""
        self.joined = 0
        """How often this node joined: more than once after a core or a connection was lost."""
        self._files: Mapping[str, str] | None = None
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._content: NodeContent | None = None
        self._draw: DrawFrame | None = None
        self._show: ShowFrame | None = None
        self._refused: Refused | None = None
        self._unsaid: FrameShown | None = None
        self._unsaid_at = 0
        self._is_new = False
        """The core has let this connection in, and the node has not joined over it."""
        self._asked = 0.0
        self._changed = threading.Condition()
        self._peer = Peer(
            endpoint, name=name, role="node", sources=(), on_node=self._heard, pair=pair
        )

    def connect(self) -> None:
        """Say hello, and follow the frames."""
        self._peer.subscribe(self._took)

    # -- the peer's thread ----------------------------------------------------------------------

    def _took(self, frame: Frame) -> None:
        with self._changed:
            self._frames[frame.number] = frame
            while len(self._frames) > KEPT:
                self._frames.popitem(last=False)
            self._changed.notify_all()

    def _heard(self, message: Welcome | Refused | ToNode) -> None:
        now = time.monotonic_ns()
        with self._changed:
            match message:
                case TimeIs():
                    self.clock.answered(message, now)
                case DrawFrame():
                    self._draw = message
                case ShowFrame():
                    self._show = message
                case Welcome():
                    self._is_new, self._content = True, None
                    self._draw = self._show = None
                    self._frames.clear()
                case NodeContent():
                    self._content = message
                case ShowOver():
                    self.over = True
                case NodesAre():
                    pass  # for those that ask
                case Refused():
                    self._refused = message if message.id == 0 else self._refused
                case _:
                    assert_never(message)
            self._changed.notify_all()

    # -- the node's thread ----------------------------------------------------------------------

    def content(self, stop: Stop) -> NodeContent | None:
        """What the show consists of; None after `stop`. Waits for the core."""
        asked = 0.0
        while not stop.is_set():
            self._check()
            if self._peer.show and time.monotonic() - asked > ANSWER:
                asked = time.monotonic()
                self._peer.say(AskContent())
            with self._changed:
                if self._content is not None:
                    return self._content
                self._changed.wait(0.1)
        return None

    def join(self, files: Mapping[str, str]) -> None:
        """This node can draw, with files that have these hashes; it joins, again and again when a
        connection was lost."""
        self._files = files

    def differs(self, file: str) -> None:
        """Report to the core that a file is not that of the show."""
        self._peer.say(JoinNodes("", differs=file[:300]))

    def turn(self) -> None:
        """Call this often: joins after a connection, and keeps the clock. DeviceError when the core
        has refused the node."""
        self._check()
        now = time.monotonic()
        if self._unsaid is not None and time.monotonic_ns() - self._unsaid_at > LATER * NS:
            self._say_shown()
        if now - self._asked > (SLOW if self.clock.is_known else QUICK):
            self._asked = now
            self._peer.ask_time()
        with self._changed:
            refused, self._refused = self._refused, None
            is_ready = self._is_new and self._files is not None and self.clock.is_known
            frame = next(reversed(self._frames), 0)
            if is_ready:
                self._is_new = False
            if refused is not None and refused.code == "node_taken":
                self._is_new = True
        if is_ready and self._files is not None:
            self.joined += 1
            self._peer.say(
                JoinNodes(digest_of(self._files), frame, "", self.clock.name, self._real_time)
            )

    def _check(self) -> None:
        if self._peer.failure:
            raise DeviceError(f"the show refused this node: {self._peer.failure}")

    def frame_to_draw(self, seconds: float) -> Frame | None:
        """The frame that the core wants drawn, once it has come; None if there is not one now."""
        with self._changed:
            self._changed.wait_for(self._can_draw, seconds)
            draw = self._draw
            if draw is None or not self._can_draw():
                return None
            self._draw = None
            # A frame that this node has missed is replaced by the newest; the core then hears that.
            return self._frames.get(draw.frame) or next(reversed(self._frames.values()))

    def _can_draw(self) -> bool:
        newest = next(reversed(self._frames), -1)
        return self._draw is not None and newest >= self._draw.frame

    def drawn(self, frame: Frame, took: int) -> None:
        """Report to the core that a frame is drawn; `took` is nanoseconds."""
        self._say_shown()
        self._peer.say(FrameDrawn(frame.number, took))

    def time_to_show(self, frame: Frame, stop: Stop, most: float) -> int | None:
        """When to show a drawn frame, nanoseconds on our clock; None when it is not shown, because
        the core went on without this node."""
        deadline = time.monotonic() + most
        with self._changed:
            while not stop.is_set() and time.monotonic() < deadline:
                if self._show is not None and self._show.frame == frame.number:
                    return self._show.at - self.clock.offset
                if self._draw is not None and self._draw.frame != frame.number:
                    return None
                self._changed.wait(0.05)
        return None

    def shown(self, frame: Frame, at: int) -> None:
        """Report to the core when a frame was shown, nanoseconds on our clock, and the tracking
        samples that it was drawn with. It is sent a little later: at this moment it would delay
        other nodes on this machine, which show the frame now."""
        samples = tuple(one.at for one in frame.cameras)[:16]
        self._unsaid = FrameShown(frame.number, at + self.clock.offset, samples)
        self._unsaid_at = at

    def _say_shown(self) -> None:
        if self._unsaid is not None:
            self._peer.say(self._unsaid)
            self._unsaid = None

    def close(self) -> None:
        """Say goodbye."""
        self._peer.close(0.0)
