"""Shapes: what a node must look like, how it becomes a value, what an editor is told.

A shape reads a node into a value and notes every problem instead of stopping at the first;
a value that could not be read is `MISSING`. `schema()` is the same declaration as JSON Schema
(draft 2020-12).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingABC
from typing import Any, Final, Protocol

import msgspec

from xrdrama.document.nodes import Mapping, Node, Place, Scalar, Sequence
from xrdrama.errors import Problem, Severity
from xrdrama.timing import NS

MISSING: Final = msgspec.UNSET
Schema = dict[str, Any]

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})([eE][+-]?[0-9]{1,2})?")


class Mention(msgspec.Struct, frozen=True):
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

    def note(
        self, place: Place, code: str, message: str, hint: str = "", severity: Severity = "error"
    ) -> None:
        """Add a problem at a place."""
        self.problems.append(
            Problem(place.file, place.line, place.column, code, severity, message, hint)
        )


class Shape(Protocol):
    """What a node must look like."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The value, or MISSING with at least one problem noted."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


def _scalar(node: Node, reading: Reading, wanted: str) -> str | None:
    if isinstance(node, Scalar):
        return node.text
    kind = "a list" if isinstance(node, Sequence) else "a group of keys"
    reading.note(node.place, "F001", f"{wanted} is wanted here, not {kind}")
    return None


class Text(msgspec.Struct, frozen=True):
    """Text of bounded length, optionally of a pattern that `wanted` puts into words."""

    wanted: str = "text"
    pattern: str = ""
    least: int = 1
    most: int = 500

    def read(self, node: Node, reading: Reading) -> Any:
        """The text without surrounding white space."""
        text = _scalar(node, reading, self.wanted)
        if text is None:
            return MISSING
        text = text.strip()
        if not self.least <= len(text) <= self.most:
            size = "is empty" if not text else f"has {len(text)} characters"
            reading.note(
                node.place, "F002", f"{self.wanted} {size}; {self.least} to {self.most} are allowed"
            )
            return MISSING
        if self.pattern and not re.fullmatch(self.pattern, text):
            reading.note(node.place, "F003", f"{_short(text)} is not {self.wanted}")
            return MISSING
        return text

    def schema(self) -> Schema:
        """A string schema; to an editor 1984 is no string, so what looks like one is let in."""
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


ID_PATTERN = "[a-z][a-z0-9_]{0,63}"
ID = Text("a name of small letters, digits and _", ID_PATTERN, most=64)


class Whole(msgspec.Struct, frozen=True):
    """A whole number in a range."""

    least: int
    most: int

    def read(self, node: Node, reading: Reading) -> Any:
        """The number as int."""
        text = _scalar(node, reading, "a whole number")
        if text is None:
            return MISSING
        if not _WHOLE.fullmatch(text.strip()):
            reading.note(node.place, "F004", f"{_short(text)} is not a whole number")
            return MISSING
        return _ranged(int(text), self.least, self.most, node, reading)

    def schema(self) -> Schema:
        """An integer schema."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Real(msgspec.Struct, frozen=True):
    """A finite number in a range."""

    least: float = -1e9
    most: float = 1e9

    def read(self, node: Node, reading: Reading) -> Any:
        """The number as float."""
        text = _scalar(node, reading, "a number")
        if text is None:
            return MISSING
        if not _NUMBER.fullmatch(text.strip()):
            reading.note(node.place, "F004", f"{_short(text)} is not a number")
            return MISSING
        return _ranged(float(text), self.least, self.most, node, reading)

    def schema(self) -> Schema:
        """A number schema."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


def _ranged(value: Any, least: Any, most: Any, node: Node, reading: Reading) -> Any:
    if least <= value <= most:
        return value
    allowed = f"only {plain(least)}" if least == most else f"{plain(least)} to {plain(most)}"
    reading.note(node.place, "F005", f"{plain(value)} is out of range; {allowed} is allowed")
    return MISSING


def plain(number: float) -> str:
    """A number as people write it: 1000000, not 1e+06."""
    return str(number) if isinstance(number, int) else f"{number:.15g}"


class Flag(msgspec.Struct, frozen=True):
    """true or false, and nothing that only looks like it."""

    def read(self, node: Node, reading: Reading) -> Any:
        """True or False."""
        text = _scalar(node, reading, "true or false")
        if text is None:
            return MISSING
        if text not in ("true", "false"):
            reading.note(node.place, "F006", f"{_short(text)} is neither true nor false")
            return MISSING
        return text == "true"

    def schema(self) -> Schema:
        """A boolean schema."""
        return {"type": "boolean"}


FLAG = Flag()

