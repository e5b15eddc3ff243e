"""Drawing processes: killed ones draw their part again, and what cannot be drawn is said."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import no_thread_left
from xrdrama.errors import DeviceError
from xrdrama.processes.drawing import PART, draw_parts
from xrdrama.processes.supervisor import Command

DRAWS = """
import json, os, pathlib, sys
def draw(frames, different=0):
    for number in range(frames):
        print(json.dumps({"different": int(number < different), "pixels": str(number)}), flush=True)
starts = pathlib.Path(sys.argv[1])
with starts.open("a") as file:
    file.write("x")
start = len(starts.read_text())
"""


def part(folder: Path, name: str, script: str) -> Command:
    """A drawing process that is a script; `start` is its number, from 1."""
    return Command([sys.executable, "-c", DRAWS + script, str(folder / name)])


def drawn(
    parts: list[Command], stop: threading.Event | None = None
) -> tuple[int, list[int], list[str]]:
    """Frames that differ, the progress, and what was said."""
    progress: list[int] = []
    said: list[str] = []
    with no_thread_left("drawing"):
        found = draw_parts(parts, progress.append, said.append, stop or threading.Event())
    return sum(part.different for part in found), progress, said


def test_parts_are_drawn_and_frames_that_differ_are_counted(tmp_path: Path) -> None:
    parts = [part(tmp_path, "a", "draw(5, 2)"), part(tmp_path, "b", "draw(3, 1)")]
    different, progress, said = drawn(parts)
    assert different == 3 and progress[-1] == 8 and said == []


def test_a_killed_drawing_process_draws_its_part_again_and_counts_once(tmp_path: Path) -> None:
    killed = "draw(4, 2)\nif start < 3: os.kill(os.getpid(), 9)\n"
    different, progress, said = drawn([part(tmp_path, "a", killed), part(tmp_path, "b", "draw(1)")])
    assert different == 2 and progress[-1] == 5
    assert len(said) == 2
    assert said[0] == (
        "the drawing process 1 ended (killed by signal 9); it is being restarted and draws its"
        " 4 frames again"
    )


def test_a_part_that_is_killed_each_time_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(
        DeviceError, match=r"ended 3 times \(killed by signal 9\): close other programs"
    ):
        drawn([part(tmp_path, "a", "draw(2)\nos.kill(os.getpid(), 9)\n")])
    assert len((tmp_path / "a").read_text()) == PART.attempts


def test_what_a_drawing_process_says_that_it_cannot_do_is_the_error_and_is_not_tried_again(
    tmp_path: Path,
) -> None:
    failed = {"failed": ["the disk is full", "free space"]}
    full = f"print(json.dumps({failed}), flush=True)\nsys.exit(2)"
    endless = part(tmp_path, "b", "draw(1)\nimport signal\nsignal.pause()\n")
    with pytest.raises(DeviceError, match="the disk is full: free space"):
        drawn([part(tmp_path, "a", full), endless])
    assert (tmp_path / "a").read_text() == "x"


def test_a_drawing_process_that_breaks_is_not_tried_again(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match=r"ended \(exit status 1: broken\)"):
        drawn([part(tmp_path, "a", "draw(1)\nsys.exit('broken')\n")])
    assert (tmp_path / "a").read_text() == "x"


def test_a_drawing_that_is_stopped_leaves_no_process(tmp_path: Path) -> None:
    stop = threading.Event()
    pids = tmp_path / "pid"
    endless = f"""
pathlib.Path({str(pids)!r}).write_text(str(os.getpid()))
draw(1)
import signal
signal.pause()
"""
    found: list[int] = []

    def progress(done: int) -> None:
        found.append(done)
        if done:
            stop.set()

    draw_parts([part(tmp_path, "a", endless)], progress, lambda text: None, stop)
    assert found[-1] == 1 and not Path(f"/proc/{pids.read_text()}").exists()
