"""A real show that is killed and resumed, with a peer whose events must survive it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from itertools import count
from pathlib import Path

from tests.adapters.bridge.cores import free_port
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.bridge.keyring import Keyring
from xrdrama.show.take import read_take
from xrdrama.wire.events import Pressed
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Recorded, Refused

STARTS_WITHIN = 120.0
"""Seconds until a show makes frames where every core is busy."""
NETWORK = "127.0.0.2"
"""An address of this machine that counts as that of a network."""
STORY = """\
xrdrama: 1
id: night_watch
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  watch:
    script: |
      LAN: Nothing yet.
    choice:
      window: {lasts: 1s}
      options: {go: {text: Go in, to: gone}}
      else: listen
  listen:
    script: |
      LAN: Still nothing.
    choice:
      window: {lasts: 1s}
      options: {go: {text: Go in, to: gone}}
      else: watch
  gone: {ending: gone}
"""
SHOW = """\
xrdrama: 1
id: night_watch
story: night_watch
rate: "24"
languages: [en]
"""


class Show:
    """`xrdrama run` of a story without an end; `kill` and `resume` as often as one likes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "night_watch.branch.yaml").write_text(STORY, "utf-8")
        (folder / "night_watch.show.yaml").write_text(SHOW, "utf-8")
        self.ring = Keyring(folder / "config" / "xrdrama" / "keys")
        self.ring.new("desk", "operator")
        self.folder, self.port = folder, free_port()
        self.endpoint = f"tcp://127.0.0.1:{self.port}"
        self.take = folder / "out" / "night_watch.take"
        self._said = (folder / "said").open("ab")
        self.process = self._start()

    def _start(self, *more: str) -> subprocess.Popen[bytes]:
        show = str(self.folder / "night_watch.show.yaml")
        command = [sys.executable, "-m", "xrdrama", "run", show]
        command += ["--headless", "--no-video", "--no-console", "--no-warm-up", "--json"]
        command += ["--port", str(self.port), "--network", NETWORK, "--seconds", "36000"]
        command += ["--out", str(self.folder / "out"), *more]
        return subprocess.Popen(
            command, stdout=self._said, stderr=self._said, cwd=self.folder,
            env={**os.environ, "XDG_CONFIG_HOME": str(self.folder / "config")},
        )  # fmt: skip

    def kill(self) -> None:
        """End the core at once."""
        self.process.kill()
        self.process.wait()

    def resume(self) -> None:
        """Continue from the take."""
        self.process = self._start("--resume", str(self.take))

    def end(self) -> int:
        """Let the show end; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        status = self.process.wait(STARTS_WITHIN)
        self._said.close()
        return status

    def close(self) -> None:
        """End what still runs."""
        if self.process.poll() is None:
            self.kill()
        self._said.close()

    def said(self) -> str:
        """What it printed, for a failure."""
        return (self.folder / "said").read_text("utf-8")[-2000:]

    @property
    def memory_mb(self) -> float:
        """What the core has in memory, megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Load:
    """A peer that records events all the time; what was acknowledged, and the newest frame."""

    def __init__(self, show: Show, *, twice: bool = False) -> None:
        self.acknowledged: set[str] = set()
        self.refused: list[Refused] = []
        self.frame = -1
        self._show, self._twice = show, twice
        self._done = threading.Event()
        self._peer = Peer(show.endpoint, name="load", role="engine", sources=())
        self._peer.subscribe(self._took)
        self._thread = threading.Thread(target=self._run, name="load")
        self._thread.start()

    def _took(self, frame: Frame) -> None:
        self.frame = frame.number

    def _run(self) -> None:
        for number in count():
            option = f"option_{number}"

            def answered(said: Recorded | Refused, option: str = option) -> None:
                if isinstance(said, Recorded):
                    self.acknowledged.add(option)
                else:
                    self.refused.append(said)

            for _ in range(2 if self._twice else 1):
                self._peer.record(Pressed("load.keys", option), on_answer=answered)
            if self._done.wait(0.01):  # a hundred events a second
                return

    def wait_for_frames(self, more: int = 2) -> None:
        """Wait until the show has made so many more frames."""
        before = self.frame

        def has_made() -> bool:
            assert self._show.process.poll() is None, self._show.said()
            return self.frame >= before + more

        wait_until(has_made, STARTS_WITHIN, "frames of the show")

    def close(self) -> int:
        """Send no more, and wait for answers; how many events stay without one."""
        self._done.set()
        self._thread.join()
        return self._peer.close(STARTS_WITHIN)


def lost_and_doubled(take: bytes, acknowledged: set[str]) -> tuple[int, int]:
    """How many acknowledged options are not in a take, and how many are in it more than once."""
    events = (entry.event for entry in read_take(take).entries)
    found = Counter(event.option for event in events if isinstance(event, Pressed))
    return len(acknowledged - found.keys()), sum(many > 1 for many in found.values())


def pause(seconds: float) -> None:
    """Let the show run for a moment: when a fault comes is what a trial varies."""
    time.sleep(seconds)  # see above
