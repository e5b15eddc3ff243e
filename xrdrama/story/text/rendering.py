"""Renders a text with values for a viewer, in the plural forms of a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from xrdrama.document.wording import plain
from xrdrama.story.expressions.kinds import Value
from xrdrama.story.text.message import (
    MessageError,
    Number,
    Part,
    Plural,
    Select,
    Shown,
    parse_message,
)
from xrdrama.story.text.plurals import plural_category


def render(text: str, values: Mapping[str, Value], language: str) -> str:
    """The text as a viewer reads it. A placeholder without a value stays as it is written."""
    if "{" not in text:
        return text
    pattern, names, parts = _parsed(text)
    if parts:
        return _render(parts, values, language, None)
    # The usual case: a text that only shows values.
    if len(names) == 1:
        return pattern % _written(names[0], values)
    return pattern % tuple([_written(name, values) for name in names])


@lru_cache(maxsize=16384)
def _parsed(text: str) -> tuple[str, tuple[str, ...], tuple[Part, ...]]:
    """The parts of a text; or, if it only shows values, its text with `%s` for each, and their
    names."""
    try:
        parts = parse_message(text).parts
    except MessageError:  # reported when the file was read
        parts = (text,)
    pattern: list[str] = []
    names: list[str] = []
    for part in parts:
        if isinstance(part, Shown):
            pattern.append("%s")
            names.append(part.name)
        elif isinstance(part, str):
            pattern.append(part.replace("%", "%%"))
        else:
            return "", (), parts
    return "".join(pattern), tuple(names), ()


def _written(name: str, values: Mapping[str, Value]) -> str:
    return shown(values[name]) if name in values else f"{{{name}}}"


def _render(
    parts: tuple[Part, ...], values: Mapping[str, Value], language: str, number: Value | None
) -> str:
    return "".join(_part(part, values, language, number) for part in parts)


def _part(part: Part, values: Mapping[str, Value], language: str, number: Value | None) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Number):
        return "#" if number is None else shown(number)
    if part.name not in values:
        return f"{{{part.name}}}"
    value = values[part.name]
    if isinstance(part, Shown):
        return shown(value)
    if isinstance(part, Select):
        case = part.cases.get(shown(value), part.cases["other"])
        return _render(case, values, language, number)
    return _plural(part, value, values, language)


def _plural(part: Plural, value: Value, values: Mapping[str, Value], language: str) -> str:
    number = float(value) if isinstance(value, int | float) else 0.0
    case = part.exact.get(int(number)) if number == int(number) else None
    if case is None:
        case = part.forms.get(plural_category(number, language), part.forms["other"])
    return _render(case, values, language, value)


def shown(value: Value) -> str:
    """A value as a viewer reads it: 3, 2.5, true, calm."""
    if type(value) is int:
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(value)
