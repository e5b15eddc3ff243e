"""Two render nodes draw the walls of one show: the same frames, and the pixels of one process."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import numpy as np
import pytest

from tests.peers.nodes.wall import Node, Picture, Wall
from tests.waiting import wait_until
from xrdrama import content
from xrdrama.adapters.bridge.keyring import Keyring
from xrdrama.adapters.panda.wall.marks import ACROSS, BLOCK, DOWN, number_in
from xrdrama.cli import run
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.tools.nodes.status import status_of

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def wall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wall]:
    folder = tmp_path_factory.mktemp("wall")
    made = Wall(folder / "project", folder / "out")
    try:
        made.follow()
        yield made
    finally:
        made.close()


def shows_more(node: Node, frames: int = 6) -> None:
    """Wait until a node has shown so many more frames."""
    before = len(node.shown())
    wait_until(lambda: len(node.shown()) >= before + frames, 90, f"frames of {node.name}")


def in_one_process(wall: Wall, numbers: list[int]) -> dict[int, Picture]:
    """Frames of the show as one process draws both walls, rows from the top."""
    loaded = content.load_show(str(wall.folder / "shows" / "pair.show.yaml"))
    production = content.produce(loaded)
    pictures = stage_pictures(loaded, production, quality="draft", size=(64, 36))
    drawn = {}
    for number in numbers:
        pictures.present(wall.frames[number])
        drawn[number] = pictures.newest("wall")
    pictures.close()
    return drawn


def equal_shares(wall: Wall, nodes: dict[str, Node], drawn: dict[int, Picture]) -> int:
    """Compare nodes' pictures with those of one process, but for the mark; how many there were."""
    boxes = {"left": (0, 108, 192), "right": (108, 228, 160)}
    compared = 0
    for name, node in nodes.items():
        top, bottom, across = boxes[name]
        for number, whole in drawn.items():
            own = node.picture(number)
            if own is None:
                continue
            assert number_in(own) == number
            expected = whole[top:bottom, :across].copy()
            expected[: DOWN * BLOCK, : ACROSS * BLOCK] = 0
            own = own.copy()
            own[: DOWN * BLOCK, : ACROSS * BLOCK] = 0
            assert expected.std() > 5
            assert np.array_equal(own, expected), (name, number)
            compared += 1
    return compared


def common(one: Node, other: Node) -> list[int]:
    """The frames that both have shown."""
    return sorted({each.frame for each in one.shown()} & {each.frame for each in other.shown()})


def test_two_nodes_are_in_step_and_survive(wall: Wall) -> None:
    left, right = wall.start("left"), wall.start("right")
    shows_more(left)
    shows_more(right)
    both = common(left, right)
    assert len(both) >= 5
    wait_until(lambda: not wall.alarms(), what="no alarm")

    status = status_of(wall.endpoint)
    assert status.show == "pair" and status.beat == "table" and status.frame > 0
    assert [(one.name, one.role) for one in status.nodes] == [("left", "node"), ("right", "node")]
    assert all(one.last_frame > 0 and one.clock == "shared" for one in status.nodes)
    assert status.mismatches == 0 and 0 < status.skew_ms < 1000

    # One is killed: the other continues, and an alarm says so.
    right.signal(signal.SIGKILL)
    right.end()
    wait_until(lambda: "the node right is missing" in str(wall.alarms()), what="an alarm")
    shows_more(left)

    wait_until(lambda: [one.alive for one in status_of(wall.endpoint).nodes] == [True, False])

    # A key that the show has never seen lets nobody in, and is said on both sides.
    strange = Keyring(wall.out / "strange")
    strange.new("right", "node")
    thief = wall.start_elsewhere("right", key=strange.folder / "right.json")
    assert thief.end() == 2
    assert "the show has another key" in thief.said()
    assert run(["status", "--peer", wall.endpoint]) == 1

    # It comes back over the network with its key, and draws what it would have drawn.
    again = wall.start_elsewhere("right", key=wall.ring.folder / "right.json")
    shows_more(again)
    wait_until(lambda: not wall.alarms(), what="no alarm")
    rejoined = common(left, again)
    assert len(rejoined) >= 3

    # One is stopped: the core continues, and the node is in step again afterwards.
    made = max(wall.frames)
    left.signal(signal.SIGSTOP)
    wait_until(lambda: "the node left is missing" in str(wall.alarms()), what="an alarm")
    shows_more(again)
    left.signal(signal.SIGCONT)
    wait_until(lambda: not wall.alarms(), what="no alarm")
    shows_more(left)
    assert set(range(made, max(wall.frames))) <= wall.frames.keys()

    # The show ends, and with it the nodes.
    wall.core.signal(signal.SIGINT)
    assert [left.end(), again.end(), wall.core.end()] == [0, 0, 0]
    assert left.result()["joined"] >= 1

    drawn = in_one_process(wall, sorted({*both[-3:], *rejoined[-3:]}))
    assert equal_shares(wall, {"left": left, "right": right}, drawn) >= 6
    assert equal_shares(wall, {"right": again}, drawn) >= 3
