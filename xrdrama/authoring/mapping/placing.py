"""Positions of a layered layout: columns by width, heights by least squares, routes of links.

The page of a map places its chapters with the same rule (`place.js`) when one is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import msgspec

from xrdrama.authoring.mapping.arranging import Arrangement, Link

Point = tuple[float, float]

BETWEEN_COLUMNS = 58.0
FOR_EACH_LINK = 2.5
MOST_FOR_LINKS = 110.0
BETWEEN_NODES, BESIDE_WAYPOINT, BETWEEN_WAYPOINTS = 26.0, 16.0, 10.0
ROUNDS = 16
STRAIGHT = (1.0, 2.0, 8.0)
"""Weight of a part of a link by its number of waypoints: long links become straight."""
BELOW = 10.0
"""Pixels below a node at which a link that runs backwards passes."""
INSET = 22.0
"""Pixels from the right edge of a node at which such a link ends."""
UNFOLDED, ASPECT, FULL = 2600.0, 1.9, 0.55
"""Widest layout in one band; width by height of one with several bands; least share of the width
that a band fills."""
BETWEEN_BANDS, TRACK, BESIDE = 44.0, 6.0, 16.0
"""Pixels between bands, between links that pass from one to the next, and beside bands."""


class Size(msgspec.Struct, frozen=True):
    """Width and height of a node in pixels."""

    width: float
    height: float


class Layout(msgspec.Struct, frozen=True):
    """The upper left corner of each node, and the route of each link as points; in pixels."""

    at: tuple[Point, ...]
    routes: tuple[tuple[Point, ...], ...]
    width: float
    height: float


def place(arrangement: Arrangement, sizes: Sequence[Size], links: Sequence[Link]) -> Layout:
    """Positions for arranged nodes of these sizes. A layout wider than `UNFOLDED` is folded into
    bands below each other, like lines of a text."""
    left, width = _columns(arrangement, sizes)
    total = sum(map(len, arrangement.columns))
    heights = [size.height for size in sizes] + [0.0] * (total - len(sizes))
    top = _heights(arrangement, heights, links)
    grid = _folded(arrangement, links, left, width, top, heights)
    at = tuple((grid.left[grid.column[node]], grid.top[node]) for node in range(arrangement.count))
    routes = tuple(
        _route(number, arrangement, links, sizes, at, grid) for number in range(len(links))
    )
    lowest = max((y + size.height for (_, y), size in zip(at, sizes, strict=True)), default=0.0)
    lowest = max([lowest, *(y for route in routes for _, y in route)])
    return Layout(at, routes, max(grid.right, default=0.0), lowest)


class _Grid(msgspec.Struct, frozen=True):
    """The columns after folding: left edge and width of each, its band, and the right edge of each
    band; the top of each item; the height at which each link passes from a band to the next."""

    left: list[float]
    width: list[float]
    band: list[int]
    right: list[float]
    top: list[float]
    column: dict[int, int]
    tracks: dict[tuple[int, int], float]


def _folded(
    arrangement: Arrangement,
    links: Sequence[Link],
    left: list[float],
    width: list[float],
    top: list[float],
    heights: Sequence[float],
) -> _Grid:
    column = {item: at for at, items in enumerate(arrangement.columns) for item in items}
    into: list[set[int]] = [set() for _ in arrangement.columns]
    for link, chain in zip(links, arrangement.chains, strict=True):
        for item in chain[1:]:
            into[column[item]].add(link.target)
    crossing = [len(targets) for targets in into]
    band = _bands(left, width, max(top, default=0.0) - min(top, default=0.0), crossing)
    bands = range(band[-1] + 1 if band else 0)
    right, tracks, y = [], dict[tuple[int, int], float](), 0.0
    for number in bands:
        members = [at for at, its in enumerate(band) if its == number]
        items = [item for at in members for item in arrangement.columns[at]]
        begin, upper = left[members[0]], min(top[item] for item in items)
        lower = max(top[item] + heights[item] for item in items)
        for at in members:
            left[at] -= begin
        for item in items:
            top[item] += y - upper
        right.append(left[members[-1]] + width[members[-1]])
        y += lower - upper + BELOW + BETWEEN_BANDS / 2
        y = _tracks(arrangement, links, column, members[-1], top, y, tracks)
        y += BETWEEN_BANDS / 2
    return _Grid(left, width, band, right, top, column, tracks)


def _tracks(
    arrangement: Arrangement,
    links: Sequence[Link],
    column: dict[int, int],
    last: int,
    top: Sequence[float],
    y: float,
    tracks: dict[tuple[int, int], float],
) -> float:
    """Set where links pass from a band that ends with column `last` to the next, from `y` on; those
    to the same node share a track. Returns the height below the tracks."""
    bundles: dict[tuple[int, bool], list[tuple[float, int, int]]] = {}
    for number, chain in enumerate(arrangement.chains):
        for at, one in enumerate(chain[:-1]):
            if column[one] == last:
                key = (links[number].target, arrangement.back[number])
                bundles.setdefault(key, []).append((top[one], number, at))
    # The lowest turns first, so that turns lie inside each other.
    for bundle in sorted(bundles.values(), key=max, reverse=True):
        tracks.update({(number, at): y for _, number, at in bundle})
        y += TRACK
    return y


def _bands(
    left: Sequence[float], width: Sequence[float], height: float, crossing: Sequence[int]
) -> list[int]:
    """The band of each column, so that all bands together are about `ASPECT` times as wide as
    high. A band ends where few links (`crossing`, into each column) pass to the next."""
    whole = left[-1] + width[-1] if left else 0.0
    if whole <= UNFOLDED:
        return [0] * len(left)
    widest = max(UNFOLDED / 2, sqrt(whole * (height + BETWEEN_BANDS) * ASPECT))
    breaks, begin = set[int](), 0
    while begin + 1 < len(left) and left[-1] + width[-1] - left[begin] > widest:
        ends = [at for at in range(begin + 1, len(left)) if left[at] - left[begin] <= widest]
        late = (
            [at for at in ends if left[at] - left[begin] > FULL * widest]
            or ends[-1:]
            or [begin + 1]
        )
        begin = min(late, key=lambda at: (crossing[at], -at))
        breaks.add(begin)
    band, found = 0, []
    for at in range(len(left)):
        band += at in breaks
        found.append(band)
    return found


def _columns(arrangement: Arrangement, sizes: Sequence[Size]) -> tuple[list[float], list[float]]:
    """Left edge and width of each column. More links between two columns need a wider gap."""
    column = {item: at for at, items in enumerate(arrangement.columns) for item in items}
    pairs = {pair for chain in arrangement.chains for pair in pairwise(chain)}
    links = [0] * len(arrangement.columns)
    for one, _ in pairs:
        links[column[one]] += 1
    left, width, x = [], [], 0.0
    for items, between in zip(arrangement.columns, links, strict=True):
        widest = max((sizes[i].width for i in items if i < arrangement.count), default=0.0)
        left.append(x)
        width.append(widest)
        x += widest + BETWEEN_COLUMNS + min(MOST_FOR_LINKS, FOR_EACH_LINK * between)
    return left, width


def _heights(
    arrangement: Arrangement, heights: Sequence[float], links: Sequence[Link]
) -> list[float]:
    """The top of each item: near the mean of its neighbours, in the order of its column."""
    count = arrangement.count
    pulls: list[list[list[tuple[int, float, float]]]] = [[[] for _ in heights] for _ in range(2)]
    for link, chain, back in zip(links, arrangement.chains, arrangement.back, strict=True):
        for left, right in pairwise(chain):
            weight = STRAIGHT[(left >= count) + (right >= count)] * link.weight
            shift = _port(left, chain, link, heights, back=back)
            shift -= _port(right, chain, link, heights, back=back)
            pulls[0][right].append((left, shift, weight))
            pulls[1][left].append((right, -shift, weight))
    top = [0.0] * len(heights)
    offsets = [_offsets(items, heights, count) for items in arrangement.columns]
    for items, offset in zip(arrangement.columns, offsets, strict=True):
        for item, value in zip(items, offset, strict=True):
            top[item] = value - offset[-1] / 2
    for turn in range(ROUNDS):
        sides = (pulls[0],) if turn < 4 and turn % 2 == 0 else (pulls[1],) if turn < 4 else pulls
        numbers = range(len(arrangement.columns))
        for number in numbers if turn % 2 == 0 else reversed(numbers):
            _settle(arrangement.columns[number], offsets[number], sides, top)
    return top


def _port(
    item: int, chain: Sequence[int], link: Link, heights: Sequence[float], *, back: bool
) -> float:
    """How far below its top a link meets an item."""
    if item not in (chain[0], chain[-1]):
        return 0.0
    if back:
        return heights[item] + BELOW
    return link.leaves if item == chain[0] else link.arrives


def _offsets(items: Sequence[int], heights: Sequence[float], count: int) -> list[float]:
    """The smallest distance of each item of a column below the first."""
    found, y = [], 0.0
    for index, item in enumerate(items):
        if index:
            before = items[index - 1]
            waypoints = (before >= count) + (item >= count)
            y += heights[before]
            y += (BETWEEN_NODES, BESIDE_WAYPOINT, BETWEEN_WAYPOINTS)[waypoints]
        found.append(y)
    return found


def _settle(
    items: Sequence[int],
    offsets: Sequence[float],
    sides: Sequence[Sequence[Sequence[tuple[int, float, float]]]],
    top: list[float],
) -> None:
    """Move the items of a column to where they want to be: least squares under its order
    (isotonic regression by pooling adjacent violators)."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, items
    for item, offset in zip(items, offsets, strict=True):
        sum_, weight = 0.0, 0.0
        for side in sides:
            for other, shift, pull in side[item]:
                sum_ += pull * (top[other] + shift)
                weight += pull
        value = sum_ / weight if weight else top[item]
        weight = weight or 0.05
        mean, members = value - offset, 1
        while blocks and blocks[-1][0] >= mean:
            before, its, number = blocks.pop()
            mean = (before * its + mean * weight) / (its + weight)
            weight, members = weight + its, members + number
        blocks.append((mean, weight, members))
    index = 0
    for mean, _, members in blocks:
        for _ in range(members):
            top[items[index]] = mean + offsets[index]
            index += 1


