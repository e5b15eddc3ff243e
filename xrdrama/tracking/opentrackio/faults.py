"""Lists every fault of a sample by JSON path, and keeps what is good of it.

Paths are those of RFC 9535 and of JSON Schema validators: an unknown or missing key is a fault of
the object that has or lacks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from math import isfinite, isnan
from typing import Any, Final

from msgspec import convert, inspect

from xrdrama.tracking.datagrams import Fault
from xrdrama.tracking.opentrackio.form import NO_RING, Angles, Axes, Rings, Sample, Transform

MOST: Final = 64
"""Faults that are listed of one sample."""
MOST_KEYS: Final = 8
_BAD: Final = object()
_NEEDED: Final = {Axes: ("x", "y", "z"), Angles: ("pan", "tilt", "roll"), Transform: ("scale",)}
"""Keys that may be missing, but that spoil their object where they are wrong: half a pose."""
Report = Callable[[str, str], None]


class FaultList:
    """Faults in the order in which they were found, at most MOST."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def __call__(self, path: str, message: str) -> None:
        """Add a fault."""
        if len(self.found) < MOST:
            self.found.append(Fault(path, message))


def salvaged(plain: object, report: Report) -> Sample | None:
    """The sample of decoded JSON or CBOR without its bad parts; None if it is not an object.

    A part that lacks something that it requires is bad as a whole, and so is a list with a bad
    item.
    """
    kept = _checked(plain, _type_of_sample(), "$", report)
    return None if kept is _BAD else convert(kept, Sample)


@cache
def _type_of_sample() -> inspect.Type:
    return inspect.type_info(Sample)


def _checked(value: object, info: inspect.Type, path: str, report: Report) -> object:
    """The good part of a value, or _BAD; faults are reported."""
    match info:
        case inspect.StructType():
            return _object(value, info, path, report)
        case inspect.VarTupleType() | inspect.TupleType():
            return _list(value, info, path, report)
        case inspect.FloatType() | inspect.IntType():
            wrong = _number(value, info)
        case inspect.StrType():
            wrong = _text(value, info)
        case inspect.LiteralType(values=values):
            right = isinstance(value, str) and value in values
            wrong = "" if right else f"expected one of {_listed(values)}, got {_shown(value)}"
        case _:  # bool
            right = isinstance(value, bool)
            wrong = "" if right else f"expected true or false, got {_shown(value)}"
    if wrong:
        report(path, wrong)
        return _BAD
    if isinstance(info, inspect.IntType) and isinstance(value, float):
        return int(value)
    return value


def _object(value: object, info: inspect.StructType, path: str, report: Report) -> object:
    if not isinstance(value, dict):
        report(path, f"expected an object, got {_shown(value)}")
        return _BAD
    fields = {field.encode_name: field for field in info.fields}
    unknown = [key for key in value if not isinstance(key, str) or key not in fields]
    if info.forbid_unknown_fields and unknown:
        shown = [_shown(key) for key in unknown[:MOST_KEYS]]
        more = f" and {len(unknown) - MOST_KEYS} more" if len(unknown) > MOST_KEYS else ""
        report(path, f"unknown {'keys' if unknown[1:] else 'key'} {', '.join(shown)}{more}")
    if issubclass(info.cls, Rings) and not any(name in value for name in fields):
        report(path, NO_RING)
    kept: dict[str, object] = {}
    whole = True
    needed = _NEEDED.get(info.cls, ())
    for name, field in fields.items():
        if name in value:
            good = _checked(value[name], field.type, f"{path}.{name}", report)
            if good is not _BAD:
                kept[name] = good
                continue
            whole = whole and name not in needed
        elif field.required:
            report(path, f"lacks the required key {name!r}")
        whole = whole and not field.required
    if not whole or (issubclass(info.cls, Rings) and not kept):
        return _BAD
    return kept


def _list(
    value: object, info: inspect.VarTupleType | inspect.TupleType, path: str, report: Report
) -> object:
    if not isinstance(value, list | tuple):
        report(path, f"expected a list, got {_shown(value)}")
        return _BAD
    if isinstance(info, inspect.TupleType):
        kinds = list(info.item_types)
        if not (right := len(value) == len(kinds)):
            report(path, f"expected {len(kinds)} items, got {len(value)}")
    else:
        kinds = [info.item_type] * len(value)
        if not (right := len(value) >= (info.min_length or 0)):
            report(path, "expected at least one item, got none")
    items = [
        _checked(item, kind, f"{path}[{number}]", report)
        for number, (item, kind) in enumerate(zip(value, kinds, strict=False))
    ]
    return items if right and all(item is not _BAD for item in items) else _BAD


def _number(value: object, info: inspect.FloatType | inspect.IntType) -> str:
    """What is wrong with a number, or ""."""
    whole = isinstance(info, inspect.IntType)
    noun = "a whole number" if whole else "a number"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"expected {noun}, got {_shown(value)}"
    if isinstance(value, float):
        if not isfinite(value):
            return f"expected {noun}, got {_shown(value)}"
        if whole and not value.is_integer():
            return f"expected {noun}, got {value!r}"
    if info.gt is not None and value <= info.gt:
        return f"expected more than {info.gt}, got {_shown(value)}"
    if info.ge is not None and value < info.ge:
        return f"expected {info.ge} or more, got {_shown(value)}"
    if info.le is not None and value > info.le:
        return f"expected at most {info.le}, got {_shown(value)}"
    return ""


def _text(value: object, info: inspect.StrType) -> str:
    """What is wrong with a text, or ""."""
    if not isinstance(value, str):
        return f"expected text, got {_shown(value)}"
    if len(value) < (info.min_length or 0):
        return "expected text, got none"
    if info.max_length is not None and len(value) > info.max_length:
        return f"expected at most {info.max_length} characters, got {len(value)}"
    if info.pattern is not None and not re.search(info.pattern, value):
        urn = "urn:uuid:" in info.pattern
        form = "urn:uuid: and a UUID in lower case" if urn else "six pairs of hex digits"
        return f"expected {form}, got {_shown(value)}"
    return ""


def _listed(values: tuple[Any, ...]) -> str:
    return ", ".join(map(str, values))


def _shown(value: object) -> str:
    """A value in a message, at most 40 characters of it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return "an object"
        case list() | tuple():
            return "a list"
        case float() if not isfinite(value):
            return "NaN" if isnan(value) else "an infinite number"
        case int() if value.bit_length() > 128:
            return "a number of more than 38 digits"
        case int() | float():
            return repr(value)
        case str():
            return repr(value if len(value) <= 40 else value[:40] + "...")
    return f"a value of type {type(value).__name__}"
