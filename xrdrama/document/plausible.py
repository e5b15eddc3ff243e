"""Numbers that are probably in another unit: 40 s of latency, an offset of 120 m.

    problems = with_likely_units(TABLE, root, problems)

Each kind of file has a table of quantities. A value outside the plausible range of its quantity
gets a warning (Q001); the hint converts it from a unit that would make it plausible. A value that
its shape rejects (F005) gets the same hint. A value with a unit (F004: 115%, 120 cm) gets a hint
with the number in the unit of its quantity.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from math import isfinite, log

import msgspec

from xrdrama.document.nodes import Mapping, Node, Scalar
from xrdrama.document.nodes import Sequence as SequenceNode
from xrdrama.document.quantities import LENGTHS, parse_duration
from xrdrama.document.wording import plain
from xrdrama.errors import Problem
from xrdrama.timing import NS

CODE = "Q001"
_OUT_OF_RANGE, _NOT_A_NUMBER = "F005", "F004"


class Other(msgspec.Struct, frozen=True):
    """A unit that is often used by mistake: its name, and the conversion of a number in it."""

    name: str
    convert: Callable[[float], float]


class Quantity(msgspec.Struct, frozen=True):
    """The plausible range of the values under a path of a file.

    `path`: keys; `*` is every key of a mapping and every item of a list. `least` and `most` are in
    `unit` and apply to the absolute value of each number of a list. Zero is always plausible. Of
    several other units, the likely one gives the value nearest to `usual`. `source` is the source
    of the range.
    """

    path: str
    unit: str
    least: float
    most: float
    usual: float
    others: Sequence[Other]
    source: str
    below: str = ""
    """What a hint says about a value below `least`."""


def scaled(**factors: float) -> tuple[Other, ...]:
    """Units by name, with the factor from each to the unit of the quantity."""
    return tuple(
        Other(name.replace("_", " "), lambda number, by=factor: number * by)  # type: ignore[misc]
        for name, factor in factors.items()
    )


METRES = scaled(millimetres=0.001, centimetres=0.01, kilometres=1000.0)
MILLIMETRES = scaled(centimetres=10.0, metres=1000.0, inches=25.4, micrometres=0.001)
SHARE = scaled(percent=0.01)
_WITH_UNIT = re.compile(r"([+-]?[0-9]+(?:[.,][0-9]+)?)\s*(%|percent|[a-z]+|\"|')\.?", re.IGNORECASE)
TIME = "time"
"""The unit of durations, which contain their unit: `40ms`. Ranges are in seconds."""

_TIME_UNITS = {"ms": ("milliseconds", 0.001), "s": ("seconds", 1.0), "m": ("minutes", 60.0)}


def with_likely_units(
    table: Sequence[Quantity], root: Node, problems: list[Problem]
) -> list[Problem]:
    """The problems, with one more for each implausible value; hints name the likely unit."""
    refused = {
        (problem.line, problem.column): index
        for index, problem in enumerate(problems)
        if problem.code in (_OUT_OF_RANGE, _NOT_A_NUMBER)
    }
    result = list(problems)
    for quantity in table:
        for key, node in _nodes(root, quantity.path.split("."), ""):
            for item in node.items if isinstance(node, SequenceNode) else (node,):
                index = refused.get((item.place.line, item.place.column))
                if index is not None and result[index].code == _NOT_A_NUMBER:
                    hint = _converted(quantity, item) or result[index].hint
                    result[index] = msgspec.structs.replace(result[index], hint=hint)
                    continue
                found = _implausible(quantity, key, item)
                if found is None:
                    continue
                if index is None:
                    result.append(found)
                else:
                    result[index] = msgspec.structs.replace(result[index], hint=found.hint)
    return result


def _nodes(root: Node, path: list[str], key: str) -> Iterator[tuple[str, Node]]:
    """The nodes under a path, each with the keys that lead to it."""
    if not path:
        yield key, root
    elif isinstance(root, Mapping):
        for name, below in root.entries:
            if path[0] in ("*", name.text):
                yield from _nodes(below, path[1:], f"{key}.{name.text}" if key else name.text)
    elif isinstance(root, SequenceNode) and path[0] == "*":
        for below in root.items:
            yield from _nodes(below, path[1:], key)


def _converted(quantity: Quantity, node: Node) -> str:
    """The hint for a number with a unit: the number in the unit of the quantity; "" when the unit
    is not known."""
    found = _WITH_UNIT.fullmatch(node.text.strip()) if isinstance(node, Scalar) else None
    if found is None:
        return ""
    number, unit = float(found[1].replace(",", ".")), found[2].lower()
    metres = {"metres": 1.0, "millimetres": 0.001}.get(quantity.unit)
    if unit in ("%", "percent"):
        others = [other for other in quantity.others if other.name.startswith("percent")]
        likely = _likely(quantity, [(other.convert(number), other.name) for other in others])
        if likely is None:
            return ""
        number = likely[0]
    elif metres and unit in LENGTHS:
        number *= LENGTHS[unit] / metres
    else:
        return ""
    return f"write {plain(round(number, 9))}, without a unit ({quantity.unit})"


def _implausible(quantity: Quantity, key: str, node: Node) -> Problem | None:
    if not isinstance(node, Scalar):
        return None
    if quantity.unit == TIME:
        return _implausible_time(quantity, key, node)
    number = _number(node)
    if number is None or _plausible(quantity, number):
        return None
    meant = [(other.name, other.convert(number)) for other in quantity.others]
    hint = f"{number:.15g} means {number:.15g} {quantity.unit}"
    if quantity.below and number < quantity.least:
        hint += f"; {quantity.below}"
    likely = _likely(quantity, [(value, name) for name, value in meant])
    if likely:
        hint += f"; if the value is in {likely[1]}, write {round(likely[0], 9):.6g}"
    plausible = f"{quantity.least:g} to {quantity.most:g}" if quantity.least else "up to "
    plausible += "" if quantity.least else f"{quantity.most:g}"
    message = f"{key}: {number:.15g} {quantity.unit} is implausible; expected {plausible}"
    return _warning(node, message, hint)


def _implausible_time(quantity: Quantity, key: str, node: Scalar) -> Problem | None:
    written = node.text.strip()
    ns, parts = parse_duration(written), re.fullmatch(r"\+?([0-9.]+)(ms|s|m)", written)
    if ns is None or parts is None or _plausible(quantity, ns / NS):
        return None
    number, unit = parts[1], parts[2]
    others = {name: by for name, by in _TIME_UNITS.items() if name != unit}
    likely = _likely(quantity, [(float(number) * by[1], name) for name, by in others.items()])
    hint = f"{written} is {number} {_TIME_UNITS[unit][0]}"
    if likely:
        hint += f"; for {_TIME_UNITS[likely[1]][0]}, write {number}{likely[1]}"
    plausible = f"{_spoken(quantity.least)} to {_spoken(quantity.most)}"
    return _warning(node, f"{key}: {written} is implausible; expected {plausible}", hint)


def _likely(quantity: Quantity, meant: list[tuple[float, str]]) -> tuple[float, str] | None:
    """The plausible value (with its unit) that is nearest to the usual one; None if none is."""
    plausible = [one for one in meant if one[0] and _plausible(quantity, one[0])]
    return min(plausible, key=lambda one: abs(log(abs(one[0]) / quantity.usual)), default=None)


def _warning(node: Node, message: str, hint: str) -> Problem:
    place = node.place
    return Problem(place.file, place.line, place.column, CODE, "warning", message, hint)


def _plausible(quantity: Quantity, number: float) -> bool:
    return number == 0 or quantity.least <= abs(number) <= quantity.most


def _number(node: Node) -> float | None:
    """The number of a scalar, None for anything else: its shape reports that."""
    if not isinstance(node, Scalar):
        return None
    try:
        number = float(node.text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _spoken(seconds: float) -> str:
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"
