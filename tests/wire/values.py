"""Values of any type of the wire, made from the type itself, so that a new message is covered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import isfinite
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from xrdrama.wire.events import AnyEvent
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import FromCore, FromPeer

SIDES: dict[str, Any] = {"peer": FromPeer, "core": FromCore, "frame": Frame}


def members(union: Any) -> tuple[type[msgspec.Struct], ...]:
    """The structs of a union, or the one struct."""
    return getattr(union, "__args__", (union,))


MESSAGES: list[tuple[str, type[msgspec.Struct]]] = [
    (side, member) for side, union in SIDES.items() for member in members(union)
]
EVENTS = members(AnyEvent)


@cache
def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type that keep its bounds."""
    return _values(inspect.type_info(kind))


def _values(info: Any) -> st.SearchStrategy[Any]:
    match info:
        case inspect.IntType(ge=low, le=high, gt=above, lt=below):
            return st.integers(
                low if low is not None else (above + 1 if above is not None else -(2**63)),
                high if high is not None else (below - 1 if below is not None else 2**63),
            )
        case inspect.FloatType(ge=low, le=high):
            return st.floats(low, high, allow_nan=False, allow_infinity=False)
        case inspect.StrType(max_length=most):
            return st.text(max_size=min(12, most if most is not None else 12))
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
        case inspect.AnyType():
            return st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.integers(0, 9))
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case _:
            return _compounds(info)


def _compounds(info: Any) -> st.SearchStrategy[Any]:
    match info:
        case inspect.UnionType(types=types):
            return st.one_of([_values(one) for one in types])
        case inspect.VarTupleType(item_type=item, min_length=least, max_length=most):
            most = min(3, most if most is not None else 3)
            items = st.lists(_values(item), min_size=least or 0, max_size=most)
            return items.map(tuple)
        case inspect.TupleType(item_types=items):
            return st.tuples(*[_values(item) for item in items])
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_values(key), _values(value), max_size=3)
        case inspect.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: _values(field.type) for field in fields})
        case _:
            raise TypeError(f"no values of {info} yet: teach tests/wire/values.py")


def holds(value: Any, kind: Any) -> bool:
    """True when a value keeps every bound of its type, checked without msgspec's decoder."""
    return _holds(value, _info(kind))


@cache
def _info(kind: Any) -> inspect.Type:
    """What msgspec knows of a type: asking it takes longer than to check a value."""
    return inspect.type_info(kind)


def _holds(value: Any, info: Any) -> bool:
    match info:
        case inspect.IntType() | inspect.FloatType():
            if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
                return False
            return (
                (info.ge is None or value >= info.ge)
                and (info.le is None or value <= info.le)
                and (info.gt is None or value > info.gt)
                and (info.lt is None or value < info.lt)
                and not (isinstance(info, inspect.IntType) and isinstance(value, float))
            )
        case inspect.StrType():
            return isinstance(value, str) and len(value) <= (info.max_length or 2**20)
        case inspect.BoolType():
            return isinstance(value, bool)
        case inspect.NoneType():
            return value is None
        case inspect.AnyType():
            return True
        case inspect.LiteralType(values=values):
            return value in values
        case _:
            return _holds_inside(value, info)


def _holds_inside(value: Any, info: Any) -> bool:
    match info:
        case inspect.UnionType(types=types):
            return any(_holds(value, one) for one in types)
        case inspect.VarTupleType(item_type=item):
            fits = isinstance(value, tuple) and len(value) <= (info.max_length or 2**20)
            return fits and all(_holds(one, item) for one in value)
        case inspect.TupleType(item_types=items):
            fits = isinstance(value, tuple) and len(value) == len(items)
            return fits and all(map(_holds, value, items))
        case inspect.DictType(key_type=key, value_type=inner):
            return isinstance(value, dict) and all(
                _holds(k, key) and _holds(v, inner) for k, v in value.items()
            )
        case inspect.StructType(cls=cls, fields=fields):
            return isinstance(value, cls) and all(
                _holds(getattr(value, field.name), field.type) for field in fields
            )
        case _:
            raise TypeError(f"no check of {info} yet: teach tests/wire/values.py")


Path = tuple[int | str, ...]


def leaves(plain: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every leaf of nested lists and maps, with the way to it."""
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from leaves(value, (*path, key))
    elif isinstance(plain, list | tuple):
        for index, value in enumerate(plain):
            yield from leaves(value, (*path, index))
    else:
        yield path, plain


def replaced(plain: Any, path: Path, value: Any) -> Any:
    """The same with one leaf replaced."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(plain, dict):
        return {k: replaced(v, rest, value) if k == head else v for k, v in plain.items()}
    return [replaced(v, rest, value) if i == head else v for i, v in enumerate(plain)]
