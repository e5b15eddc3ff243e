"""The suite's own guards: a process left behind and an unexpected skip both fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ALLOWED_SKIPS

LEAVES = """
import subprocess, sys

def test_that_leaves_a_process():
    global left
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep({seconds})"])
"""


def run(folder: Path, *modules: str) -> subprocess.CompletedProcess[str]:
    """Run test modules under the suite's guards."""
    for number, text in enumerate(modules):
        (folder / f"test_guarded{number}.py").write_text(f"import pytest\n{text}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    command += ["--continue-on-collection-errors"]
    root = Path(__file__).resolve().parents[1]
    return subprocess.run(
        [*command, "-p", "tests.conftest", f"--rootdir={folder}", "-c", "/dev/null"],
        cwd=root, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip


def test_process_left_running_fails_its_module_and_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, LEAVES.format(seconds=600))
    assert done.returncode != 0 and "leaves processes" in done.stdout
    assert "time.sleep(600" in done.stdout


def test_process_that_ends_by_itself_is_not_an_error(tmp_path: Path) -> None:
    done = run(tmp_path, LEAVES.format(seconds=0.5))
    assert done.returncode == 0, done.stdout


SKIPS = {
    "mark": "@pytest.mark.skip(reason='REASON')\ndef test_a(): pass",
    "condition": "@pytest.mark.skipif(True, reason='REASON')\ndef test_a(): pass",
    "call": "def test_a(): pytest.skip('REASON')",
    "fixture": "@pytest.fixture\ndef f(): pytest.skip('REASON')\ndef test_a(f): pass",
    "module": "pytest.skip('REASON', allow_module_level=True)\ndef test_a(): pass",
}


def test_every_kind_of_unexpected_skip_fails_with_its_reason(tmp_path: Path) -> None:
    skips = [text.replace("REASON", f"no {kind} here") for kind, text in SKIPS.items()]
    done = run(tmp_path, *skips)
    assert done.returncode in (1, 2), done.stdout
    for kind in SKIPS:
        assert f"unexpected skip (no {kind} here)" in done.stdout, kind


def test_skip_for_an_allowed_reason_and_an_expected_failure_are_let_through(tmp_path: Path) -> None:
    (reason,) = ALLOWED_SKIPS
    skips = [text.replace("REASON", reason) for text in SKIPS.values()]
    done = run(tmp_path, *skips, "@pytest.mark.xfail\ndef test_a(): assert False")
    assert f"{len(skips)} skipped, 1 xfailed" in done.stdout, done.stdout
