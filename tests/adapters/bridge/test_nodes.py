"""The frame-sync lane between a real server and the connections of nodes that draw nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.adapters.bridge.cores import Core, Raw, hello
from tests.waiting import wait_until
from tests.wire.values import values_of
from xrdrama.errors import DeviceError
from xrdrama.nodes.link import Link
from xrdrama.nodes.node import Done, run_node
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Frame
from xrdrama.wire.nodes import (
    AskContent,
    AskTime,
    FrameDrawn,
    FrameShown,
    FromNode,
    JoinNodes,
    NodeContent,
    TimeIs,
    digest_of,
)

FILES = {"stages/pair.stage.yaml": "77aa", "shows/pair.show.yaml": "1b2c"}
CONTENT = NodeContent("night", {"left": ("west",), "right": ("east",)}, FILES)
NewCore = Callable[..., Core]


class Drawer:
    """Draws nothing, and knows what it would have."""

    def __init__(self) -> None:
        self.drawn: list[int] = []
        self.shows = 0

    def draw(self, frame: Frame) -> None:
        self.drawn.append(frame.number)

    def show(self) -> None:
        self.shows += 1


class Node:
    """A node in a thread of this process."""

    def __init__(self, core: Core, name: str, files: dict[str, str] = FILES) -> None:
        self.link, self.drawer = Link(core.server.endpoint, name), Drawer()
        self.stop = threading.Event()
        self.shown: list[int] = []
        self.done: Done | None = None
        self.failure: DeviceError | None = None
        self.link.connect()
        assert self.link.content(self.stop) == CONTENT
        self.link.join(files)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.done = run_node(
                self.link, self.drawer, self.stop,
                on_shown=lambda frame, at, due: self.shown.append(frame.number),
            )  # fmt: skip
        except DeviceError as error:
            self.failure = error

    def close(self) -> None:
        self.stop.set()
        self._thread.join()
        self.link.close()


@pytest.fixture
def core(new_core: NewCore, monkeypatch: pytest.MonkeyPatch) -> Core:
    made = new_core(nodes=CONTENT)
    monkeypatch.setenv("XRDRAMA_KEY", made.server.key.value)
    made.begin()
    return made


@pytest.fixture
def nodes() -> Iterator[list[Node]]:
    made: list[Node] = []
    yield made
    for node in made:
        node.close()


class Show:
    """Makes frames of a show at its rate."""

    def __init__(self, core: Core) -> None:
        self.core, self.rate = core, FrameRate(24)
        self.number = self.rate.frame_at(core.server._now()) + 1

    def frame(self) -> int:
        """Make the next frame when its time has come."""
        core, number = self.core, self.number
        wait_until(lambda: core.server._now() > self.rate.shows_at(number) - NS // 24, every=0.002)
        core.server.publish(encode(made(number)), [])
        core.server.offer(number, self.rate.shows_at(number))
        self.number += 1
        return number


def made(number: int) -> Frame:
    return Frame(FrameTime.of(number, FrameRate(24)), "counting", "lane", {"fog": 0.5})


def test_nodes_are_in_step_and_a_lost_one_comes_back(core: Core, nodes: list[Node]) -> None:
    lane = core.server.nodes
    assert lane is not None and lane.wait_joined(0.0) == {"left", "right"}
    left, right = Node(core, "left"), Node(core, "right")
    nodes += [left, right]
    assert lane.wait_joined(20) == set()
    show = Show(core)

    def both_show() -> bool:
        show.frame()
        return len(left.shown) > 5 and len(right.shown) > 5

    wait_until(both_show)
    wait_until(lambda: show.frame() and lane.sync.alarms == ())
    assert lane.sync.mismatches == 0 and len({*left.shown} & {*right.shown}) > 3
    assert left.link.clock.trip < NS // 10 and abs(left.link.clock.offset) < NS // 10

    # One vanishes without a word; the other shows what is made, and the alarm says so.
    right.stop.set()
    right._thread.join()
    before = show.number

    def alarmed(text: str) -> bool:
        show.frame()
        return any(text in alarm for alarm in lane.sync.alarms)

    wait_until(lambda: alarmed("the node right is missing"))
    # The last frame that it reported: it may have shown one more, and ended before it said so.
    assert any(alarmed(f"east keeps frame {number}") for number in right.shown[-2:])
    wait_until(lambda: show.frame() and left.shown[-1] > before)

    # Its connection closes, and a new process joins under the name.
    right.link.close()
    wait_until(lambda: alarmed("the node right has not joined: it has left"))
    nodes[1] = again = Node(core, "right")
    wait_until(lambda: show.frame() and len(again.shown) > 3)
    wait_until(lambda: show.frame() and lane.sync.alarms == ())
    assert {*again.shown} & {*left.shown}

    # The run ends, and with it the nodes.
    core.server.close()
    wait_until(lambda: left.done is not None and again.done is not None)
    assert left.done is not None and left.done.shown == len(left.shown) == left.drawer.shows


def test_a_node_with_other_files_is_refused_by_the_name_of_the_first(
    core: Core, nodes: list[Node]
) -> None:
    nodes.append(Node(core, "left", {**FILES, "shows/pair.show.yaml": "ffff"}))
    wait_until(lambda: nodes[0].failure)
    assert "xrdrama nodes push night" in str(nodes[0].failure)
    link = Link(core.server.endpoint, "right")
    link.connect()
    assert link.content(threading.Event())
    link.differs("stages/pair.stage.yaml")
    lane = core.server.nodes
    assert lane is not None
    said = "its stages/pair.stage.yaml is not that"
    wait_until(lambda: any(said in alarm for alarm in lane.sync.alarms))
    link.close()


def test_only_nodes_of_the_show_may_join(
    core: Core, new_core: NewCore, new_raw: Callable[[Core], Raw]
) -> None:
    strange, engine, keyless = new_raw(core), new_raw(core), new_raw(core)
    strange.greet("middle", role="node")
    assert isinstance(strange.hear(), object)  # started
    strange.say(AskContent())
    assert strange.refused().code == "not_node"
    engine.greet("left", role="engine")
    engine.hear()
    engine.say(JoinNodes("", 0))
    assert engine.refused().code == "not_node"
    keyless.say(hello("left", role="node"))
    assert keyless.refused().code == "key_needed"
    without = new_core("other")
    raw = new_raw(without)
    raw.greet("left", role="node")
    raw.say(AskContent())
    assert raw.refused().code == "not_node"


def test_a_second_process_does_not_take_a_node_that_is_in_step(
    core: Core, nodes: list[Node], new_raw: Callable[[Core], Raw]
) -> None:
    nodes.append(Node(core, "left"))
    lane = core.server.nodes
    assert lane is not None
    show = Show(core)
    wait_until(lambda: show.frame() and len(nodes[0].shown) > 2)
    second = new_raw(core)
    second.greet("left", role="node")
    second.hear()
    second.say(JoinNodes(digest_of(FILES), 0))
    assert second.refused().code == "node_taken"
    before = len(nodes[0].shown)
    wait_until(lambda: show.frame() and len(nodes[0].shown) > before + 2)


@given(st.lists(values_of(FromNode), min_size=1, max_size=12))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_node_says_the_core_answers_the_next_one(
    core: Core, new_raw: Callable[[Core], Raw], said: list[FromNode]
) -> None:
    raw = new_raw(core)
    raw.greet("left", role="node")
    for message in said:
        raw.say(message)
    core.server.offer(1, core.server._now())
    raw.say(FrameDrawn(1))
    raw.say(FrameShown(1, 0))
    raw.say(AskTime(-12345))
    heard = None
    while not (isinstance(heard, TimeIs) and heard.sent == -12345):
        heard = raw.hear()
    assert core.server._thread.is_alive()
