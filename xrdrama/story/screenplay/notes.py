"""Finds what is written for people or for other tools inside a script: comments, tags, notes.

None of it is dropped by a show: a line is spoken and shown as it is written.
"""

from __future__ import annotations

import re
from functools import cache

from xrdrama.story.foreign import import_command, tool_of_row
from xrdrama.story.screenplay.speakers import LINE_ID

NOTES = ("NOTE", "NOTES", "TODO", "FIXME", "XXX", "COMMENT", "REMARK", "DIRECTION", "NOTA", "NOTIZ")
"""Words in capitals before a colon that are notes and not speakers."""
_BRACKETED = (
    "pause|beat|long pause|silence|laughs?|laughing|sighs?|sighing|cries|crying|whispers?|"
    "whispering|softly|quietly|loudly|shouts?|shouting|smiles?|smiling|coughs?|gasps?|off|o\\.s\\.|"
    "v\\.o\\.|offscreen|cont'd|continued|停顿|沉默|笑|哭|叹气|轻声"
)
Slip = tuple[int, str, str]
"""Column (from 0) in the text, message and hint."""


@cache
def _comment() -> re.Pattern[str]:
    return re.compile(
        r"/\*.*?(?:\*/|$)|(?:(?<=\s)|^)//(?=\s|\w).*|(?:(?<=\s)|^)%%.*|(?<=\s)#\s[^{}]*$|<!--.*?(?:-->|$)"
    )


@cache
def _tag() -> re.Pattern[str]:
    return re.compile(
        rf"\[\s*({_BRACKETED})\s*\]|[(（]\s*({_BRACKETED})\s*[)）]",
        re.IGNORECASE,
    )


@cache
def _id_inside() -> re.Pattern[str]:
    return re.compile(rf"(?<=\s)#{LINE_ID}(?=\s+\S)|(?<=\S)#{LINE_ID}(?=\s|$)")


NOTE_HINT = "delete it, or write it as a comment above script: (# and the note)"


def comment_mark(text: str) -> str:
    """The mark of a whole row that is a comment of a language: #, //, /*, %% or <!--."""
    found = re.match(r"#|//(?=\s|\w)|/\*|%%|<!--", text)
    return found[0] if found else ""


def foreign_row(text: str) -> tuple[str, str] | None:
    """Message and hint for a row of Yarn, ink or Twee, which would be read as an action."""
    tool = tool_of_row(text)
    if not tool:
        return None
    message = f"this line is read as an action, not as a command of {tool}: {_short(text)}"
    hint = (
        "delete it; write options under choice:, paths under next: and effects under set:; a whole "
        f"file is imported by {import_command(tool)}"
    )
    return message, hint


def is_note(name: str) -> bool:
    """True for a word such as TODO before a colon."""
    return name.strip() in NOTES


def comment_in(text: str) -> Slip | None:
    """The first comment or stage tag in a spoken or displayed text."""
    found = _comment().search(text)
    if found:
        message = f"{_short(found[0])} is spoken and displayed: texts have no comments"
        return found.start(), message, "delete it, or write it as a comment above script:"
    found = _id_inside().search(text)
    if found:
        message = f"{found[0]} is spoken and displayed: a line id is the last word of its line"
        return found.start(), message, "write it at the end, after a space"
    found = _tag().search(text)
    if not found:
        return None
    word = (found[1] or found[2] or "").lower()
    hint = "delete it, or write the manner before the colon, as in LAN (softly): Come in."
    if word in ("pause", "beat", "long pause", "silence", "停顿", "沉默"):
        hint = "split the line there, and write @wait 1s between the two lines"
    return found.start(), f"{found[0]} is spoken and displayed: it is not a tag", hint


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
