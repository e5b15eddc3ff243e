"""Which characters a font file has glyphs for: its `cmap` table (OpenType 1.9.1), nothing else.

Reads a few kilobytes without a font library, so that `xrdrama check` stays fast.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterable
from typing import BinaryIO, Final

_FULL: Final = {(3, 10), (0, 4), (0, 6)}
_BASIC: Final = {(3, 1), (0, 0), (0, 1), (0, 2), (0, 3)}
MAX_CMAP: Final = 16 << 20
"""Bytes: a larger table is not a font that captions need."""


class Coverage:
    """The code points of a font, as sorted ranges."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        merged: list[list[int]] = []
        for start, end in sorted(ranges):
            if merged and start <= merged[-1][1] + 1:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        self._starts = [start for start, _ in merged]
        self._ends = [end for _, end in merged]

    def __contains__(self, code: object) -> bool:
        if not isinstance(code, int):
            return False
        at = bisect_right(self._starts, code) - 1
        return at >= 0 and code <= self._ends[at]


def read_coverage(file: BinaryIO, index: int = 0) -> Coverage:
    """The characters of the font `index` of a file or collection; none for a damaged file."""
    try:
        return Coverage(_ranges(_cmap(file, index)))
    except (struct.error, OSError, ValueError):
        return Coverage()


def _cmap(file: BinaryIO, index: int) -> bytes:
    start = 0
    if file.read(4) == b"ttcf":
        file.seek(12 + 4 * index)
        (start,) = struct.unpack(">I", file.read(4))
    file.seek(start + 4)
    (tables,) = struct.unpack(">H", file.read(2))
    file.seek(start + 12)
    for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * tables)):
        if tag == b"cmap" and length <= MAX_CMAP:
            file.seek(offset)
            return file.read(length)
    return b""


def _ranges(cmap: bytes) -> list[tuple[int, int]]:
    if not cmap:
        return []
    (count,) = struct.unpack_from(">H", cmap, 2)
    found = {
        (platform, encoding): offset
        for platform, encoding, offset in struct.iter_unpack(">HHI", cmap[4 : 4 + 8 * count])
    }
    for wanted in (_FULL, _BASIC):
        for key, offset in found.items():
            if key in wanted:
                return _subtable(cmap, offset)
    return []


def _subtable(cmap: bytes, at: int) -> list[tuple[int, int]]:
    (kind,) = struct.unpack_from(">H", cmap, at)
    if kind in (12, 13):
        (groups,) = struct.unpack_from(">I", cmap, at + 12)
        rows = struct.iter_unpack(">III", cmap[at + 16 : at + 16 + 12 * groups])
        return [(start, end) for start, end, glyph in rows if glyph or end > start]
    if kind == 4:
        return _segments(cmap, at)
    if kind == 6:
        first, entries = struct.unpack_from(">HH", cmap, at + 6)
        glyphs = struct.unpack_from(f">{entries}H", cmap, at + 10)
        return [(first + i, first + i) for i, glyph in enumerate(glyphs) if glyph]
    return []


def _segments(cmap: bytes, at: int) -> list[tuple[int, int]]:
    """Format 4."""
    (twice,) = struct.unpack_from(">H", cmap, at + 6)
    count = twice // 2
    ends = struct.unpack_from(f">{count}H", cmap, at + 14)
    starts = struct.unpack_from(f">{count}H", cmap, at + 16 + twice)
    deltas = struct.unpack_from(f">{count}H", cmap, at + 16 + 2 * twice)
    offsets_at = at + 16 + 3 * twice
    offsets = struct.unpack_from(f">{count}H", cmap, offsets_at)
    found = []
    for i, (start, end, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        if start > end or start == 0xFFFF:
            continue
        if not offset:
            found.append((start, end))
            continue
        place = offsets_at + 2 * i + offset
        glyphs = struct.unpack_from(f">{end - start + 1}H", cmap, place)
        found += [
            (start + n, start + n)
            for n, glyph in enumerate(glyphs)
            if glyph and (glyph + delta) & 0xFFFF
        ]
    return found