_UNITS = {"ms": NS // 1000, "s": NS, "m": 60 * NS}
_DURATION = re.compile(r"\+?([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s|m)")


class Duration(msgspec.Struct, frozen=True):
    """A length of time: `300ms`, `1.5s`, `2m`; a leading + is allowed. Read as nanoseconds."""

    def read(self, node: Node, reading: Reading) -> Any:
        """Whole nanoseconds."""
        text = _scalar(node, reading, "a time such as 1.5s")
        if text is None:
            return MISSING
        ns = parse_duration(text)
        if ns is None:
            reading.note(
                node.place, "F007", f"{_short(text)} is not a length of time",
                "write 300ms, 1.5s or 2m",
            )  # fmt: skip
            return MISSING
        return ns

    def schema(self) -> Schema:
        """A string schema."""
        return {"type": "string", "pattern": f"^(?:{_DURATION.pattern})$"}


DURATION = Duration()


def parse_duration(text: str) -> int | None:
    """Nanoseconds of `1.5s`, or None when it is no length of time."""
    match = _DURATION.fullmatch(text.strip())
    return round(float(match[1]) * _UNITS[match[2]]) if match else None


class OneOf(msgspec.Struct, frozen=True):
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, node: Node, reading: Reading) -> Any:
        """The word."""
        text = _scalar(node, reading, "one of " + ", ".join(self.words))
        if text is None:
            return MISSING
        if text not in self.words:
            reading.note(
                node.place, "F008", f"{_short(text)} is none of {', '.join(self.words)}",
                suggestion(text, self.words),
            )  # fmt: skip
            return MISSING
        return text

    def schema(self) -> Schema:
        """An enum schema."""
        return {"enum": list(self.words)}


class Reference(msgspec.Struct, frozen=True):
    """The name of something defined elsewhere; checked once everything is read."""

    kind: str
    pattern: str = ID_PATTERN

    def read(self, node: Node, reading: Reading) -> Any:
        """The name; the mention is kept in `reading.mentions`."""
        name = Text(f"the name of a {self.kind}", self.pattern, most=64).read(node, reading)
        if name is not MISSING:
            reading.mentions.append(Mention(self.kind, name, node.place))
        return name

    def schema(self) -> Schema:
        """A string schema."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class Vector(msgspec.Struct, frozen=True):
    """A list of `size` numbers, as a tuple of floats or whatever `make` builds of them."""

    size: int
    least: float = -1e5
    most: float = 1e5
    make: Callable[..., Any] = lambda *numbers: numbers

    def read(self, node: Node, reading: Reading) -> Any:
        """`make(*numbers)`."""
        if not isinstance(node, Sequence) or len(node.items) != self.size:
            reading.note(node.place, "F009", f"a list of {self.size} numbers is wanted here",
                         f"write [{', '.join('0' * self.size)}]")  # fmt: skip
            return MISSING
        numbers = [Real(self.least, self.most).read(item, reading) for item in node.items]
        return MISSING if MISSING in numbers else self.make(*numbers)

    def schema(self) -> Schema:
        """An array schema."""
        item = Real(self.least, self.most).schema()
        return {"type": "array", "items": item, "minItems": self.size, "maxItems": self.size}


class ListOf(msgspec.Struct, frozen=True):
    """A list of things of one shape, as a tuple; `alone` lets one stand without brackets."""

    item: Shape
    most: int = 1000
    alone: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        """A tuple of the items that could be read."""
        if not isinstance(node, Sequence):
            if self.alone:
                value = self.item.read(node, reading)
                return MISSING if value is MISSING else (value,)
            reading.note(node.place, "F010", "a list is wanted here", "start each item with `- `")
            return MISSING
        if len(node.items) > self.most:
            reading.note(node.place, "F011", f"{len(node.items)} items; {self.most} are allowed")
            return MISSING
        values = [self.item.read(item, reading) for item in node.items]
        return tuple(value for value in values if value is not MISSING)

    def schema(self) -> Schema:
        """An array schema, or that of an item."""
        schema: Schema = {"type": "array", "items": self.item.schema(), "maxItems": self.most}
        return {"anyOf": [self.item.schema(), schema]} if self.alone else schema


class MapOf(msgspec.Struct, frozen=True):
    """A group of named things of one shape, as a dict in the order of the file."""

    item: Shape
    key: Text = ID
    most: int = 10_000
    named: bool = False
    """Items are records with a field `id`, filled with the key."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A dict of the items that could be read."""
        if not isinstance(node, Mapping):
            reading.note(node.place, "F012", "a group of `name: ...` lines is wanted here")
            return MISSING
        if len(node.entries) > self.most:
            reading.note(node.place, "F011", f"{len(node.entries)} items; {self.most} are allowed")
            return MISSING
        found: dict[str, Any] = {}
        for key, value in node.entries:
            name = self.key.read(key, reading)
            item = (
                self.item.read_named(value, reading, name, key.place)
                if self.named and isinstance(self.item, (Record, Variant))
                else self.item.read(value, reading)
            )
            if name in found:  # "gate" and " gate " are one name
                reading.note(key.place, "Y008", f"{name!r} is here twice", "keep one")
            elif name is not MISSING and item is not MISSING:
                found[name] = item
        return found

    def schema(self) -> Schema:
        """An object schema."""
        key = self.key.schema()
        return {"type": "object", "propertyNames": key, "additionalProperties": self.item.schema()}


