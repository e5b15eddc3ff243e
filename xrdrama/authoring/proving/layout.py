"""The packed state of a story: one whole number, with a field of bits for each value that matters.

The lowest bits are the number of the place (the beat, how far its script is, what it has
interrupted); fields of variables, visits, used options and played alternatives follow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from xrdrama.story.expressions.expression import Kind, Value

PLACE_BITS: Final = (12, 20, 28)
"""Bits for the number of the place; more are used when there are more places. A state below 2^30 is
computed fastest."""
MOST_WORDS: Final = 1 << 16
"""Ranges up to this many whole numbers are fields of their own width; other values are numbered in
the order in which they are met."""
_OPEN_BITS: Final = 24


class TooLargeError(Exception):
    """A part of the state has no room left in its field: what, in words."""


class Field:
    """A field of the packed state, and the values that its numbers stand for."""

    __slots__ = ("low", "mask", "name", "numbers", "shift", "values")

    def __init__(self, name: str, shift: int, values: Iterable[Value], bits: int = 0) -> None:
        self.name = name
        self.shift = shift
        self.values: list[Value] = list(values)
        self.numbers: dict[Value, int] = {value: n for n, value in enumerate(self.values)}
        bits = bits or max(1, (len(self.values) - 1).bit_length())
        self.low = (1 << bits) - 1
        self.mask = self.low << shift

    def decode(self, state: int) -> Value:
        """The value in a packed state."""
        return self.values[(state >> self.shift) & self.low]

    def encode(self, value: Value) -> int:
        """The bits of a value; TooLargeError when there are more values than numbers."""
        number = self.numbers.get(value)
        if number is None:
            number = len(self.values)
            if number > self.low:
                raise TooLargeError(f"{self.name} takes more than {self.low:,} values")
            self.numbers[value] = number
            self.values.append(value)
        return number << self.shift

    @property
    def most(self) -> int:
        """The largest value of a counter."""
        return len(self.values) - 1


class Layout:
    """The fields of a story's packed state, by what they hold."""

    def __init__(self, place_bits: int) -> None:
        self.bits = place_bits
        self.places = (1 << place_bits) - 1
        """The bits of the place."""
        self.variables: dict[int, Field] = {}
        """By slot."""
        self.visits: dict[int, Field] = {}
        """By the index of the beat."""
        self.options: dict[int, Field] = {}
        """Picked options with `once`, by index."""
        self.plots: dict[int, Field] = {}
        """Opened hidden plots, by index."""
        self.plays: dict[tuple[str, int], Field] = {}
        """Counters of alternatives (`line`, index) and of storylets (`beat`, index)."""

    def variable(self, slot: int, name: str, kind: Kind) -> None:
        """Add the field of a variable."""
        words: Iterable[Value] = ()
        if kind.name == "bool":
            words = (False, True)
        elif kind.name == "enum":
            words = kind.words
        elif kind.name == "int" and kind.most - kind.least < MOST_WORDS:
            words = range(int(kind.least), int(kind.most) + 1)
        field = Field(name, self.bits, words, 0 if words else _OPEN_BITS)
        self.variables[slot] = self._added(field)

    def counter(self, name: str, most: int) -> Field:
        """A field that counts from 0 to `most`."""
        return self._added(Field(name, self.bits, range(most + 1)))

    def _added(self, field: Field) -> Field:
        self.bits += field.low.bit_length()
        return field
