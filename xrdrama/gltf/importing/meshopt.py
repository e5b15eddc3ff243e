"""Decode buffer views of EXT_meshopt_compression and of KHR_meshopt_compression's version 0.

Written from the bitstream appendix of the extension's specification (Khronos, EXT_meshopt_
compression: modes ATTRIBUTES, TRIANGLES, INDICES; filters OCTAHEDRAL, QUATERNION, EXPONENTIAL).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import RemoteProtocolError

MAX_BYTES: Final = 256 * 1024 * 1024
"""Most bytes of a decoded view."""
_TAIL: Final = 32
_GROUP: Final = 16
Bytes = NDArray[np.uint8]


def decode_view(content: bytes, count: int, stride: int, mode: str, filtered: str) -> bytes:
    """The `count` rows of `stride` bytes of a compressed view.

    RemoteProtocolError for an unknown mode or filter and for damaged content.
    """
    if count * stride > MAX_BYTES:
        raise RemoteProtocolError(
            f"a compressed view has {count * stride:,} bytes; at most {MAX_BYTES:,} are allowed: "
            "reduce the model"
        )
    try:
        if mode == "ATTRIBUTES":
            rows = _attributes(content, count, stride)
            return _FILTERS[filtered](rows, count, stride).tobytes()
        if mode == "TRIANGLES":
            return _indices(_triangles(content, count), stride)
        if mode == "INDICES":
            return _indices(_sequence(content, count), stride)
    except (IndexError, ValueError, KeyError, OverflowError):
        pass
    raise RemoteProtocolError(
        f"a view that is compressed with meshopt (mode {mode[:20]!r}, filter {filtered[:20]!r}) "
        "is damaged or unknown: export it again, or without compression"
    )


def _attributes(content: bytes, count: int, stride: int) -> Bytes:
    """(count, stride) bytes of mode ATTRIBUTES."""
    if not 0 < stride <= 256 or stride % 4 or content[:1] != b"\xa0":
        raise ValueError
    tail = max(stride, _TAIL)
    last = np.frombuffer(content[len(content) - stride :], np.uint8).copy()
    if len(content) < 1 + tail:
        raise ValueError
    end = len(content) - tail
    block = min((8192 // stride) & ~15, 256)
    result = np.zeros((count, stride), np.uint8)
    at = 1
    for first in range(0, count, block):
        size = min(block, count - first)
        deltas = np.zeros((stride, -(-size // _GROUP) * _GROUP), np.uint8)
        for k in range(stride):
            at = _byte_plane(content, at, end, deltas[k])
        signed = (deltas[:, :size] >> 1) ^ (0 - (deltas[:, :size] & 1)).astype(np.uint8)
        rows = np.cumsum(signed.T, axis=0, dtype=np.uint64).astype(np.uint8) + last
        result[first : first + size] = rows
        last = rows[-1]
    if at != end:
        raise ValueError
    return result


def _byte_plane(content: bytes, at: int, end: int, out: Bytes) -> int:
    """Decode the deltas of one byte of a block's rows into `out`; returns where they end."""
    groups = len(out) // _GROUP
    head = at
    at += -(-groups // 4)
    for i in range(groups):
        mode = (content[head + i // 4] >> (2 * (i % 4))) & 3
        if mode == 0:
            continue
        place = out[i * _GROUP : (i + 1) * _GROUP]
        if mode == 3:
            place[:] = np.frombuffer(content, np.uint8, _GROUP, at)
            at += _GROUP
            continue
        bits = 2 * mode
        packed = np.frombuffer(content, np.uint8, 2 * bits, at)
        at += 2 * bits
        shifts = np.arange(8 - bits, -1, -bits, dtype=np.uint8)
        values = ((packed[:, None] >> shifts) & ((1 << bits) - 1)).reshape(-1)
        escaped = np.flatnonzero(values == (1 << bits) - 1)
        place[:] = values
        if len(escaped):
            place[escaped] = np.frombuffer(content, np.uint8, len(escaped), at)
            at += len(escaped)
    if at > end:
        raise ValueError
    return at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A LEB128 number of at most 5 bytes, and where it ends."""
    value = 0
    for shift in range(0, 35, 7):
        byte = content[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value & 0xFFFFFFFF, at
    raise ValueError


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


class _Corners:
    """The state of the triangle codec: the last edges and vertices, the next new vertex."""

    def __init__(self, content: bytes, at: int) -> None:
        self.content, self.at = content, at
        self.next = self.last = 0
        self.edges: list[tuple[int, int]] = [(0, 0)] * 16
        self.vertices = [0] * 16

    def edge(self, a: int, b: int) -> None:
        self.edges = [(a, b), *self.edges[:15]]

    def vertex(self, v: int) -> None:
        self.vertices = [v, *self.vertices[:15]]

    def new(self) -> int:
        self.next += 1
        return self.next - 1

    def explicit(self) -> int:
        value, self.at = _varint(self.content, self.at)
        self.last = (self.last + _signed(value)) & 0xFFFFFFFF
        return self.last


def _triangles(content: bytes, count: int) -> list[int]:
    """The indices of mode TRIANGLES."""
    if content[:1] != b"\xe1" or count % 3 or len(content) < 1 + count // 3 + 16:
        raise ValueError
    state = _Corners(content, 1 + count // 3)
    table = content[len(content) - 16 :]
    found: list[int] = []
    for i in range(count // 3):
        code = content[1 + i]
        corners = _by_edge(state, code) if code < 0xF0 else _alone(state, code, table)
        found += corners
        if state.at > len(content) - 16:
            raise ValueError
    if state.at != len(content) - 16:
        raise ValueError
    return found


def _by_edge(state: _Corners, code: int) -> tuple[int, int, int]:
    """A triangle that shares one of the last edges."""
    a, b = state.edges[code >> 4]
    low = code & 15
    if low == 0:
        c = state.new()
        state.vertex(c)
    elif low < 13:
        c = state.vertices[low]
    else:
        if low == 15:
            c = state.explicit()
        else:
            state.last = c = (state.last + (1 if low == 14 else -1)) & 0xFFFFFFFF
        state.vertex(c)
    state.edge(c, b)
    state.edge(a, c)
    return a, b, c


def _alone(state: _Corners, code: int, table: bytes) -> tuple[int, int, int]:
    """A triangle that shares no edge with the last ones."""
    if code < 0xFE:
        both = table[code & 15]
        first: int | None = state.new()
    else:
        both = state.content[state.at]
        state.at += 1
        if both == 0:
            state.next = 0
        first = state.new() if code == 0xFE else None
    high, low = both >> 4, both & 15
    b: int | None = None
    c: int | None = None
    # New vertices are numbered in order; those of the list are as they were before this triangle.
    before = state.vertices
    if high == 0:
        b = state.new()
    elif high < 15:
        b = before[high - 1]
    if low == 0:
        c = state.new()
    elif low < 15:
        c = before[low - 1]
    a = state.explicit() if first is None else first
    b = state.explicit() if b is None else b
    c = state.explicit() if c is None else c
    state.vertex(a)
    if high in (0, 15):
        state.vertex(b)
    if low in (0, 15):
        state.vertex(c)
    state.edge(b, a)
    state.edge(c, b)
    state.edge(a, c)
    return a, b, c


def _sequence(content: bytes, count: int) -> list[int]:
    """The indices of mode INDICES."""
    if content[:1] != b"\xd1" or len(content) < 1 + count + 4:
        raise ValueError
    last, at, found = [0, 0], 1, []
    for _ in range(count):
        value, at = _varint(content, at)
        which, value = value & 1, value >> 1
        last[which] = (last[which] + _signed(value)) & 0xFFFFFFFF
        found.append(last[which])
    if at != len(content) - 4:
        raise ValueError
    return found


def _indices(values: list[int], stride: int) -> bytes:
    if stride not in (2, 4) or (values and max(values) >> (8 * stride)):
        raise ValueError
    return np.array(values, np.dtype(f"<u{stride}")).tobytes()


def _unfiltered(rows: Bytes, count: int, stride: int) -> Bytes:
    return rows


_SIGNED: Final[dict[int, tuple[np.dtype[Any], int]]] = {
    4: (np.dtype("<i1"), 127),
    8: (np.dtype("<i2"), 32767),
}


def _octahedral(rows: Bytes, count: int, stride: int) -> NDArray[Any]:
    """Unit vectors from octahedral coordinates: 4 or 8 bytes a row, the fourth is kept."""
    kind, most = _SIGNED[stride]
    values = rows.view(kind).reshape(count, 4).astype(np.float32)
    x, y, one = values[:, 0] / values[:, 2], values[:, 1] / values[:, 2], np.float32(1.0)
    z = one - np.abs(x) - np.abs(y)
    fold = np.minimum(z, 0.0)
    x, y = x + np.where(x >= 0.0, fold, -fold), y + np.where(y >= 0.0, fold, -fold)
    length = np.sqrt(x * x + y * y + z * z)
    unit = np.stack([x, y, z], axis=1) / length[:, None] * most
    if not np.isfinite(unit).all():
        raise ValueError
    out: NDArray[Any] = rows.view(kind).reshape(count, 4).copy()
    out[:, :3] = np.trunc(unit + np.where(unit >= 0.0, 0.5, -0.5))
    return out


def _quaternion(rows: Bytes, count: int, stride: int) -> NDArray[Any]:
    """Unit quaternions of which the largest component was left out: 8 bytes a row."""
    if stride != 8:
        raise ValueError
    values = rows.view("<i2").reshape(count, 4)
    largest = values[:, 3] & 3
    scale = np.sqrt(0.5) / (values[:, 3] | 3).astype(np.float32)
    three = values[:, :3].astype(np.float32) * scale[:, None]
    rest = np.sqrt(np.maximum(0.0, 1.0 - np.sum(three * three, axis=1)))
    out = np.zeros((count, 4), np.float32)
    at = np.arange(count)
    for k in range(3):
        out[at, (largest + 1 + k) % 4] = three[:, k]
    out[at, largest] = rest
    scaled = out * 32767.0
    rounded: NDArray[Any] = np.trunc(scaled + np.where(scaled >= 0.0, 0.5, -0.5)).astype("<i2")
    return rounded


def _exponential(rows: Bytes, count: int, stride: int) -> NDArray[Any]:
    """Floats of a signed 24-bit mantissa and a signed 8-bit exponent."""
    values = rows.reshape(-1).view("<i4")
    exponent, mantissa = values >> 24, (values << 8) >> 8
    floats: NDArray[Any] = np.ldexp(mantissa.astype(np.float32), exponent).astype("<f4")
    return floats


_FILTERS: Final = {
    "NONE": _unfiltered, "OCTAHEDRAL": _octahedral, "QUATERNION": _quaternion,
    "EXPONENTIAL": _exponential,
}  # fmt: skip