class Field(msgspec.Struct, frozen=True):
    """A key of a record: its shape, what it means, whether it must be there."""

    shape: Shape
    doc: str
    required: bool = False
    name: str = ""
    """The attribute of the value, where it differs from the key (`else`, `if`)."""


class Record(msgspec.Struct, frozen=True):
    """A group of known keys, made into a value of `make`.

    Unknown keys are refused with a suggestion. Where the value has a field `place`, it is told
    where it stands.
    """

    make: type[Any]
    fields: MappingABC[str, Field]
    doc: str = ""
    fixed: MappingABC[str, Any] = {}
    """Attributes that the file does not choose."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A value of `make`."""
        return self.read_named(node, reading, None, node.place)

    def read_named(self, node: Node, reading: Reading, name: Any, place: Place) -> Any:
        """The same for an item of a group, whose key becomes its `id`."""
        if not isinstance(node, Mapping):
            keys = ", ".join(list(self.fields)[:4])
            reading.note(node.place, "F013", f"a group of keys is wanted here ({keys} ...)")
            return MISSING
        values: dict[str, Any] = dict(self.fixed)
        broken = name is MISSING
        for key, item in node.entries:
            field = self.fields.get(key.text)
            if field is None:
                reading.note(
                    key.place, "F014", f"{_short(key.text)} is not a key of this group",
                    suggestion(key.text, self.fields),
                )  # fmt: skip
                continue
            value = field.shape.read(item, reading)
            if value is MISSING:
                broken = broken or field.required
            else:
                values[field.name or key.text] = value
        for key_text, field in self.fields.items():
            if field.required and node.get(key_text) is None:
                reading.note(place, "F015", f"the key {key_text!r} is missing", field.doc)
                broken = True
        if broken:
            return MISSING
        if name is not None:
            values["id"] = name
        if "place" in self.make.__struct_fields__:
            values["place"] = place
        return self.make(**values)

    def schema(self) -> Schema:
        """An object schema with the documentation of each key."""
        properties = {
            key: {**field.shape.schema(), "description": field.doc}
            for key, field in self.fields.items()
        }
        schema: Schema = {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }
        required = [key for key, field in self.fields.items() if field.required]
        if required:
            schema["required"] = required
        if self.doc:
            schema["description"] = self.doc
        return schema


class Variant(msgspec.Struct, frozen=True):
    """A record whose key `by` says which of several records it is."""

    by: str
    records: MappingABC[str, Record]

    def read(self, node: Node, reading: Reading) -> Any:
        """A value of the record that the key names."""
        return self.read_named(node, reading, None, node.place)

    def read_named(self, node: Node, reading: Reading, name: Any, place: Place) -> Any:
        """The same for an item of a group, whose key becomes its `id`."""
        if not isinstance(node, Mapping):
            reading.note(node.place, "F013", f"a group of keys is wanted here ({self.by} ...)")
            return MISSING
        kind = node.get(self.by)
        if kind is None:
            choices = ", ".join(self.records)
            reading.note(place, "F015", f"the key {self.by!r} is missing", f"one of {choices}")
            return MISSING
        word = OneOf(tuple(self.records)).read(kind, reading)
        if word is MISSING:
            return MISSING
        rest = Mapping(tuple(e for e in node.entries if e[0].text != self.by), node.place)
        return self.records[word].read_named(rest, reading, name, place)

    def schema(self) -> Schema:
        """One object schema for each kind."""
        kinds = []
        for word, record in self.records.items():
            schema = record.schema()
            schema["properties"] = {self.by: {"const": word}, **schema["properties"]}
            schema["required"] = [self.by, *schema.get("required", [])]
            kinds.append(schema)
        return {"oneOf": kinds}


def suggestion(word: str, known: Iterable[str]) -> str:
    """A hint: the known word that was probably meant, or the list of those there are."""
    import difflib

    names = list(known)
    close = difflib.get_close_matches(word, names, 1, 0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    listed = ", ".join(names[:12]) + (" ..." if len(names) > 12 else "")
    return f"there are: {listed}" if names else ""


def _short(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 40 else text[:37] + "...")
