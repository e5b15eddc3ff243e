"""Parses a text with values: `{coins}`, `{coins, plural, ...}`, `{mood, select, ...}`.

A brace that no variable name follows is an ordinary character; so is an apostrophe, except before a
brace: `'{'` is a brace that opens nothing.

Source: ICU User Guide, Formatting Messages.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import msgspec

from xrdrama.document.names import WORD_SIGN
from xrdrama.story.text.plurals import CATEGORIES

MAX_DEPTH: Final = 5


class Shown(msgspec.Struct, frozen=True):
    """The value of a variable."""

    name: str


class Number(msgspec.Struct, frozen=True):
    """The number of the plural around it, written as `#`."""


class Plural(msgspec.Struct, frozen=True):
    """One text for each plural category, and for exact numbers."""

    name: str
    exact: dict[int, tuple[Part, ...]]
    forms: dict[str, tuple[Part, ...]]


class Select(msgspec.Struct, frozen=True):
    """One text for each word of a variable; `other` for all other words."""

    name: str
    cases: dict[str, tuple[Part, ...]]


Part = str | Shown | Number | Plural | Select


class Message(msgspec.Struct, frozen=True):
    """A parsed text: its parts, the variables that it names with their columns (from 0)."""

    parts: tuple[Part, ...]
    names: tuple[tuple[str, int], ...] = ()
    plurals: tuple[Plural, ...] = ()
    selects: tuple[Select, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    """Where its placeholders are, as columns from 0."""


class MessageError(Exception):
    """An error in a text with values: message, column (from 0), hint."""

    def __init__(self, message: str, column: int, hint: str) -> None:
        super().__init__(message)
        self.message, self.column, self.hint = message, column, hint


@cache
def _opening() -> re.Pattern[str]:
    """A brace, a name, and what follows: the end, or the comma before a kind. Not {{x}}, ${x}
    and #{x}, which other tools write."""
    return re.compile(rf"(?<![{{$#])\{{\s*({WORD_SIGN}+)\s*(\}}(?!\}})|,)")


@cache
def _opening_inside() -> re.Pattern[str]:
    """The same inside a case, which has braces of its own around it."""
    return re.compile(rf"\{{\s*({WORD_SIGN}+)\s*(\}}|,)")


def may_show_values(text: str) -> bool:
    """False for a text that certainly has no placeholder and no quoted brace; quick."""
    return "{" in text and ("'{" in text or _opening().search(text) is not None)


