"""What is put on the boxes of a map: how often beats and paths were played, and findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated

import msgspec

from xrdrama.authoring.mapping.boxes import Box, Row, coverage_keys
from xrdrama.errors import Problem
from xrdrama.story import Story

Count = Annotated[int, msgspec.Meta(ge=0, le=10**12)]


class Coverage(msgspec.Struct, frozen=True):
    """How often beats and paths were played: the JSON that `--heat` reads. The keys of `ways` are
    `beat/option`, `beat/else`, `beat/next` or `beat/<hidden plot>`."""

    story: str = ""
    plays: Count = 0
    beats: dict[str, Count] = {}
    ways: dict[str, Count] = {}


class Marks(msgspec.Struct, frozen=True):
    """Marks by beat; `general` are the findings that belong to no beat. `plays` is 0 without
    coverage."""

    plays: int = 0
    beats: Mapping[str, int] = {}
    ways: Mapping[str, int] = {}
    findings: Mapping[str, tuple[Problem, ...]] = {}
    general: tuple[Problem, ...] = ()
    path: tuple[str, ...] = ()
    """The beats of one playthrough in order: they and the ways between them are highlighted."""


class Highlighted(msgspec.Struct, frozen=True):
    """What a path goes through: boxes, and links (from box, to box)."""

    boxes: frozenset[str]
    links: frozenset[tuple[str, str]]


def highlighted(marks: Marks, boxes: Mapping[str, Box]) -> Highlighted:
    """The boxes and links of `marks.path`. A path to a storylet goes through its group, if that is
    the way; two beats without a way between them, such as after an undo, have no link."""
    ways = {name: {row.to for row in box.rows} for name, box in boxes.items()}
    groups = [name for name, box in boxes.items() if box.shape == "group"]
    links: set[tuple[str, str]] = set()
    for one, other in pairwise(name for name in marks.path if name in boxes):
        through = [name for name in groups if name in ways[one] and other in ways[name]]
        links |= {(one, name) for name in through} | {(name, other) for name in through}
        if other in ways[one]:
            links.add((one, other))
    ends = {name for link in links for name in link}
    ends.update(name for name in marks.path if name in boxes)
    return Highlighted(frozenset(ends), frozenset(links))


def taken(marks: Marks, box: Box, row: Row) -> int:
    """How often a path was taken; a path to a storylet counts with its beat."""
    if box.shape == "group":
        return marks.beats.get(row.to, 0)
    return marks.ways.get(f"{box.id}/{row.key}", 0)


def marks_of(story: Story, problems: Iterable[Problem], coverage: Coverage | None) -> Marks:
    """The marks of a story. A finding belongs to the last beat that begins at or above its line."""
    begins: dict[str, list[tuple[int, str]]] = {}
    for beat in story.order:
        begins.setdefault(beat.place.file, []).append((beat.place.line, beat.id))
    for rows in begins.values():
        rows.sort()
    findings: dict[str, list[Problem]] = {}
    general: list[Problem] = []
    for problem in problems:
        above = [name for line, name in begins.get(problem.file, ()) if line <= problem.line]
        (findings.setdefault(above[-1], []) if above else general).append(problem)
    kept = {name: tuple(sorted(rows)) for name, rows in findings.items()}
    heat = coverage or Coverage()
    plays = heat.plays or max(heat.beats.values(), default=0)
    return Marks(plays, heat.beats, heat.ways, kept, tuple(sorted(general)))


def unknown_names(story: Story, coverage: Coverage) -> list[str]:
    """The beats and paths of a coverage that the story does not have."""
    keys = coverage_keys(story)
    return [name for name in coverage.beats if name not in story.beats] + [
        name for name in coverage.ways if name not in keys
    ]
