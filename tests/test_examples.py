"""Every example runs, as a user would run it, and is listed in the README beside it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "examples"
SCRIPTS = sorted(FOLDER.glob("[0-9][0-9]_*.py"))
SHOWS = ("06_headset", "07_console", "20_viewer")
"""Examples that run a whole show in processes of its own."""


@pytest.mark.parametrize(
    "script",
    [pytest.param(each, marks=pytest.mark.peer if each.stem in SHOWS else ()) for each in SCRIPTS],
    ids=[each.stem for each in SCRIPTS],
)
def test_example_runs_and_says_something(script: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_examples_are_numbered_without_a_gap_and_listed() -> None:
    assert {s.stem for s in SCRIPTS} >= set(SHOWS)
    assert [int(s.name[:2]) for s in SCRIPTS] == list(range(1, len(SCRIPTS) + 1))
    readme = (FOLDER / "README.md").read_text("utf-8")
    assert all(f"`{script.name}`" in readme for script in SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_examples_are_short_and_begin_with_what_they_show(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.startswith('"""')
    assert len(text.splitlines()) <= 70
