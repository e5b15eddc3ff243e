"""Strict YAML text to nodes with positions (libyaml does the scanning).

The text is read in composed form (NFC), so that `é` is one character however it was written;
columns count the characters of that form.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import yaml

from xrdrama.document.names import composed
from xrdrama.document.nodes import Mapping, Node, Place, Scalar, Sequence
from xrdrama.document.prose import Prose
from xrdrama.document.recovery import recover
from xrdrama.document.strays import Entry, is_empty
from xrdrama.document.wording import spaces
from xrdrama.errors import Problem

MAX_CHARACTERS = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 24


# Characters that YAML rejects, and those that end a line in YAML but in no editor.
@cache
def _invisible() -> re.Pattern[str]:
    return re.compile(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
    )


# libyaml where the wheel has it (about 20 times faster); the pure loader reads the same language.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


_Scalar, _Sequence, _Alias = yaml.ScalarEvent, yaml.SequenceStartEvent, yaml.AliasEvent
_SequenceEnd, _MappingEnd = yaml.SequenceEndEvent, yaml.MappingEndEvent


class _RefusedError(Exception):
    """The text cannot be used as a file; the problem has been noted."""


def compose(
    text: str, file: str, problems: list[Problem], prose: Prose | None = None
) -> Node | None:
    """The root node of `text`, or None with the reason added to `problems`.

    Mistakes in the layout of `prose` are noted and corrected: the node is what was meant.
    """
    composer = _Composer(text, file, problems)
    try:
        composer.refuse_unreadable()
        return recover(composer.text, prose, composer.slip, composer.document)
    except _RefusedError:
        return None


class _Composer:
    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.text = composed(text.removeprefix("\ufeff"))
        self.file, self.problems = file, problems
        self.lines: list[str] | None = None
        self.count = 0
        self.lifted: list[Entry] = []
        self.event: Callable[[], Any] = lambda: None
        """The next event of the parser; None at the end of the text."""

    def note(self, place: Place, code: str, message: str, hint: str = "") -> None:
        self.problems.append(
            Problem(place.file, place.line, place.column, code, "error", message, hint)
        )

    def refuse(self, place: Place, code: str, message: str, hint: str = "") -> _RefusedError:
        self.note(place, code, message, hint)
        return _RefusedError()

    def slip(self, line: int, column: int, code: str, message: str, hint: str) -> None:
        self.note(Place(self.file, line, column), code, message, hint)

    def refuse_unreadable(self) -> None:
        """Reject a text that is too long or has invalid characters; warn of hidden characters."""
        if len(self.text) > MAX_CHARACTERS:
            raise self.refuse(
                Place(self.file), "Y002", f"the file has more than {MAX_CHARACTERS:,} characters",
                "split it into several files",
            )  # fmt: skip
        strange = _invisible().search(self.text)
        if strange:
            before = (self.text[: strange.start()] + "|").splitlines()
            raise self.refuse(
                Place(self.file, len(before), len(before[-1])), "Y009",
                f"this line contains an invisible character (U+{ord(strange[0]):04X})", "delete it",
            )  # fmt: skip
        if not self.text.isascii():
            from xrdrama.document.hidden import hidden_problems  # ASCII has no hidden characters

            self.problems += hidden_problems(self.text, self.file)

    def document(self, text: str) -> Node:
        """The root node of the corrected text."""
        self.text = text
        loader = _LOADER(text)
        self.event = loader.get_event
        try:
            return self.root()
        finally:
            loader.dispose()

    def root(self) -> Node:
        root: Node | None = None
        while (event := self.event()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self.refuse(
                        self.place(event), "Y003", "the file contains a second YAML document",
                        "keep one document per file and remove `---`",
                    )  # fmt: skip
            elif isinstance(event, yaml.NodeEvent):
                root = self.node(event, 1)
        if root is None:
            raise self.refuse(
                Place(self.file), "Y004", "the file is empty",
                "begin with xrdrama: 1 and copy the rest from an example file of the same kind",
            )  # fmt: skip
        return root

    def place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1)

    def node(self, event: Any, depth: int) -> Node:
        # Called for every value of a file: the checks come first, what they report is apart.
        self.count += 1
        kind, mark = type(event), event.start_mark
        place = Place(self.file, mark.line + 1, mark.column + 1)
        if (
            self.count > MAX_NODES
            or depth > MAX_DEPTH
            or kind is _Alias
            or event.anchor is not None
            or event.tag is not None
        ):
            raise self.unsupported(event, place, depth)
        if kind is _Scalar:
            style = event.style or None
            indent = self.indent(event, place) if style == "|" else 0
            return Scalar(event.value, place, style, indent)
        if kind is _Sequence:
            return Sequence(tuple(self.items(depth)), place)
        return self.mapping(place, depth)

    def unsupported(self, event: Any, place: Place, depth: int) -> _RefusedError:
        """The reason why a value is rejected."""
        if self.count > MAX_NODES:
            return self.refuse(
                place, "Y002", f"the file has more than {MAX_NODES:,} values",
                "split it into several files",
            )  # fmt: skip
        if depth > MAX_DEPTH:
            return self.refuse(
                place, "Y002", f"values are nested more than {MAX_DEPTH} levels deep",
                "use fewer levels",
            )  # fmt: skip
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            return self.refuse(
                place, "Y005", "YAML anchors and aliases (& and *) are not supported",
                "write the value in full, or quote a text that starts with & or *",
            )  # fmt: skip
        return self.refuse(
            place, "Y006", "an unquoted text cannot start with '!': YAML tags such as "
                           f"{event.tag} are not supported",
            f'in a condition, write not {event.tag[1:]}; put a text in quotes: "{event.tag}"',
        )  # fmt: skip

    def indent(self, event: Any, place: Place) -> int:
        """The indentation of a literal block, which its value no longer has."""
        if self.lines is None:
            self.lines = self.text.splitlines()
        for number, row in enumerate(event.value.split("\n"), place.line):
            if row.strip() and number < len(self.lines):
                return len(self.lines[number]) - len(row)
        return 0

    def items(self, depth: int) -> list[Node]:
        found: list[Node] = []
        while type(event := self.event()) is not _SequenceEnd:
            found.append(self.node(event, depth + 1))
            if self.lifted:
                self.settle(found[-1].place)
        return found

    def mapping(self, place: Place, depth: int) -> Mapping:
        entries: list[Entry] = []
        while type(event := self.event()) is not _MappingEnd:
            key = self.node(event, depth + 1)
            if type(key) is not Scalar:
                raise self.refuse(
                    key.place, "Y007", "a key must be a plain word, not a list or a mapping",
                    "write a word before the colon; put quotes around text that starts with [ or {",
                )  # fmt: skip
            entries.append((key, self.node(self.event(), depth + 1)))
            if self.lifted:
                entries += self.settle(key.place, key.text)
        if len({key.text for key, _ in entries}) < len(entries):
            entries = self.unique(entries, depth)
        return Mapping(tuple(entries), place)

    def unique(self, entries: list[Entry], depth: int) -> list[Entry]:
        """The entries without duplicates. An empty key between two equal keys was meant to be one
        level up, with all entries after it."""
        kept: dict[str, Entry] = {}
        order: dict[str, int] = {}
        head = ""  # the last empty key
        for number, (key, value) in enumerate(entries):
            if key.text not in kept:
                order[key.text] = len(kept)
                kept[key.text] = (key, value)
                head = key.text if is_empty(value) else head
            elif head and order[head] > order[key.text] and depth > 1:
                rest = [*list(kept.values())[order[head] + 1 :], *entries[number:]]
                below = Mapping(tuple(self.unique(rest, 0)), rest[0][0].place)
                self.lifted.append((kept[head][0], below))
                return list(kept.values())[: order[head]]
            else:
                self.note(
                    key.place, "Y008", f"duplicate key {key.text!r}",
                    f"the first one is on line {kept[key.text][0].place.line}; remove one of them",
                )  # fmt: skip
        return list(kept.values())

    def settle(self, place: Place, beside: str = "") -> list[Entry]:
        """Note entries that were read as part of the last node but belong after it; return them."""
        lifted, self.lifted = self.lifted, []
        for key, _ in lifted:
            hint = f"{spaces(place.column - 1)}, like {beside}:" if beside else ""
            self.note(key.place, "F019", f"{key.text} is indented one level too far", hint)
        return lifted
