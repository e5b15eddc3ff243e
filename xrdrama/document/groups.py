"""Shapes of mappings: records of known keys, maps of named items.

An entry with a wrong indentation and a misspelt key are reported once and then read as they were
meant, so that one mistake makes one problem.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from collections.abc import Mapping as MappingABC
from functools import cached_property
from typing import Any

import msgspec

from xrdrama.document.gathering import MANY, Below, Gathering, Written
from xrdrama.document.nodes import Mapping, Node, Place, Scalar
from xrdrama.document.shapes import ID, MISSING, Field, OneOf, Reading, Schema, Shape, Text
from xrdrama.document.strays import (
    Entry,
    grown,
    has_keys_of,
    has_only_keys_of,
    has_room,
    is_empty,
    is_headless,
    is_left_over,
    is_no_item,
    missing_keys,
    note_left_over,
    note_missing,
    note_no_group,
    note_too_far_in,
    note_too_far_out,
    note_unknown,
    parted,
)
from xrdrama.document.wording import nearest


class MapOf(msgspec.Struct, frozen=True, dict=True):
    """A mapping of named items of one shape, read as a dict in the order of the file."""

    item: Shape
    key: Text = ID
    most: int = 10_000
    named: bool = False
    """Items are records with a field `id`, filled with the key."""
    kind: str = ""
    """The noun for the items; names of items that cannot be read are kept as lost."""
    reserved: str = ""
    """A key of the surrounding mapping, which is not allowed as an item's name."""
    such_as: str = ""

    def read(self, node: Node, reading: Reading) -> Any:
        """A dict of the items that could be read; MISSING if no item could be read."""
        if not isinstance(node, Mapping):
            hint = f"such as {self.such_as}" if self.such_as else ""
            message = "expected a mapping with lines such as `name: ...`"
            reading.note(node.place, "F012", message, hint)
            return MISSING
        if len(node.entries) > self.most:
            message = (
                f"the mapping has {len(node.entries)} entries; at most {self.most} are allowed"
            )
            reading.note(node.place, "F011", message, "remove some, or split the file in two")
            return MISSING
        found: dict[str, Any] = {}
        for key, value in self._settled(node, reading):
            name = self.key.read(key, reading)
            item: Any = MISSING
            if name is not MISSING or not is_empty(value):
                item = self._item(key, value, name, reading)
            if name in found:  # "gate" and " gate " are one name
                reading.note(key.place, "Y008", f"duplicate name {name!r}", "remove one of them")
            elif name is not MISSING and item is not MISSING:
                found[name] = item
            elif self.kind:
                reading.lose(self.kind, key.text)
        return found if found or not node.entries else MISSING

    def _item(self, key: Scalar, value: Node, name: Any, reading: Reading) -> Any:
        if self.named and isinstance(self.item, (Record, Variant)):
            return self.item.read_named(value, reading, name, key.place)
        return self.item.read(value, reading)

    @cached_property
    def _known(self) -> dict[str, Field]:
        """The keys that named items may have."""
        return fields_of(self.item) if self.named else {}

    def _settled(self, node: Mapping, reading: Reading) -> Iterable[Entry]:
        """The entries of the items, with wrong indentation corrected."""
        known = self._known
        is_open = isinstance(self.item, Record) and bool(self.item.rest)
        if not is_open and all([self._is_usual(key, value) for key, value in node.entries]):
            return node.entries
        entries: list[Entry] = []
        queue = deque(node.entries)
        astray = ""
        while queue:
            key, value = queue.popleft()
            before = entries[-1] if entries else None
            if key.text == self.reserved:
                message = f"{key.text} cannot be the name of an entry here"
                hint = f"remove it; {key.text} belongs beside this mapping"
                reading.note(key.place, "F017", message, hint)
            elif before and is_left_over(key, value, before[1]):
                note_left_over(before, key, reading)
                reading.lose(self.kind, entries.pop()[0].text)
            elif (
                before
                and (key.text in known or (is_open and is_no_item(value)))
                and has_room(before[1], key)
                and not has_keys_of(value, known)
            ):
                if astray != before[0].text:
                    note_too_far_out(key, before, reading)
                astray = before[0].text
                entries[-1] = (before[0], grown(before[1], [(key, value)]))
            else:
                kept: Node = value
                lifted: list[Entry] = []
                if not has_only_keys_of(value, known) and len(reading.problems) < MANY:
                    kept, lifted = parted(
                        value, lambda k, v: is_headless(k, v, known, is_open=is_open)
                    )
                for name, _ in lifted:
                    note_too_far_in(name, key, reading)
                entries.append((key, kept))
                queue.extendleft(reversed(lifted))
        return entries

    def _is_usual(self, key: Scalar, value: Node) -> bool:
        """True for an entry that cannot belong elsewhere, whatever is beside it."""
        known = self._known
        return (
            key.text not in known
            and key.text != self.reserved
            and not is_empty(value)
            and has_only_keys_of(value, known)
        )

    def schema(self) -> Schema:
        """An object schema."""
        key = self.key.schema()
        if self.reserved:
            key = {**key, "not": {"const": self.reserved}}
        return {"type": "object", "propertyNames": key, "additionalProperties": self.item.schema()}


