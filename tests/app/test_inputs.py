"""The processes of a show's inputs: what they said last is told, however late it is heard."""

from __future__ import annotations

import subprocess
import time

import pytest

from tests.adapters.bridge.cores import wait_until
from xrdrama.app.inputs import Process

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
