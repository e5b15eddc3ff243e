"""Evaluates the expressions of Yarn. Numbers are floating point, as in Yarn Spinner."""

from __future__ import annotations

import math
from collections.abc import Callable

from xrdrama.authoring.yarn.reading.check import Checked
from xrdrama.authoring.yarn.reading.tree import (
    At,
    Binary,
    Call,
    Formula,
    Member,
    Number,
    Read,
    Text,
    Truth,
    Unary,
)
from xrdrama.story.chance import draw, seeded

Value = float | str | bool
MOST_TEXT = 10_000
_DEFAULTS: dict[str, Value] = {"number": 0.0, "string": "", "bool": False}


class YarnError(Exception):
    """A file that cannot be played further, with the position."""

    def __init__(self, at: At, message: str) -> None:
        super().__init__(message)
        self.at, self.message = at, message


class Evaluator:
    """The variables of a playthrough, and the values of expressions over them."""

    def __init__(
        self,
        checked: Checked,
        visits: Callable[[str], int],
        has_content: Callable[[str], bool],
        functions: dict[str, Callable[..., Value]],
        seed: int,
    ) -> None:
        self.checked, self.visits, self.has_content = checked, visits, has_content
        self.functions = functions
        self.chance = seeded(seed)
        self.variables: dict[str, Value] = {}

    def value(self, formula: Formula) -> Value:
        """The value of a formula now. YarnError when it has none, as for a division by zero."""
        if isinstance(formula, (Number, Text, Truth)):
            return formula.value
        if isinstance(formula, Read):
            return self._variable(formula)
        if isinstance(formula, Member):
            return case_value(self.checked, formula)
        if isinstance(formula, Unary):
            value = self.value(formula.value)
            return not value if formula.sign == "not" else -float(value)
        if isinstance(formula, Call):
            return self._call(formula)
        return self._binary(formula)

    def _variable(self, read: Read) -> Value:
        if read.name in self.variables:
            return self.variables[read.name]
        variable = self.checked.variables[read.name]
        if variable.value is not None:
            return self.value(variable.value)
        if variable.kind.startswith("enum "):
            enum = self.checked.enums[variable.kind.removeprefix("enum ")]
            return case_value(self.checked, Member(enum.name, next(iter(enum.cases)), read.at))
        return _DEFAULTS[variable.kind]

    def _binary(self, formula: Binary) -> Value:
        sign, left = formula.sign, self.value(formula.left)
        right = self.value(formula.right)  # Yarn evaluates both sides
        if sign in ("and", "or", "xor"):
            one, other = bool(left), bool(right)
            return {"and": one and other, "or": one or other, "xor": one != other}[sign]
        if sign in ("==", "!="):
            return (left == right) == (sign == "==")
        if isinstance(left, str) or isinstance(right, str):
            joined = as_text(left) + as_text(right)
            if len(joined) > MOST_TEXT:
                raise YarnError(formula.at, f"a text has more than {MOST_TEXT:,} characters")
            return joined
        return self._number(formula, float(left), float(right))

    def _number(self, formula: Binary, left: float, right: float) -> Value:
        sign = formula.sign
        if sign in ("/", "%") and right == 0:
            raise YarnError(formula.at, "division by zero")
        compared = {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}
        if sign in compared:
            return compared[sign]
        made = {
            "+": left + right, "-": left - right, "*": left * right,
            "/": left / right if right else 0.0, "%": math.fmod(left, right) if right else 0.0,
        }[sign]  # fmt: skip
        if not abs(made) < 1e30:
            raise YarnError(formula.at, "a number is larger than 1e30")
        return made

    def _call(self, call: Call) -> Value:
        given = [self.value(argument) for argument in call.arguments]
        name = call.function
        if name in self.functions:
            return self.functions[name](*given)
        if name in ("visited", "visited_count", "has_any_content"):
            return self._asked(name, str(given[0]))
        if name == "assert" and given[0] is not True:
            raise YarnError(call.at, "assert() is false")
        if name == "assert":
            return True
        if name in ("random", "random_range", "random_range_float", "dice"):
            return self._random(call, [float(one) for one in given])
        if name in ("string", "format_invariant"):
            return as_text(given[0])
        if name == "format":
            return str(given[0]).replace("{0}", as_text(given[1]))[:MOST_TEXT]
        if name in ("number", "bool"):
            return self._converted(call, given[0])
        if name not in MATHS:
            raise YarnError(call.at, f"the game's function {name}() is not known here")
        return MATHS[name](*(float(one) for one in given))

    def _asked(self, name: str, node: str) -> Value:
        if name == "has_any_content":
            return self.has_content(node)
        count = self.visits(node)
        return count > 0 if name == "visited" else float(count)

    def _converted(self, call: Call, value: Value) -> Value:
        if call.function == "bool":
            return value.lower() == "true" if isinstance(value, str) else bool(value)
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isfinite(number):
            return number
        raise YarnError(call.at, f"{as_text(value)!r} is not a number")

    def _random(self, call: Call, given: list[float]) -> float:
        if call.function == "random":
            self.chance, drawn = draw(self.chance, 0, 999_999)
            return drawn / 1_000_000
        least, most = (1, int(given[0])) if len(given) == 1 else (int(given[0]), int(given[1]))
        if least > most:
            raise YarnError(call.at, f"there is no number from {least} to {most}")
        self.chance, drawn = draw(self.chance, least, most)
        return float(drawn)


def _bounded(places: float) -> int:
    return max(0, min(15, int(places)))


MATHS: dict[str, Callable[..., float]] = {
    "min": min,
    "max": max,
    "round": lambda a: float(round(a)),
    "round_places": lambda a, places: round(a, _bounded(places)),
    "floor": lambda a: float(math.floor(a)),
    "ceil": lambda a: float(math.ceil(a)),
    "int": lambda a: float(math.trunc(a)),
    "inc": lambda a: float(math.floor(a) + 1) if a == math.trunc(a) else float(math.ceil(a)),
    "dec": lambda a: float(math.ceil(a) - 1) if a == math.trunc(a) else float(math.floor(a)),
    "decimal": lambda a: a - math.trunc(a),
}
"""Functions of Yarn over numbers alone."""


def case_value(checked: Checked, member: Member) -> Value:
    """The value of an enum's case: as written, or its number in the enum from 0."""
    enum, case = checked.case(member)
    cases = checked.enums[enum].cases
    value = cases[case]
    if isinstance(value, (Number, Text, Truth)):
        return value.value
    return float(list(cases).index(case))


def as_text(value: Value) -> str:
    """A value as Yarn shows it: `True`, `45.1`, `3`."""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, str):
        return value
    if value == int(value) and abs(value) < 1e7:
        return str(int(value))
    return f"{value:.7g}"
