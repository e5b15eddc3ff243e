"""The process at the robot, with a real core and a real wire in processes that are killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.bridge.cores import free_port
from tests.waiting import wait_until

HERE = Path(__file__).parent
MOST_STEPS = 12
"""Control steps of 10 ms from the newest command to a damped body."""


class Running:
    """A process of this folder, and the JSON lines that it has printed."""

    def __init__(self, script: str, *arguments: str) -> None:
        environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / script), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )  # fmt: skip
        self.said: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.said.extend(json.loads(line) for line in self.process.stdout)

    def type(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def signal(self, which: int) -> None:
        self.process.send_signal(which)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            pipe.close()


class Stage:
    """A core, a wire and a robot, each in a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.core = Running("core_process.py", str(self.port))
        self.wire = Running("wire_process.py", str(self.port))
        self.robot = Running("robot_process.py", f"tcp://127.0.0.2:{self.port}")

    def released(self) -> None:
        """Turn both keys until the robot moves: a busy machine may drop it again."""

        def is_ready() -> bool:
            if self.states[-1:] == ["ready"]:
                return True
            self.robot.type("release")
            self.core.type("release")
            return False

        wait_until(is_ready, every=0.3)

    @property
    def states(self) -> list[str]:
        return [one["state"] for one in self.robot.said if "state" in one]

    @property
    def damped(self) -> list[dict[str, Any]]:
        return [one for one in self.robot.said if "damped" in one]

    def close(self) -> None:
        for one in (self.robot, self.wire, self.core):
            one.close()


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


def killed(stage: Stage, what: str) -> dict[str, Any]:
    """Kill the core or the wire under a moving robot, and start it again; how it was damped."""
    stage.released()
    before = len(stage.damped)
    victim = stage.core if what == "core" else stage.wire
    victim.signal(signal.SIGKILL)
    found = wait_until(lambda: stage.damped[before:])[-1]
    victim.close()
    if what == "core":
        stage.core = Running("core_process.py", str(stage.port))
    else:
        stage.wire = Running("wire_process.py", str(stage.port))
    return found


@pytest.mark.parametrize("what", ["core", "wire"])
def test_killing_core_or_wire_damps_the_robot_in_time(stage: Stage, what: str) -> None:
    found = killed(stage, what)
    assert found["damped"] == "no commands of the show for 100 ms"
    assert found["steps"] <= MOST_STEPS, found
    wait_until(lambda: stage.states[-1] == "stopped")


@pytest.mark.soak
@pytest.mark.parametrize("what", ["core", "wire"])
def test_50_of_50_kills_damp_the_robot_in_time(stage: Stage, what: str) -> None:
    found = [killed(stage, what) for _ in range(50)]
    sys.stdout.write(f"wall clock of {what}: {sorted(one['ms'] for one in found)} ms\n")
    assert max(one["steps"] for one in found) <= MOST_STEPS


def test_frozen_wire_damps_and_its_return_releases_nothing(stage: Stage) -> None:
    stage.released()
    before = len(stage.damped)
    stage.wire.signal(signal.SIGSTOP)
    assert wait_until(lambda: stage.damped[before:])[0]["steps"] <= MOST_STEPS
    stage.wire.signal(signal.SIGCONT)
    count = len(stage.states)
    stage.core.type("release")  # one key: the director's
    stage.robot.process.poll()
    wait_until(lambda: stage.states[-1] == "stopped")
    assert "ready" not in stage.states[count:]


def test_stop_of_the_show_damps_it(stage: Stage) -> None:
    stage.released()
    before = len(stage.damped)
    stage.core.type("stop")
    assert wait_until(lambda: stage.damped[before:])[0]["damped"] == "a stop of the show"
