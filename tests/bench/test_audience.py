"""What an audience costs its show, and how far behind its pages are, in real processes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.peers.console_show import RunningShow
from tests.peers.test_console_cost import Counter
from tests.waiting import TIMEOUT

ROOT = Path(__file__).parents[2]
LIMIT = 1.10
"""CPU per frame of the core beside 50 viewers, as a ratio to the same show without an audience."""
MOST_BEHIND = 3
"""States (a tenth of a second each) that one of 50 viewers may be behind the newest."""
PAIRS, SECONDS = 5, 6.0


@contextmanager
def audience(show: RunningShow) -> Iterator[str]:
    """The audience server of a running show, as `xrdrama serve` starts it; the link to join."""
    server = subprocess.Popen(
        [sys.executable, "-m", "xrdrama", "audience", show.endpoint, "lantern_web"],
        stdout=subprocess.PIPE, text=True, cwd=show.out.parent,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        while "join" not in (opened := json.loads(server.stdout.readline())):
            pass
        yield opened["join"]
    finally:
        server.terminate()
        server.wait(TIMEOUT)
        server.stdout.close()


class Viewers:
    """Viewers in a process of their own."""

    def __init__(self, link: str, count: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.audience_viewers", link, str(count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert self._process.stdout is not None and self._process.stdin is not None
        self._out, self._in = self._process.stdout, self._process.stdin
        assert self._out.readline() == "joined\n"

    def report(self) -> dict[str, Any]:
        """How they did since the last report."""
        self._in.write("\n")
        self._in.flush()
        found: dict[str, Any] = json.loads(self._out.readline())
        return found

    def __enter__(self) -> Viewers:
        return self

    def __exit__(self, *_: object) -> None:
        self._in.close()
        self._process.wait(TIMEOUT)
        self._out.close()


@pytest.mark.soak
def test_50_viewers_cost_the_core_little_and_keep_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one run, in turns: the show alone; the show with an audience of 50."""
    show = RunningShow(tmp_path / "out", "--no-console", name="lantern_web")
    frames = Counter(show.endpoint)
    alone, watched, reports = [], [], []
    try:
        frames.wait(24)
        for _ in range(PAIRS):
            alone.append(frames.cost(show.process.pid, SECONDS))
            with audience(show) as link, Viewers(link, 50) as viewers:
                viewers.report()
                watched.append(frames.cost(show.process.pid, SECONDS))
                reports.append(viewers.report())
    finally:
        frames.close()
        show.end()
    ratio = statistics.median(watched) / statistics.median(alone)
    behind = max(report["behind"] for report in reports)
    with capsys.disabled():
        sys.stdout.write(
            f"\n50 viewers: {statistics.median(alone) / 1e6:.2f} ms of CPU per frame alone,"
            f" ratio {ratio:.3f}; at most {behind} states behind;"
            f" {sum(r['bytes'] for r in reports) / 50 / PAIRS / SECONDS / 1e3:.1f} kB/s each\n"
        )
    for report in reports:
        assert report["viewers"] == report["open"] == 50 and report["gaps"] == 0
        assert report["made"] > SECONDS * 5 and report["states"] >= 50 * report["made"] * 0.9
    assert behind <= MOST_BEHIND
    assert ratio <= LIMIT


@pytest.mark.soak
def test_500_phones_join_and_follow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show = RunningShow(tmp_path / "out", "--no-console", name="lantern_web")
    frames = Counter(show.endpoint)
    try:
        frames.wait(24)
        with audience(show) as link, Viewers(link, 500) as viewers:
            viewers.report()
            frames.wait(frames.number + 240)
            report = viewers.report()
    finally:
        frames.close()
        show.end()
    with capsys.disabled():
        sys.stdout.write(f"\n500 viewers in 10 s of the show: {report}\n")
    assert report["viewers"] == report["open"] == 500
    assert report["gaps"] == 0 and report["states"] >= 500
