"""The suite's own guard: a module that leaves a process fails, and the process is ended."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LEAVES = """
import subprocess, sys
from tests.conftest import _no_process_is_left

def test_that_leaves_a_process():
    global left
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep({seconds})"])
"""


def run(folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    (folder / "test_leaving.py").write_text(LEAVES.format(seconds=seconds))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    root = Path(__file__).resolve().parents[1]
    return subprocess.run(
        [*command, f"--rootdir={folder}", "-c", "/dev/null"],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_process_that_is_left_fails_its_module_by_name(tmp_path: Path) -> None:
    done = run(tmp_path, 600)
    assert done.returncode != 0 and "leaves processes" in done.stdout
    assert "time.sleep(600" in done.stdout


def test_a_process_that_ends_by_itself_is_not_an_error(tmp_path: Path) -> None:
    done = run(tmp_path, 0.5)
    assert done.returncode == 0, done.stdout
