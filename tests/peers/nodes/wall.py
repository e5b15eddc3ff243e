"""A show on two walls whose render nodes are processes of their own, as a crew starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.adapters.bridge.cores import free_port
from tests.waiting import TIMEOUT, wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.keyring import Keyring
from xrdrama.nodes.rendering import LOG, Shown
from xrdrama.run.nodes import MISSING
from xrdrama.wire.frame import Frame

Picture = NDArray[np.uint8]
NETWORK = "127.0.0.2"
"""An address of this machine that counts as that of another one: it needs a key."""

STORY = """\
xrdrama: 1
id: pair
title: Pair
language: en
start: table
scene: tea_room
beats:
  table:
    script: |
      @morning
      @afternoon over=20s
    dur: {min: 3600s}
    next: end
  end:
    ending: {id: over, title: Over}
"""
STAGE = """\
xrdrama: 1
id: pair
canvases:
  west: {size: [192, 108]}
  east: {size: [160, 120]}
walls:
  west:
    {shape: flat, pixels: [192, 108], canvas: west, width: 4, height: 2.25, centre: [-2, 4, 1.5]}
  east:
    {shape: flat, pixels: [160, 120], canvas: east, width: 4, height: 3, centre: [2, 4, 1.5]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25], picture: [320, 180]}
eye_point: [0, -1, 1.5]
inner: {pixels: [192, 108]}
outer: {density: 24}
"""
SHOW = """\
xrdrama: 1
id: pair
story: pair
stage: pair
rate: "24"
move: sway
performers:
  lan: {mark: film_camera}
nodes: {left: [west], right: [east]}
"""
MOVE = """\
keys:
  - {at: 0s, position: [-0.5, -1, 1.5], pan: 4}
  - {at: 60s, position: [0.5, -1, 1.6], pan: -8, tilt: 2}
handheld: {degrees: 0.3, metres: 0.01, seed: 3}
"""


def project(folder: Path) -> Path:
    """A project with the show; the show's file."""
    for name, text in {
        "branches/pair.branch.yaml": STORY,
        "stages/pair.stage.yaml": STAGE,
        "stages/sway.move.yaml": MOVE,
        "shows/pair.show.yaml": SHOW,
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "shows" / "pair.show.yaml"


class Process:
    """A process of xrdrama, and what it says."""

    def __init__(
        self, name: str, folder: Path, out: Path, *words: str, config: Path | None = None
    ) -> None:
        self.name, self._out = name, out
        own = {"XDG_CONFIG_HOME": str(config)} if config else {}
        with (out / f"{name}.out").open("wb") as said, (out / f"{name}.err").open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "xrdrama", *words], stdout=said, stderr=errors, cwd=folder,
                env={**os.environ, **own},
            )  # fmt: skip

    def said(self) -> str:
        """What it wrote for people."""
        return (self._out / f"{self.name}.err").read_text()

    def result(self) -> Any:
        """What it printed at its end."""
        return msgspec.json.decode((self._out / f"{self.name}.out").read_bytes())

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Wait for its end; its exit status."""
        return self.process.wait(TIMEOUT)


class Node(Process):
    """A render node that keeps a picture of every frame that it shows."""

    def __init__(self, name: str, number: int, wall: Wall, *words: str) -> None:
        self.kept = wall.out / f"{name}.{number}"
        super().__init__(
            f"{name}.{number}", wall.folder, wall.out, "render", "--peer", wall.endpoint, "--name",
            name, "--keep", str(self.kept), "--every", "1", "--mark-frames", "--quality", "draft",
            "--json", *words,
        )  # fmt: skip

    def shown(self) -> list[Shown]:
        """The frames that it has shown."""
        if not (self.kept / LOG).is_file():
            return []
        lines = (self.kept / LOG).read_bytes().split(b"\n")[:-1]
        return [msgspec.json.decode(line, type=Shown) for line in lines]

    def picture(self, frame: int) -> Picture | None:
        """The picture of a frame, if it was kept."""
        found = list(self.kept.glob(f"*_{frame:06}.png"))
        return np.asarray(Image.open(found[0]).convert("RGB")) if found else None


class Wall:
    """The running show, its nodes, and the frames that a third peer follows."""

    def __init__(self, folder: Path, out: Path) -> None:
        self.folder, self.out = folder, out
        out.mkdir()
        self.ring = Keyring(out / "config" / "xrdrama" / "keys")
        self.ring.new("right", "node")
        port = free_port()
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self.frames: dict[int, Frame] = {}
        self.nodes: list[Node] = []
        self.core = Process(
            "core", folder, out, "run", str(project(folder)), "--headless", "--no-console",
            "--port", str(port), "--out", str(out), "--seconds", "3600", "--json",
            "--network", NETWORK, config=out / "config",
        )  # fmt: skip
        self.peer = Peer(self.endpoint, name="witness", role="viewer", sources=())

    def follow(self) -> None:
        """Follow its frames, once it runs."""
        wait_until(lambda: "waiting for the node right" in self.core.said(), 120, "the core")
        self.peer.subscribe(self._took)

    def _took(self, frame: Frame) -> None:
        self.frames[frame.number] = frame

    def start(self, name: str) -> Node:
        """Start a node."""
        self.nodes.append(Node(name, len(self.nodes), self))
        return self.nodes[-1]

    def start_elsewhere(self, name: str, *, key: Path) -> Node:
        """Start a node that connects as one on another machine does."""
        there = self.endpoint.replace("127.0.0.1", NETWORK)
        words = ("--peer", there, "--key", str(key))
        self.nodes.append(Node(name, len(self.nodes), self, *words))
        return self.nodes[-1]

    def alarms(self) -> list[str]:
        """The texts of the alarms about nodes in the newest frame."""
        newest = self.frames[max(self.frames)]
        return [alarm.text for alarm in newest.alarms if alarm.code == MISSING]

    def close(self) -> None:
        """End what still runs."""
        self.peer.close(0.0)
        for one in (self.core, *self.nodes):
            if one.process.poll() is None:
                one.signal(signal.SIGCONT)
                one.process.kill()
                one.process.wait()
