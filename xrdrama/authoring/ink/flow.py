"""Follows compiled ink from a position: the names, counts and losses of a whole story."""

from __future__ import annotations

import re
from typing import Any

from xrdrama.authoring.exchange.twee.expressions import Binary, Name, Number, Tree
from xrdrama.authoring.exchange.twee.nodes import Book
from xrdrama.authoring.ink.instructions import StructureError
from xrdrama.authoring.ink.machine import Reader
from xrdrama.authoring.ink.nodes import Finish, Put
from xrdrama.authoring.ink.reading import Container, Ink, Spot, walk
from xrdrama.document.names import as_name, is_name


class Flow:
    """Reads stretches of a story. Names of variables, and what is lost, are kept in it."""

    def __init__(self, ink: Ink, book: Book) -> None:
        self.ink, self.book = ink, book
        self.steps = self.rolls = self.unknown = 0
        self.names: dict[str, str] = {}
        self._taken: set[str] = set()
        self.counted: dict[int, str] = {}
        """The variables that count the visits of containers, by the container."""
        self.keep: list[Container] = []
        self.known: dict[Any, list[tuple[Any, Spot]]] = {}
        self.places: dict[Spot, int] = {}
        """Numbers of the positions that are values of variables."""
        for name in ink.names:
            self.variable(name)
        self._find_counted()

    def variable(self, name: str) -> str:
        """The name of a variable of ink in the story."""
        if name not in self.names:
            self.names[name] = self.fresh(name)
        return self.names[name]

    def fresh(self, wish: str) -> str:
        """A name of a variable that is not taken, like `wish`."""
        stem = as_name(wish)[:40].strip("_")
        stem = stem if is_name(stem) and stem not in _RESERVED else f"value_{stem}"[:40].strip("_")
        stem = stem if is_name(stem) else "value"
        made, count = stem, 1
        while made in self._taken or made in _RESERVED:
            count += 1
            made = f"{stem}_{count}"
        self._taken.add(made)
        return made

    def lose(self, at: Spot, what: str) -> None:
        """List what is not carried over, with the path in the compiled ink."""
        self.book.lose(1, f"{at.path or 'the beginning'}: {what}")

    def _find_counted(self) -> None:
        for container, _, item in walk(self.ink.root):
            asked: Container | None = None
            if isinstance(item, dict) and isinstance(item.get("^->"), str):
                place = self.ink.spot(item["^->"], container)
                if place is not None and ".$r" not in item["^->"]:
                    self.places.setdefault(place, len(self.places) + 1)
            if item == "visit":
                asked = container
            elif isinstance(item, dict) and isinstance(item.get("CNT?"), str):
                spot = self.ink.spot(item["CNT?"], container)
                asked = spot.container if spot else None
                if spot and spot.index < len(spot.container.items):
                    inner = spot.container.items[spot.index]
                    last = item["CNT?"].rpartition(".")[2]
                    asked = inner if last.isdecimal() and isinstance(inner, Container) else asked
            if asked is not None and id(asked) not in self.counted:
                words = [word for word in asked.path.split(".") if not word.isdecimal()]
                self.counted[id(asked)] = self.fresh(f"visits {' '.join(words) or 'start'}")
                self.keep.append(asked)

    def counter(self, path: str, at: Container) -> str:
        """The variable that counts the visits of what a path names; "" without one."""
        spot = self.ink.spot(path, at)
        if spot is None:
            return ""
        asked = spot.container
        if path.rpartition(".")[2].isdecimal() and spot.index < len(asked.items):
            inner = asked.items[spot.index]
            asked = inner if isinstance(inner, Container) else asked
        return self.counted.get(id(asked), "")

    def entering(self, before: Spot | None, to: Spot) -> list[Put]:
        """The counts that a divert changes, as ink's runtime does."""
        known: set[int] = set()
        if before is not None:
            known = {id(before.container), *(id(one) for one in before.container.ancestors())}
        found: list[Put] = []
        at: Container | None = to.container
        at_start = to.index == 0
        while at is not None and (id(at) not in known or at.flags & 4):
            if (not at.flags & 4 or at_start) and at.flags & 1:
                found += self.count(at)
            parent = at.parent
            at_start = at_start and parent is not None and bool(parent.items) \
                and parent.items[0] is at  # fmt: skip
            at = parent
        return found

    def count(self, container: Container) -> list[Put]:
        """One more visit of a container, if anything asks for it."""
        name = self.counted.get(id(container))
        if name is None:
            return []
        return [Put(name, Binary("+", Name(name), Number("1")))]

    def read(self, spot: Spot, stack: tuple[Tree, ...] = ()) -> list[tuple[Any, Spot]]:
        """What is done from a position to an end, each node with the position behind it. `stack`:
        the values that were computed before."""
        key = (spot, stack)
        if key not in self.known:
            reader = Reader(self, {})
            reader.stack = list(stack)
            try:
                self.known[key] = reader.read(spot, None, 0)
            except StructureError:
                self.lose(spot, "this content, whose conditions and diverts are not recognised")
                self.known[key] = [(Finish(), spot)]
        return self.known[key]


_RESERVED = frozenset(
    keyword.lower() for keyword in re.findall(
        r"\w+",
        "and as assert async await break class continue def del elif else except finally for from "
        "global if import in is lambda nonlocal not or pass raise return try while with yield none "
        "true false visits seen min max random votes",
    )
)  # fmt: skip
