"""The map of a whole story: each chapter laid out by itself, and the chapters among each other."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xrdrama.authoring.mapping.arranging import Arrangement, Link, arrange
from xrdrama.authoring.mapping.boxes import HEAD, WIDTH, Box, Row, boxes
from xrdrama.authoring.mapping.chapters import By, Chapter, chapters
from xrdrama.authoring.mapping.placing import Layout, Point, Size, place
from xrdrama.story import Story

PILL = Size(150.0, 24.0)
"""Size of a port: the label on the edge of a chapter that names the chapter beyond."""
CLOSED = Size(230.0, 74.0)
"""Size of a chapter that is closed."""
MARGIN, TITLE = 40.0, 26.0
"""Space around the beats of a chapter that is open, and height of its title."""


class Port(msgspec.Struct, frozen=True):
    """The label where a path leaves a chapter (`leaves`) or enters it. `beat` is the beat inside,
    `other` the one beyond, in the chapter `chapter`; `ways` the number of paths. The position is
    the upper left corner, in pixels of the chapter."""

    leaves: bool
    beat: str
    other: str
    chapter: int
    ways: int
    x: float
    y: float


class Way(msgspec.Struct, frozen=True):
    """A path as it is drawn inside a chapter: from the row `row` of `beat`, or from a port (-1), to
    the beat `to`, or to the port before it."""

    beat: str
    row: int
    to: str
    how: str
    points: tuple[Point, ...]
    back: bool
    to_port: bool = False


class Part(msgspec.Struct, frozen=True):
    """A chapter with the positions of what is in it, when it is open."""

    title: str
    beats: tuple[str, ...]
    at: tuple[Point, ...]
    width: float
    height: float
    ways: tuple[Way, ...]
    ports: tuple[Port, ...]


class StoryMap(msgspec.Struct, frozen=True):
    """Boxes, chapters, and the arrangement of the chapters; `links` are (chapter, chapter, number
    of paths). Without chapters there is one part without a title, and no links."""

    boxes: dict[str, Box]
    parts: tuple[Part, ...]
    links: tuple[tuple[int, int, int], ...]
    arrangement: Arrangement

    def placed(self, opened: Sequence[bool]) -> Layout:
        """Positions of the chapters when some of them are open."""
        sizes = [
            Size(part.width, part.height) if is_open else CLOSED
            for part, is_open in zip(self.parts, opened, strict=True)
        ]
        return place(self.arrangement, sizes, _between(self.links))


def _between(links: Sequence[tuple[int, int, int]]) -> list[Link]:
    """The links between chapters, at the height of their titles."""
    middle = CLOSED.height / 2
    return [Link(one, other, middle, middle, min(4.0, ways)) for one, other, ways in links]


def mapped(story: Story, by: By = "auto", *, compact: bool = False) -> StoryMap:
    """The map of a story, with the chapters that `chapters` finds; `compact`: boxes without rows,
    as for the path of a take."""
    drawn = boxes(story, compact=compact)
    found = _with_groups(story, chapters(story, by))
    home = {name: number for number, part in enumerate(found) for name in part.beats}
    counts: dict[tuple[int, int], int] = {}
    for box in drawn.values():
        for row in box.rows:
            one, other = home[box.id], home.get(row.to, home[box.id])
            if one != other:
                counts[one, other] = counts.get((one, other), 0) + 1
    links = tuple((*pair, count) for pair, count in counts.items())
    parts = tuple(_Chapter(number, one, drawn, home).part() for number, one in enumerate(found))
    return StoryMap(drawn, parts, links, arrange(len(parts), _between(links)))


def _with_groups(story: Story, found: Sequence[Chapter]) -> list[Chapter]:
    """The chapters with each group of storylets in the chapter of its first beat."""
    home = {name: number for number, part in enumerate(found) for name in part.beats}
    groups: dict[int, list[str]] = {}
    for group in story.storylets.values():
        groups.setdefault(home[group.beats[0]] if group.beats else 0, []).append(group.id)
    return [
        Chapter(part.title, (*part.beats, *groups.get(number, ())))
        for number, part in enumerate(found)
    ]


class _Node(msgspec.Struct, frozen=True):
    """A link inside a chapter, and the path that it stands for."""

    link: Link
    beat: str
    row: int
    to: str
    how: str
    to_port: bool = False


class _Chapter:
    """Lays out the inside of a chapter: beats, and ports beside those that lead elsewhere."""

    def __init__(
        self, number: int, chapter: Chapter, drawn: dict[str, Box], home: dict[str, int]
    ) -> None:
        self.number, self.chapter, self.drawn, self.home = number, chapter, drawn, home
        self.index = {name: at for at, name in enumerate(chapter.beats)}
        self.nodes: list[_Node] = []
        self.ports: dict[tuple[bool, str, int], Port] = {}

    def part(self) -> Part:
        """The chapter with all positions."""
        for name in self.chapter.beats:
            for at, row in enumerate(self.drawn[name].rows):
                self.leaving(name, at, row)
        for box in self.drawn.values():
            if self.home[box.id] != self.number:
                for row in box.rows:
                    if self.home.get(row.to) == self.number:
                        self.entering(box.id, row)
        names = self.chapter.beats
        sizes = [Size(WIDTH, self.drawn[name].height) for name in names]
        sizes += [PILL] * len(self.ports)
        links = [node.link for node in self.nodes]
        shape = arrange(len(sizes), links)
        laid = place(shape, sizes, links)
        x, y = (MARGIN, MARGIN + TITLE) if self.chapter.title else (0.0, 0.0)
        corners = tuple((left + x, top + y) for left, top in laid.at)
        ports = zip(self.ports.values(), corners[len(names) :], strict=True)
        return Part(
            self.chapter.title, names, corners[: len(names)],
            laid.width + 2 * x, laid.height + x + y,
            tuple(
                Way(node.beat, node.row, node.to, node.how,
                    tuple((a + x, b + y) for a, b in route), back, node.to_port)
                for node, route, back in zip(self.nodes, laid.routes, shape.back, strict=True)
            ),
            tuple(msgspec.structs.replace(port, x=a, y=b) for port, (a, b) in ports),
        )  # fmt: skip

    def leaving(self, name: str, at: int, row: Row) -> None:
        """A path from a beat of the chapter, to a beat of it or to a port."""
        if row.to not in self.home:
            return
        outside = self.home[row.to] != self.number
        target = self.port(True, name, row.to) if outside else self.index[row.to]
        arrives = PILL.height / 2 if outside else HEAD / 2
        link = Link(self.index[name], target, row.y, arrives)
        if all(node.link != link for node in self.nodes[-len(self.drawn[name].rows) :]):
            self.nodes.append(_Node(link, name, at, row.to, row.how, outside))

    def entering(self, other: str, row: Row) -> None:
        """A path from a beat of another chapter, by a port that all from that chapter share."""
        known = (False, row.to, self.home[other]) in self.ports
        begin = self.port(False, row.to, other)
        if not known:
            link = Link(begin, self.index[row.to], PILL.height / 2, HEAD / 2)
            self.nodes.append(_Node(link, other, -1, row.to, row.how))

    def port(self, leaves: bool, beat: str, other: str) -> int:
        """The number of the port between a beat and another chapter, which is made if needed."""
        chapter = self.home[other]
        key = (leaves, beat, chapter)
        port = self.ports.get(key) or Port(leaves, beat, other, chapter, 0, 0.0, 0.0)
        self.ports[key] = msgspec.structs.replace(port, ways=port.ways + 1)
        return len(self.index) + list(self.ports).index(key)
