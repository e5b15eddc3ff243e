"""A show on a real tmpfs that fills up, is unmounted, or gets room again. Needs root."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import free_port
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.show.take import read_take
from xrdrama.wire.commands import HeldStory
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import Recorded

pytestmark = pytest.mark.peer


class Watched:
    """A running show, and a director who follows its frames."""

    def __init__(self, out: Path) -> None:
        port = free_port()
        command = [sys.executable, "-m", "xrdrama", "run", "lantern_headset", "--no-video"]
        command += ["--no-console", "--out", str(out), "--port", str(port), "--seconds", "3600"]
        self.process = subprocess.Popen(
            [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.take = out / "lantern_headset.take"
        self.frame: Frame | None = None
        self.answers: list[object] = []
        self._peer = Peer(f"tcp://127.0.0.1:{port}", name="desk", role="director", sources=())
        self._peer.subscribe(self._follow)
        try:
            wait_until(lambda: self.frame or self.process.poll() is not None, 240.0)
            assert self.frame, self.process.communicate()[1]
        except BaseException:
            self._peer.close(timeout=0.0)
            self.process.kill()
            self.process.communicate()
            raise

    def _follow(self, frame: Frame) -> None:
        self.frame = frame

    def alarms(self) -> list[str]:
        # A busy machine may stall the simulated operator for 50 ms.
        codes = [alarm.code for alarm in self.frame.alarms] if self.frame else []
        return [code for code in codes if code != "tracking_gap"]

    def hold(self, on: bool) -> None:
        self._peer.record(HeldStory("desk", on), on_answer=self.answers.append)
        wait_until(lambda: self.frame is not None and self.frame.held == on)

    def end(self) -> tuple[int, dict[str, object], str]:
        self._peer.close(timeout=0.0)
        self.process.terminate()
        out, err = self.process.communicate(timeout=240.0)
        return self.process.returncode, json.loads(out), err


@pytest.fixture
def watched(disk: Path) -> Iterator[Watched]:
    show = Watched(disk)
    yield show
    show.process.kill()
    show.process.communicate()


def fill(disk: Path) -> Path:
    filling = disk / "filling"
    with filling.open("wb", buffering=0) as file:
        for size in (65536, 1024, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filling


def test_full_disk_alarms_obeys_acknowledges_nothing_and_recovers(
    watched: Watched, disk: Path
) -> None:
    assert watched.alarms() == []
    watched.hold(True)
    wait_until(lambda: len(watched.answers) == 1)
    filling = fill(disk)
    wait_until(lambda: "take_unwritten" in watched.alarms())
    watched.hold(False)  # it is obeyed, and is not acknowledged
    assert len(watched.answers) == 1
    filling.unlink()
    wait_until(lambda: len(watched.answers) == 2)
    assert all(isinstance(answer, Recorded) for answer in watched.answers)
    wait_until(lambda: "take_unwritten" not in watched.alarms())
    status, said, err = watched.end()
    assert status == 1 and "No space left on device" in err
    assert said["recording"]["complete"], said  # type: ignore[index]
    take = read_take(watched.take.read_bytes())
    assert len(take.ticks) == said["frames"] and take.outages and take.closed
    replay = [sys.executable, "-m", "xrdrama", "replay", str(watched.take), "--json"]
    done = subprocess.run(replay, capture_output=True, text=True, check=False)
    assert json.loads(done.stdout)["identical"]


def test_show_that_ends_on_a_full_disk_counts_what_is_missing(watched: Watched, disk: Path) -> None:
    fill(disk)
    wait_until(lambda: "take_unwritten" in watched.alarms())
    watched.hold(True)
    status, said, err = watched.end()
    recording = said["recording"]
    assert isinstance(recording, dict)
    frames = len(read_take(watched.take.read_bytes()).ticks)
    assert status == 1 and recording["missing_frames"] == said["frames"] - frames > 0  # type: ignore[operator]
    assert recording["missing_events"] == 1 and "the take is not complete" in err


def test_disk_that_is_unmounted_is_an_alarm_and_the_take_is_written_again(
    watched: Watched, disk: Path
) -> None:
    subprocess.run(["umount", "-l", str(disk)], check=True)
    wait_until(lambda: "take_gone" in watched.alarms() and watched.take.exists())
    status, said, err = watched.end()
    assert status == 1 and "was deleted while it was being written" in err
    assert len(read_take(watched.take.read_bytes()).ticks) == said["frames"]
