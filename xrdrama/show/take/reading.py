"""Reading the file of a take: as much of it as is whole, and whether its sources changed."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Final, assert_never

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.show.take.damage import Damage, damage_at
from xrdrama.show.take.records import (
    MAGIC,
    Closed,
    Header,
    Logged,
    Outage,
    Revision,
    Source,
    Ticked,
    whole_records,
)
from xrdrama.wire.events import Entry

CHANGES: Final = {
    "2": "jumps of tracking are doubted for a time",
    "3": "frames have who picked, when the window closes, the number of the roll and refusals",
    "4": "frames list the looks of the show",
    "5": "frames have a view, a lens and a tracking state for each camera, frozen outer pictures"
    " and test patterns",
    "6": "frames have an alarm when a tracker was silent for 50 ms",
    "7": "frames have the set that fades out, and a beat forced during a hold in a roll waits for"
    " the release",
    "8": "parameters that grow begin when their set appears",
}
"""Rules by which the same ticks give other frames on purpose, since each number. Takes without a
number were made by rules 1."""
RULES: Final = max(CHANGES, key=int)


def changed_since(rules: str) -> str:
    """How frames differ from those of a take by other rules, in words; "" for the same rules."""
    number = int(rules) if rules.isdecimal() else 1
    return "; ".join(text for since, text in CHANGES.items() if int(since) > number)


def source_of(data: bytes, *, embed: bool) -> Source:
    """A file as a take knows it."""
    digest = blake2b(data, digest_size=16).hexdigest()
    return Source(digest, data.decode() if embed else None)


class Take(msgspec.Struct, frozen=True):
    """A take that was read: as much of it as is whole."""

    header: Header
    entries: tuple[Entry, ...]
    ticks: tuple[Ticked, ...]
    closed: Closed | None
    good: int
    """Bytes of the file that are whole."""
    damage: Damage | None = None
    """What follows them, when something does."""
    outages: tuple[Outage, ...] = ()
    """When the file could not be written for a while."""
    revisions: tuple[Revision, ...] = ()
    """The newer versions of its story, in order."""

    @property
    def sources(self) -> dict[str, Source]:
        """The files at the end of the take: those of the header, and newer ones."""
        found = dict(self.header.sources)
        for revision in self.revisions:
            found.update(revision.sources)
        return found

    @property
    def roles(self) -> str:
        """The parts of the files at the end of the take."""
        first = self.header.options.get("roles", "{}")
        return self.revisions[-1].roles if self.revisions else first

    @property
    def torn(self) -> bool:
        """True when the file continues after the complete records."""
        return self.damage is not None


def read_take(data: bytes, name: str = "take") -> Take:  # noqa: C901 - one case a record
    """The take in `data`, up to the first record that is not whole.

    RemoteProtocolError when it is not a take, or its header is incomplete.
    """
    if not data.startswith(MAGIC):
        raise RemoteProtocolError(f"{name} is not a take of xrdrama: choose a .take file")
    header: Header | None = None
    entries: list[Entry] = []
    ticks: list[Ticked] = []
    closed: Closed | None = None
    outages: list[Outage] = []
    revisions: list[Revision] = []
    good = len(MAGIC)
    for record, end in whole_records(data, good):
        match record:
            case Header() if header is None:
                header = record
            case Logged(entry) if header and entry.seq == len(entries):
                entries.append(entry)
                closed = None  # it was resumed
            case Ticked() if header and _follows(record, ticks, len(entries)):
                ticks.append(record)
                closed = None
            case Outage() if header:
                outages.append(record)
            case Revision() if header and _is_next(record, revisions, ticks):
                revisions.append(record)
                closed = None
            case Closed() if header:
                closed = record
            case Header() | Logged() | Ticked() | Outage() | Closed() | Revision():
                break  # it is whole, but cannot follow the records before it
            case _:
                assert_never(record)
        good = end
    if header is None:
        raise RemoteProtocolError(_headless(data, name))
    damage = None
    if good < len(data):
        damage = damage_at(data, good, len(entries), [ticked.number for ticked in ticks])
    return Take(
        header, tuple(entries), tuple(ticks), closed, good, damage, tuple(outages),
        tuple(revisions),
    )  # fmt: skip


def _is_next(revision: Revision, revisions: list[Revision], ticks: list[Ticked]) -> bool:
    """True if the revision counts for a frame that is still to come. Two may count for the same
    one: the show ended before that frame, and was resumed with an even newer version."""
    before = revisions[-1].number if revisions else 0
    return revision.number >= before and revision.number > (ticks[-1].number if ticks else -1)


def _headless(data: bytes, name: str) -> str:
    damage = damage_at(data, len(MAGIC), 0, [])
    if damage.is_tail:
        return (
            f"{name} is truncated within its header: nothing of it can be replayed; restore it from"
            " a copy"
        )
    behind = damage.behind
    return (
        f"the header of {name} is damaged at byte {len(MAGIC)}: the {behind.entries} entries and"
        f" {behind.frames} frames after it cannot be replayed; restore the take from a copy"
    )


def _follows(ticked: Ticked, ticks: list[Ticked], entries: int) -> bool:
    number, upto = (ticks[-1].number, ticks[-1].upto) if ticks else (-1, 0)
    return ticked.number > number and upto <= ticked.upto <= entries


def check_sources(take: Take, now: Mapping[str, Source]) -> list[str]:
    """The names of files that are not what they were when the take was made."""
    return sorted(
        name
        for name, source in take.sources.items()
        if name in now and now[name].hash != source.hash
    )
