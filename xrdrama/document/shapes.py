"""Shapes: what a node must look like, how it is read, and its JSON Schema for editors.

A shape reads a node into a value and notes every problem instead of stopping at the first;
a value that could not be read is `MISSING`. `schema()` is the same declaration as JSON Schema
(draft 2020-12).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, Protocol

import msgspec

from xrdrama.document.names import MOST as NAME_LENGTH
from xrdrama.document.names import NAME_PATTERN, as_name, composed, invisible_in, is_name
from xrdrama.document.nodes import Node, Place, Scalar, Sequence
from xrdrama.document.wording import same, short, suggestion
from xrdrama.errors import Problem, Severity

MISSING: Final = msgspec.UNSET
LONGEST: Final = 1000
"""Most characters of a message, and of a hint."""
Schema = dict[str, Any]


class Mention(msgspec.Struct, frozen=True, gc=False):
    """A name that must be defined somewhere: kind, name, place."""

    kind: str
    name: str
    place: Place


class Reading:
    """One file being read: its problems, and the names it mentions."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.mentions: list[Mention] = []
        self._unread: set[tuple[str, str]] = set()

    def lose(self, kind: str, name: str) -> None:
        """Remember a definition that could not be read, so that its uses are not reported, too."""
        self._unread.add((kind, same(name)))

    def lost(self, kind: str, name: str) -> bool:
        """True for a name whose definition could not be read."""
        return (kind, same(name)) in self._unread

    def note(
        self, place: Place, code: str, message: str, hint: str = "", severity: Severity = "error"
    ) -> None:
        """Add a problem at a place; a message that quotes a very long text is cut."""
        p = place
        message, hint = (
            t if len(t) <= LONGEST else f"{t[: LONGEST - 3]}..." for t in (message, hint)
        )
        self.problems.append(Problem(p.file, p.line, p.column, code, severity, message, hint))


class Shape(Protocol):
    """Reads a node of one form, and describes the form as JSON Schema."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The value, or MISSING with at least one problem noted."""

    def schema(self) -> Schema:
        """The form as JSON Schema."""


def scalar_text(node: Node, reading: Reading, wanted: str) -> str | None:
    """The text of a scalar; None, and a problem, for a list or a mapping."""
    if isinstance(node, Scalar):
        return node.text
    kind = "a list" if isinstance(node, Sequence) else "a mapping"
    hint = "write it without brackets, or put quotes around it"
    reading.note(node.place, "F001", f"expected {wanted}, not {kind}", hint)
    return None


class Text(msgspec.Struct, frozen=True):
    """Text of bounded length, optionally with a pattern; `wanted` describes it in messages, and
    `form` says what to write when the pattern does not match."""

    wanted: str = "text"
    pattern: str = ""
    least: int = 1
    most: int = 500
    form: str = ""

    def read(self, node: Node, reading: Reading) -> Any:
        """The text without surrounding white space."""
        text = scalar_text(node, reading, self.wanted)
        if text is None:
            return MISSING
        text = text.strip()
        if not self.least <= len(text) <= self.most:
            allowed = f"expected {self.least} to {self.most}"
            message = f"{self.wanted} has {len(text)} characters; {allowed}"
            if not text:
                message = f"{self.wanted} is missing"
                allowed = "put it in quotes if it starts with #"
            reading.note(node.place, "F002", message, "" if text else f"write it; {allowed}")
            return MISSING
        if self.pattern and not re.fullmatch(self.pattern, text):
            reading.note(node.place, "F003", f"{short(text)} is not {self.wanted}", self.form)
            return MISSING
        return text

    def schema(self) -> Schema:
        """A string schema; it also allows numbers, because editors read 1984 as a number."""
        looks = {"number": "24", "boolean": "true"}
        types = [t for t, word in looks.items() if re.fullmatch(self.pattern or ".*", word)]
        schema: Schema = {
            "type": ["string", *types] if types else "string",
            "minLength": self.least,
            "maxLength": self.most,
        }
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        return schema


class Name(Text, frozen=True):
    """A name in any script (`names.is_name`), in composed form. The pattern for editors allows
    slightly more."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The name."""
        if isinstance(node, Scalar) and node.text.isascii() and is_name(node.text):
            return node.text  # the usual case
        text = Text(self.wanted, most=MOST_READ).read(node, reading)
        return MISSING if text is MISSING else read_name(text, node, reading, self.wanted, as_name)


MOST_READ = 500


