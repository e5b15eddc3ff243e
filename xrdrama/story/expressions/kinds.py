"""The kinds of values of a story, and the scope in which an expression is evaluated."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from xrdrama.document import Place
from xrdrama.document.quantities import truth_hint
from xrdrama.document.wording import plain, suggestion
from xrdrama.story.chance import draw
from xrdrama.story.expressions.running import runner

Value = bool | int | float | str


class Kind(msgspec.Struct, frozen=True):
    """The type of a value: bool, int and float with a range, enum with its words, text.

    A boolean ranges from 0 (false) to 1 (true).
    """

    name: str
    least: int | float = 0
    most: int | float = 0
    words: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """True for whole numbers and numbers."""
        return self.name in ("int", "float")

    def value(self, text: str) -> Value:
        """The value of a plain word; ValueError when it is not a value of this kind."""
        if self.name == "bool":
            if text not in ("true", "false"):
                raise ValueError(f"{text!r} is not true or false")
            return text == "true"
        if self.is_number:
            if not (_INT if self.name == "int" else _FLOAT).fullmatch(text):
                raise ValueError(f"{text[:40]!r} is not {self}")
            number = int(text) if self.name == "int" else float(text)
            if not self.least <= number <= self.most:
                raise ValueError(f"{text} is out of range: {self}")
            return number
        if self.name == "enum" and text not in self.words:
            raise ValueError(f"{text!r} is not one of {', '.join(self.words)}")
        return text

    def remedy(self, text: str) -> str:
        """The hint for a text that has no `value` of this kind."""
        if self.name == "bool":
            return truth_hint(text) or "write true or false"
        if self.name == "enum":
            return suggestion(text, self.words)
        return f"write {self}" if self.is_number else "use another value"

    def __str__(self) -> str:
        if self.is_number:
            noun = "a whole number" if self.name == "int" else "a number"
            if self.least == self.most:
                return f"{noun} ({plain(self.least)})"
            return f"{noun} ({plain(self.least)} to {plain(self.most)})"
        if self.name == "enum":
            return "one of " + ", ".join(self.words)
        return {"bool": "true or false", "text": "a text"}[self.name]


_INT = re.compile(r"[+-]?[0-9]{1,15}")
_FLOAT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")

BOOL = Kind("bool", 0, 1)
TEXT = Kind("text")


class Scope:
    """What an expression can read: values by slot, visits by beat, random numbers."""

    __slots__ = ("dice", "values", "visits")

    def __init__(self, values: Sequence[Value], visits: Sequence[int], dice: int) -> None:
        self.values = values
        self.visits = visits
        self.dice = dice

    def roll(self, least: int, most: int) -> int:
        """The next random number from `least` to `most`, both included."""
        self.dice, value = draw(self.dice, least, most)
        return value


class Names(msgspec.Struct, frozen=True):
    """The names that an expression may use: variables (kind and slot) and beats (index).

    Computed variables are among the variables, with the slot -1, and in `computed`.
    """

    variables: Mapping[str, tuple[Kind, int]]
    beats: Mapping[str, int]
    computed: Mapping[str, Expression] = {}


class ExpressionError(Exception):
    """An error in an expression: message, column (from 0), hint.

    `missing` is the kind and the name of an undefined variable or beat.
    """

    def __init__(
        self, message: str, column: int = 0, hint: str = "", missing: tuple[str, str] = ("", "")
    ) -> None:
        super().__init__(message)
        self.message, self.column, self.hint, self.missing = message, column, hint, missing


class Expression(msgspec.Struct, frozen=True, dict=True):
    """A checked expression: its text, its kind, the names it uses, and its code."""

    text: str
    kind: Kind
    code: bytes
    reads: frozenset[str]
    beats: tuple[str, ...] = ()
    random: bool = False
    complexity: int = 0
    """The number of `and` and `or` in it, as Yarn Spinner counts."""
    place: Place | None = None
    """The position of its text; None if it is not known."""

    @cached_property
    def run(self) -> Callable[[Any], Any]:
        """Evaluates it in a Scope. Made on first use: most conditions of a story are not asked in a
        playthrough."""
        return runner(self.code)