def _route(
    number: int,
    arrangement: Arrangement,
    links: Sequence[Link],
    sizes: Sequence[Size],
    at: Sequence[Point],
    grid: _Grid,
) -> tuple[Point, ...]:
    """The points of a link: S-shaped between points, a turn where two of them have the same x."""
    link, chain = links[number], arrangement.chains[number]
    (x1, y1), (x2, y2) = at[link.source], at[link.target]
    one, other = sizes[link.source], sizes[link.target]
    below = y1 + one.height + BELOW
    start, end = (x1 + one.width, y1 + link.leaves), (x2, y2 + link.arrives)
    if not chain:  # to itself: around its lower right corner
        return (start, (start[0], below), (start[0] - INSET, y1 + one.height))
    if arrangement.back[number]:
        corner, end = (start[0], below), (x2 + other.width - INSET, y2 + other.height)
        aside = (x2 + other.width, y2 + other.height + BELOW)
        points = [
            end,
            *_between(number, chain, grid, aside, (x1, below)),
            (x1, below),
            corner,
            start,
        ]
        return tuple(points[::-1])
    edge = grid.left[grid.column[chain[0]]] + grid.width[grid.column[chain[0]]]
    first = (edge, start[1])
    points = [start, *([first] if edge > start[0] else [])]
    return (*points, *_between(number, chain, grid, first, end), end)


