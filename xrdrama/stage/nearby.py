"""Finds the pairs of boxes that overlap, without comparing every box with every other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import floor

Box = tuple[tuple[float, ...], tuple[float, ...]]
"""The least and the greatest coordinates; two or three of each."""
_MOST_CELLS = 512
"""A box that covers more cells of the grid is compared with every other."""


def near_pairs(boxes: Sequence[Box]) -> Iterator[tuple[int, int]]:
    """The index pairs (one < other) of boxes that overlap or touch, each once."""
    if len(boxes) < 2:
        return
    axes = range(len(boxes[0][0]))
    sizes = sorted(max(high[i] - low[i] for i in axes) for low, high in boxes)
    cell = max(sizes[len(sizes) // 2], 1e-9)
    grid: dict[tuple[int, ...], list[int]] = {}
    large: list[int] = []
    for index, (low, high) in enumerate(boxes):
        spans = [range(floor(low[i] / cell), floor(high[i] / cell) + 1) for i in axes]
        count = 1
        for span in spans:
            count *= len(span)
        if count > _MOST_CELLS:
            large.append(index)
            continue
        for place in product(*spans):
            grid.setdefault(place, []).append(index)
    seen: set[tuple[int, int]] = set()
    groups = [pair for found in grid.values() for pair in combinations(found, 2)]
    groups += [(min(a, b), max(a, b)) for a in large for b in range(len(boxes)) if a != b]
    for one, other in groups:
        if (one, other) not in seen and _meet(boxes[one], boxes[other]):
            seen.add((one, other))
            yield one, other


def _meet(a: Box, b: Box) -> bool:
    return all(
        low <= other_high and other_low <= high
        for low, high, other_low, other_high in zip(*a, *b, strict=True)
    )
