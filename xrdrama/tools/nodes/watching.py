"""Follows a running show, and measures it for Prometheus whenever it is asked."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.keyring import Pair
from xrdrama.adapters.metrics.exposition import Measure, Page, text_of
from xrdrama.errors import DeviceError
from xrdrama.show.ports import Stop
from xrdrama.tools.nodes.status import UP
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Refused, Welcome
from xrdrama.wire.nodes import AskNodes, NodesAre, ToNode

ANSWERS_WITHIN: Final = 1.0
"""Seconds within which a show must answer; after that it counts as down."""


class Watched:
    """A show that is followed, through its restarts too. `measures` may be called by any thread."""

    def __init__(self, endpoint: str, pair: Pair | None = None) -> None:
        self._changed = threading.Condition()
        self._frame: Frame | None = None
        self._came_at = 0.0
        self._frames = self._answers = 0
        self.is_up = False
        """Whether the show answered when it was last measured."""
        self._nodes: NodesAre | None = None
        name = f"{pair.name}.metrics" if pair else f"metrics.{os.getpid()}"
        role = pair.role if pair else "viewer"
        self._peer = Peer(
            endpoint, name=name, role=role, sources=(), on_node=self._heard, pair=pair
        )
        self._peer.subscribe(self._took)

    def _took(self, frame: Frame) -> None:
        with self._changed:
            self._frame, self._came_at = frame, time.monotonic()
            self._frames += 1
            self._changed.notify_all()

    def _heard(self, message: Welcome | Refused | ToNode) -> None:
        with self._changed:
            if isinstance(message, NodesAre):
                self._nodes = message
                self._answers += 1
                self._changed.notify_all()

    def check(self) -> None:
        """Raise DeviceError after the show has refused this process."""
        if self._peer.failure:
            raise DeviceError(f"the show refused this command: {self._peer.failure}")

    def _asked(self) -> bool:
        """Ask how the nodes do; True if the show has answered."""
        with self._changed:
            before = self._answers
        self._peer.say(AskNodes())
        with self._changed:
            return self._changed.wait_for(lambda: self._answers > before, ANSWERS_WITHIN)

    def measures(self) -> Iterator[Measure]:
        """What is known of the show now."""
        self.is_up = is_up = self._asked()
        yield Measure.of("up", "1 while the show answers", is_up)
        with self._changed:
            frame, nodes = self._frame, self._nodes
            frames, age = self._frames, time.monotonic() - self._came_at
        yield Measure.of("frames_received_total", "Frames that came here", frames)
        yield Measure.of("frame_gaps_total", "How often frames were missing here", self._peer.gaps)
        if frame is None or not is_up:
            return
        yield Measure.of("frame", "Number of the newest frame", frame.number)
        yield Measure.of("frame_age_seconds", "Since the newest frame came", age)
        yield from _of_frame(frame)
        yield from of_nodes(nodes)

    def text(self) -> str:
        """The metrics as text, after the first frame has come, or none within a second."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None, ANSWERS_WITHIN)
        return text_of(self.measures()).rstrip()

    def close(self) -> None:
        """Follow no more."""
        self._peer.close(0.0)


def _labelled(
    name: str, about: str, label: str, values: Iterable[tuple[str, float]]
) -> Iterator[Measure]:
    rows = tuple((((label, text),), float(value)) for text, value in values)
    if rows:
        yield Measure(name, about, rows)


def _of_frame(frame: Frame) -> Iterator[Measure]:
    yield Measure("beat", "1 for the beat that is played", (((("beat", frame.beat),), 1.0),))
    for name, about, value in (
        ("held", "1 while the story is held", frame.held),
        ("panic", "1 during a panic", frame.panic),
        ("rolling", "1 while a take rolls", frame.rolling),
        ("choice_open", "1 while options can be picked", frame.choice is not None),
    ):
        yield Measure.of(name, about, value)
    codes = sorted({alarm.code for alarm in frame.alarms})
    yield from _labelled("alarm", "1 for each alarm", "code", ((code, 1.0) for code in codes))
    tracked = (frame.tracked, *frame.others) if frame.tracked else ()
    live = ((one.id, one.state == "live") for one in tracked)
    yield from _labelled("camera_live", "1 while its tracker sends", "camera", live)


def of_nodes(nodes: NodesAre | None) -> Iterator[Measure]:
    """What render nodes report."""
    if nodes is None or not nodes.nodes:
        return
    skew = nodes.skew_ms / 1e3
    yield Measure.of("nodes_skew_seconds", "Between the first node and the last", skew)
    yield Measure.of("nodes_mismatches_total", "Frames that nodes showed apart", nodes.mismatches)
    for name, about, values in (
        ("node_up", "1 while it answers", [one.state in UP for one in nodes.nodes]),
        ("node_frame", "Its newest frame", [one.last_frame for one in nodes.nodes]),
        ("node_draw_seconds", "Median of a frame", [one.draw_ms / 1e3 for one in nodes.nodes]),
        ("node_skew_seconds", "Behind the first node", [one.skew_ms / 1e3 for one in nodes.nodes]),
        ("node_misses_total", "How often it was missing", [one.misses for one in nodes.nodes]),
    ):
        names = (one.name for one in nodes.nodes)
        yield from _labelled(name, about, "node", zip(names, values, strict=True))


def serve(watched: Watched, address: str, port: int, stop: Stop, say: Callable[[str], None]) -> int:
    """Serve the metrics until `stop` is set. DeviceError if the show refuses."""
    page = Page(watched.measures, address, port)
    say(f"metrics at {page.url}")
    try:
        while not stop.wait(0.5):
            watched.check()
    finally:
        page.close()
    return 0
