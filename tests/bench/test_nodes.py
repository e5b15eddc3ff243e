"""Eight render nodes that draw nothing: how far apart they show a frame, and that it is the same.

The control is eight processes that one UDP broadcast wakes, in the same run. Under load each node
works 1 ms before it has shown a frame: on few cores they must take turns, so the last of K nodes on
C cores is (K / C - 1) ms behind the first, whatever the protocol. They run with real-time priority
then, as `render --real-time`, which needs root or a limit (rtprio).
"""

from __future__ import annotations

import os
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import Core, free_port
from tests.waiting import wait_until
from xrdrama.adapters.bridge.keys import VARIABLE
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Frame
from xrdrama.wire.nodes import NodeContent

pytestmark = pytest.mark.soak
NODES, WORK = 8, 1_000_000


def skews(files: list[Path]) -> list[int]:
    """Nanoseconds between the first and the last process, for each frame that all have."""
    at: dict[int, list[int]] = defaultdict(list)
    for file in files:
        for line in file.read_text().splitlines():
            number, shown = map(int, line.split())
            at[number].append(shown)
    return [max(times) - min(times) for times in at.values() if len(times) == len(files)]


class Step:
    """A core that makes frames at a rate, with node processes that show them."""

    def __init__(self, folder: Path, rate: FrameRate, work: int, count: int = NODES) -> None:
        self.folder, self.rate, self._work = folder, rate, work
        folder.mkdir()
        self.names = [f"node_{number}" for number in range(count)]
        content = NodeContent("night", {name: (name,) for name in self.names}, {})
        rated = rate.numerator, rate.denominator
        self.core = Core(folder / "night.take", nodes=content, rate=rated)
        self.core.begin()
        environment = {**os.environ, VARIABLE: self.core.server.key.value}
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.bench.step_node", "node", self.core.server.endpoint,
                 name, str(work), str(folder / name)], env=environment,
            )
            for name in self.names
        ]  # fmt: skip
        lane = self.core.server.nodes
        assert lane is not None
        self.lane = lane
        wait_until(lambda: not lane.wait_joined(1.0), 60, "all nodes")
        self.number = 0

    def make(self, frames: int) -> None:
        """Make so many frames, each a period before its time."""
        server, rate = self.core.server, self.rate
        first = rate.frame_at(server._now()) + 2
        for number in range(first, first + frames):
            wait = rate.shows_at(number - 1) - server._now()
            if wait > 0:
                time.sleep(wait / NS)  # to the time at which a core makes the frame
            made = Frame(FrameTime.of(number, rate), "counting", "lane", {"fog": number % 7 / 7})
            server.publish(encode(made), [])
            server.offer(number, rate.shows_at(number))

    def close(self) -> list[Path]:
        """End the run; what each node has shown."""
        self.core.close()
        for process in self.processes:
            assert process.wait(60) == 0
        return [self.folder / name for name in self.names]


def control(folder: Path, frames: int, work: int) -> list[int]:
    """The skew of processes that a UDP broadcast wakes 60 times a second."""
    folder.mkdir()
    port, files = free_port(socket.SOCK_DGRAM), [folder / f"udp_{n}" for n in range(NODES)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.step_node", "udp", str(port), file.name, str(work),
             str(file)], stdout=subprocess.PIPE,
        )
        for file in files
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    begin = time.monotonic()
    for number in (*range(frames), -1):
        time.sleep(max(0.0, begin + number / 60 - time.monotonic()))  # the pace of the frames
        sender.sendto(struct.pack("<q", number), ("127.255.255.255", port))
    for process in processes:
        assert process.wait(60) == 0
        assert process.stdout is not None
        process.stdout.close()
    sender.close()
    return skews(files)


def nodes(folder: Path, frames: int, work: int) -> list[int]:
    """The skew of nodes in step, 60 times a second."""
    step = Step(folder, FrameRate(60), work)
    step.make(frames)
    return skews(step.close())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield tmp_path_factory.mktemp("step")


def test_idle_nodes_are_as_near_to_each_other_as_a_broadcast(folder: Path) -> None:
    ours, theirs = list[int](), list[int]()
    for turn in range(3):
        theirs += control(folder / f"control_{turn}", 240, 0)
        ours += nodes(folder / f"nodes_{turn}", 240, 0)
    assert len(ours) > 300 and len(theirs) > 300
    ratio = statistics.median(ours) / statistics.median(theirs)
    sys.stdout.write(
        f"idle skew of {NODES} nodes: median {statistics.median(ours) / 1e3:.0f} us, UDP"
        f" {statistics.median(theirs) / 1e3:.0f} us, ratio {ratio:.2f}; {len(ours)} and"
        f" {len(theirs)} frames\n"
    )
    assert ratio <= 1.25


def test_loaded_nodes_are_at_the_floor_of_contention(folder: Path) -> None:
    found = nodes(folder / "loaded", 300, WORK)
    floor = (NODES / len(os.sched_getaffinity(0)) - 1) * WORK
    ratio = statistics.median(found) / floor
    sys.stdout.write(
        f"loaded skew of {NODES} nodes: median {statistics.median(found) / 1e6:.2f} ms, floor"
        f" {floor / 1e6:.2f} ms, ratio {ratio:.2f}; {len(found)} frames\n"
    )
    assert len(found) > 100 and ratio <= 1.3


@pytest.mark.parametrize("third", range(3))  # each within the time that a test may take
def test_a_hundred_thousand_frames_without_a_mismatch(folder: Path, third: int) -> None:
    step = Step(folder / f"long_{third}", FrameRate(240), 0, 2)
    while step.lane.sync.frames < 34_000:
        step.make(2400)
    files = step.close()
    assert step.lane.sync.mismatches == 0
    shown = [{int(line.split()[0]) for line in file.read_text().splitlines()} for file in files]
    both = len(shown[0] & shown[1])
    sys.stdout.write(f"{both} frames shown by both, {len(shown[0] ^ shown[1])} by one alone\n")
    assert both > 32_000
