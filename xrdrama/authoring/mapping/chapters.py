"""Chapters of a story's map: beats of one file, of one prefix of ids, of one set, or of one
stretch of the story, cut where few paths cross."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from xrdrama.authoring.graph import story_ways
from xrdrama.authoring.reach import Ways
from xrdrama.story import Story

By = Literal["auto", "file", "prefix", "set", "stretch", "none"]
FLAT = 40
"""Beats up to which a story is shown without chapters."""
LEAST, MOST = 16, 48
"""Beats of a stretch."""
TOGETHER = 0.6
"""Share of paths that stay in their chapter, for chapters by prefix."""


class Chapter(msgspec.Struct, frozen=True):
    """Some beats under one title."""

    title: str
    beats: tuple[str, ...]


def chapters(story: Story, by: By = "auto") -> tuple[Chapter, ...]:
    """The chapters of a story; each beat is in one of them. The start is in the first.

    `auto`: one without a title up to `FLAT` beats; else by file, by prefix if most paths stay in
    their chapter, or by stretch. Chapters with more than `MOST` beats are divided into stretches.
    """
    names = [beat.id for beat in story.order]
    if by == "none" or not names:
        return (Chapter("", tuple(names)),)
    ways, found = story_ways(story), list[Chapter]()
    for title, beats in _groups(story, ways, names, by).items():
        if (title and len(beats) <= MOST) or (by == "auto" and len(names) <= FLAT):
            found.append(Chapter(title, tuple(beats)))
            continue
        parts = _stretches(ways, beats, story.start if story.start in beats else beats[0])
        for number, part in enumerate(parts, 1):
            named = f"{title} {number}" if title else _title(part)
            found.append(Chapter(named, tuple(part)))
    found.sort(key=lambda one: story.start not in one.beats)
    return tuple(found)


def _groups(story: Story, ways: Ways, names: list[str], by: By) -> dict[str, list[str]]:
    """The beats of each chapter by its title; "" where a story is not divided yet."""
    files = _file_titles(_grouped((beat.place.file, beat.id) for beat in story.order))
    if by == "file" or (by == "auto" and len(files) > 1):
        return files
    if by == "set":
        return _grouped((beat.scene.replace("_", " ") or "no set", beat.id) for beat in story.order)
    if by == "prefix":
        return _grouped((_prefix(name), name) for name in names)
    groups = _prefixes(names) if by == "auto" and len(names) > FLAT else {}
    return groups if groups and _share_inside(ways, groups) >= TOGETHER else {"": names}


def _title(beats: list[str]) -> str:
    return beats[0].replace("_", " ")


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for group, name in pairs:
        groups.setdefault(group, []).append(name)
    return groups


def _file_titles(groups: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The same groups under the names of the files, without folder and ending."""
    short = {file: file.replace("\\", "/").rpartition("/")[2].partition(".")[0] for file in groups}
    if len(set(short.values())) < len(groups):
        return dict(groups)
    return {short[file].replace("_", " ") or file: names for file, names in groups.items()}


def _prefix(name: str) -> str:
    return name.partition("_")[0]


def _prefixes(names: list[str]) -> dict[str, list[str]]:
    """Groups by the part of the id before `_`, if it divides the story into a few chapters."""
    groups = _grouped((_prefix(name), name) for name in names)
    large = [group for group in groups.values() if len(group) >= 4]
    covered = sum(map(len, large))
    if len(large) < 2 or len(groups) > len(names) / 6 or covered < 0.9 * len(names):
        return {}
    return groups


def _stretches(ways: Ways, names: list[str], start: str) -> list[list[str]]:
    """The names in stretches of `LEAST` to `MOST`, cut where the fewest paths cross: of the order
    of the file, or of the story, whichever has fewer paths between stretches."""
    cuts = [_cut(ways, order) for order in (names, _reading_order(ways, names, start))]
    return min(cuts, key=lambda one: one[0])[1]


def _cut(ways: Ways, order: list[str]) -> tuple[int, list[list[str]]]:
    """The paths that cross cuts, and the stretches between them; dynamic programming."""
    count = len(order)
    position = {name: number for number, name in enumerate(order)}
    crossing = [0] * (count + 1)
    for name in order:
        for to in ways[name]:
            if to in position:
                low, high = sorted((position[name], position[to]))
                crossing[low + 1] += 1
                crossing[high + 1 if high < count else count] -= 1
    for at in range(1, count + 1):
        crossing[at] += crossing[at - 1]
    least = min(LEAST, count)
    best: list[tuple[int, int]] = [(0, 0)] + [(count * count, 0)] * count
    for end in range(1, count + 1):
        cost = 0 if end == count else crossing[end]
        shortest = 1 if end == count and count < 2 * least else least
        for begin in range(max(0, end - MOST), end - shortest + 1):
            best[end] = min(best[end], (best[begin][0] + cost + 1, begin))
    stretches, end = list[list[str]](), count
    while end:
        begin = best[end][1]
        stretches.append(order[begin:end])
        end = begin
    return best[count][0], stretches[::-1]


def _reading_order(ways: Ways, names: list[str], start: str) -> list[str]:
    """The names from `start` on, each before what it leads to, except by ways back; then those that
    `start` does not lead to."""
    inside, seen, done = set(names), {start}, list[str]()
    stack = [(start, iter(list(ways[start])))]
    while stack:
        name, rest = stack[-1]
        for to in rest:
            if to in inside and to not in seen:
                seen.add(to)
                stack.append((to, iter(list(ways[to]))))
                break
        else:
            done.append(name)
            stack.pop()
    return done[::-1] + [name for name in names if name not in seen]


def _share_inside(ways: Ways, groups: Mapping[str, list[str]]) -> float:
    """The share of paths that stay in their group."""
    home = {name: group for group, names in groups.items() for name in names}
    stay = [home[name] == home.get(to) for name in home for to in ways[name]]
    return sum(stay) / len(stay) if stay else 1.0
