"""DATA packets whose chunks are laid out as in a packet before are read in one step.

A server sends the same chunks in every frame. What `packets.read` found in one packet is kept as a
layout: one `struct.Struct` for the whole packet, and the chunk headers that it must have. A packet
with other headers, or with a value that is out of range, is left to `packets.read`.
"""

from __future__ import annotations

import struct
from math import hypot
from operator import itemgetter
from typing import Any, NamedTuple

from xrdrama.tracking.psn.chunks import chunk_at, chunks_in
from xrdrama.tracking.psn.packets import (
    FARTHEST,
    PARTS,
    VERSION,
    DataPacket,
    Header,
    InfoPacket,
    Tracker,
    read,
)

MOST = 16
"""Layouts that are kept, each for packets of another length."""
_TIME, _VECTOR = "<Q", 3
_ABSENT = (None,)
"""The value of fields that a layout does not have."""
_FORMS = {"<3f": ("3f", 3), "<f": ("f", 1), _TIME: ("Q", 1)}


class Layout(NamedTuple):
    """The layout of a DATA packet."""

    unpack: Any
    """Returns the numbers of a packet."""
    words: Any
    """Returns the headers of the chunks among the numbers of a packet."""
    expected: tuple[int, ...]
    header: Any
    """Returns the five numbers of the packet's header."""
    floats: Any
    """Returns the numbers that must be in range."""
    trackers: tuple[Any, ...]
    """For each tracker what returns the fields of a `Tracker`, in order."""


class Reader:
    """Reads the packets of one server. It keeps the layouts of its DATA packets."""

    def __init__(self) -> None:
        self._layouts: dict[int, Layout] = {}
        self._irregular: set[int] = set()
        """Lengths of packets that have no layout."""

    def read(self, packet: bytes) -> DataPacket | InfoPacket:
        """The content of a packet; RemoteProtocolError as `packets.read`."""
        layout = self._layouts.get(len(packet))
        if layout is not None:  # nearly every packet
            unpack, words, expected, header, floats, trackers = layout
            numbers = unpack(packet) + _ABSENT
            time, high, low, frame, count = header(numbers)
            if (
                words(numbers) == expected
                and high == VERSION[0]
                and count
                and hypot(*floats(numbers)) <= FARTHEST  # NaN is not, either
            ):
                found: tuple[Tracker, ...]
                if len(trackers) == 1:
                    found = (Tracker(*trackers[0](numbers)),)
                else:
                    found = tuple([Tracker(*fields(numbers)) for fields in trackers])
                return DataPacket(Header(time, (high, low), frame, count), found)
        return self._learned(packet)

    def _learned(self, packet: bytes) -> DataPacket | InfoPacket:
        """The content of a packet, whose layout is kept if it has one."""
        whole, size = read(packet), len(packet)
        if not isinstance(whole, DataPacket) or whole.faults or whole.unknown:
            return whole
        if size not in self._irregular:
            layout = _layout_of(packet)
            if len(self._layouts) >= MOST:
                self._layouts.clear()
            if layout is not None:
                self._layouts[size] = layout
            elif len(self._irregular) < MOST:
                self._irregular.add(size)
        return whole


def _layout_of(packet: bytes) -> Layout | None:
    """The layout of a valid DATA packet without unknown chunks; None for one that has other bytes
    between its values, two headers, or no vector."""
    form, trackers = ["<"], []
    words: list[int] = []
    floats: list[int] = []
    header, count = 0, 0

    def add(part: str, numbers: int) -> int:
        nonlocal count
        form.append(part)
        count += numbers
        return count - numbers

    root = chunk_at(packet, 0, len(packet))
    words.append(add("I", 1))
    for part in chunks_in(packet, root.start, root.end):
        words.append(add("I", 1))
        if part.id == 0:
            if header:
                return None
            header = add("Q4B", 5)
            continue
        for one in chunks_in(packet, part.start, part.end):
            number = add("2H", 2)  # the tracker's id may differ, the rest of its header may not
            words.append(number + 1)
            slots: dict[str, int | slice] = {"id": number}
            for value in chunks_in(packet, one.start, one.end):
                words.append(add("I", 1))
                name, kind = PARTS[value.id]
                letters, numbers = _FORMS[kind.format]
                at = add(letters, numbers)
                slots[name] = slice(at, at + numbers) if numbers > 1 else at
                if kind.format != _TIME:
                    floats += range(at, at + numbers)
            # -1: `_ABSENT`, at the end of the numbers
            fields = (slots.get(field, -1) for field in Tracker.__struct_fields__)
            trackers.append(itemgetter(*fields))
    whole = struct.Struct("".join(form))
    if whole.size != len(packet) or len(floats) < _VECTOR:
        return None
    getter = itemgetter(*words)
    expected = getter(whole.unpack(packet))
    five = itemgetter(*range(header, header + 5))
    return Layout(whole.unpack, getter, expected, five, itemgetter(*floats), tuple(trackers))
