"""Finds invisible characters in a text that have no meaning where they are.

A zero-width joiner is needed in Persian, Hindi and emoji; between Latin letters it only makes two
equal-looking words differ. Controls of the writing direction can display a line in another order
than it is read and spoken (Unicode UTS 55).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import msgspec

from xrdrama.document.names import INVISIBLE
from xrdrama.errors import Problem

MOST = 20
"""Most characters of a file that are reported one by one."""
_SUSPECT = re.compile(f"[{INVISIBLE}]")
_MARKS = "\u200e\u200f\u061c"
_DIRECTION = _MARKS + "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_JOINING = re.compile("[\u0600-\u1aff\u200c\u200d\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc]")
_UNSPACED = re.compile(
    "[\u0e00-\u109f\u1780-\u17ff\u1950-\u1aaf\u3000-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)


class Hidden(msgspec.Struct, frozen=True):
    """An invisible character: line and column (from 1) and the character."""

    sign: str
    line: int
    column: int

    @property
    def directs(self) -> bool:
        """True for a control character of the writing direction."""
        return self.sign in _DIRECTION


def hidden_signs(text: str) -> Iterator[Hidden]:
    """The invisible characters of a text that have no meaning where they are."""
    if text.isascii() or not _SUSPECT.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for found in _SUSPECT.finditer(line.rstrip("\r")):
            at = found.start()
            if not _has_meaning(found[0], line[max(0, at - 1) : at], line[at + 1 : at + 2], line):
                yield Hidden(found[0], number, at + 1)


def hidden_problems(text: str, file: str) -> list[Problem]:
    """A warning for each of the first `MOST` characters, and one for the rest."""
    found = list(hidden_signs(text))
    problems = [_problem(one, file) for one in found[:MOST]]
    if found[MOST:]:
        one = found[MOST]
        message = f"{len(found) - MOST} more invisible characters in this line or below"
        hint = "delete them or type the lines again"
        problems.append(Problem(file, one.line, one.column, "U002", "warning", message, hint))
    return problems


def _problem(one: Hidden, file: str) -> Problem:
    name = unicodedata.name(one.sign, "control character").lower()
    what = f"an invisible character (U+{ord(one.sign):04X}, {name})"
    hint = "delete it"
    if one.directs:
        what += " changes the order in which this line is displayed"
        hint += "; right-to-left text is displayed correctly without it"
    else:
        what += " is in this line"
    code = "U001" if one.directs else "U002"
    return Problem(file, one.line, one.column, code, "warning", what, hint)


def _has_meaning(sign: str, before: str, after: str, line: str) -> bool:
    if sign in _MARKS:
        return any(unicodedata.bidirectional(c) in ("R", "AL") for c in line if c not in _MARKS)
    if sign in "\u200c\u200d" and _JOINING.match(before):
        return True
    if sign == "\u200d":
        return _is_symbol(before) and _is_symbol(after)
    if sign == "\u200b":
        return bool(_UNSPACED.match(before) or _UNSPACED.match(after))
    if sign == "\u00ad":
        return before.isalpha() and after.isalpha()  # where a long word may be broken
    if "\u180b" <= sign <= "\u180f":
        return "\u1800" <= before <= "\u18af"
    if "\ufe00" <= sign <= "\ufe0f":
        return _is_symbol(before) or before.isdigit() or before in "#*" or before >= "\u1000"
    if "\U000e0100" <= sign <= "\U000e01ef":
        return before >= "\u2e80"  # a variant of a Han character
    if "\U000e0020" <= sign <= "\U000e007f":
        return before == "\U0001f3f4" or "\U000e0020" <= before <= "\U000e007f"  # a flag
    return sign == "\u034f" and unicodedata.category(before or " ").startswith("M")


def _is_symbol(sign: str) -> bool:
    return bool(sign) and (
        unicodedata.category(sign)[0] in "SP" or "\ufe00" <= sign <= "\ufe0f" or sign in "♀♂"
    )
