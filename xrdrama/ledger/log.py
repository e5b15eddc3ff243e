"""The contract of an event log: append, deduplicate, replay, acknowledge.

Votes and other events of viewers are appended to a log before they count. Members of the group
`xrdrama.event_logs` keep one: `sqlite` in a file beside the show. tests/conformance has the suite
that every member passes.

The rules:

- `append` returns once the entry is durable, as the member's docstring defines it, and gives its
  number. Numbers start at 1 and have no gaps.
- An id is remembered for as long as the log exists. The same id with the same key and data is
  answered with the number it has (`again`) and is not appended; with another key or other data it
  is refused.
- Nothing is changed or removed once it is appended.
- A reader acknowledges what it has processed; after a restart it replays from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, Protocol

import msgspec

from xrdrama.errors import UsageError

MOST_NAME: Final = 200
"""Bytes (UTF-8) of a key, an id, and the name of a reader; at least one."""
MOST_DATA: Final = 64 * 1024
"""Bytes of the data of an entry."""
MOST_AT_ONCE: Final = 10_000
"""Entries of one `append_many`."""

Reason = Literal["id_reused", "out_of_bounds"]


class Entry(msgspec.Struct, frozen=True):
    """What is appended. `key` says what it belongs to, such as `votes/gate`; `id` is its sender's,
    and the same again when it is sent again."""

    key: str
    data: bytes
    id: str


class Appended(msgspec.Struct, frozen=True):
    """The entry is in the log under the number `seq`; `again` if it was there before."""

    seq: int
    again: bool


class NotAppended(msgspec.Struct, frozen=True):
    """The entry is not in the log: a stable code, and the reason in words."""

    code: Reason
    reason: str


class Logged(msgspec.Struct, frozen=True):
    """An entry of the log, with its number."""

    seq: int
    key: str
    data: bytes
    id: str


class EventLog(Protocol):
    """A log that is open. Several threads may use it; calls may block while data is written.

    DeviceError from any method when the log cannot be written or read; then nothing of that call
    was appended, or it is unknown whether it was, and sending it again with the same id is safe.
    """

    def append(self, key: str, data: bytes, id: str) -> Appended:
        """Append an entry, unless it is there already.

        UsageError when another entry has its id, or when the key, id or data is too long.
        """

    def append_many(self, entries: Sequence[Entry]) -> list[Appended | NotAppended]:
        """Append entries in their order, as one write: one result for each, in the same order.

        An entry that is refused does not affect the others. UsageError for more than `MOST_AT_ONCE`
        entries.
        """

    def replay(self, after: int = 0) -> Iterator[Logged]:
        """The entries with a number above `after`, in order, up to the newest one at the call.

        UsageError for a negative number.
        """

    def newest(self) -> int:
        """The number of the newest entry; 0 for an empty log."""

    def acknowledge(self, reader: str, seq: int) -> None:
        """Note, durably, that `reader` has processed every entry up to `seq`.

        A number below the one noted before changes nothing. UsageError for a number that no entry
        has, or a bad name.
        """

    def acknowledged(self, reader: str) -> int:
        """The number up to which `reader` has processed everything; 0 if it never said so."""

    def close(self) -> None:
        """Release the log. Closing again does nothing; other calls raise DeviceError then."""


class EventLogKind(Protocol):
    """What an entry point of `xrdrama.event_logs` names: a module, class or object with `open`."""

    def open(self, address: str) -> EventLog:
        """The log at `address`, made if it does not exist: a path or URL, as the member defines it.

        DeviceError, with the remedy, when it cannot be opened or is not an event log.
        """


def refusal_of(entry: Entry) -> NotAppended | None:
    """Why an entry is out of bounds, or None. Members ask this first."""
    problem = _problem_of_name("key", entry.key) or _problem_of_name("id", entry.id)
    if not problem and len(entry.data) > MOST_DATA:
        problem = f"the data of an entry has {len(entry.data)} bytes; {MOST_DATA} are allowed"
    return NotAppended("out_of_bounds", problem) if problem else None


def reused(id: str, seq: int) -> NotAppended:
    """The refusal of an entry whose id belongs to another entry, number `seq`."""
    return NotAppended(
        "id_reused",
        f"another entry (number {seq}) was recorded under the id {id!r}: give each entry its own id"
        " and send it again unchanged",
    )


def appended(result: Appended | NotAppended) -> Appended:
    """The result of an `append` from that of an `append_many`; UsageError if it was refused."""
    if isinstance(result, NotAppended):
        raise UsageError(result.reason)
    return result


def checked_batch(entries: Sequence[Entry]) -> None:
    """UsageError for more entries than one write may have."""
    if len(entries) > MOST_AT_ONCE:
        raise UsageError(
            f"{len(entries)} entries at once; {MOST_AT_ONCE} are allowed",
            "append them in several calls",
        )


def checked_start(after: int) -> None:
    """UsageError for a number that a replay cannot start after."""
    if after < 0:
        raise UsageError(f"a replay cannot start after {after}; 0 is the start of the log")


def checked_reader(reader: str) -> None:
    """UsageError for a name that a reader cannot have."""
    problem = _problem_of_name("name of a reader", reader)
    if problem:
        raise UsageError(problem)


def checked_acknowledgement(reader: str, seq: int, newest: int) -> None:
    """UsageError for an acknowledgement of what is not in the log."""
    checked_reader(reader)
    if not 0 <= seq <= newest:
        raise UsageError(
            f"{reader} cannot acknowledge entry {seq}; the newest entry of the log is {newest}"
        )


def _problem_of_name(noun: str, name: str) -> str:
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return f"the {noun} is not valid Unicode"
    if not 1 <= size <= MOST_NAME:
        return f"the {noun} has {size} bytes; 1 to {MOST_NAME} are allowed"
    if not name.isprintable():
        return f"the {noun} has characters that cannot be printed, such as line breaks"
    return ""
