"""A show with a headset, and a scripted wearer who sees the frames and picks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from tests.peers.monado.puppet import HEAD, Puppet
from tests.waiting import wait_until
from xrdrama import content
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.lettering.sheets import whole_pixels
from xrdrama.show.take import read_take
from xrdrama.show.viewer_text import with_viewers
from xrdrama.spatial import Vec3
from xrdrama.viewers.boards import SHEET, board_before, on_sheet
from xrdrama.wire.commands import HeldStory
from xrdrama.wire.events import Presented
from xrdrama.wire.frame import Frame

SHOW = "lantern_headset"


def sharp_show(folder: Path) -> str:
    """The path of a copy of the show whose pictures are never smaller, however late they are."""
    path = content.find("show", SHOW)
    made = folder / path.name
    made.write_text(with_viewers(content.read_text(path), {"resolution": "full"}), "utf-8")
    return str(made)


class Performance:
    """`xrdrama vr` or `run` in a process of its own, and the frames that it makes."""

    def __init__(self, out: Path, environment: dict[str, str], *arguments: str) -> None:
        self.frame: Frame | None = None
        self.heard_at = 0.0
        self._out = out
        port = free_ports()
        command = [sys.executable, "-m", "xrdrama", *arguments, "--out", str(out), "--json"]
        self.said = out.parent / "show.err"
        with self.said.open("w") as errors:
            self.process = subprocess.Popen(
                [*command, "--port", str(port)],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._changed = threading.Condition()
        name = f"audience.{os.getpid()}"
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self._peer = Peer(self.endpoint, name=name, role="director", sources=())
        self._peer.subscribe(self._take)

    def _take(self, frame: Frame) -> None:
        with self._changed:
            self.frame, self.heard_at = frame, time.monotonic()
            self._changed.notify_all()

    def wait(self, right: Callable[[Frame], bool], timeout_s: float) -> Frame:
        """The first frame that is right."""

        def found() -> bool:
            ended = self.process.poll() is not None
            return ended or (self.frame is not None and right(self.frame))

        with self._changed:
            if not self._changed.wait_for(found, timeout_s):
                raise TimeoutError(f"{timeout_s:.0f} s: {self.frame and self.frame.beat}")
            assert self.frame is not None and self.process.poll() is None, self.said.read_text()
            return self.frame

    def wait_until_seen(self, more: int = 1, timeout_s: float = 120.0) -> None:
        """Wait until the viewer has shown `more` frames after this call, as the take says.

        A show's clock may start long before a viewer whose shaders are compiled for the first time.
        """
        wanted, deadline = len(self._seen()) + more, time.monotonic() + timeout_s
        while len(self._seen()) < wanted:
            assert self.process.poll() is None, self.said.read_text("utf-8")
            if time.monotonic() > deadline:
                raise TimeoutError(
                    f"{timeout_s:.0f} s: {len(self._seen())} of {wanted} frames seen"
                )
            time.sleep(0.1)  # the poll interval

    def wait_until_shown_to(self, eyes: int, timeout_s: float = 60.0) -> None:
        """Wait until the newest frame that was seen was shown to so many eyes: 2 in a headset."""

        def is_shown() -> bool:
            seen = self._seen()
            return bool(seen) and len(seen[-1].poses) == eyes

        wait_until(is_shown, timeout_s, f"a frame for {eyes} eyes", every=0.1)

    def _seen(self) -> list[Presented]:
        found = list(self._out.glob("*.take"))
        entries = read_take(found[0].read_bytes()).entries if found else ()
        return [entry.event for entry in entries if isinstance(entry.event, Presented)]

    def hold(self, on: bool) -> None:
        """Hold the story, or release it."""
        self._peer.record(HeldStory("director", on))

    def result(self, timeout_s: float = 30.0) -> dict[str, Any]:
        """The JSON report that the show printed when it ended."""
        printed, _ = self.process.communicate(timeout=timeout_s)
        assert self.process.returncode == 0, self.said.read_text()
        found: dict[str, Any] = json.loads(printed)
        return found

    def end(self) -> dict[str, Any]:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)
        return self.result()

    def close(self) -> None:
        """Make sure that nothing of it stays."""
        self._peer.close(timeout=0.1)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def free_ports() -> int:
    """The first of three free ports in a row."""
    for port in range(20_000, 60_000, 7):
        try:
            sockets = [socket.create_server(("127.0.0.1", port + i)) for i in range(3)]
        except OSError:
            continue
        for one in sockets:
            one.close()
        return port
    raise OSError("no free ports")


def names() -> dict[str, dict[str, str]]:
    """How the people of the drama are called."""
    return content.produce(content.load_show(SHOW)).speaker_names()


def words_of(frame: Frame) -> Overlay:
    """A frame's words laid out as the viewer lays them out."""
    overlay = Overlay(SHEET)
    overlay.show(frame, names())
    return overlay


def places_of_cards(frame: Frame) -> dict[str, Vec3]:
    """Where the cards of the open choice float round somebody who looked ahead as it opened."""
    overlay = words_of(msgspec.structs.replace(frame, captions=()))
    board = board_before(HEAD, whole_pixels(overlay) or (0, 0, *SHEET))
    return {
        option: board.apply(on_sheet((left + right) / 2, (bottom + top) / 2))
        for option, (left, bottom, right, top) in overlay.cards.items()
    }


def pick_by_trigger(performance: Performance, puppet: Puppet, place: Vec3) -> None:
    """Aim, pull, release, each for some of the headset's frames, however slow they are."""
    puppet.aim_at(place)
    performance.wait_until_seen(2)
    puppet.pull(True)
    performance.wait_until_seen(2)
    puppet.pull(False)


def pick_by_pinch(performance: Performance, puppet: Puppet, place: Vec3) -> None:
    """Aim an open hand, pinch, open it again."""
    puppet.aim_at(place)
    puppet.pinch(False)
    performance.wait_until_seen(2)
    puppet.pinch(True)
    performance.wait_until_seen(2)
    puppet.pinch(False)


def pick_by_gaze(performance: Performance, puppet: Puppet, place: Vec3) -> None:
    """Look at it until it is picked, then ahead again."""
    frame = performance.frame
    beat = frame.beat if frame else ""
    puppet.look_at(place)
    performance.wait(lambda now: bool(now.beat != beat or now.ending), 60.0)
    puppet.look_at(None)


def play(
    performance: Performance,
    puppet: Puppet,
    pick: Callable[[Performance, Puppet, Vec3], None],
) -> list[tuple[str, str]]:
    """Play to an ending, always with the first option; the beats and options picked."""
    picked: list[tuple[str, str]] = []
    done: set[str] = set()
    # The cards are placed before a head that looks ahead.
    performance.wait_until_seen(1, timeout_s=240.0)
    while True:

        def is_next(frame: Frame) -> bool:
            return bool(frame.ending or (frame.choice and frame.beat not in done))

        frame = performance.wait(is_next, 120.0)
        if frame.ending or frame.choice is None:
            return picked
        done.add(frame.beat)
        option = frame.choice.options[0].id
        time.sleep(0.8)  # nobody picks what they have not read
        pick(performance, puppet, places_of_cards(frame)[option])
        picked.append((frame.beat, option))
