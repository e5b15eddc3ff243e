"""The event log in a file: damaged, foreign, locked, full, moved, read-only, of another version."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xrdrama import plugins
from xrdrama.adapters.eventlog import sqlite
from xrdrama.adapters.eventlog.sqlite import SqliteLog
from xrdrama.errors import DeviceError
from xrdrama.ledger.log import Entry, Logged

ENTRIES = [Entry("votes/gate", b"vote %d" % n * 20, f"id {n}") for n in range(60)]
LOGGED = [Logged(n + 1, e.key, e.data, e.id) for n, e in enumerate(ENTRIES)]


def refused(call: Callable[[], object]) -> DeviceError:
    with pytest.raises(DeviceError) as raised:
        call()
    assert raised.value.remedy
    return raised.value


def kept(folder: Path) -> Path:
    """A log of `ENTRIES` as a killed process leaves it: half of it in the file beside it."""
    path = folder / "kept.events"
    log = SqliteLog(path, synced=False)
    for entry in ENTRIES[:30]:
        log.append(entry.key, entry.data, entry.id)
    log.close()
    log = SqliteLog(path, synced=False)
    for entry in ENTRIES[30:]:
        log.append(entry.key, entry.data, entry.id)
    copied = folder / "copied.events"
    shutil.copy(path, copied)
    shutil.copy(f"{path}-wal", f"{copied}-wal")
    log.close()
    return copied


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kept(tmp_path_factory.mktemp("whole"))


def copy_of(whole: Path, folder: str) -> Path:
    path = Path(folder) / "votes.events"
    shutil.copy(whole, path)
    shutil.copy(f"{whole}-wal", f"{path}-wal")
    return path


def is_a_start_or_refused(path: Path) -> str:
    """What a damaged log gives is the start of the whole one, or an error that names the file; and
    it never takes an entry twice."""
    got: list[Logged] = []
    try:
        with closing(SqliteLog(path, synced=False)) as log:
            with suppress(StopIteration):
                replayed = log.replay()
                while True:
                    got.append(next(replayed))
            log.append_many(ENTRIES)
            assert [entry.id for entry in log.replay()] == [entry.id for entry in ENTRIES]
    except DeviceError as error:
        assert str(path) in str(error) and error.remedy
        assert got == LOGGED[: len(got)]
        return "refused"
    assert got == LOGGED[: len(got)]
    return "whole" if len(got) == len(LOGGED) else "start"


def test_a_log_of_a_killed_process_is_whole(whole: Path, tmp_path: Path) -> None:
    assert is_a_start_or_refused(copy_of(whole, str(tmp_path))) == "whole"


TORN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@TORN
@given(st.data())
def test_a_log_that_is_cut_off_anywhere_gives_its_start(whole: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = copy_of(whole, folder)
        wal = Path(f"{path}-wal")
        cut = data.draw(st.integers(0, wal.stat().st_size - 1))
        os.truncate(wal, cut)
        assert is_a_start_or_refused(path) == "start"


@TORN
@given(st.data())
def test_flipped_bits_are_never_read_as_entries(whole: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = copy_of(whole, folder)
        file = Path(f"{path}{data.draw(st.sampled_from(['', '-wal']))}")
        content = bytearray(file.read_bytes())
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] ^= 1 << data.draw(st.integers(0, 7))
        file.write_bytes(content)
        is_a_start_or_refused(path)


@TORN
@given(st.binary(min_size=1, max_size=3000))
def test_any_other_file_is_refused_and_not_changed(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "notes.txt"
        path.write_bytes(content)
        assert "it is not an event log" in str(refused(lambda: SqliteLog(path)))
        assert path.read_bytes() == content


def test_a_row_that_was_changed_is_refused(tmp_path: Path) -> None:
    """By another program, so that the file itself is sound."""
    path = tmp_path / "votes.events"
    with closing(SqliteLog(path)) as log:
        log.append_many(ENTRIES)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE entries SET data = ? WHERE seq = 20", (b"another vote",))
    with closing(SqliteLog(path)) as log:
        assert "entry 20 is damaged or missing" in str(refused(lambda: list(log.replay())))
        assert len(list(log.replay(after=20))) == 40
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM entries WHERE seq IN (20, 60)")
    with closing(SqliteLog(path)) as log:
        assert "entry 20 is damaged or missing" in str(refused(lambda: list(log.replay(19))))


def test_the_database_of_another_program_is_refused_and_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE books (title TEXT)")
    before = path.read_bytes()
    assert "it is a database of another program" in str(refused(lambda: SqliteLog(path)))
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["library.db"]


def test_a_log_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "votes.events"
    SqliteLog(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    error = refused(lambda: SqliteLog(path))
    assert "its version is 2" in str(error) and error.remedy == "update xrdrama"


def test_an_empty_file_becomes_a_log(tmp_path: Path) -> None:
    path = tmp_path / "new" / "votes.events"
    path.parent.mkdir()
    path.touch()
    with closing(SqliteLog(path)) as log:
        assert log.append("k", b"", "a").seq == 1


def test_a_new_log_is_for_its_user_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "votes.events"
    with closing(SqliteLog(path)) as log:
        log.append("k", b"", "a")
        modes = {each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    assert modes == {0o600}


def test_a_locked_log_is_refused_in_words_and_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.1)
    path = tmp_path / "votes.events"
    with closing(SqliteLog(path)) as log:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            error = refused(lambda: log.append("k", b"", "a"))
            assert str(path) in str(error) and "another program keeps it locked" in str(error)
            assert log.newest() == 0  # reading does not wait
        assert log.append("k", b"", "a").seq == 1


def test_a_full_disk_appends_nothing_and_says_so(tmp_path: Path) -> None:
    """Here as SQLite reports it for a file that may not grow; tests/peers fills a real disk."""
    path = tmp_path / "votes.events"
    with closing(SqliteLog(path)) as log:
        log.append("k", b"", "first")
        assert log._db is not None
        log._db.execute("PRAGMA max_page_count = 1")
        many = [Entry("k", bytes(3000), str(n)) for n in range(100)]
        error = refused(lambda: log.append_many(many))
        assert str(path) in str(error) and "no space is left on the disk" in str(error)
        assert log.newest() == 1
        log._db.execute("PRAGMA max_page_count = 1000000")
        assert [e.seq for e in log.append_many(many) if not isinstance(e, Exception)][-1] == 101


def test_a_file_that_may_not_grow_appends_nothing(tmp_path: Path) -> None:
    """With a limit of the operating system, in a process of its own."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from xrdrama.adapters.eventlog.sqlite import SqliteLog\n"
        "from xrdrama.errors import DeviceError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "log = SqliteLog(Path(sys.argv[1]))\n"
        "log.append('k', b'', 'first')\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))\n"
        "last = 1\n"
        "try:\n"
        "    for n in range(1000):\n"
        "        last = log.append('k', bytes(5000), str(n)).seq\n"
        "except DeviceError as error:\n"
        "    print(error)\n"
        "assert log.newest() == last, 'what failed was appended'\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"
        "assert log.append('k', b'', 'room').seq == last + 1\n"
        "assert len(list(log.replay())) == last + 1\n"
    )
    path = tmp_path / "votes.events"
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(path) in done.stdout and ("disk reports" in done.stdout or "no space" in done.stdout)


