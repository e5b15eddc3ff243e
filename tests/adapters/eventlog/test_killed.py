"""A process that writes an event log is killed again and again: nothing is lost, nothing double."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from xrdrama.adapters.eventlog.sqlite import SqliteLog
from xrdrama.ledger.log import Logged

KILLS = 8


def killed_often(path: Path, mode: str) -> tuple[dict[int, int], list[Logged]]:
    """What was acknowledged (number: number in the log), and what the log has in the end.

    Each process starts with the last number that was acknowledged: its sender does not know it.
    """
    chance = random.Random(11)
    acknowledged: dict[int, int] = {}
    for _ in range(KILLS):
        first = max(acknowledged, default=0)
        command = [sys.executable, "-m", "tests.adapters.eventlog.appending"]
        process = subprocess.Popen(
            [*command, str(path), str(first), mode], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process:
            for _ in range(chance.randrange(5, 60)):
                number, seq = map(int, process.stdout.readline().split())
                assert mode == "doubling" or acknowledged.setdefault(number, seq) == seq
                acknowledged[number] = seq
            process.kill()
            rest = process.stdout.read().split("\n")
        for line in rest[:-1]:  # whole lines only
            number, seq = map(int, line.split())
            acknowledged[number] = seq
    with closing(SqliteLog(path)) as log:
        return acknowledged, list(log.replay())


def test_nothing_acknowledged_is_lost_and_nothing_is_double(tmp_path: Path) -> None:
    acknowledged, entries = killed_often(tmp_path / "votes.events", "plain")
    assert len(acknowledged) > 5 * KILLS
    kept = {entry.seq: entry for entry in entries}
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    lost = [n for n, seq in acknowledged.items() if kept[seq].data != b"vote %d" % n]
    assert not lost
    assert set(Counter(entry.data for entry in entries).values()) == {1}


def test_without_deduplication_there_would_be_doubles(tmp_path: Path) -> None:
    _, entries = killed_often(tmp_path / "votes.events", "doubling")
    assert max(Counter(entry.data for entry in entries).values()) > 1


def test_two_processes_write_one_log(tmp_path: Path) -> None:
    path = tmp_path / "votes.events"
    command = [sys.executable, "-m", "tests.adapters.eventlog.appending", str(path)]
    started = [
        subprocess.Popen([*command, first, "plain"], stdout=subprocess.PIPE, text=True)
        for first in ("0", "1000000")
    ]
    try:
        seen = [
            [tuple(map(int, process.stdout.readline().split())) for _ in range(100)]
            for process in started
            if process.stdout
        ]
    finally:
        for process in started:
            process.kill()
            process.communicate()
    with closing(SqliteLog(path)) as log:
        kept = {entry.data: entry.seq for entry in log.replay()}
    assert all(kept[b"vote %d" % number] == seq for lines in seen for number, seq in lines)


@pytest.mark.soak
def test_fifty_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "KILLS", 50)
    test_nothing_acknowledged_is_lost_and_nothing_is_double(tmp_path)