class Record(msgspec.Struct, frozen=True, dict=True):
    """A mapping of known keys, read as a value of type `make`.

    Unknown keys are rejected with a suggestion. A field `place` of the value is set to its
    position, a field `given` to the position of each key in the file.
    """

    make: type[Any]
    fields: MappingABC[str, Field]
    doc: str = ""
    fixed: MappingABC[str, Any] = {}
    """Attributes that are not read from the file."""
    such_as: str = ""
    rest: str = ""
    """The attribute that keeps the entries under all other keys, as a Mapping: something else
    declares what they may be. Without one, other keys are refused."""
    either: tuple[str, ...] = ()
    """One of these keys is required; messages name the first."""

    @cached_property
    def required(self) -> list[str]:
        """The keys that must be given."""
        return [key for key, field in self.fields.items() if field.required]

    @cached_property
    def _below(self) -> dict[str, Below]:
        return {key: _below(field.shape) for key, field in self.fields.items()}

    @cached_property
    def _has_named_maps(self) -> bool:
        return any(below.named for below in self._below.values())

    @cached_property
    def _attributes(self) -> frozenset[str]:
        return frozenset(self.make.__struct_fields__)

    def read(self, node: Node, reading: Reading) -> Any:
        """A value of `make`."""
        return self.read_named(node, reading, None, node.place)

    def read_named(self, node: Node, reading: Reading, name: Any, place: Place) -> Any:
        """The same for an item of a map, whose key becomes its `id`."""
        if not isinstance(node, Mapping):
            required = [*self.required, *self.either[:1]]
            note_no_group(list(self.fields), required, self.such_as, node, place, reading)
            return MISSING
        values: dict[str, Any] = dict(self.fixed)
        broken = name is MISSING
        keys: dict[str, Place] = {}
        fields = self.fields
        entries, rest = self._gathered(node, reading)
        for word, key, item in entries:
            keys[word] = key.place
            field = fields[word]
            value = MISSING if item is None else field.shape.read(item, reading)
            if value is MISSING:
                broken = broken or field.required
            else:
                values[field.name or word] = value
        missing = missing_keys(self.required, self.either, keys)
        given = [fields[key].name or key for key in self.either if key in keys]
        broken = broken or bool(given and not values.keys() & set(given))
        if missing:
            note_missing({key: self.fields[key].doc for key in missing}, place, reading)
        if broken or missing or (node.entries and not keys):
            return MISSING
        if name is not None:
            values["id"] = name
        if self.rest:
            values[self.rest] = Mapping(tuple(rest), node.place)
        if "place" in self._attributes:
            values["place"] = place
        if "given" in self._attributes:
            values["given"] = keys
        return self.make(**values)

    def _gathered(self, node: Mapping, reading: Reading) -> tuple[list[Written], list[Entry]]:
        """The entries under known keys, and those under others."""
        if has_only_keys_of(node, self.fields) and not self._has_named_maps:  # the usual case
            return [(key.text, key, item) for key, item in node.entries], []
        gathering = Gathering(self.fields, self._below, node, reading, is_open=bool(self.rest))
        return gathering.entries(), gathering.rest

    def schema(self) -> Schema:
        """An object schema with the documentation of each key."""
        properties = {
            key: {**field.shape.schema(), "description": field.doc}
            for key, field in self.fields.items()
        }
        schema: Schema = {
            "type": "object",
            "properties": properties,
            "additionalProperties": bool(self.rest),
        }
        if self.required:
            schema["required"] = self.required
        if self.either:
            schema["anyOf"] = [{"required": [key]} for key in self.either]
        if self.doc:
            schema["description"] = self.doc
        return schema


