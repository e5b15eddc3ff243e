"""What a file of an author is made of: texts, lists and groups that know where they stand."""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True, order=True, gc=False):
    """A position in a file of an author; line and column count from 1."""

    file: str = ""
    line: int = 1
    column: int = 1


class Scalar(msgspec.Struct, frozen=True):
    """A piece of text. `style` is YAML's: None plain, ' or " quoted, | literal, > folded."""

    text: str
    place: Place
    style: str | None = None
    indent: int = 0

    def place_of(self, row: int, column: int = 0) -> Place:
        """Where a column (from 0) of row `row` (from 0) of the text stands in the file.

        Rows are told apart in literal blocks only; elsewhere the first one stands for all.
        """
        if self.style != "|":
            quote = self.style in ("'", '"')
            return Place(self.place.file, self.place.line, self.place.column + quote + column)
        return Place(self.place.file, self.place.line + 1 + row, self.indent + 1 + column)


class Sequence(msgspec.Struct, frozen=True):
    """A list of nodes."""

    items: tuple[Node, ...]
    place: Place


class Mapping(msgspec.Struct, frozen=True):
    """Keys and nodes in the order of the file."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def place_of(node: Node, *path: str | int) -> Place:
    """Where the value under a path of keys and indices (from 0) stands; where that ends early,
    the last one on the way."""
    for step in path:
        below: Node | None = None
        if isinstance(step, str):
            below = node.get(step) if isinstance(node, Mapping) else None
        elif isinstance(node, Sequence) and step < len(node.items):
            below = node.items[step]
        if below is None:
            break
        node = below
    return node.place