def _between(
    number: int, chain: Sequence[int], grid: _Grid, start: Point, end: Point
) -> list[Point]:
    """The points of a link between its left and its right end: waypoints, and turns from one band
    to the next."""
    points: list[Point] = []
    y = start[1]
    for index, (item, following) in enumerate(pairwise(chain)):
        column, beyond = grid.column[item], grid.column[following]
        is_last = index == len(chain) - 2
        enters = end[1] if is_last else grid.top[following]
        if grid.band[column] != grid.band[beyond]:
            right, track = grid.right[grid.band[column]] + BESIDE, grid.tracks[number, index]
            points += [(right, y), (right, track), (-BESIDE, track), (-BESIDE, enters)]
        if not is_last:
            left = grid.left[beyond]
            points += [(left, enters)]
            points += [(left + grid.width[beyond], enters)] if grid.width[beyond] else []
        y = enters
    return points


def curve(points: Sequence[Point], *, back: bool) -> str:
    """The path of a route, in SVG's language."""
    (x, y), rest = points[0], points[1:]
    parts, ahead = [f"M{x:.1f} {y:.1f}"], 1.0
    for number, (x2, y2) in enumerate(rest, 1):
        if back and number == len(rest):
            bend = max(14.0, min(60.0, abs(x - x2) / 2))
            parts.append(f"C{x - bend:.1f} {y:.1f} {x2:.1f} {y2 + 26:.1f} {x2:.1f} {y2:.1f}")
        elif x == x2:
            out = x + ahead * min(30.0, 12.0 + abs(y2 - y) / 12)
            parts.append(f"C{out:.1f} {y:.1f} {out:.1f} {y2:.1f} {x2:.1f} {y2:.1f}")
            ahead = -ahead
        elif y == y2:
            parts.append(f"H{x2:.1f}")
        else:
            middle = (x + x2) / 2
            parts.append(f"C{middle:.1f} {y:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}")
        x, y = x2, y2
    return "".join(parts)
