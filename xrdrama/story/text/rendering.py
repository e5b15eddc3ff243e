"""Renders a text with values for a viewer, in the plural forms of a language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from xrdrama.document.wording import plain
from xrdrama.story.expressions.kinds import Value
from xrdrama.story.text.message import (
    Message,
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
    return _render(_parsed(text).parts, values, language, None)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Message:
    try:
        return parse_message(text)
    except MessageError:  # reported when the file was read
        return Message((text,))


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
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else plain(value)
