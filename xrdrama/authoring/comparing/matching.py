"""What two sequences have in common, in order; and the words that differ between two texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

MOST = 400
"""Longest sequences that are compared item by item; longer ones are replaced as a whole."""
_WORDS = re.compile(r"\s+|[\w'’]+|[^\w\s]")
_CHINESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

Piece = tuple[Literal["same", "removed", "added"], str]


def common(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    """The positions of a longest common subsequence of two sequences."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    middle = _longest(one[start : len(one) - end], other[start : len(other) - end])
    found = [(at, at) for at in range(start)]
    found += [(start + a, start + b) for a, b in middle]
    return found + [(len(one) - k, len(other) - k) for k in range(end, 0, -1)]


def _longest(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int]]:
    if not one or not other or max(len(one), len(other)) > MOST:
        return []
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for a in range(len(one) - 1, -1, -1):
        for b in range(len(other) - 1, -1, -1):
            same = one[a] == other[b]
            rows[a][b] = rows[a + 1][b + 1] + 1 if same else max(rows[a + 1][b], rows[a][b + 1])
    found, a, b = [], 0, 0
    while a < len(one) and b < len(other):
        if one[a] == other[b]:
            found.append((a, b))
            a, b = a + 1, b + 1
        elif rows[a + 1][b] >= rows[a][b + 1]:
            a += 1
        else:
            b += 1
    return found


def words(before: str, after: str) -> list[Piece]:
    """Two texts word by word (Chinese and Japanese sign by sign): what is the same, what was
    removed and what was added, in the order of reading."""
    one, other = _split(before), _split(after)
    pieces: list[Piece] = []
    a = b = 0
    for at, its in [*common(one, other), (len(one), len(other))]:
        pieces += [("removed", "".join(one[a:at]))] if at > a else []
        pieces += [("added", "".join(other[b:its]))] if its > b else []
        if at < len(one) and its < len(other):
            pieces.append(("same", one[at]))
        a, b = at + 1, its + 1
    joined: list[Piece] = []
    for kind, text in pieces:
        if joined and joined[-1][0] == kind:
            joined[-1] = (kind, joined[-1][1] + text)
        else:
            joined.append((kind, text))
    return joined


def _split(text: str) -> list[str]:
    return [
        sign
        for word in _WORDS.findall(text)
        for sign in (list(word) if _CHINESE.search(word) else [word])
    ]
