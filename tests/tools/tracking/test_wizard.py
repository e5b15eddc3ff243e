"""`track wizard` as a command: it listens to the stage's tracker and reads the operator's lines."""

from __future__ import annotations

import io
import json
import socket
from pathlib import Path

import pytest

from xrdrama.cli import run

STAGE = """\
xrdrama: 1
id: wall
canvas: [640, 360]
walls:
  wall: {{shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [640, 360]}}
camera: {{focal_mm: 35, sensor_mm: [36, 20.25], picture: [640, 360]}}
eye_point: [0, -1, 1.5]
tracking: {{protocol: freed, port: {port}, axes: {{pan: -pan}}}}
"""


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = tmp_path / "wall.stage.yaml"
    path.write_text(STAGE.format(port=port))
    return path


def test_all_steps_may_be_skipped(
    stage: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("s\n" * 6))
    assert run(["track", "wizard", str(stage), "--json"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["complete"] and found["lines"] == "" and len(found["steps"]) == 6
    assert "listening on 127.0.0.1" in printed.err and "6 of 6" in printed.err


def test_nothing_moved_is_exit_status_1(
    stage: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert run(["track", "wizard", str(stage), "--timeout", "1"]) == 1
    assert "no movement was found within 1 s" in capsys.readouterr().err
