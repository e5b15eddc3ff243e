"""Divides an ink story into beats: a stretch of content that ends with options, or continues."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from xrdrama.authoring.exchange.twee.expressions import both, negated
from xrdrama.authoring.exchange.twee.plan import unique
from xrdrama.authoring.ink.flow import Flow
from xrdrama.authoring.ink.nodes import (
    Back,
    Branch,
    Break,
    Finish,
    Fork,
    Glue,
    Goto,
    Pick,
    Put,
    closed,
)
from xrdrama.authoring.ink.reading import Spot
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError

MOST_BEATS: Final = 4000
MOST_JOINED: Final = 60
"""Stretches that are joined because a line or a choice continues in the next."""


class Beat(msgspec.Struct):
    """A beat: its nodes; then its options, its ways on, a return, or an ending."""

    id: str
    at: Spot
    nodes: list[Any] = []
    picks: list[tuple[Pick, str]] = []
    """Options with the beats that they lead to."""
    ways: list[tuple[Any, str]] = []
    """Conditions and beats."""
    returns: bool = False


class Beats:
    """All beats that can be reached from the beginning."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.made: list[Beat] = []
        self.names: dict[Any, str] = {}
        self.taken: set[str] = {"else", "no_links"}
        self.waiting: list[tuple[Beat, list[Any], tuple[Any, ...]]] = []
        self.seen: dict[Spot, int] = {}
        """In how many beats an option is."""

    def make(self) -> list[Beat]:
        """The beats, the first one first."""
        self.beat(Spot(self.flow.ink.root, 0), [])
        while self.waiting:
            self._fill(*self.waiting.pop(0))
        for beat in self.made:
            for pick, _ in beat.picks:
                self.seen[pick.at] = self.seen.get(pick.at, 0) + 1
        return self.made

    def beat(self, at: Spot, prefix: list[Any], stack: tuple[Any, ...] = ()) -> str:
        """The id of the beat that begins at a position, with nodes that are before it."""
        key = (at, repr(prefix) if prefix else "", stack)
        if key in self.names:
            return self.names[key]
        if len(self.made) >= MOST_BEATS:
            raise UsageError(
                f"this ink story becomes more than {MOST_BEATS} beats",
                "divide it into several files, or play it as it is: xrdrama play",
            )
        words = [w for w in f"{at.container.path}".split(".") if w and not w.isdecimal()]
        wish = as_name(" ".join(words))[:50].strip("_")
        made = Beat(unique(wish if is_name(wish) else "start", self.taken, "beat"), at,
                    [], [], [])  # fmt: skip
        self.made.append(made)
        self.names[key] = made.id
        self.waiting.append((made, prefix, stack))
        return made.id

    def _fill(self, beat: Beat, prefix: list[Any], stack: tuple[Any, ...]) -> None:
        nodes = list(prefix)
        at, joined = beat.at, {beat.at}
        while True:
            following = self.flow.read(at, stack)
            stack = ()
            for node, behind in following:
                if isinstance(node, Goto):
                    onward = not closed(_said(nodes)) or _picks(nodes) or self._glued(node.to)
                    if onward and node.to not in joined and len(joined) < MOST_JOINED:
                        joined.add(node.to)
                        at = node.to
                        break
                    if onward:
                        self.flow.lose(behind, "a line or choice that goes round in a circle")
                    return self._end(beat, nodes, [(None, node.to)])
                if isinstance(node, Fork):
                    return self._fork(beat, nodes, node)
                if isinstance(node, Finish | Back):
                    beat.returns = isinstance(node, Back)
                    return self._end(beat, nodes, [])
                nodes.append(node)
                line_ended = isinstance(node, Break) and at != beat.at and closed(_said(nodes))
                if line_ended and not _picks(nodes) and not self._glued(behind):
                    return self._end(beat, nodes, [(None, behind)])
            else:
                return self._end(beat, nodes, [])

    def _glued(self, at: Spot) -> bool:
        """True when the next thing that is said here is joined to the line before."""
        for node, _ in self.flow.read(at):
            if isinstance(node, Glue):
                return True
            if isinstance(node, Branch):
                return any(arm and isinstance(arm[0], Glue) for _, arm in node.arms)
            if not isinstance(node, Put | Break):
                return False
        return False

    def _fork(self, beat: Beat, nodes: list[Any], fork: Fork) -> None:
        said = _said(nodes)
        cut = len(nodes)
        if not closed(said):
            while cut and not closed(_said(nodes[:cut])):
                cut -= 1
        picks = _picks(nodes[:cut])
        before = [node for node in nodes[:cut] if not _is_pick(node)]
        prefix = [*picks, *nodes[cut:]]
        beat.nodes = before
        for condition, to, stack in fork.arms:
            beat.ways.append((condition, self.beat(to, prefix, stack)))

    def _end(self, beat: Beat, nodes: list[Any], ways: list[tuple[Any, Spot]]) -> None:
        beat.nodes = [node for node in nodes if not _is_pick(node)]
        for pick in _picks(nodes):
            beat.picks.append((pick, self.beat(pick.to, list(pick.effects))))
        if not beat.picks:
            beat.ways = [(condition, self.beat(to, [])) for condition, to in ways]


def _is_pick(node: Any) -> bool:
    """True for an option, and for a condition around options only."""
    if isinstance(node, Branch):
        inner = [one for _, arm in node.arms for one in arm]
        return any(map(_is_pick, inner)) and all(
            _is_pick(one) or isinstance(one, Break) for one in inner
        )
    return isinstance(node, Pick)


def _picks(nodes: list[Any]) -> list[Pick]:
    """All options, with the conditions around them."""
    found: list[Pick] = []
    for node in nodes:
        if isinstance(node, Pick):
            found.append(node)
        elif isinstance(node, Branch):
            before = None
            for condition, arm in node.arms:
                asked = both(before, condition)
                for pick in _picks(list(arm)):
                    found.append(msgspec.structs.replace(
                        pick, condition=both(asked, pick.condition) if asked else pick.condition
                    ))  # fmt: skip
                if condition is not None:
                    before = both(before, negated(condition))
    return found


def _said(nodes: list[Any]) -> list[Any]:
    """The nodes of lines, without options and assignments."""
    return [n for n in nodes if not isinstance(n, Put | Pick) and not _is_pick(n)]