def test_a_log_that_was_moved_or_deleted_is_not_acknowledged_any_more(tmp_path: Path) -> None:
    path = tmp_path / "votes.events"
    with closing(SqliteLog(path)) as log:
        log.append("k", b"", "a")
        path.rename(tmp_path / "elsewhere.events")
        error = refused(lambda: log.append("k", b"", "b"))
        assert "was moved, replaced or deleted while it was open" in str(error)
        (tmp_path / "elsewhere.events").rename(path)
        assert log.append("k", b"", "b").seq == 2
        path.unlink()
        path.write_bytes(b"")
        assert "moved, replaced" in str(refused(lambda: log.acknowledge("r", 1)))


def test_what_is_not_a_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        assert "it is not a regular file" in str(refused(lambda path=path: SqliteLog(path)))
    (tmp_path / "file").write_text("")
    assert "cannot be written" in str(
        refused(lambda: SqliteLog(tmp_path / "file" / "votes.events"))
    )


def test_addresses_that_are_not_paths_are_refused() -> None:
    kind = plugins.event_log("sqlite")
    for address in ("nats://localhost:4222", "a\0b", ""):
        error = refused(lambda address=address: kind.open(address))
        assert "event log" in str(error) or "is not a path" in str(error)


def test_a_folder_that_may_not_be_written_is_refused() -> None:
    """As another user where this one is root, who may write everywhere."""
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "kept"
        folder.mkdir()
        with closing(SqliteLog(folder / "votes.events")) as log:
            log.append("k", b"", "a")
        Path(parent).chmod(0o755)
        folder.chmod(0o555)
        was = os.geteuid()
        if was == 0:
            os.chown(folder / "votes.events", 65_534, 65_534)
            os.seteuid(65_534)
        try:
            new = refused(lambda: SqliteLog(folder / "new.events"))
            assert "cannot be written: Permission denied" in str(new)
            assert "cannot be used" in str(refused(lambda: SqliteLog(folder / "votes.events")))
        finally:
            os.seteuid(was)
            folder.chmod(0o755)
