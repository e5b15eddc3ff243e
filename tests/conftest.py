"""For all tests: hypothesis settings, no process left behind, no unexpected skip."""

from __future__ import annotations

import faulthandler
import gc
import os
import signal
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing of the law.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

TIME_TO_END = 5.0
"""Seconds that a process has to end after SIGTERM."""
TIME_TO_EXIT = 120.0
"""Seconds that the interpreter of a test run has to exit after the tests."""
ALLOWED_SKIPS = frozenset({"mounting a tmpfs needs root"})
"""Reasons for which a test may be skipped. Any other skip fails: a test that does not run here
proves nothing here, and nobody reads the count of skips."""


@pytest.fixture(scope="module", autouse=True)
def _no_process_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail in the module that leaves a process, not where its Popen happens to be collected."""
    yield
    deadline = time.monotonic() + TIME_TO_END
    while (left := children()) and time.monotonic() < deadline:
        time.sleep(0.05)  # the poll interval
    for process in left:
        os.kill(process, signal.SIGKILL)
    if left:
        gc.collect()
        pytest.fail(f"{request.node.name} leaves processes: {list(left.values())}")


def children(of: int | None = None) -> dict[int, str]:
    """The running children of this process, or of another one, and their command lines."""
    found = {}
    for task in Path(f"/proc/{of or os.getpid()}/task").glob("*/children"):
        for process in map(int, _read(task).split()):
            state = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
            command = _read(Path(f"/proc/{process}/cmdline")).replace("\0", " ").strip()
            # multiprocessing's own helpers live as long as we do.
            if state and state[0] != "Z" and "multiprocessing" not in command:
                found[process] = command
    return found


def _read(path: Path) -> str:
    """A file of /proc; empty when its process or thread has just ended."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End a process that hangs after its last test, with its stacks: a thread that a test has left,
    say. A test that hangs is ended by `faulthandler_timeout` in pyproject.toml.

    Not a worker of pytest-xdist: it may have to wait long for the others, and is ended by the
    process that started it."""
    if hasattr(session.config, "workerinput"):
        return
    faulthandler.dump_traceback_later(TIME_TO_EXIT, exit=True, file=2)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn an unexpected skip of a test into a failure."""
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn an unexpected skip of a whole module into a failure."""
    return _without_skip((yield))


Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def _without_skip(report: Report) -> Report:
    if report.skipped and not hasattr(report, "wasxfail"):
        said = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        reason = str(said).removeprefix("Skipped: ")
        if reason not in ALLOWED_SKIPS:
            report.outcome = "failed"
            report.longrepr = f"unexpected skip ({reason}); see ALLOWED_SKIPS in tests/conftest.py"
    return report
