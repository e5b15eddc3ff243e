"""Missing colons before a mapping in braces, which YAML would read as a part of the key."""

from __future__ import annotations

import re
from functools import cache

from xrdrama.document.names import FIRST_SIGN, WORD_SIGN
from xrdrama.document.prose import Note


@cache
def _group() -> re.Pattern[str]:
    return re.compile(
        rf"^( *(?:- +)?)((?:{FIRST_SIGN}|_){WORD_SIGN}*)( +|:|： *)([{{\[].*)$", re.MULTILINE
    )


def with_colons(text: str, note: Note) -> str:
    """The text with `name {...}` noted, and read as `name: {...}`."""
    if not _group().search(text):
        return text
    from xrdrama.document.recovery.lines import structure  # imported only after a possible mistake

    rows = text.splitlines()
    found = [(row, match) for row, _, line in structure(rows, len(rows))
             if (match := _group().fullmatch(line))]  # fmt: skip
    for row, match in found:
        sign = match[3].strip()
        message = "expected ':' before this mapping"
        if sign:
            message = "expected a space after ':'"
        if sign == "：":
            message = "this is a full-width colon, not a plain ':'"
        hint = f"write {match[2]}: {match[4]}"
        note(row + 1, match.start(3) + 1, "Y001", message, hint)
        rows[row] = f"{match[1]}{match[2]}: {match[4]}"
    return "\n".join(rows) + "\n" if found else text
