"""The event log on a real disk that is full, gets room again, or may only be read. Needs root."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from xrdrama.adapters.eventlog.sqlite import SqliteLog
from xrdrama.errors import DeviceError

pytestmark = pytest.mark.peer


def test_nothing_acknowledged_is_lost_on_a_full_disk(disk: Path) -> None:
    """And what was refused is appended once there is room, once."""
    room = disk / "room"
    room.write_bytes(bytes(300_000))
    with closing(SqliteLog(disk / "votes.events")) as log:
        acknowledged = 0
        with pytest.raises(DeviceError) as raised:
            for number in range(1000):
                acknowledged = log.append("k", bytes(4000), str(number)).seq
        assert str(disk / "votes.events") in str(raised.value) and "disk" in str(raised.value)
        assert acknowledged > 10 and log.newest() == acknowledged
        room.unlink()
        assert log.append("k", bytes(4000), str(acknowledged)).seq == acknowledged + 1
        assert len(list(log.replay())) == acknowledged + 1


def test_a_disk_that_may_only_be_read_is_refused(disk: Path) -> None:
    path = disk / "votes.events"
    with closing(SqliteLog(path)) as log:
        log.append("k", b"", "a")
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], capture_output=True, check=True)
    for name in ("votes.events", "new.events"):
        with pytest.raises(DeviceError, match=r"cannot be written: Read-only file system"):
            SqliteLog(disk / name)
