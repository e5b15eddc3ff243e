"""Cuts damaged or unfinished records off a take that is resumed, and saves them in a file."""

from __future__ import annotations

import itertools
from pathlib import Path

from xrdrama.errors import UsageError
from xrdrama.saving import save
from xrdrama.show.take import Take


def refuse_damage(path: Path, take: Take, *, from_damage: bool) -> None:
    """Raise UsageError if whole records follow a damaged place, unless `from_damage`."""
    damage, rate = take.damage, take.header.rate
    if damage is None or damage.is_tail or from_damage:
        return
    raise UsageError(
        f"{damage.described(str(path), rate)}; resuming from there would lose {damage.loss(rate)}",
        "restore the take from a copy, or resume with --resume-from-damaged, which keeps the"
        " damaged file beside the take",
    )


def set_aside(path: Path, data: bytes, take: Take) -> str:
    """A notice of what is cut off a take and where it is saved; "" for a take that was closed.

    `data` are the bytes of the take. What is cut off is saved in a separate file first.
    DeviceError if that cannot be written.
    """
    damage, rate = take.damage, take.header.rate
    if damage is None:
        last = f"{take.ticks[-1].number}" if take.ticks else "none"
        whole = f"{path} has no end record; the show continues after its last frame ({last})"
        return whole if take.closed is None else ""
    place = damage.described(str(path), rate)
    if damage.is_tail:
        # No whole record follows, so at most one record is lost: the one that was being written
        # when the show was killed, which was never acknowledged, or one damaged since.
        kept = free_name(path, ".tail")
        save(kept, data[damage.at :])
        return f"{place}; they were cut off and saved in {kept}"
    kept = free_name(path, ".damaged")
    save(kept, data)
    return (
        f"{place}; the show continues from there, {damage.loss(rate)} are lost; the damaged file is"
        f" saved as {kept}"
    )


def free_name(path: Path, ending: str) -> Path:
    """An unused file name beside `path`: `night.take.tail`, `night.take.tail.2`, and so on."""
    found = path.with_name(path.name + ending)
    for number in itertools.count(2):
        if not found.exists():
            break
        found = path.with_name(f"{path.name}{ending}.{number}")
    return found
