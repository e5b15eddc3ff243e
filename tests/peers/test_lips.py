"""A face model reads the lips of our heads while they speak: with the track, and closed at p b m.

The figures, the bounds and the controls are in examples/performers/making/lip_reading.py.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from xrdrama import cli, content
from xrdrama.adapters.synthesis.fetch import fetch_voice

pytestmark = pytest.mark.peer

SCRIPT = Path(__file__).parents[2] / "examples/performers/making/lip_reading.py"


@pytest.mark.parametrize(("name", "line"), [("lan", "lbur6k"), ("grandmother", "lhie55")])
def test_drawn_lips_follow_the_track_of_the_line(name: str, line: str) -> None:
    command = [sys.executable, str(SCRIPT), name, line]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=540)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_drawn_lips_follow_a_mandarin_line(tmp_path: Path) -> None:
    command = ["voices", "one_lantern_too_many", "--lang", "zh", "--out", str(tmp_path)]
    fetch_voice(content.cache_folder("models"))
    assert cli.run(command) == 0
    command = [sys.executable, str(SCRIPT), "lan", "lbur6k", str(tmp_path / "zh/mouths.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=540)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
