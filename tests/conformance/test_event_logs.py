"""Every event log passes one suite; logs that break one rule each do not."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.conformance.event_logs import Opening, conform
from xrdrama import plugins
from xrdrama.errors import DeviceError
from xrdrama.ledger.log import (
    Appended,
    Entry,
    EventLog,
    Logged,
    NotAppended,
    appended,
    checked_acknowledgement,
    checked_batch,
    checked_reader,
    checked_start,
    refusal_of,
    reused,
)


def test_every_event_log_of_ours_is_in_this_suite() -> None:
    """`nats` in tests/peers/nats, on a real server."""
    assert set(plugins.own(plugins.EVENT_LOGS)) == {"nats", "sqlite"}


def test_sqlite_conforms(tmp_path: Path) -> None:
    numbers = itertools.count()

    def fresh() -> Opening:
        address = str(tmp_path / f"{next(numbers)}.events")
        return lambda: plugins.event_log("sqlite").open(address)

    conform(fresh)


# -- the controls: what the suite must not pass -------------------------------------------------


class Kept:
    """What outlives a log that is closed."""

    def __init__(self) -> None:
        self.entries: list[Logged] = []
        self.readers: dict[str, int] = {}
        self.lock = threading.Lock()


class Working:
    """A log in memory that conforms, for each control to break in one way."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.closed = False

    def find(self, entry: Entry) -> Logged | None:
        return next((each for each in self.kept.entries if each.id == entry.id), None)

    def same(self, entry: Entry, found: Logged) -> bool:
        return (entry.key, entry.data) == (found.key, found.data)

    def one(self, entry: Entry) -> Appended | NotAppended:
        refused = refusal_of(entry)
        if refused:
            return refused
        found = self.find(entry)
        if found:
            same = self.same(entry, found)
            return Appended(found.seq, again=True) if same else reused(entry.id, found.seq)
        seq = len(self.kept.entries) + 1
        self.kept.entries.append(Logged(seq, entry.key, entry.data, entry.id))
        return Appended(seq, again=False)

    def open_still(self) -> None:
        if self.closed:
            raise DeviceError("the log is closed", "open it again")

    def append(self, key: str, data: bytes, id: str) -> Appended:
        return appended(self.append_many([Entry(key, data, id)])[0])

    def append_many(self, entries: Sequence[Entry]) -> list[Appended | NotAppended]:
        self.open_still()
        checked_batch(entries)
        with self.kept.lock:
            return [self.one(entry) for entry in entries]

    def replay(self, after: int = 0) -> Iterator[Logged]:
        self.open_still()
        checked_start(after)
        return iter(self.kept.entries[after:])

    def newest(self) -> int:
        self.open_still()
        return len(self.kept.entries)

    def acknowledge(self, reader: str, seq: int) -> None:
        self.open_still()
        checked_acknowledgement(reader, seq, self.newest())
        self.kept.readers[reader] = max(seq, self.acknowledged(reader))

    def acknowledged(self, reader: str) -> int:
        self.open_still()
        checked_reader(reader)
        return self.kept.readers.get(reader, 0)

    def close(self) -> None:
        self.closed = True


class Doubling(Working):
    """It does not deduplicate."""

    def find(self, entry: Entry) -> Logged | None:
        return None


class Forgetful(Working):
    """It knows the ids of this process only."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(kept)
        self.before = len(kept.entries)

    def find(self, entry: Entry) -> Logged | None:
        found = super().find(entry)
        return found if found and found.seq > self.before else None


class Believing(Working):
    """It takes the same id for the same entry."""

    def same(self, entry: Entry, found: Logged) -> bool:
        return True


class Keyless(Working):
    """It compares the data only."""

    def same(self, entry: Entry, found: Logged) -> bool:
        return entry.data == found.data


class Unbounded(Working):
    """It takes everything."""

    def append(self, key: str, data: bytes, id: str) -> Appended:
        self.open_still()
        self.kept.entries.append(Logged(len(self.kept.entries) + 1, key, data, id))
        return Appended(len(self.kept.entries), again=False)


class AllOrNothing(Working):
    """One refused entry refuses the others of its batch."""

    def append_many(self, entries: Sequence[Entry]) -> list[Appended | NotAppended]:
        bad = [refusal for entry in entries if (refusal := refusal_of(entry))]
        return [bad[0] for _ in entries] if bad else super().append_many(entries)


class Backwards(Working):
    """It replays the newest first."""

    def replay(self, after: int = 0) -> Iterator[Logged]:
        return iter([*super().replay(after)][::-1])


class Endless(Working):
    """Its replay continues with what is appended meanwhile."""

    def replay(self, after: int = 0) -> Iterator[Logged]:
        self.open_still()
        checked_start(after)
        return (each for each in self.kept.entries if each.seq > after)


class Rewinding(Working):
    """An older acknowledgement replaces a newer one."""

    def acknowledge(self, reader: str, seq: int) -> None:
        checked_acknowledgement(reader, seq, self.newest())
        self.kept.readers[reader] = seq


class OneReader(Working):
    """All readers share one acknowledgement."""

    def acknowledged(self, reader: str) -> int:
        self.open_still()
        checked_reader(reader)
        return max(self.kept.readers.values(), default=0)


class Losing(Working):
    """What was appended is lost when it is opened again."""

    def __init__(self, kept: Kept) -> None:
        super().__init__(Kept())


class NeverClosed(Working):
    """It works on after it was closed."""

    def open_still(self) -> None:
        pass


class Racing(Working):
    """Two threads at once may be given one number, or append an id twice."""

    def append_many(self, entries: Sequence[Entry]) -> list[Appended | NotAppended]:
        self.open_still()
        checked_batch(entries)
        results: list[Appended | NotAppended] = []
        for entry in entries:
            seq = len(self.kept.entries) + 1
            unknown = refusal_of(entry) is None and self.find(entry) is None
            if len(entries) == 1:
                threading.Event().wait(0.001)  # so that another thread runs here
            if unknown:
                self.kept.entries.append(Logged(seq, entry.key, entry.data, entry.id))
            results.append(Appended(seq, again=False) if unknown else self.one(entry))
        return results


def in_memory(kind: Callable[[Kept], EventLog]) -> Callable[[], Opening]:
    def fresh() -> Opening:
        kept = Kept()
        return lambda: kind(kept)

    return fresh


def test_the_control_itself_conforms() -> None:
    conform(in_memory(Working))


@pytest.mark.parametrize(
    "broken",
    [
        Doubling, Forgetful, Believing, Keyless, Unbounded, AllOrNothing, Backwards, Endless,
        Rewinding, OneReader, Losing, NeverClosed, Racing,
    ],
)  # fmt: skip
def test_the_suite_fails_a_broken_log(broken: type[Working]) -> None:
    with pytest.raises(AssertionError):
        conform(in_memory(broken))
