"""What is cut off a take when it is resumed, and where that is kept."""

from __future__ import annotations

import itertools
from pathlib import Path

from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.show.take import Take


def refuse_damage(path: Path, take: Take, *, from_damage: bool) -> None:
    """UsageError when whole records lie behind a damaged place, unless `from_damage`."""
    damage, rate = take.damage, take.header.rate
    if damage is None or damage.is_tail or from_damage:
        return
    raise UsageError(
        f"{damage.described(str(path), rate)}; to go on from there would lose {damage.loss(rate)}",
        "restore the take from a copy, or resume with --resume-from-damaged, which keeps this"
        " file beside the take",
    )


def set_aside(path: Path, data: bytes, take: Take) -> str:
    """Keep what will be cut off `data`, the bytes of the take, in a file of its own.

    What a person should know of it, "" for a take that was closed. DeviceError when the copy
    cannot be written.
    """
    damage, rate = take.damage, take.header.rate
    if damage is None:
        last = f"{take.ticks[-1].number}" if take.ticks else "none"
        whole = f"{path} has no end record, its last frame is {last}; the show goes on from there"
        return whole if take.closed is None else ""
    place = damage.described(str(path), rate)
    if damage.is_tail:
        # Nothing whole is there, so at most one record is lost: the one that was being written
        # when the show was killed, which nobody was told is recorded, or one damaged since.
        kept = free_name(path, ".tail")
        save(kept, data[damage.at :])
        return f"{place}; they were cut off and kept in {kept}"
    kept = free_name(path, ".damaged")
    save(kept, data)
    return (
        f"{place}; the show goes on from there, {damage.loss(rate)} are lost; the damaged file is"
        f" kept as {kept}"
    )


def free_name(path: Path, ending: str) -> Path:
    """A name beside `path` that is free: `night.take.tail`, `night.take.tail.2`, and so on."""
    found = path.with_name(path.name + ending)
    for number in itertools.count(2):
        if not found.exists():
            break
        found = path.with_name(f"{path.name}{ending}.{number}")
    return found