class Variant(msgspec.Struct, frozen=True):
    """One of several records, chosen by the value of the key `by`."""

    by: str
    records: MappingABC[str, Record]
    such_as: str = ""

    def read(self, node: Node, reading: Reading) -> Any:
        """A value of the record that the key chooses."""
        return self.read_named(node, reading, None, node.place)

    def read_named(self, node: Node, reading: Reading, name: Any, place: Place) -> Any:
        """The same for an item of a map, whose key becomes its `id`."""
        if not isinstance(node, Mapping):
            hint = f"such as {self.such_as or f'{{{self.by}: {next(iter(self.records))}}}'}"
            at = place if is_empty(node) else node.place
            reading.note(at, "F013", f"expected a mapping with the key {self.by}", hint)
            return MISSING
        key = self._key(node, reading)
        kind = node.get(key)
        if kind is None:
            choices = ", ".join(self.records)
            hint = f"add {self.by}: with one of {choices}"
            reading.note(place, "F015", f"the key {self.by!r} is missing", hint)
            return MISSING
        word = OneOf(tuple(self.records)).read(kind, reading)
        if word is MISSING:
            return MISSING
        rest = Mapping(tuple(e for e in node.entries if e[0].text != key), node.place)
        return self.records[word].read_named(rest, reading, name, place)

    def _key(self, node: Mapping, reading: Reading) -> str:
        """The key that chooses the record, or a misspelt form of it."""
        if node.get(self.by) is None:
            known = fields_of(self)
            for key, _ in node.entries:
                if key.text not in known and nearest(key.text, known) == self.by:
                    note_unknown(key, (self.by,), reading)
                    return key.text
        return self.by

    def schema(self) -> Schema:
        """One object schema for each kind."""
        kinds = []
        for word, record in self.records.items():
            schema = record.schema()
            schema["properties"] = {self.by: {"const": word}, **schema["properties"]}
            schema["required"] = [self.by, *schema.get("required", [])]
            kinds.append(schema)
        return {"oneOf": kinds}


def fields_of(shape: Shape) -> dict[str, Field]:
    """The keys that a mapping of this shape may have; empty for other shapes."""
    if isinstance(shape, Record):
        return dict(shape.fields)
    if isinstance(shape, Variant):
        found = {shape.by: Field(OneOf(tuple(shape.records)), "which kind it is", required=True)}
        for record in shape.records.values():
            found.update(record.fields)
        return found
    return {}


def _below(shape: Shape) -> Below:
    """What may be below a key of this shape."""
    if not isinstance(shape, MapOf):
        return Below(fields_of(shape))
    known = fields_of(shape.item) if shape.named else {}
    is_open = isinstance(shape.item, Record) and bool(shape.item.rest)
    return Below(known, True, shape.named, shape.reserved, is_open)
