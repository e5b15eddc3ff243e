"""A show with a simulated robot: its reports pick branches, and its take replays without MuJoCo."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from xrdrama.adapters.mujoco.simulated import pushes
from xrdrama.run.options import RunOptions
from xrdrama.tools.robot.replaying import replay_bodies
from xrdrama.tools.robot.simulating import Simulated, simulate

WITHOUT = """
import sys
sys.modules["mujoco"] = None
from xrdrama.cli import run
raise SystemExit(run(["replay", sys.argv[1], "--json"]))
"""


def simulated(out: Path, push: float = 0.0) -> Simulated:
    options = RunOptions(show="robot_waves", out=out, fixed_rate=True, console=False)
    return simulate(options, threading.Event(), push_n=push)


@pytest.fixture(scope="module")
def waved(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulated(tmp_path_factory.mktemp("waved"))


def test_wave_is_done_and_its_report_picks_the_branch(waved: Simulated) -> None:
    assert waved.result.ending == "waved"
    assert [pick.trigger for _, pick in waved.result.picks] == ["performer"]
    figures = waved.figures
    assert [state for _, state in figures.reports] == ["ready", "done", "done"]
    assert figures.error_rad <= 0.05 and figures.touching == 0 and figures.fell_s is None
    assert figures.range_used <= 1.0 and figures.speed_used <= 1.0


def test_joint_track_has_a_row_for_each_control_step(waved: Simulated) -> None:
    header, *rows = waved.joints.read_text().splitlines()
    assert header.count(",") == 29 and len(rows) == waved.figures.steps
    assert all(row.count(",") == 29 for row in rows)


def test_take_replays_identically_without_mujoco(waved: Simulated) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, str(waved.result.take)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["identical"]


def test_bodies_replay_identically_and_another_body_is_named(waved: Simulated) -> None:
    assert replay_bodies(waved.result.take).identical
    other = replay_bodies(waved.result.take, shoves=pushes(1, 150.0, 9.0))
    assert not other.identical and "fell at" in other.first_difference


def test_robot_that_falls_reports_it_and_the_story_takes_its_branch(tmp_path: Path) -> None:
    done = simulated(tmp_path, push=150.0)
    assert done.figures.fell_s is not None
    assert ("fell" in {state for _, state in done.figures.reports}) is True
    at = next(at for at, state in done.figures.reports if state == "fell")
    assert 0.0 <= at - done.figures.fell_s <= 0.2
