"""The nodes of an author's file: texts, lists and mappings with their positions.

`gc=False`: nodes never form cycles, and a large file has some hundred thousand of them, which the
garbage collector would visit again and again while the file is read.
"""

from __future__ import annotations

import msgspec


class Place(msgspec.Struct, frozen=True, order=True, array_like=True, gc=False):
    """A position in a file of an author; line and column count from 1."""

    file: str = ""
    line: int = 1
    column: int = 1


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """A piece of text. `style` is YAML's: None plain, ' or " quoted, | literal, > folded."""

    text: str
    place: Place
    style: str | None = None
    indent: int = 0

    def place_of(self, row: int, column: int = 0) -> Place:
        """The position in the file of a column and row (both from 0) of the text.

        Only a literal block has several rows; for other styles the position is the text's start.
        """
        if self.style != "|":
            quote = self.style in ("'", '"')
            return Place(self.place.file, self.place.line, self.place.column + quote + column)
        return Place(self.place.file, self.place.line + 1 + row, self.indent + 1 + column)


class Sequence(msgspec.Struct, frozen=True, gc=False):
    """A list of nodes."""

    items: tuple[Node, ...]
    place: Place


class Mapping(msgspec.Struct, frozen=True, gc=False):
    """A mapping: keys and nodes in the order of the file."""

    entries: tuple[tuple[Scalar, Node], ...]
    place: Place

    def get(self, key: str) -> Node | None:
        """The node under `key`, or None."""
        return next((node for name, node in self.entries if name.text == key), None)


Node = Scalar | Sequence | Mapping


def place_of(node: Node, *path: str | int) -> Place:
    """The position of the value under a path of keys and indices (from 0); if it does not exist,
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
