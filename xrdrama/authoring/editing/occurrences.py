"""The names in authors' files: what each one is, where it is, whether it is defined there."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.authoring.editing.spans import Span, file_name
from xrdrama.document import Node

Kind = Literal[
    "beat", "variable", "role", "option", "scene", "cue", "marker", "sound", "ending", "plot",
    "story", "line", "performer",
]  # fmt: skip
"""What a name can be. Storylet groups are beats here: paths lead to both by the same names."""


class Occurrence(msgspec.Struct, frozen=True):
    """A name at a place. `beat` is the beat around it; of an option, the beat it belongs to."""

    kind: Kind
    name: str
    span: Span
    defines: bool = False
    beat: str = ""
    group: bool = False
    """A storylet group."""
    capitals: bool = False
    """A role in a script: OLD MO for old_mo."""

    @property
    def where(self) -> str:
        """Its place for a message: the name of its file, and the line."""
        return f"{file_name(self.span.file)}, line {self.span.line}"


class FileIndex(msgspec.Struct, frozen=True):
    """The names of one file. `root` is None if the file could not be read: then it has none."""

    file: str
    rows: tuple[str, ...]
    occurrences: tuple[Occurrence, ...] = ()
    root: Node | None = None
    scenes: dict[str, str] = {}
    """The set of each beat that names one; "" is that of the others."""

    def at(self, line: int, column: int) -> Occurrence | None:
        """The name at a position; of several, the shortest."""
        found = [one for one in self.occurrences if one.span.holds(line, column)]
        return min(found, key=lambda one: one.span.end - one.span.start, default=None)
