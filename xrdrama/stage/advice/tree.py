"""The pieces of the walls in a tree of boxes: which of them a line of sight may meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import inf

import msgspec

from xrdrama.stage.advice.clipping import Point
from xrdrama.stage.advice.surfaces import Surface, hit

Box = tuple[Point, Point]
"""The lowest and the highest corner."""
_LEAF = 8
_NEAR = 1e-5
"""Metres by which a box is larger than its pieces, so that rounding leaves nothing out."""


class Node(msgspec.Struct, frozen=True):
    """A box (lowest and highest corner, metres) around the pieces `numbers`, or two boxes."""

    low: Point
    high: Point
    numbers: tuple[int, ...] = ()
    halves: tuple[Node, ...] = ()


def tree_of(surfaces: Sequence[Surface]) -> Node:
    """The tree of some pieces; each is named by its index."""
    boxes = {number: _box(surface) for number, surface in enumerate(surfaces)}
    return _node(boxes, boxes, list(boxes))


class Walls(msgspec.Struct, frozen=True):
    """The pieces of the walls of a stage with their tree, to look for one that a ray meets."""

    surfaces: tuple[Surface, ...]
    tree: Node

    @classmethod
    def of(cls, surfaces: Sequence[Surface]) -> Walls:
        """Those of some pieces."""
        return cls(tuple(surfaces), tree_of(surfaces))

    def hit(self, eye: Point, ray: Point) -> tuple[float, Surface] | None:
        """The nearest piece that a ray meets from its front, and how many lengths of the ray away,
        as `surfaces.hit`."""
        numbers = sorted(met(self.tree, eye, ray))
        return hit([self.surfaces[number] for number in numbers], eye, ray)


def tree_below(surfaces: Sequence[Surface]) -> Node:
    """The tree of what is below the feet of the upright pieces, or below the top of their plinths,
    without end: a ray passes there if it has met the floor in front of a foot, or a plinth."""
    feet = {n: one.foot for n, one in enumerate(surfaces) if one.foot is not None}
    order = {number: _box(surfaces[number]) for number in feet}
    below = {number: _below(foot, surfaces[number].plinth) for number, foot in feet.items()}
    return _node(below, order, list(order))


def _box(surface: Surface) -> Box:
    low = [min(axis) - _NEAR for axis in zip(*surface.corners, strict=True)]
    high = [max(axis) + _NEAR for axis in zip(*surface.corners, strict=True)]
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _below(foot: tuple[Point, Point], top: float) -> Box:
    """A box around a foot that goes down without end, from the height `top`."""
    (ax, ay, _), (bx, by, _) = foot
    low = (min(ax, bx) - _NEAR, min(ay, by) - _NEAR, -inf)
    return low, (max(ax, bx) + _NEAR, max(ay, by) + _NEAR, top + _NEAR)


def _node(boxes: Mapping[int, Box], order: Mapping[int, Box], numbers: list[int]) -> Node:
    """The node of some boxes, halved where those of `order` are farthest apart."""
    if not numbers:
        return Node((inf, inf, inf), (-inf, -inf, -inf))
    low, high = _around([boxes[number] for number in numbers])
    if len(numbers) <= _LEAF:
        return Node(low, high, numbers=tuple(numbers))
    lowest, highest = _around([order[number] for number in numbers])
    sizes = [there - here for here, there in zip(lowest, highest, strict=True)]
    axis = sizes.index(max(sizes))
    numbers = sorted(numbers, key=lambda n: order[n][0][axis] + order[n][1][axis])
    half = len(numbers) // 2
    halves = (_node(boxes, order, numbers[:half]), _node(boxes, order, numbers[half:]))
    return Node(low, high, halves=halves)


def _around(boxes: Sequence[Box]) -> Box:
    lows = [min(box[0][axis] for box in boxes) for axis in range(3)]
    highs = [max(box[1][axis] for box in boxes) for axis in range(3)]
    return (lows[0], lows[1], lows[2]), (highs[0], highs[1], highs[2])


def met(tree: Node, eye: Point, ray: Point) -> Iterator[int]:
    """The indexes of the pieces whose boxes a ray from an eye passes through, or touches."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        first, last = 0.0, inf
        for low, high, start, way in zip(node.low, node.high, eye, ray, strict=True):
            if not way:
                if not low <= start <= high:
                    last = -1.0
                continue
            one, other = (low - start) / way, (high - start) / way
            if one > other:
                one, other = other, one
            if one > first:  # noqa: PLR1730 - max() takes twice as long
                first = one
            if other < last:  # noqa: PLR1730
                last = other
        if first <= last:
            if node.numbers:
                yield from node.numbers
            else:
                waiting += node.halves
