"""The processes of a show's inputs: what they said last is told, however late it is heard."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import wait_until
from tests.adapters.voice.test_sources import media
from xrdrama.processes.inputs import Process

LOADING = 240.0
"""Seconds that a process may take to load everything on a busy machine."""


BROKEN = {"move": "kyes: []", "name": "walk.move.yaml"}


class HeardLate(Process):
    """Nobody listens to it before it has ended."""

    def _listen(self, child: subprocess.Popen[str]) -> None:
        child.wait()
        time.sleep(0.5)
        super()._listen(child)


@pytest.mark.parametrize("kind", [Process, HeardLate])
def test_an_input_that_ends_says_why_in_its_own_last_words(kind: type[Process]) -> None:
    process = kind("move", "operator", BROKEN)
    process.start("tcp://127.0.0.1:9")
    wait_until(lambda: process.exit_status() is not None, LOADING)
    assert process.reason().startswith("ended with 2: ")
    assert "walk.move.yaml:1" in process.reason()
    process.wait(0.0)


def test_an_input_is_heard_to_its_end() -> None:
    process = HeardLate("move", "operator", BROKEN)
    process.start("tcp://127.0.0.1:9")
    process.wait(LOADING)
    assert "walk.move.yaml:1" in process.said[-1]


def test_what_a_person_should_know_of_an_input_is_said_while_it_runs(tmp_path: Path) -> None:
    film = media(tmp_path / "wired.mkv", 0.0, video=False, layout="stereo")
    process = Process("ear", "voice", {"file": str(film)})
    said: list[str] = []
    process.noticed = said.append
    process.start("tcp://127.0.0.1:9")
    try:
        wait_until(lambda: bool(said) or process.exit_status() is not None, LOADING)
        assert said and said[0].startswith("the input 'ear': the channels of wired.mkv cancel")
        assert process.exit_status() is None
    finally:
        process.stop()
        process.wait(5.0)
