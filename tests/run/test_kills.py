"""A core that is killed under load loses nothing that it acknowledged, and doubles nothing."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import free_port
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.errors import RemoteProtocolError
from xrdrama.show.take import read_take
from xrdrama.wire.events import Pressed
from xrdrama.wire.messages import Recorded, Refused

STARTS = 240.0
"""Seconds that a core may take to start on a busy machine."""


class Engine:
    """Records one event after the other, for as long as it may, and keeps what was acknowledged.

    One process for the whole test, so one instance: what it sends again after a kill must count
    once.
    """

    def __init__(self, endpoint: str, name: str) -> None:
        self.name = name
        self.acknowledged: list[str] = []
        self.refused: list[Refused] = []
        self.sent = 0
        self._peer = Peer(endpoint, name=name, role="engine", sources=())
        self._peer.connect()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._peer.under_way > 50:
                time.sleep(0.001)  # until the core has answered some
                continue
            option = f"{self.name}-{self.sent}"
            self.sent += 1

            def answered(answer: Recorded | Refused, option: str = option) -> None:
                if isinstance(answer, Recorded):
                    self.acknowledged.append(option)
                else:
                    self.refused.append(answer)

            self._peer.record(Pressed(self.name, option), on_answer=answered)
            time.sleep(0.002)  # the pace of the records

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        assert self._peer.close(timeout=60.0) == 0, "something was never answered"


def run(*arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_headset", "--no-video"]
    command += ["--no-console", "--seconds", "3600", *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)


def frames(take: Path) -> int:
    try:
        return len(read_take(take.read_bytes()).ticks)
    except (OSError, RemoteProtocolError):  # not there yet, or its header is being written
        return 0


def kill_under_load(out: Path, kills: int) -> dict[str, int]:
    """Kill a show so often while three engines record; figures, after checking all of them."""
    chance = random.Random(20)
    port = free_port()
    take = out / "lantern_headset.take"
    endpoint = f"tcp://127.0.0.1:{port}"
    show = run("--out", out, "--port", str(port))
    engines = [Engine(endpoint, f"engine{number}") for number in range(3)]
    try:
        for _ in range(kills):
            made = frames(take)
            before = [len(engine.acknowledged) for engine in engines]

            def all_were_answered(
                before: list[int] = before, show: subprocess.Popen[str] = show
            ) -> bool:
                assert show.poll() is None, show.stderr and show.stderr.read()
                pairs = zip(engines, before, strict=True)
                return all(len(engine.acknowledged) > count + 20 for engine, count in pairs)

            wait_until(all_were_answered, STARTS, every=0.02)
            wait_until(lambda made=made: frames(take) > made + 5, STARTS, every=0.1)  # type: ignore[misc]
            time.sleep(chance.uniform(0.0, 0.3))  # killed at any moment
            show.kill()
            show.communicate()
            show = run("--resume", take, "--out", out, "--port", str(port))
        wait_until(take.exists, STARTS)
        for engine in engines:
            engine.stop()
        show.terminate()
        show.communicate(timeout=STARTS)
        assert show.returncode == 0
    finally:
        show.kill()
        show.communicate()
    found = read_take(take.read_bytes(), str(take))
    counts = Counter(getattr(entry.event, "option", "") for entry in found.entries)
    acknowledged = [option for engine in engines for option in engine.acknowledged]
    sent = {f"{engine.name}-{number}" for engine in engines for number in range(engine.sent)}
    replayed = [
        subprocess.run(
            [sys.executable, "-m", "xrdrama", "replay", str(take), "--json"],
            capture_output=True, text=True, check=False,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert all(json.loads(done.stdout)["identical"] for done in replayed)
    assert len({json.loads(done.stdout)["hash"] for done in replayed}) == 1
    assert not found.torn and found.closed is not None
    assert set(counts) <= sent  # nothing that nobody sent
    return {
        "kills": kills,
        "sent": len(sent),
        "acknowledged": len(acknowledged),
        "refused": sum(len(engine.refused) for engine in engines),
        "lost": sum(counts[option] == 0 for option in acknowledged),
        "doubled": sum(count > 1 for count in counts.values()),
        "frames": len(found.ticks),
    }


def checked(figures: dict[str, int]) -> None:
    sys.stdout.write(f"{figures}\n")
    assert (figures["lost"], figures["doubled"]) == (0, 0), figures
    assert figures["acknowledged"] > 60 * figures["kills"], figures  # the control: there was load


def test_killed_core_loses_and_doubles_nothing(tmp_path: Path) -> None:
    checked(kill_under_load(tmp_path / "out", 2))


@pytest.mark.soak
def test_core_killed_twenty_times_loses_and_doubles_nothing(tmp_path: Path) -> None:
    checked(kill_under_load(tmp_path / "out", 20))
