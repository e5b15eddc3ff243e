"""Strict YAML text to nodes with positions (libyaml does the scanning)."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from xrdrama.errors import Problem

MAX_CHARACTERS = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 24

# What YAML refuses, and what breaks lines to YAML but to no editor.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)

# libyaml where the wheel has it (about 20 times faster); the pure loader reads the same language.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


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


class _RefusedError(Exception):
    """The text is no file of ours; the problem has been noted."""


def compose(text: str, file: str, problems: list[Problem]) -> Node | None:
    """The root node of `text`, or None with the reason added to `problems`."""
    composer = _Composer(text, file, problems)
    try:
        return composer.document()
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as error:
        composer.broken(error)
        return None


class _Composer:
    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.text = text.removeprefix("\ufeff")
        self.file, self.problems = file, problems
        self.lines: list[str] | None = None
        self.count = 0

    def note(self, place: Place, code: str, message: str, hint: str = "") -> None:
        self.problems.append(
            Problem(place.file, place.line, place.column, code, "error", message, hint)
        )

    def refuse(self, place: Place, code: str, message: str, hint: str = "") -> _RefusedError:
        self.note(place, code, message, hint)
        return _RefusedError()

    def broken(self, error: yaml.MarkedYAMLError) -> None:
        """Note what libyaml could not read, in the words of somebody who does not know YAML."""
        opened, mark = error.context_mark, error.problem_mark or error.context_mark
        what = error.problem or ""
        message = f"this is not YAML: {what or error.context}"
        hint = "check indentation, colons and quotes near this place"
        if "cannot start any token" in what and mark:
            line = self.text.splitlines()[mark.line]
            if line[mark.column] == "\t":
                message, hint = "a tab stands here", "indent with spaces"
            else:
                message, hint = f"no text starts with {line[mark.column]}", "quote the text"
        elif what in ("did not find expected key", "did not find expected '-' indicator"):
            hint = (
                "line the indentation up: what belongs together starts in one column; "
                "quote a text that goes on behind a closed quote"
            )
        elif "tab character" in what:
            message, hint = "a tab stands here", "indent with spaces"
        elif what.startswith("mapping values"):
            message = "there is one colon too many, or a line is indented wrongly"
            hint = "quote a text that holds a colon"
        elif "end of stream" in what:
            mark, message, hint = opened, "this quote is never closed", "close it"
        elif what.endswith("expected ':'"):
            mark, message, hint = opened, "this line has no colon", "write name: value"
        elif what.endswith(("',' or '}'", "',' or ']'")):
            mark, message = opened, f"this bracket is not closed by {what[-2]}"
            hint = "close it, and part what is in it by commas"
        place = Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file)
        self.note(place, "Y001", message, hint)

    def document(self) -> Node:
        if len(self.text) > MAX_CHARACTERS:
            raise self.refuse(
                Place(self.file), "Y002", f"the file has over {MAX_CHARACTERS:,} characters"
            )
        strange = _INVISIBLE.search(self.text)
        if strange:
            before = (self.text[: strange.start()] + "|").splitlines()
            raise self.refuse(
                Place(self.file, len(before), len(before[-1])), "Y009",
                f"an invisible character stands here (U+{ord(strange[0]):04X})", "delete it",
            )  # fmt: skip
        self.events = iter(yaml.parse(self.text, Loader=_LOADER))
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self.refuse(
                        self.place(event), "Y003", "a second document starts here",
                        "keep one document in a file, without `---`",
                    )  # fmt: skip
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, 1)
        if root is None:
            raise self.refuse(
                Place(self.file), "Y004", "the file is empty",
                "begin with xrdrama: 1, and copy the rest from an example of its kind",
            )  # fmt: skip
        return root

    def place(self, event: Any) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def node(self, event: Any, depth: int) -> Node:
        self.count += 1
        place = self.place(event)
        if self.count > MAX_NODES:
            raise self.refuse(place, "Y002", f"the file has over {MAX_NODES:,} values")
        if depth > MAX_DEPTH:
            raise self.refuse(place, "Y002", f"values are nested over {MAX_DEPTH} deep")
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self.refuse(
                place, "Y005", "anchors and aliases (& and *) are not used here",
                "write the value out, or quote a text that starts with & or *",
            )  # fmt: skip
        if getattr(event, "tag", None) is not None:
            raise self.refuse(
                place, "Y006", f"tags such as {event.tag} are not used here",
                "quote a text that starts with !",
            )  # fmt: skip
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, place, event.style or None, self.indent(event, place))
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(tuple(self.items(depth)), place)
        return self.mapping(place, depth)

    def indent(self, event: Any, place: Place) -> int:
        """Columns before the text of a literal block, which the value no longer has."""
        if event.style != "|":
            return 0
        if self.lines is None:
            self.lines = self.text.splitlines()
        rows = event.value.split("\n")
        for line, row in zip(self.lines[place.line :], rows, strict=False):
            if row.strip():
                return len(line) - len(row)
        return 0

    def items(self, depth: int) -> list[Node]:
        found: list[Node] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self.node(event, depth + 1))
        return found

    def mapping(self, place: Place, depth: int) -> Mapping:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Place] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self.node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self.refuse(key.place, "Y007", "a key must be a plain word")
            value = self.node(next(self.events), depth + 1)
            if key.text in seen:
                self.note(
                    key.place, "Y008", f"{key.text!r} is here twice",
                    f"the first one is on line {seen[key.text].line}; keep one",
                )  # fmt: skip
                continue
            seen[key.text] = key.place
            entries.append((key, value))
        return Mapping(tuple(entries), place)
