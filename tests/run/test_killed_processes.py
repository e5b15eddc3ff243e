"""Processes of a show that are killed come back by themselves, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import wave
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.adapters.bridge.cores import free_port, wait_until
from tests.peers.monado.stand import Screen
from tests.run.test_kills import Engine
from xrdrama.adapters.bridge import Peer
from xrdrama.show.take import read_take
from xrdrama.wire.commands import Slated
from xrdrama.wire.events import DeviceFound, DeviceLost
from xrdrama.wire.frame import Frame

LOADING_S = 240.0
"""Seconds for what may have to load everything on a busy machine."""
MINUTES = 60
"""Of silence for the ear; a process whose file has ended is not restarted."""
SHOW = """
xrdrama: 1
id: kills
title: A show whose processes are killed
story: one_lantern_too_many
stage: arc_volume
rate: "24"
languages: [en]
look: wall_camera
move: demo
inputs:
  ear: {use: voice, file: silence.wav}
"""


def child(parent: int, *words: str) -> int:
    """The process id of a child whose command line has these words; 0: no such process."""
    for children in Path(f"/proc/{parent}/task").glob("*/children"):
        for pid in children.read_text().split():
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if all(word.encode() in line for word in words):
                return int(pid)
    return 0


class Page:
    """An open page of a director: it writes on the slate, keeps what was acknowledged, and connects
    again when its console is gone, always to the same address with the same cookie."""

    def __init__(self, url: str) -> None:
        self.acknowledged: list[str] = []
        self.answers = 0
        self._base = url.partition("/?")[0]
        self._cookies = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))
        opener.open(url, timeout=LOADING_S).close()
        self._opener = opener
        self._stop = threading.Event()
        self._sent = 0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def is_let_in(self) -> bool:
        """Whether the console that listens there now knows this page."""
        try:
            with self._opener.open(f"{self._base}/sheet.json", timeout=5.0) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._write()
            except (OSError, WebSocketException):
                self._stop.wait(0.05)  # a page waits, too, before it connects again

    def _write(self) -> None:
        cookie = "; ".join(f"{one.name}={one.value}" for one in self._cookies)
        address = f"ws{self._base.removeprefix('http')}/live"
        with connect(
            address, origin=self._base, additional_headers={"Cookie": cookie}, max_size=None
        ) as link:
            asked: dict[int, str] = {}
            while not self._stop.wait(0.1):
                self._sent += 1
                asked[self._sent] = f"slate {self._sent}"
                link.send(json.dumps({"id": self._sent, "do": "slate", "text": asked[self._sent]}))
                while (data := _received(link.recv)) is not None:
                    for answer in json.loads(data).get("answers", ()):
                        self.answers += 1
                        if not answer.get("refused"):
                            self.acknowledged.append(asked[answer["id"]])

    def close(self) -> None:
        """Stop writing."""
        self._stop.set()
        self._thread.join()


def _received(recv: Callable[..., str | bytes]) -> str | bytes | None:
    try:
        return recv(timeout=0.02)
    except TimeoutError:
        return None


class Alarms:
    """What a peer sees of the devices that are lost, in frames."""

    def __init__(self, endpoint: str) -> None:
        self.frame: Frame | None = None
        self._peer = Peer(endpoint, name="alarms", role="engine", sources=())
        self._peer.subscribe(self._take)

    def _take(self, frame: Frame) -> None:
        self.frame = frame

    def texts(self) -> list[str]:
        """The alarms of lost devices now."""
        frame = self.frame
        return [] if frame is None else [a.text for a in frame.alarms if a.code == "device_lost"]

    def close(self) -> None:
        """Leave."""
        self._peer.close(timeout=0.1)


@contextmanager
def running(folder: Path, screen: Screen) -> Iterator[tuple[subprocess.Popen[bytes], int, Path]]:
    """A show with a window, an input, an operator and a console: it, its port, its stderr."""
    folder.mkdir()
    with wave.open(str(folder / "silence.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(2 * 8000 * 60 * MINUTES))
    (folder / "kills.show.yaml").write_text(SHOW, "utf-8")
    port = free_port()
    said = folder / "said"
    command = [sys.executable, "-m", "xrdrama", "run", "kills.show.yaml", "--window"]
    command += ["--seconds", "7200", "--out", "out", "--port", str(port)]
    with said.open("wb") as errors:
        show = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "DISPLAY": screen.name},
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    try:
        yield show, port, said
        show.terminate()
        assert show.wait(LOADING_S) == 0, said.read_text("utf-8")
    finally:
        show.kill()
        show.wait()


def seconds_until_back(
    kill: Callable[[], None], is_back: Callable[[], object], limit_s: float
) -> float:
    """Seconds from a kill until it is back; infinite when it did not come back."""
    began = time.monotonic()
    kill()
    while not is_back():
        if time.monotonic() > began + limit_s:
            return float("inf")
        time.sleep(0.02)  # the poll interval
    return time.monotonic() - began


def figures(times: dict[str, list[float]]) -> str:
    """Per process: how often it came back, median and maximum in seconds."""
    lines = []
    for name, taken in times.items():
        back = [one for one in taken if one != float("inf")]
        middle, most = (statistics.median(back), max(back)) if back else (0.0, 0.0)
        lines.append(f"{name}: back {len(back)} of {len(taken)}, {middle:.2f} s, max {most:.2f} s")
    return "\n".join(lines)


def kill_each(folder: Path, kills: int) -> None:
    """Kill each process so often, under load, and check what came back and what was recorded."""
    chance = random.Random(20)
    times: dict[str, list[float]] = {}
    with (
        closing(Screen(folder)) as screen,
        running(folder / "show", screen) as (show, port, said),
        closing(Alarms(f"tcp://127.0.0.1:{port}")) as alarms,
    ):
        text = lambda: said.read_text("utf-8")  # noqa: E731
        wait_until(lambda: re.search(r"http://\S+", text()), LOADING_S, every=0.1)
        wait_until(lambda: alarms.frame is not None, LOADING_S, every=0.1)
        address = re.search(r"http://\S+", text())
        assert address is not None
        page = Page(address[0])
        engine = Engine(f"tcp://127.0.0.1:{port}", "engine")
        # What to kill, and how its alarm begins: the console has no alarm of its own.
        targets = {
            "console": (("console",), ""),
            "window": (("viewer", "window"), "viewer: "),
            "input": (("input", "ear"), "ear: "),
            "operator": (("input", "operator"), "operator: "),
        }
        for _ in range(kills):
            for name, (words, alarm) in targets.items():
                wait_until(lambda words=words: child(show.pid, *words), LOADING_S, every=0.02)  # type: ignore[misc]
                before, answers = child(show.pid, *words), page.answers
                wait_until(lambda answers=answers: page.answers > answers + 2, LOADING_S)  # type: ignore[misc]
                time.sleep(chance.uniform(0.0, 0.5))  # killed at any moment
                seen: list[str] = []

                def is_back(
                    words: tuple[str, ...] = words,
                    alarm: str = alarm,
                    before: int = before,
                    seen: list[str] = seen,
                ) -> bool:
                    if child(show.pid, *words) in (0, before):
                        seen.extend(
                            one for one in alarms.texts() if alarm and one.startswith(alarm)
                        )
                        return False
                    if not alarm:
                        return page.is_let_in()
                    now = [one for one in alarms.texts() if one.startswith(alarm)]
                    seen.extend(now)
                    return bool(seen) and not now

                times.setdefault(name, []).append(
                    seconds_until_back(
                        lambda before=before: os.kill(before, signal.SIGKILL),  # type: ignore[misc]
                        is_back,
                        LOADING_S,
                    )
                )
                assert all("killed by signal 9; it is being restarted" in one for one in seen), seen
        engine.stop()
        page.close()
        wait_until(lambda: text().count("is back, after") >= kills * len(targets), LOADING_S)
    take = read_take((folder / "show" / "out" / "kills.take").read_bytes())
    events = [entry.event for entry in take.entries]
    recorded = [event.text for event in events if isinstance(event, Slated)]
    pressed = [getattr(event, "option", "") for event in events]
    sys.stdout.write(f"{figures(times)}\n")
    sys.stdout.write(f"acknowledged: {len(page.acknowledged)}, {len(engine.acknowledged)}\n")
    assert all(max(taken) < LOADING_S for taken in times.values()), figures(times)
    assert set(page.acknowledged) <= set(recorded)
    assert set(engine.acknowledged) <= set(pressed)
    assert len(set(recorded)) == len(recorded) and len(page.acknowledged) > 3 * kills
    for name in ("viewer", "ear", "operator"):
        kinds = [type(e) for e in events if isinstance(e, DeviceLost | DeviceFound)
                 and e.source == name]  # fmt: skip
        assert kinds.count(DeviceLost) == kills, (name, kinds)
        assert kinds[-1] is DeviceFound
    numbers = [ticked.number for ticked in take.ticks]
    assert numbers == list(range(len(numbers)))  # the show has not missed a frame
    assert take.closed is not None


def test_a_process_that_does_not_come_back_is_found_out() -> None:
    """The control."""
    assert seconds_until_back(lambda: None, lambda: False, 0.05) == float("inf")
    assert figures({"console": [1.0, float("inf"), 3.0]}).startswith("console: back 2 of 3, 2.00 s")


@pytest.mark.peer
def test_processes_that_are_killed_come_back(tmp_path: Path) -> None:
    kill_each(tmp_path, 1)


@pytest.mark.peer
@pytest.mark.soak
def test_processes_that_are_killed_twenty_times_come_back_each_time(tmp_path: Path) -> None:
    kill_each(tmp_path, 20)
