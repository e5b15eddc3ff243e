"""The shapes of what an author writes in the language of stories: scripts, expressions, effects."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

import msgspec

from xrdrama.document import MapOf, Mapping, Node, Reading, Reference, Scalar, Text
from xrdrama.document.names import FIRST_SIGN, WORD_SIGN
from xrdrama.document.shapes import MISSING, Mention, Schema
from xrdrama.document.strays import is_empty
from xrdrama.document.wording import short
from xrdrama.story.written import RawEffect


class Script(msgspec.Struct, frozen=True):
    """Screenplay text; kept as a node, because each line has a position."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The literal block."""
        if not isinstance(node, Scalar) or node.style not in ("|", None, '"', "'"):
            reading.note(node.place, "S211", "expected screenplay text", "write script: |")
            return MISSING
        return node

    def schema(self) -> Schema:
        """A string schema."""
        return {"type": "string", "description": "screenplay text in a literal block: script: |"}


_EXPRESSION: Final = Text("an expression")


class Formula(msgspec.Struct, frozen=True):
    """An expression; kept as a node until all variables are known."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The scalar."""
        if isinstance(node, Mapping):
            hint = "write it without braces; braces are used only in scripts, as in {if trust >= 1}"
            reading.note(node.place, "F001", "expected an expression", hint)
            return MISSING
        text = _EXPRESSION.read(node, reading)
        return node if text is not MISSING else MISSING

    def schema(self) -> Schema:
        """A string, number or boolean schema."""
        return {"type": ["string", "number", "boolean"]}


class Placed(msgspec.Struct, frozen=True):
    """The name of a file of a kind, with its position."""

    kind: str

    def read(self, node: Node, reading: Reading) -> Any:
        """A Mention."""
        name = Reference(self.kind).read(node, reading)
        return MISSING if name is MISSING else Mention(self.kind, name, node.place)

    def schema(self) -> Schema:
        """A string schema."""
        return Reference(self.kind).schema()


@cache
def _assignment() -> re.Pattern[str]:
    return re.compile(rf"({FIRST_SIGN}{WORD_SIGN}*)\s*(\+\+|--|[-+*/]=|=|:|：)?\s*(.*)")


class Effects(msgspec.Struct, frozen=True):
    """`{trust: trust + 1}`: variables and their new values."""

    def read(self, node: Node, reading: Reading) -> Any:
        """A tuple of RawEffects."""
        if isinstance(node, Scalar) and not is_empty(node):
            message = f"{short(node.text)} names no variable to change"
            reading.note(node.place, "F012", message, f"write {{{_as_effect(node.text)}}}")
            return MISSING
        kept = node
        if isinstance(node, Mapping):
            for key, value in node.entries:
                if is_empty(value) and re.search(r"[-+=]", key.text):
                    message = f"{short(key.text)} is not the name of a variable"
                    reading.note(key.place, "F012", message, f"write {_as_effect(key.text)}")
            good = (
                e for e in node.entries if not (is_empty(e[1]) and re.search("[-+=]", e[0].text))
            )
            kept = Mapping(tuple(good), node.place)
        values = _VALUES.read(kept, reading)
        if values is MISSING or not isinstance(kept, Mapping):
            return MISSING
        return tuple(
            RawEffect(key, values[key.text]) for key, _ in kept.entries if key.text in values
        )

    def schema(self) -> Schema:
        """An object schema."""
        return _VALUES.schema()


def _as_effect(text: str) -> str:
    """`trust += 1` in the form of an effect: `trust: trust + 1`."""
    match = _assignment().fullmatch(text.strip())
    if not match:
        return "trust: trust + 1"
    name, sign, rest = match[1], match[2] or "", match[3]
    if sign in ("++", "--"):
        return f"{name}: {name} {sign[0]} 1"
    if sign in ("=", ":", "："):
        return f"{name}: {rest}"
    return f"{name}: {name} {sign[:1]} {rest}" if sign else f"{name}: {name} {rest}".rstrip()


FORMULA: Final = Formula()
_VALUES: Final = MapOf(FORMULA, most=50, such_as="{trust: trust + 1}")
EFFECTS: Final = Effects()
