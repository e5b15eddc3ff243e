"""Finds the key that was meant by each entry of a record that is not plainly right."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from functools import partial

import msgspec

from xrdrama.document.nodes import Mapping, Node, Place, Scalar
from xrdrama.document.shapes import Field, Reading
from xrdrama.document.strays import (
    Entry,
    grown,
    has_keys_of,
    has_room,
    is_empty,
    is_left_over,
    note_left_over,
    note_too_far_in,
    note_too_far_out,
    note_unknown,
    parted,
)
from xrdrama.document.wording import nearest

MANY = 100
"""After this many problems in a file, mistakes are no longer corrected."""
Written = tuple[str, Scalar, Node | None]
"""A key of a record, the key as written, and its value: None if that is reported already."""


class Below(msgspec.Struct, frozen=True):
    """What may be below a key of a record."""

    known: MappingABC[str, Field]
    """The keys of its record, or of the named items of its map."""
    is_map: bool = False
    named: bool = False
    reserved: str = ""
    is_open: bool = False
    """True for a map whose items may have other keys, too."""


class Gathering:
    """The keys of a record's node, each under the key that was meant."""

    def __init__(
        self,
        fields: MappingABC[str, Field],
        below: MappingABC[str, Below],
        node: Mapping,
        reading: Reading,
        *,
        is_open: bool = False,
    ) -> None:
        self.fields, self.below = fields, below
        self.node, self.reading, self.is_open = node, reading, is_open
        self.rest: list[Entry] = []
        self.found: dict[str, tuple[Scalar, Node | None]] = {}
        self.astray: dict[str, list[Entry]] = {}

    def entries(self) -> list[Written]:
        """(key, key as written, value or None if already reported) in the file's order."""
        before: Entry | None = None
        for key, item in self._lifted():
            if key.text in self.fields:
                self.found[key.text] = (key, item)
            elif self._colonless(key, item, required=before is not None):
                continue
            elif self.is_open and not self._is_required(key):
                self.rest.append((key, item))
            elif before and is_left_over(key, item, before[1]):
                note_left_over(before, key, self.reading)
                self.found[before[0].text] = (before[0], None)
                continue
            else:
                self._unknown(key, item)
            before = (key, item) if key.text in self.fields else None
        return [
            (word, key, grown(item, self.astray.get(word, [])) if item is not None else None)
            for word, (key, item) in self.found.items()
        ]

    def _is_required(self, key: Scalar) -> bool:
        """True for what is nearly a required key that is missing."""
        missing = [
            word for word, field in self.fields.items()
            if field.required and self.node.get(word) is None
        ]  # fmt: skip
        return bool(nearest(key.text, missing))

    def _lifted(self) -> list[Entry]:
        """The entries, including those that are among a map's items but belong beside the map."""
        entries: list[Entry] = []
        for key, item in self.node.entries:
            below = self.below.get(key.text)
            inner: list[Entry] = []
            kept = item
            if below and below.named and has_keys_of(item, self.fields):
                kept, inner = parted(item, partial(self._belongs_here, below))
                for name, _ in inner:
                    note_too_far_in(name, key, self.reading)
            entries += [(key, kept), *inner]
        return entries

    def _belongs_here(self, below: Below, key: Scalar, item: Node) -> bool:
        """True for a key of this record that is among the items of one of its maps."""
        here = key.text in self.fields and self.node.get(key.text) is None
        return here and (key.text == below.reserved or not has_keys_of(item, below.known))

    def _unknown(self, key: Scalar, item: Node) -> None:
        if len(self.reading.problems) > MANY:
            note_unknown(key, (), self.reading)
            return
        home = self._home(key, item)
        if home:
            if home not in self.astray:
                around = next(entry for entry in self.node.entries if entry[0].text == home)
                note_too_far_out(key, around, self.reading)
            self.astray.setdefault(home, []).append((key, item))
            return
        meant = nearest(key.text, self.fields)
        note_unknown(key, self.fields, self.reading)
        if meant and self.node.get(meant) is None and meant not in self.found:
            self.found[meant] = (key, item)

    def _colonless(self, key: Scalar, item: Node, *, required: bool) -> bool:
        """True for `to:gate` and `to gate`, which are read as `to: gate`.

        After a comma, other words may be the rest of a text: there only a `required` key counts.
        """
        parts = re.fullmatch(r"([a-z_]\w*)(\s*[:：]\s*|\s+)(.+)", key.text)
        field = self.fields.get(parts[1]) if parts and is_empty(item) else None
        if parts is None or field is None or self.node.get(parts[1]) or parts[1] in self.found:
            return False
        if required and not field.required and not parts[2].strip():
            return False
        message = f"expected ': ' (a colon and a space) after {parts[1]}"
        self.reading.note(key.place, "F014", message, f"write {parts[1]}: {parts[3]}")
        p = key.place
        value = Scalar(parts[3], Place(p.file, p.line, p.column + parts.start(3)))
        self.found[parts[1]] = (key, value)
        return True

    def _home(self, key: Scalar, item: Node) -> str:
        """The key whose mapping a misplaced line was meant for, or ""."""
        for word, below in self.below.items():
            child = self.node.get(word)
            if child is None:
                continue
            fits = key.text in below.known
            if below.is_map:
                fits = has_keys_of(item, below.known, all_of_it=not below.is_open)
                fits = fits and not is_empty(child)
            if fits and has_room(child, key):
                return word
        return ""
