"""The processes of a show's inputs: what they say, and what is said of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.adapters.bridge.cores import Core
from tests.adapters.voice.test_sources import media
from tests.waiting import wait_until
from xrdrama.adapters.bridge.keys import VARIABLE
from xrdrama.processes.inputs import InputProcess, InputProcesses
from xrdrama.processes.restarts import Policy
from xrdrama.wire.events import DeviceFound, DeviceLost

LOADING = 60.0
"""Seconds that a process may take to load everything on a busy machine."""
NOBODY = "tcp://127.0.0.1:9"
BROKEN = {"move": "kyes: []", "name": "walk.move.yaml"}
MOVE = {"move": "keys:\n  - {at: 0s, position: [0, 0, 1.6]}\n"}


class Started:
    """One input of a show that listens at `endpoint`."""

    def __init__(
        self,
        process: InputProcess,
        endpoint: str = NOBODY,
        *,
        restart: bool = True,
        policy: Policy | None = None,
        lost: Callable[[str, str], None] = lambda name, reason: None,
    ) -> None:
        self.said: list[str] = []
        self.lost: list[str] = []

        def both(name: str, reason: str) -> None:
            lost(name, reason)
            self.lost.append(f"{name}: {reason}")

        self.processes = InputProcesses(
            [process],
            both,
            self.said.append,
            restart=restart,
            **({"policy": policy} if policy else {}),
        )
        self.processes.start(endpoint)

    def __enter__(self) -> Started:
        return self

    def __exit__(self, *_: object) -> None:
        self.processes.close()


def test_an_input_that_cannot_start_is_given_up_with_its_own_last_words() -> None:
    process = InputProcess("move", "operator", BROKEN)
    with Started(process, policy=Policy(first_delay_s=0.01, attempts=2)) as started:
        wait_until(lambda: len(started.said) == 2, LOADING)
    assert started.said[0].startswith("the input 'move' ended (exit status 2: ")
    assert "walk.move.yaml:1" in started.said[0]
    assert (
        "it is being restarted. The show continues without it until it is back" in started.said[0]
    )
    assert "it is not restarted after 2 attempts. The show continues without it" in started.said[1]
    assert len(started.lost) == 2 and "walk.move.yaml:1" in started.lost[0]
    assert "walk.move.yaml:1" in started.processes.failures()["move"]


def test_at_a_fixed_rate_an_input_is_not_restarted() -> None:
    with Started(InputProcess("move", "operator", BROKEN), restart=False) as started:
        wait_until(lambda: bool(started.processes.failures()), LOADING)
    assert len(started.lost) == 1 and started.said == []


def test_an_input_that_is_killed_is_said_to_be_restarted_and_to_be_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    core = Core(tmp_path / "night.take")
    monkeypatch.setenv(VARIABLE, core.server.key.value)
    try:
        core.begin()
        with Started(
            InputProcess("move", "operator", MOVE), core.server.endpoint, lost=core.server.lost
        ) as started:
            wait_until(lambda: not core.server.wait_ready({"move"}, 0.0), LOADING)
            child = started.processes._supervised[0].child
            assert child is not None
            os.kill(child.pid, signal.SIGKILL)  # type: ignore[attr-defined]
            wait_until(lambda: len(started.said) == 2, LOADING)
            assert started.processes.failures() == {}
            wait_until(lambda: _devices(core) == [DeviceLost, DeviceFound], LOADING)
    finally:
        core.close()
    assert started.said[0] == (
        "the input 'move' ended (killed by signal 9); it is being restarted. The show continues"
        " without it until it is back"
    )
    assert started.said[1].startswith("the input 'move' is back, after ")
    assert started.lost == ["move: killed by signal 9; it is being restarted"]


def _devices(core: Core) -> list[type]:
    """What happened to the input since it was there first."""
    events = [entry.event for entry in core.take().entries]
    kinds = [type(event) for event in events if isinstance(event, DeviceLost | DeviceFound)]
    return kinds[1:]


def test_what_a_person_should_know_of_an_input_is_said_while_it_runs(tmp_path: Path) -> None:
    film = media(tmp_path / "wired.mkv", 0.0, video=False, layout="stereo")
    with Started(InputProcess("ear", "voice", {"file": str(film)})) as started:
        wait_until(lambda: bool(started.said), LOADING)
        assert started.said[0].startswith("the input 'ear': the channels of wired.mkv cancel")
        assert started.processes.failures() == {}