def read_name(
    text: str, node: Node, reading: Reading, wanted: str, nearest: Callable[[str], str]
) -> Any:
    """The text as a name in composed form; MISSING, and a problem, when it is not a name."""
    name = composed(text)
    if is_name(name):
        return name
    if len(name) > NAME_LENGTH:
        allowed = f"expected 1 to {NAME_LENGTH}"
        message = f"{wanted} has {len(name)} characters; {allowed}"
        reading.note(node.place, "F002", message, "use a shorter name")
        return MISSING
    hidden, meant = invisible_in(name), nearest(name)
    message = f"{short(text)} is not {wanted}"
    if hidden:
        message = f"{short(text)} contains an invisible character (U+{ord(hidden):04X})"
    reading.note(node.place, "F003", message, f"write {meant}" if is_name(meant) else "")
    return MISSING


ID = Name("a name of lower-case letters, digits and _", NAME_PATTERN, most=NAME_LENGTH)


class OneOf(msgspec.Struct, frozen=True):
    """One of several words."""

    words: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> Any:
        """The word."""
        text = scalar_text(node, reading, "one of " + ", ".join(self.words))
        if text is None:
            return MISSING
        if text not in self.words:
            reading.note(
                node.place, "F008", f"{short(text)} is not one of: {', '.join(self.words)}",
                suggestion(text, self.words),
            )  # fmt: skip
            return MISSING
        return text

    def schema(self) -> Schema:
        """An enum schema; it also allows numbers, because editors read 90 as a number."""
        numbers = [int(word) for word in self.words if re.fullmatch("0|[1-9][0-9]{0,8}", word)]
        return {"enum": [*self.words, *numbers]}


def _bare(text: str) -> str:
    """The name in a file name: `branches/night.branch.yaml` is night."""
    return as_name(text.rpartition("/")[2].partition(".")[0])


class Reference(msgspec.Struct, frozen=True):
    """The name of something defined elsewhere; checked once everything is read.

    `inside`: it is defined in the same file, whose reader reports each unknown name.
    """

    kind: str
    inside: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        """The name; the mention is kept in `reading.mentions`."""
        if isinstance(node, Scalar) and node.text.isascii() and is_name(node.text):
            reading.mentions.append(Mention(self.kind, node.text, node.place))
            return node.text  # the usual case
        wanted = f"the name of a {self.kind}"
        name = Text(wanted, most=NAME_LENGTH).read(node, reading)
        if name is not MISSING:
            name = composed(name) if self.inside else read_name(name, node, reading, wanted, _bare)
        if name is not MISSING:
            reading.mentions.append(Mention(self.kind, name, node.place))
        return name

    def schema(self) -> Schema:
        """A string schema."""
        return {"type": "string", "pattern": f"^{NAME_PATTERN}$"}


class ListOf(msgspec.Struct, frozen=True):
    """A list of items of one shape, read as a tuple; `alone` allows one item without brackets."""

    item: Shape
    most: int = 1000
    alone: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        """A tuple of the items that could be read; MISSING if no item could be read."""
        if not isinstance(node, Sequence):
            if self.alone and not self._is_bare_list(node):
                value = self.item.read(node, reading)
                return MISSING if value is MISSING else (value,)
            hint = "start each item with `- `"
            is_plain = isinstance(node, Scalar) and node.style is None and node.text
            if isinstance(node, Scalar) and (is_plain or self._is_bare_list(node)):
                hint = f"write [{' '.join(node.text.split())[:60]}]"
            reading.note(node.place, "F010", "expected a list", hint)
            return MISSING
        if len(node.items) > self.most:
            reading.note(
                node.place,
                "F011",
                f"the list has {len(node.items)} items; at most {self.most} are allowed",
                "remove some of them",
            )
            return MISSING
        values = [self.item.read(item, reading) for item in node.items]
        found = tuple(value for value in values if value is not MISSING)
        return found if found or not values else MISSING

    def _is_bare_list(self, node: Node) -> bool:
        """True for names separated by commas, without the brackets of a list."""
        return isinstance(self.item, Reference) and isinstance(node, Scalar) and "," in node.text

    def schema(self) -> Schema:
        """An array schema, or the schema of an item."""
        schema: Schema = {"type": "array", "items": self.item.schema(), "maxItems": self.most}
        return {"anyOf": [self.item.schema(), schema]} if self.alone else schema


class Field(msgspec.Struct, frozen=True):
    """A key of a record: its shape, its meaning, whether it is required."""

    shape: Shape
    doc: str
    required: bool = False
    name: str = ""
    """The attribute of the value, if it differs from the key (`else`, `if`)."""