def parse_message(text: str) -> Message:
    """The parts of a text; MessageError for a plural or select that cannot be read."""
    if not may_show_values(text):
        return Message((text,) if text else ())
    parser = _Parser(text)
    parts = parser.parts(0, inside=False)
    return Message(
        parts,
        tuple(parser.names),
        tuple(parser.plurals),
        tuple(parser.selects),
        tuple(parser.spans),
    )


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.names: list[tuple[str, int]] = []
        self.plurals: list[Plural] = []
        self.selects: list[Select] = []
        self.spans: list[tuple[int, int]] = []
        self.counted = 0
        """How many plurals are around the text that is read."""

    def parts(self, depth: int, *, inside: bool) -> tuple[Part, ...]:
        """The parts up to the end, or inside a case up to its closing brace."""
        if depth > MAX_DEPTH:
            message = f"placeholders are nested more than {MAX_DEPTH} levels deep"
            raise MessageError(message, self.at, "write several lines under conditions instead")
        parts: list[Part] = []
        plain: list[str] = []
        opening = _opening_inside() if inside else _opening()

        def keep(part: Part) -> None:
            if plain:
                parts.append("".join(plain))
                plain.clear()
            parts.append(part)

        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "}" and inside:
                break
            if sign == "'" and (quoted := self.quoted()):
                plain.append(quoted)
            elif sign == "#" and self.counted:
                self.at += 1
                keep(Number())
            elif sign == "{" and (match := opening.match(self.text, self.at)):
                keep(self.placeholder(match, depth))
            else:
                plain.append(sign)
                self.at += 1
        if plain:
            parts.append("".join(plain))
        return tuple(parts)

    def quoted(self) -> str:
        """The text between apostrophes that begins with a brace; "" for a plain apostrophe."""
        if self.text[self.at + 1 : self.at + 2] not in ("{", "}"):
            return ""
        end = self.text.find("'", self.at + 2)
        if end < 0:
            return ""
        found = self.text[self.at + 1 : end]
        self.at = end + 1
        return found

    def placeholder(self, match: re.Match[str], depth: int) -> Part:
        name, began = match[1], self.at
        self.names.append((name, match.start(1)))
        self.at = match.end()
        if match[2] == "}":
            if depth == 0:
                self.spans.append((began, self.at))
            return Shown(name)
        kind = self.word("plural or select")
        if kind not in ("plural", "select"):
            raise MessageError(
                f"{kind!r} is not a kind of placeholder", self.at - len(kind),
                f"write {{{name}}}, {{{name}, plural, one {{...}} other {{...}}}} or "
                f"{{{name}, select, word {{...}} other {{...}}}}",
            )  # fmt: skip
        self.expect(",", f"write a comma after {kind}")
        cases = self.cases(kind, depth)
        self.expect("}", "write } after the last case")
        if depth == 0:
            self.spans.append((began, self.at))
        if "other" not in cases:
            message = f"this {kind} has no case for all other values"
            raise MessageError(message, began, "add other {...} as its last case")
        return self.made(name, kind, cases, began)

    def made(self, name: str, kind: str, cases: dict[str, tuple[Part, ...]], began: int) -> Part:
        if kind == "select":
            select = Select(name, cases)
            self.selects.append(select)
            return select
        exact = {int(key[1:]): parts for key, parts in cases.items() if key.startswith("=")}
        forms = {key: parts for key, parts in cases.items() if not key.startswith("=")}
        for form in forms:
            if form not in CATEGORIES:
                raise MessageError(
                    f"{form!r} is not a plural form", began,
                    f"use one of: {', '.join(CATEGORIES)}, or a number such as =0",
                )  # fmt: skip
        plural = Plural(name, exact, forms)
        self.plurals.append(plural)
        return plural

    def cases(self, kind: str, depth: int) -> dict[str, tuple[Part, ...]]:
        found: dict[str, tuple[Part, ...]] = {}
        while True:
            self.space()
            if self.at >= len(self.text) or self.text[self.at] == "}":
                return found
            began, key = self.at, self.key(kind)
            if key in found:
                raise MessageError(f"the case {key!r} is given twice", began, "delete one of them")
            self.space()
            self.expect("{", f"write the text of {key} in braces: {key} {{...}}")
            self.counted += kind == "plural"
            found[key] = self.parts(depth + 1, inside=True)
            self.counted -= kind == "plural"
            self.expect("}", f"write }} after the text of {key}")

    def key(self, kind: str) -> str:
        match = re.compile(rf"=[0-9]{{1,9}}|{WORD_SIGN}+").match(self.text, self.at)
        if match is None or (kind == "select" and match[0].startswith("=")):
            what = "a plural form" if kind == "plural" else "a word"
            example = "one {...}" if kind == "plural" else "calm {...}"
            raise MessageError(f"expected {what} and its text", self.at, f"such as {example}")
        self.at = match.end()
        return match[0]

    def word(self, wanted: str) -> str:
        self.space()
        match = re.compile(rf"{WORD_SIGN}+").match(self.text, self.at)
        if match is None:
            raise MessageError(f"expected {wanted} after the comma", self.at, "or write } there")
        self.at = match.end()
        return match[0]

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def expect(self, sign: str, hint: str) -> None:
        self.space()
        if self.text[self.at : self.at + 1] != sign:
            raise MessageError(f"expected {sign!r} here", min(self.at, len(self.text) - 1), hint)
        self.at += 1
