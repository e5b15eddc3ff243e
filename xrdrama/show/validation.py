"""Errors of msgspec for settings, in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from xrdrama.document import Field, OneOf, suggestion

_KINDS = {
    "int": ("a whole number", "3"),
    "float": ("a number", "1.5"),
    "bool": ("true or false", "true"),
    "str": ("text", "a name"),
    "array": ("a list", "[a, b]"),
    "object": ("a mapping", "{file: a.wav}"),
}
_EXPECTED = re.compile(r"Expected `([\w |]+)`(?: of length)?( [<>=]+ [\d.e+-]+)?(?:, got `(\w+)`)?")


def explained(error: msgspec.ValidationError, fields: Mapping[str, Field]) -> tuple[str, str]:
    """What is wrong with settings that have these fields, and the remedy."""
    said, _, where = str(error).partition(" - at `$.")
    where = where.rstrip("`")
    place = f"{where}: " if where else ""
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", said, re.DOTALL)
    if unknown:
        hint = suggestion(unknown[1], fields) if not where else "remove it"
        return f"{place}unknown setting {unknown[1]!r}", hint or "remove it: there are no settings"
    missing = re.fullmatch(r"Object missing required field `(.*)`", said)
    if missing:
        return f"{place}the setting {missing[1]!r} is missing", f"add {missing[1]}"
    word = re.fullmatch(r"Invalid enum value '?(.*?)'?", said, re.DOTALL)
    if word and where in fields and isinstance(shape := fields[where].shape, OneOf):
        listed = ", ".join(shape.words)
        return f"{where}: {word[1]!r} is not one of: {listed}", suggestion(word[1], shape.words)
    expected = _EXPECTED.fullmatch(said)
    if not expected:
        return f"{place}{said[:1].lower()}{said[1:]}", f"its settings are {', '.join(fields)}"
    kinds = [_KINDS.get(kind, (kind, "")) for kind in expected[1].split(" | ") if kind != "null"]
    wanted = " or ".join(words for words, _ in kinds)
    if bound := expected[2]:
        length = " of length" if " of length" in said else ""
        return f"{place}expected {wanted}{length}{bound}", "write a value within this limit"
    got = _KINDS.get(expected[3] or "", (expected[3] or "this", ""))[0]
    return f"{place}expected {wanted}, not {got}", f"write for example {kinds[0][1]}"
