"""Reads the markup of Yarn lines: `[b]word[/b]`, `[select .../]`, `[plural .../]`, `[nomarkup]`.

https://docs.yarnspinner.dev/write-yarn-scripts/advanced-scripting/markup
"""

from __future__ import annotations

import re

import msgspec

from xrdrama.authoring.yarn.reading.tree import Formula, Words

REPLACING = ("select", "plural", "ordinal")
_OPEN, _CLOSE = "\ue000", "\ue001"  # around the number of an expression within the text
_EXPRESSION = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_SPEAKER = re.compile(r"((?:[^:\\\ue000]|\\.)*?):\s*", re.DOTALL)
_MARK = re.compile(
    r"""\[(?:
      /\s*(?P<closed>[\w|]*)\s*
    | \s*(?P<name>[^\W_][\w|]*)\s*(?P<rest>(?:[^\]"\\]|"(?:[^"\\]|\\.)*"|\\.)*?)(?P<self>/?)
    )\]""",
    re.VERBOSE | re.DOTALL,
)
_FIRST_VALUE = re.compile(r'\s*=\s*("(?:[^"\\]|\\.)*"|[^\s"/]+)')
_PROPERTY = re.compile(r'\s*([^\W_][\w|]*)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s"/\]]+)')


class Selection(msgspec.Struct, frozen=True):
    """A text that depends on a value: `[select]`, `[plural]` or `[ordinal]`.

    The texts have the value itself where the markup has `%`.
    """

    how: str
    value: str | Formula
    texts: dict[str, tuple[str | Formula, ...]]


class Mark(msgspec.Struct, frozen=True):
    """A mark that changes no text, such as `[b]`: its name, and how it was written."""

    name: str
    written: str


Piece = str | Formula | Selection


class Shown(msgspec.Struct, frozen=True):
    """A text as it is shown, and its marks. `speaker`: the name before the first colon, or ""."""

    pieces: tuple[Piece, ...]
    speaker: str
    marks: tuple[Mark, ...]


def read_markup(words: Words) -> Shown:
    """The pieces of a text, without its marks. Markup that is not closed or is malformed stays."""
    formulas = words.formulas
    numbers = iter(range(len(formulas)))
    text = "".join(
        part if isinstance(part, str) else f"{_OPEN}{next(numbers)}{_CLOSE}" for part in words.parts
    )
    speaker = ""
    named = _SPEAKER.match(text)
    if named and named[1].strip() and "[" not in named[1]:
        speaker = _unescaped(named[1]).strip()
        text = text[named.end() :]
    return _Markup(text, formulas).shown(speaker)


class _Markup:
    def __init__(self, text: str, formulas: tuple[Formula, ...]) -> None:
        self.text, self.formulas = text, formulas
        self.pieces: list[Piece] = []
        self.marks: list[Mark] = []
        self.plain = ""

    def shown(self, speaker: str) -> Shown:
        at, trims = 0, False
        while at < len(self.text):
            sign = self.text[at]
            if sign == "\\":
                self.plain += _unescaped(self.text[at : at + 2])
                at += 2
                continue
            match = _MARK.match(self.text, at) if sign == "[" else None
            if match is None or (match["name"] in REPLACING and not self._selection(match)):
                if not (trims and sign.isspace()):
                    self.plain += sign
                trims = False
                at += 1
                continue
            at = match.end()
            trims = False
            if match["name"] == "nomarkup":
                at = self._without_markup(at)
            elif match["name"] and match["name"] not in REPLACING:
                self.marks.append(Mark(match["name"], match[0]))
                before = self.plain[-1:]
                trims = bool(match["self"]) and (not before or before.isspace())
        self._flush()
        return Shown(tuple(self.pieces), speaker, tuple(self.marks))

    def _without_markup(self, at: int) -> int:
        end = re.compile(r"\[/\s*(?:nomarkup)?\s*\]").search(self.text, at)
        self.plain += self.text[at : end.start() if end else len(self.text)]
        return end.end() if end else len(self.text)

    def _flush(self) -> None:
        self.pieces += self._parts(self.plain)
        self.plain = ""

    def _parts(self, text: str) -> list[str | Formula]:
        """A text with numbered expressions, as texts and expressions."""
        found: list[str | Formula] = []
        for index, part in enumerate(_EXPRESSION.split(text)):
            if index % 2:
                found.append(self.formulas[int(part)])
            elif part:
                found.append(part)
        return found

    def _selection(self, match: re.Match[str]) -> bool:
        """Adds a selection; False when it lacks its value or is not closed by `/`."""
        if not match["self"]:
            return False
        properties = {key: _unquoted(value) for key, value in _PROPERTY.findall(match["rest"])}
        first = _FIRST_VALUE.match(match["rest"])
        raw = _unquoted(first[1]) if first else properties.pop("value", None)
        if raw is None:
            return False
        parts = self._parts(raw)
        if len(parts) != 1:
            return False
        value = parts[0]
        self._flush()
        texts = {key: tuple(self._with_value(text, value)) for key, text in properties.items()}
        self.pieces.append(Selection(match["name"], value, texts))
        return True

    def _with_value(self, text: str, value: str | Formula) -> list[str | Formula]:
        found: list[str | Formula] = []
        pieces = re.split(r"(?<!\\)%", text)
        for index, piece in enumerate(pieces):
            if index:
                found.append(value)
            found += self._parts(re.sub(r"\\(.)", r"\1", piece))
        return found


def _unquoted(value: str) -> str:
    return value[1:-1] if value.startswith('"') else value


def _unescaped(text: str) -> str:
    return re.sub(r"\\([\[\]:])", r"\1", text)
