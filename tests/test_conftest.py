"""The suite's own guards: a process left behind and an unexpected skip both fail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.conftest import ALLOWED_SKIPS

LEAVES = """
import subprocess, sys

def test_that_leaves_a_process():
    global left
    left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep({seconds})"])
"""


def run(
    folder: Path, *modules: str, options: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run test modules under the suite's guards."""
    for number, text in enumerate(modules):
        (folder / f"test_guarded{number}.py").write_text(f"import pytest\n{text}")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    command += ["--continue-on-collection-errors"]
    root = Path(__file__).resolve().parents[1]
    return subprocess.run(
        [*command, *options, "-p", "tests.conftest", f"--rootdir={folder}", "-c", "/dev/null"],
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


HANGS = """
import threading

def test_that_waits_for_ever():
    threading.Event().wait()
"""
LEAVES_A_THREAD = """
import threading
from tests import conftest

conftest.TIME_TO_EXIT = 1.0

def wait_for_ever():
    threading.Event().wait()

def test_that_leaves_a_thread():
    threading.Thread(target=wait_for_ever).start()
"""
ENDS = ("-o", "faulthandler_timeout=1", "-o", "faulthandler_exit_on_timeout=true")


@pytest.mark.parametrize("workers", [(), ("-p", "xdist.plugin", "-n", "1")], ids=["alone", "xdist"])
def test_hung_test_ends_with_its_stack(tmp_path: Path, workers: tuple[str, ...]) -> None:
    done = run(tmp_path, HANGS, options=(*ENDS, *workers))
    assert done.returncode != 0
    assert "in test_that_waits_for_ever" in done.stderr


def test_process_that_hangs_after_its_tests_ends_with_its_stack(tmp_path: Path) -> None:
    done = run(tmp_path, LEAVES_A_THREAD)
    assert done.returncode != 0 and "1 passed" in done.stdout
    assert "in wait_for_ever" in done.stderr


LASTS = """
import time

from tests import conftest

conftest.TIME_TO_EXIT = 0.2

def test_that_takes():
    time.sleep({seconds})  # while it lasts, the other worker may have no more tests
"""


def test_worker_that_waits_for_another_is_not_ended(tmp_path: Path) -> None:
    workers = ("-p", "xdist.plugin", "-n", "2", "--dist", "loadfile")
    modules = [LASTS.format(seconds=seconds) for seconds in (0.0, 2.0)]
    done = run(tmp_path, *modules, options=workers)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout
    assert "Timeout" not in done.stdout + done.stderr


def test_suite_ends_tests_that_hang(pytestconfig: pytest.Config) -> None:
    assert float(pytestconfig.getini("faulthandler_timeout")) > 0
    assert pytestconfig.getini("faulthandler_exit_on_timeout") is True


def test_every_test_against_a_real_counterpart_is_marked_so() -> None:
    """Without the mark it would run in `make test`, where its programs are not installed."""
    peers = Path(__file__).parent / "peers"
    modules = sorted(peers.rglob("test_*.py"))
    assert len(modules) > 20
    assert [path.name for path in modules if "mark.peer" not in path.read_text("utf-8")] == []


MARKED = re.compile(r"mark\.(alone|peer|soak)\b")


def marks_elsewhere(folder: Path) -> list[str]:
    """Files that the Makefile's list of marked test files leaves out, though they mark tests."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*.py"))
        if not path.name.startswith("test_") and MARKED.search(path.read_text("utf-8"))
    ]


def test_marks_stand_in_test_files_only(tmp_path: Path) -> None:
    assert marks_elsewhere(Path(__file__).parent) == []
    (tmp_path / "helper.py").write_text("of_a_peer = pytest.mark." + "peer\n")
    assert marks_elsewhere(tmp_path) == ["helper.py"]
