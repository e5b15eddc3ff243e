"""Finds the names in a branch file or a show file: its nodes are read along their shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xrdrama.authoring.editing.formulas import names_in
from xrdrama.authoring.editing.occurrences import FileIndex, Kind, Occurrence
from xrdrama.authoring.editing.script import names_of_row, shown_in
from xrdrama.authoring.editing.spans import Span
from xrdrama.document import (
    Field,
    ListOf,
    MapOf,
    Mapping,
    Node,
    Prose,
    Record,
    Reference,
    Scalar,
    Sequence,
    Shape,
    Variant,
    compose,
)
from xrdrama.document.groups import fields_of
from xrdrama.document.names import composed
from xrdrama.errors import Problem
from xrdrama.show.form import SHOW
from xrdrama.show.model import Start
from xrdrama.story.form import PROSE, STORY, EndingShape, ExitShape
from xrdrama.story.prose_shapes import Effects, Formula, Placed, Script
from xrdrama.story.screenplay.speakers import role_of
from xrdrama.story.triggers import Listed
from xrdrama.story.written import RawBeat, RawEnding, RawHidden, RawOption

_MAPS: Final[dict[str, Kind]] = {
    "variable": "variable", "role": "role", "storylets": "beat", "beat": "beat",
}  # fmt: skip
"""The kinds of maps whose keys define names."""
_IDS: Final[dict[tuple[type, str], tuple[Kind, bool]]] = {
    (RawBeat, "storylet"): ("beat", False),
    (RawEnding, "id"): ("ending", True),
    (RawHidden, "id"): ("plot", True),
    (Start, "beat"): ("beat", False),
}
"""Keys of records whose value is a name: its kind, and whether it is defined there."""
_TRIGGERS: Final[dict[str, Kind]] = {"marker": "marker", "performer": "performer"}


def index_story(text: str, file: str) -> FileIndex:
    """The names in a `*.branch.yaml` file; none if it cannot be read as YAML."""
    return _index(text, file, STORY, PROSE)


def index_show(text: str, file: str) -> FileIndex:
    """The names in a `*.show.yaml` file that belong to its story."""
    return _index(text, file, SHOW, None)


def _index(text: str, file: str, shape: Shape, prose: Prose | None) -> FileIndex:
    problems: list[Problem] = []
    root = compose(text, file, problems, prose)
    rows = tuple(composed(text).split("\n"))
    if root is None:
        return FileIndex(file, rows)
    walk = _Walk(file, rows)
    walk.value(root, shape)
    found = dict.fromkeys(walk.found)
    return FileIndex(file, rows, tuple(found), root, walk.scenes)


class _Walk:
    def __init__(self, file: str, rows: tuple[str, ...]) -> None:
        self.file, self.rows = file, rows
        self.found: list[Occurrence] = []
        self.scenes: dict[str, str] = {}
        self.beat = ""

    def add(
        self, kind: Kind, name: str, line: int, start: int, *, defines: bool = False,
        group: bool = False, length: int | None = None,
    ) -> None:  # fmt: skip
        """Keep a name, if the text at its place says it."""
        length = len(name) if length is None else length
        row = self.rows[line - 1] if 0 < line <= len(self.rows) else ""
        said = row[start - 1 : start - 1 + length]
        spoken = kind == "role" and said != name
        if not name or (said != name and not (spoken and role_of(said) == name)):
            return
        span = Span(self.file, line, start, start + length)
        self.found.append(Occurrence(kind, name, span, defines, self.beat, group, capitals=spoken))

    def scalar(self, kind: Kind, node: Scalar, *, defines: bool = False) -> None:
        name = node.text.strip()
        for line, column in self.places(node, [(name, node.text.find(name))]):
            self.add(kind, name, line, column, defines=defines)

    def places(self, node: Scalar, words: list[tuple[str, int]]) -> Iterator[tuple[int, int]]:
        """The positions of words of a scalar, in order; those of a text on several lines are
        looked for."""
        line, column = node.place.line, node.place.column
        quote = node.style in ("'", '"')
        row = self.rows[line - 1] if line <= len(self.rows) else ""
        if row.startswith(node.text, column - 1 + quote):
            for _, index in words:
                yield line, column + quote + index
            return
        at = column - 1
        for word, _ in words:
            for number in range(line, min(line + 20, len(self.rows) + 1)):
                index = self.rows[number - 1].find(word, at if number == line else 0)
                if index >= 0:
                    line, at = number, index + len(word)
                    yield line, index + 1
                    break
            else:
                return

    # -- shapes ---------------------------------------------------------------------------------

    def value(self, node: Node, shape: Shape) -> None:
        if isinstance(shape, (ExitShape, EndingShape)):
            self.short_form(node, shape)
        elif isinstance(node, Mapping):
            self.mapping(node, shape)
        elif isinstance(node, Sequence):
            self.sequence(node, shape)
        elif isinstance(shape, ListOf):
            self.value(node, shape.item)
        elif isinstance(shape, Reference):
            self.scalar("story" if shape.kind == "story" else "beat", node)
        elif isinstance(shape, Placed):
            self.scalar("scene" if shape.kind == "scene" else "story", node)
        elif isinstance(shape, Formula):
            self.formula(node)
        elif isinstance(shape, Script):
            self.script(node)

    def short_form(self, node: Node, shape: ExitShape | EndingShape) -> None:
        """A name alone, or a mapping."""
        if not isinstance(node, Scalar):
            self.value(node, shape.forms[1])
        elif isinstance(shape, ExitShape):
            self.scalar("beat", node)
        else:
            self.scalar("ending", node, defines=True)

    def sequence(self, node: Sequence, shape: Shape) -> None:
        item = shape.item if isinstance(shape, ListOf) else shape
        if isinstance(shape, (ListOf, Listed)):
            for one in node.items:
                self.value(one, item)

    def mapping(self, node: Mapping, shape: Shape) -> None:
        if isinstance(shape, Effects):
            for key, value in node.entries:
                self.scalar("variable", key)
                if isinstance(value, Scalar):
                    self.formula(value)
        elif isinstance(shape, Listed):
            self.trigger(node)
        elif isinstance(shape, MapOf):
            self.items(node, shape)
        elif isinstance(shape, (Record, Variant)):
            fields = fields_of(shape)
            for key, value in node.entries:
                if key.text in fields:
                    self.field(shape, key, value, fields[key.text])
        elif isinstance(shape, ListOf):
            self.value(node, shape.item)

    def items(self, node: Mapping, shape: MapOf) -> None:
        """The entries of a map, whose keys may define names."""
        kind = _MAPS.get(shape.kind)
        for key, value in node.entries:
            name = key.text.strip()
            before = self.beat
            if shape.kind == "beat":
                self.beat = name
            if kind:
                self.add(
                    kind, name, key.place.line, key.place.column + (key.style in ("'", '"')),
                    defines=True, group=shape.kind == "storylets",
                )  # fmt: skip
            elif shape.reserved == "else":
                self.scalar("option", key, defines=True)
            self.value(value, shape.item)
            self.beat = before

    def field(self, shape: Record | Variant, key: Scalar, value: Node, field: Field) -> None:
        known = _IDS.get((shape.make, key.text)) if isinstance(shape, Record) else None
        if known and isinstance(value, Scalar):
            self.scalar(known[0], value, defines=known[1])
        elif isinstance(shape, Record) and (shape.make, key.text) == (Start, "set"):
            for name, _ in value.entries if isinstance(value, Mapping) else ():
                self.scalar("variable", name)
        elif isinstance(shape, Record) and shape.make is RawOption and key.text == "text":
            self.shown(value)
        else:
            is_set = isinstance(field.shape, Placed) and field.shape.kind == "scene"
            if is_set and isinstance(value, Scalar):
                self.scenes[self.beat] = value.text.strip()
            self.value(value, field.shape)

    # -- texts ----------------------------------------------------------------------------------

    def shown(self, node: Node) -> None:
        """The variables that the text of an option shows."""
        if isinstance(node, Scalar):
            words = shown_in(node.text)
            spots = self.places(node, words)
            for (name, _), (line, column) in zip(words, spots, strict=False):
                self.add("variable", name, line, column)

    def formula(self, node: Scalar) -> None:
        names = list(names_in(node.text))
        spots = self.places(node, [(name, index) for _, name, index in names])
        for (kind, name, _), (line, column) in zip(names, spots, strict=False):
            self.add(kind, name, line, column)

    def script(self, node: Scalar) -> None:
        if node.style != "|":
            return
        for number, row in enumerate(node.text.split("\n")):
            if row and not row.isspace():
                where = node.place_of(number)
                for kind, name, index, length in names_of_row(row):
                    self.add(
                        kind, name, where.line, where.column + index,
                        defines=kind == "line", length=length,
                    )  # fmt: skip

    def trigger(self, node: Mapping) -> None:
        for key, value in node.entries:
            kind = _TRIGGERS.get(key.text)
            if kind and isinstance(value, Scalar):
                name = value.text.partition(".")[0] if kind == "performer" else value.text.strip()
                for line, column in self.places(value, [(name, value.text.find(name))]):
                    self.add(kind, name, line, column)
