"""Nodes in step, on a clock of the test: what they draw and show, and what one that dies costs."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.wire.nodes import DrawFrame, FrameDrawn, FrameShown, JoinNodes, ShowFrame
from xrdrama.wire.stepping import EARLY, KNOWN, Out, Stepper

PERIOD = 41_666_667
MS = 1_000_000
WALLS = {"left": ("west",), "right": ("east",), "top": ("ceiling",)}
FOREVER = 1 << 60


class Stage:
    """The core's clock, and nodes that take `takes` nanoseconds to draw a frame until they die."""

    def __init__(self, takes: dict[str, int]) -> None:
        self.takes, self.now, self._order = dict(takes), 0, count()
        self.step = Stepper(1, {name: WALLS[name] for name in takes}, PERIOD)
        self._events: list[tuple[int, int, str, DrawFrame | ShowFrame]] = []
        self.shown: dict[str, list[int]] = defaultdict(list)
        self.at: dict[int, set[int]] = defaultdict(set)
        self.alarms: list[tuple[int, ...]] = []
        """The number of alarms in each frame."""
        self.dead: dict[str, int] = {}
        self.frame = 0
        for name in takes:
            self.step.join(name, JoinNodes("", 0))

    def run(self, frames: int) -> None:
        """Make so many frames, each a period before it is shown."""
        for _ in range(frames):
            self.frame += 1
            made = (self.frame - 1) * PERIOD
            self._until(made)
            self.alarms.append((len(list(self.step.alarms())),))
            self._send(self.step.offer(self.frame, made + PERIOD, self.now))
        self._until(self.frame * PERIOD)

    def _until(self, end: int) -> None:
        while True:
            at = self._events[0][0] if self._events else FOREVER
            due = self.step.due
            if min(at, due) > end:
                self.now = max(self.now, end)
                return
            if due <= at:
                self.now = max(self.now, due)
                self._send(self.step.tick(self.now))
                continue
            self.now, _, name, message = heappop(self._events)
            if self.now >= self.dead.get(name, FOREVER):
                continue
            if isinstance(message, DrawFrame):
                said = FrameDrawn(message.frame, self.takes[name])
                self._send(self.step.drawn(name, said, self.now))
            else:
                self.shown[name].append(message.frame)
                self.at[message.frame].add(message.at)
                self.step.shown(name, FrameShown(message.frame, self.now))

    def _send(self, out: Out) -> None:
        for name, message in out:
            draws = isinstance(message, DrawFrame)
            at = self.now + self.takes[name] if draws else max(self.now, getattr(message, "at", 0))
            heappush(self._events, (at, next(self._order), name, message))


def test_fast_nodes_show_every_frame_at_its_own_time() -> None:
    stage = Stage({"left": 9 * MS, "right": 20 * MS})
    stage.run(50)
    assert stage.shown["left"][:48] == stage.shown["right"][:48] == list(range(1, 49))
    assert all(at == {frame * PERIOD - EARLY} for frame, at in stage.at.items())
    health = stage.step.health()
    assert [one.state for one in health] == ["in step", "in step"]
    assert [one.misses for one in health] == [0, 0] and stage.step.mismatches == 0


def test_a_slow_node_slows_all_alike() -> None:
    stage = Stage({"left": 9 * MS, "right": 90 * MS})
    stage.run(120)
    assert stage.shown["left"] == stage.shown["right"]
    assert 35 <= len(stage.shown["left"]) <= 60  # of 120: 90 ms are more than two periods
    assert all(
        len(at) == 1 and next(iter(at)) % PERIOD == PERIOD - EARLY for at in stage.at.values()
    )


@given(st.integers(0, PERIOD - 1), st.integers(20, 40))
@settings(max_examples=60, deadline=None)
def test_a_node_that_dies_is_missed_within_three_frames(when: int, frame: int) -> None:
    stage = Stage({"left": 9 * MS, "right": 9 * MS})
    stage.dead["right"] = frame * PERIOD + when
    stage.run(60)
    # Frame n is made at (n - 1) periods: the newest one when the node died is frame + 1.
    alarmed = [number for number, (alarms,) in enumerate(stage.alarms, 1) if alarms]
    assert alarmed[0] <= frame + 1 + 3
    missed = set(range(1, 59)) - set(stage.shown["left"])
    assert len(missed) <= 2, missed


def test_a_node_that_comes_back_is_in_step_again() -> None:
    stage = Stage({"left": 9 * MS, "right": 9 * MS, "top": 9 * MS})
    stage.run(20)
    stage.dead["right"] = stage.now
    stage.run(20)
    del stage.dead["right"]
    assert "right" in next(stage.step.alarms())
    stage.step.drawn("right", FrameDrawn(20), stage.now)  # as a stopped process that continues
    stage.run(10)
    assert not list(stage.step.alarms())
    assert stage.shown["right"][-5:] == stage.shown["left"][-5:]
    assert stage.step.health()[1].misses == 1


def test_a_node_that_leaves_is_not_waited_for() -> None:
    stage = Stage({"left": 9 * MS, "right": 9 * MS})
    stage.run(KNOWN + 2)
    stage.step.leave("right", "it has left")
    stage.run(10)
    assert "nobody draws east" in next(stage.step.alarms())
    assert len(stage.shown["left"]) >= KNOWN + 10


def test_a_frame_that_nobody_was_asked_to_show_is_a_mismatch() -> None:
    stage = Stage({"left": 9 * MS})
    stage.run(10)
    stage.step.shown("left", FrameShown(4000, 0))
    assert stage.step.mismatches == 1


NAMES = st.sampled_from(list(WALLS))
SAID = st.one_of(
    st.tuples(st.just("join"), NAMES, st.integers(0, 60)),
    st.tuples(st.just("leave"), NAMES, st.just(0)),
    st.tuples(st.just("drawn"), NAMES, st.integers(0, 60)),
    st.tuples(st.just("shown"), NAMES, st.integers(0, 60)),
    st.tuples(st.just("offer"), st.just("left"), st.integers(0, 60)),
    st.tuples(st.just("wait"), st.just("left"), st.integers(0, 3 * 10**9)),
)


@given(st.lists(SAID, max_size=60))
@settings(max_examples=150, deadline=None)
def test_whatever_nodes_say_the_core_goes_on(said: list[tuple[str, str, int]]) -> None:
    step, now, newest = Stepper(1, WALLS, PERIOD), 0, 0
    for kind, name, number in said:
        if kind == "join":
            step.join(name, JoinNodes("", number))
        elif kind == "leave":
            step.leave(name, "gone")
        elif kind == "drawn":
            step.drawn(name, FrameDrawn(number, number), now)
        elif kind == "shown":
            step.shown(name, FrameShown(number, now))
        elif kind == "offer":
            newest += 1
            step.offer(newest, now + PERIOD, now)
        else:
            now += number
            step.tick(now)
    # Afterwards a node that answers is asked to draw, and to show what it drew.
    for name in WALLS:
        step.leave(name, "gone")
    step.tick(now := now + 10**10)
    step.join("top", JoinNodes("", newest))
    out = step.offer(newest + 1, now + PERIOD, now)
    assert ("top", DrawFrame(1, newest + 1)) in out
    shows = step.drawn("top", FrameDrawn(newest + 1), now)
    assert ("top", ShowFrame(1, newest + 1, now + PERIOD - EARLY)) in shows
