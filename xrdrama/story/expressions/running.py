"""Runs the code of an expression: a nested list of operations, made into closures on first use.

Code is data: `[">=", ["value", 0], ["constant", 2]]`, kept as msgpack. So a parsed story can be
stored and read again without parsing its expressions, and those that are never asked cost nothing.

    ["constant", v]   ["value", slot]   ["seen", beat]   ["visits", beat]   ["random", least, most]
    ["not", a]   ["negative", a]   ["all", a, b, ...]   ["any", a, b, ...]   ["min" | "max", a, b]
    ["+" | "-" | "*" | "/" | "//", a, b]   ["==" | "!=" | "<" | "<=" | ">" | ">=", a, b]
    ["chain", a, sign, b, sign, c, ...]
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import msgspec

MOST_VISITS: Final = 10**6
COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
}
Code = list[Any]
Run = Callable[[Any], Any]


@lru_cache(4096)
def runner(code: bytes) -> Run:
    """The function of encoded code, which takes a Scope; ValueError for anything else."""
    try:
        return _closure(msgspec.msgpack.decode(code, type=list[Any]))
    except (msgspec.DecodeError, LookupError, TypeError, RecursionError) as error:
        raise ValueError(f"the code of an expression is damaged: {error}") from error


def encoded(code: Code) -> bytes:
    """The bytes of code, for `runner`."""
    return msgspec.msgpack.encode(code)


def decoded(code: bytes) -> Code:
    """The code of an expression, to be a part of another one's."""
    return msgspec.msgpack.decode(code, type=list[Any])


def _closure(code: Code) -> Run:
    sign, *parts = code
    if sign == "constant":
        (value,) = parts
        return lambda scope: value
    if sign in _READ:
        return _READ[sign](*parts)
    if sign in COMPARE or sign in ARITHMETIC:
        return _of_two(COMPARE.get(sign) or ARITHMETIC[sign], *parts)
    if sign == "chain":
        return _chain(_closure(parts[0]), list(zip(parts[1::2], parts[2::2], strict=True)))
    return _JOINED[sign]([_closure(part) for part in parts])


def _of_two(function: Callable[[Any, Any], Any], one: Code, other: Code) -> Run:
    """An operator; the usual case, a variable and a number, takes no further calls."""
    if one[0] == "value" and other[0] == "constant":
        slot, value = one[1], other[1]
        return lambda scope: function(scope.values[slot], value)
    left, right = _closure(one), _closure(other)
    return lambda scope: function(left(scope), right(scope))


def _chain(first: Run, rest: list[tuple[str, Code]]) -> Run:
    steps = [(COMPARE[sign], _closure(code)) for sign, code in rest]

    def chain(scope: Any) -> bool:
        left = first(scope)
        for function, run in steps:
            right = run(scope)
            if not function(left, right):
                return False
            left = right
        return True

    return chain


def _value(slot: int) -> Run:
    return lambda scope: scope.values[slot]


def _seen(beat: int) -> Run:
    return lambda scope: scope.visits[beat] > 0


def _visits(beat: int) -> Run:
    return lambda scope: min(MOST_VISITS, scope.visits[beat])


def _random(least: int, most: int) -> Run:
    return lambda scope: scope.roll(least, most)


def _not(parts: list[Run]) -> Run:
    (part,) = parts
    return lambda scope: not part(scope)


def _negative(parts: list[Run]) -> Run:
    (part,) = parts
    return lambda scope: -part(scope)


def _all(parts: list[Run]) -> Run:
    return lambda scope: all(part(scope) for part in parts)


def _any(parts: list[Run]) -> Run:
    return lambda scope: any(part(scope) for part in parts)


def _least(parts: list[Run]) -> Run:
    one, other = parts
    return lambda scope: min(one(scope), other(scope))


def _most(parts: list[Run]) -> Run:
    one, other = parts
    return lambda scope: max(one(scope), other(scope))


_READ: Final[dict[str, Callable[..., Run]]] = {
    "value": _value,
    "seen": _seen,
    "visits": _visits,
    "random": _random,
}
_JOINED: Final[dict[str, Callable[[list[Run]], Run]]] = {
    "not": _not,
    "negative": _negative,
    "all": _all,
    "any": _any,
    "min": _least,
    "max": _most,
}
