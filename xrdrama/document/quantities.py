"""Shapes of numbers, booleans and durations."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from xrdrama.document.nodes import Node, Scalar, Sequence
from xrdrama.document.shapes import MISSING, Reading, Schema, scalar_text
from xrdrama.document.wording import plain, short
from xrdrama.timing import NS

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})([eE][+-]?[0-9]{1,2})?")


class Whole(msgspec.Struct, frozen=True):
    """A whole number in a range."""

    least: int
    most: int

    def read(self, node: Node, reading: Reading) -> Any:
        """The number as int."""
        text = scalar_text(node, reading, "a whole number")
        if text is None:
            return MISSING
        if not _WHOLE.fullmatch(text.strip()):
            hint = _number_hint(text, whole=True)
            reading.note(node.place, "F004", f"{short(text)} is not a whole number", hint)
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
        text = scalar_text(node, reading, "a number")
        if text is None:
            return MISSING
        if not _NUMBER.fullmatch(text.strip()):
            hint = _number_hint(text, least=self.least, most=self.most)
            reading.note(node.place, "F004", f"{short(text)} is not a number", hint)
            return MISSING
        return _ranged(float(text), self.least, self.most, node, reading)

    def schema(self) -> Schema:
        """A number schema."""
        return {"type": "number", "minimum": self.least, "maximum": self.most}


LENGTHS = {
    "mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "in": 0.0254, "inch": 0.0254,
    "inches": 0.0254, '"': 0.0254, "ft": 0.3048, "feet": 0.3048, "'": 0.3048,
}  # fmt: skip
"""Units of length as people write them, in metres."""


def _number_hint(text: str, *, whole: bool = False, least: float = -1e9, most: float = 1e9) -> str:
    """The hint for a text that is almost a number: 3,5 or 35mm, or 1.0 for a whole number.

    Percent is converted to a fraction if that is in the range; a length to metres. `plausible`
    replaces the hint where it knows the unit of the value.
    """
    pointed = text.strip().replace(",", ".")
    number = re.match(r"[+-]?[0-9]+(\.[0-9]+)?(?=\s*[^\d.])", pointed)
    if whole:
        exact = re.fullmatch(r"([+-]?[0-9]+)(\.0*)?", number[0] if number else pointed)
        return f"write {exact[1]}" if exact else "write a whole number in digits, such as 3"
    if _NUMBER.fullmatch(pointed):
        return f"write {pointed}"
    if number is None:
        return "write a number in digits"
    unit = pointed[number.end() :].strip().lower()
    fraction = round(float(number[0]) / 100, 9)
    if unit in ("%", "percent", "per cent") and least <= fraction <= most:
        return f"write {plain(fraction)}, without a unit"
    if unit in LENGTHS and unit not in ("m", "mm"):
        metres = round(float(number[0]) * LENGTHS[unit], 9)
        return f"write {plain(metres)}, without a unit, if it is in metres"
    return f"write {number[0]} alone, without a unit"


def _ranged(value: Any, least: Any, most: Any, node: Node, reading: Reading) -> Any:
    if least <= value <= most:
        return value
    allowed = plain(least) if least == most else f"{plain(least)} to {plain(most)}"
    hint = f"write {plain(least)}" if least == most else ""
    reading.note(node.place, "F005", f"{plain(value)} is out of range; expected {allowed}", hint)
    return MISSING


_TRUE, _FALSE = ("true", "yes", "on", "y", "1"), ("false", "no", "off", "n", "0")


def truth_hint(text: str) -> str:
    """The hint for a text such as yes or off, or ""."""
    word = text.strip().lower()
    return "write true" if word in _TRUE else "write false" if word in _FALSE else ""


class Flag(msgspec.Struct, frozen=True):
    """true or false; other spellings are rejected."""

    def read(self, node: Node, reading: Reading) -> Any:
        """True or False."""
        text = scalar_text(node, reading, "true or false")
        if text is None:
            return MISSING
        if text not in ("true", "false"):
            reading.note(
                node.place, "F006", f"{short(text)} is not true or false", truth_hint(text)
            )
            return MISSING
        return text == "true"

    def schema(self) -> Schema:
        """A boolean schema."""
        return {"type": "boolean"}


FLAG = Flag()

_UNITS = {"ms": NS // 1000, "s": NS, "m": 60 * NS}
_DURATION = re.compile(r"\+?([0-9]{1,6}(?:\.[0-9]{1,6})?)(ms|s|m)")


class Duration(msgspec.Struct, frozen=True):
    """A duration: `300ms`, `1.5s`, `2m`; a leading + is allowed. Read as nanoseconds, in the range
    from `least` to `most`."""

    least: int = 0
    most: int = 2**62

    def read(self, node: Node, reading: Reading) -> Any:
        """Whole nanoseconds."""
        text = scalar_text(node, reading, "a time such as 1.5s")
        if text is None:
            return MISSING
        ns = parse_duration(text)
        if ns is None:
            reading.note(
                node.place, "F007", f"{short(text)} is not a valid duration", duration_hint(text)
            )
            return MISSING
        if not self.least <= ns <= self.most:
            allowed = f"{spoken_duration(self.least)} to {spoken_duration(self.most)}"
            message = f"{short(text)} is out of range; expected {allowed}"
            reading.note(node.place, "F005", message)
            return MISSING
        return ns

    def schema(self) -> Schema:
        """A string schema."""
        return {"type": "string", "pattern": f"^(?:{_DURATION.pattern})$"}


DURATION = Duration()


def spoken_duration(ns: int) -> str:
    """Nanoseconds as an author writes them: 370ms, 10s."""
    return f"{plain(ns / NS * 1000)}ms" if 0 < ns < NS else f"{plain(ns / NS)}s"


def parse_duration(text: str) -> int | None:
    """The nanoseconds of a text such as `1.5s`; None when it is not a duration."""
    match = _DURATION.fullmatch(text.strip())
    return round(float(match[1]) * _UNITS[match[2]]) if match else None


_SPOKEN = re.compile(r"\+?([0-9]{1,6}(?:[.,][0-9]{1,6})?)\s*(ms|milli\w*|s\w*|m\w*|)\.?", re.I)


_MANY = 100
"""From this number on, a duration without a unit was probably meant as milliseconds."""


def duration_hint(text: str) -> str:
    """The hint for a text that is almost a duration: 3, `3 sec`, `2 minutes`, 0:30."""
    clock = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", text.strip())
    if clock:
        return f"write {int(clock[1]) * 60 + int(clock[2])}s"
    both = re.fullmatch(r"([0-9]{1,3})\s*m[a-z]*\s*([0-9]{1,2})\s*s?[a-z]*", text.strip(), re.I)
    if both:
        return f"write {int(both[1]) * 60 + int(both[2])}s"
    match = _SPOKEN.fullmatch(text.strip())
    if not match:
        return "write 300ms, 1.5s or 2m"
    word, number = match[2].lower(), match[1].replace(",", ".")
    unit = "ms" if word.startswith(("ms", "milli")) else word[:1] or "s"
    if not word and number.isdigit() and int(number) >= _MANY:
        return f"write {number}ms, or {number}s"
    return f"write {number}{unit}"


class Vector(msgspec.Struct, frozen=True):
    """A list of `size` numbers, read as a tuple of floats or as the result of `make`."""

    size: int
    least: float = -1e5
    most: float = 1e5
    make: Callable[..., Any] = lambda *numbers: numbers

    def read(self, node: Node, reading: Reading) -> Any:
        """`make(*numbers)`."""
        if not isinstance(node, Sequence) or len(node.items) != self.size:
            said = (
                re.findall(r"-?[0-9]+(?:\.[0-9]+)?", node.text) if isinstance(node, Scalar) else ()
            )
            numbers = said if len(said) == self.size else ["0"] * self.size
            reading.note(node.place, "F009", f"expected a list of {self.size} numbers",
                         f"write [{', '.join(numbers)}]")  # fmt: skip
            return MISSING
        values = [Real(self.least, self.most).read(item, reading) for item in node.items]
        return MISSING if MISSING in values else self.make(*values)

    def schema(self) -> Schema:
        """An array schema."""
        item = Real(self.least, self.most).schema()
        return {"type": "array", "items": item, "minItems": self.size, "maxItems": self.size}
