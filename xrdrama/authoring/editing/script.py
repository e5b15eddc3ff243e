"""The names in the rows of a script: speakers, cues, sounds, beats, variables, line ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from xrdrama.authoring.editing.formulas import names_in
from xrdrama.authoring.editing.occurrences import Kind
from xrdrama.document.names import FIRST_SIGN, WORD_SIGN
from xrdrama.story.screenplay.script import head_pattern, speech_pattern, split_id
from xrdrama.story.screenplay.speakers import is_speaker, role_of
from xrdrama.story.text.message import MessageError, parse_message

Found = tuple[Kind, str, int, int]
"""The kind, the name, its index in the row, and its length there."""


@cache
def _set() -> re.Pattern[str]:
    return re.compile(rf"@set\s+({FIRST_SIGN}{WORD_SIGN}*)\s*(?:[-+*/]?=\s*(.*))?")


@cache
def _detour() -> re.Pattern[str]:
    return re.compile(rf"@detour\s+({FIRST_SIGN}{WORD_SIGN}*)")


@cache
def _sound() -> re.Pattern[str]:
    return re.compile(rf"@sound\s+({FIRST_SIGN}{WORD_SIGN}*)(?!=)")


@cache
def _cue() -> re.Pattern[str]:
    return re.compile(rf"@({FIRST_SIGN}{WORD_SIGN}*)(\.{WORD_SIGN}*)?")


@cache
def _shown() -> re.Pattern[str]:
    return re.compile(rf"(?<![{{$#'])\{{\s*({FIRST_SIGN}{WORD_SIGN}*)\s*[}},]")


def names_of_row(row: str) -> Iterator[Found]:
    """The names of a row, also of one with errors."""
    at = len(row) - len(row.lstrip())
    if row.startswith("=>", at):
        at += 2
        at += len(row[at:]) - len(row[at:].lstrip())
    if head := head_pattern().match(row, at):
        part = "asked" if head["word"] else "also"
        if head[part] is not None:
            yield from _asked(head[part], head.start(part))
        at = head.end()
    rest = row[at:].rstrip()
    if rest.startswith("@"):
        yield from _called(rest, at)
    elif speech := speech_pattern().fullmatch(rest):
        yield from _said(speech, at)


def _asked(text: str, at: int) -> Iterator[Found]:
    for kind, name, index in names_in(text):
        yield kind, name, at + index, len(name)


def _called(text: str, at: int) -> Iterator[Found]:
    if found := _set().match(text):
        yield "variable", found[1], at + found.start(1), len(found[1])
        if found[2]:
            yield from _asked(found[2], at + found.start(2))
    elif found := _detour().match(text):
        yield "beat", found[1], at + found.start(1), len(found[1])
    elif found := _sound().match(text):
        yield "sound", found[1], at + found.start(1), len(found[1])
    elif found := _cue().match(text):
        if found[1] in ("set", "detour", "sound", "wait", "group"):
            return
        kind: Kind = "performer" if found[2] else "cue"
        yield kind, found[1], at + 1, len(found[1])


def _said(speech: re.Match[str], at: int) -> Iterator[Found]:
    said = speech[1].rstrip()
    if not is_speaker(said):
        return
    yield "role", role_of(said), at + speech.start(1), len(said)
    text, line_id = split_id(speech[5])
    if line_id:
        start = at + speech.start(5) + speech[5].rindex(line_id)
        yield "line", line_id, start, len(line_id)
    for name, index in shown_in(text):
        yield "variable", name, at + speech.start(5) + index, len(name)


def shown_in(text: str) -> list[tuple[str, int]]:
    """The variables that a text shows, with their index; also of a text with errors."""
    if "{" not in text:
        return []
    try:
        return list(parse_message(text).names)
    except MessageError:
        return [(found[1], found.start(1)) for found in _shown().finditer(text)]
