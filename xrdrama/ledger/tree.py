"""Merkle trees of logs as RFC 9162 defines them (SHA-256), with proofs that anyone can check.

A tree over leaves in their order: the hash of a leaf is SHA-256(0x00 | leaf), of a node
SHA-256(0x01 | left | right), of no leaves SHA-256 of nothing. An inclusion proof shows that a leaf
is in a tree; a consistency proof that a tree begins with the leaves of an earlier one.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final

EMPTY: Final = sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of a leaf's bytes."""
    return sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows. It keeps the hash of every complete subtree, so that a root and a proof
    take a number of hashes that grows with the logarithm of its size."""

    def __init__(self, leaves: Sequence[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Append a leaf; returns its index."""
        index, level, made = len(self), 0, leaf_hash(leaf)
        self._levels[0].append(made)
        while len(self._levels[level]) % 2 == 0:
            made = node_hash(self._levels[level][-2], self._levels[level][-1])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(made)
        return index

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves (all)."""
        size = len(self) if size is None else size
        self._check(0, size)
        return self._range(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """The proof that the leaf `index` is in the tree of the first `size` leaves (all)."""
        size = len(self) if size is None else size
        self._check(index + 1, size)
        path: list[bytes] = []
        low, high = 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low = middle
        return tuple(reversed(path))

    def consistency(self, first: int, second: int | None = None) -> tuple[bytes, ...]:
        """The proof that the tree of `second` leaves (all) begins with that of `first`."""
        second = len(self) if second is None else second
        self._check(first, second)
        if first in (0, second):
            return ()
        path: list[bytes] = []
        low, high, complete = 0, second, True
        while first < high:
            middle = low + _split(high - low)
            if first <= middle:
                path.append(self._range(middle, high))
                high = middle
            else:
                path.append(self._range(low, middle))
                low, complete = middle, False
        if not complete:
            path.append(self._range(low, high))
        return tuple(reversed(path))

    def _check(self, low: int, high: int) -> None:
        if not 0 <= low <= high <= len(self):
            raise ValueError(f"{low} and {high} are not sizes of a tree of {len(self)} leaves")

    def _range(self, low: int, high: int) -> bytes:
        """The root of the leaves from `low` up to `high`; a complete subtree is looked up."""
        length = high - low
        if length & (length - 1) == 0 and low % length == 0:
            return self._levels[length.bit_length() - 1][low // length]
        middle = low + _split(length)
        return node_hash(self._range(low, middle), self._range(middle, high))


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that the leaf has this index in the tree with this size and root
    (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    number, last, found = index, size - 1, leaf_hash(leaf)
    for one in path:
        if last == 0:
            return False
        if number & 1 or number == last:
            found = node_hash(one, found)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            found = node_hash(found, one)
        number, last = number >> 1, last >> 1
    return last == 0 and found == root


def consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether a proof shows that the second tree begins with the first (RFC 9162, 2.1.4.2)."""
    if not 0 <= first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    if first == 0:
        return not path and first_root == EMPTY
    given = [first_root, *path] if first & (first - 1) == 0 else list(path)
    if not given:
        return False
    number, last = first - 1, second - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = given[0]
    for one in given[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, one)
        number, last = number >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
