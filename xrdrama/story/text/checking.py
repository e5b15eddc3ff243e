"""Checks a text with values against the variables of its story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from xrdrama.document.wording import nearest
from xrdrama.story.expressions.kinds import Kind
from xrdrama.story.model import Variable
from xrdrama.story.text.message import Message, MessageError, Plural, Select, parse_message


class TextProblems(msgspec.Struct, frozen=True):
    """What a text shows, and its problems: column (from 0), message, hint."""

    names: tuple[str, ...] = ()
    plain: str = ""
    """The text with its placeholders blanked out, for other checks of it."""
    problems: tuple[tuple[int, str, str], ...] = ()


def text_problems(text: str, variables: Mapping[str, Variable]) -> TextProblems:
    """The variables that a text shows, and what is wrong with its placeholders."""
    try:
        message = parse_message(text)
    except MessageError as error:
        return TextProblems((), "", ((error.column, error.message, error.hint),))
    problems = [*_unclosed(text), *_unknown(message, variables), *_unfit(message, variables)]
    names = tuple(dict.fromkeys(name for name, _ in message.names if name in variables))
    plain = list(text)
    for start, end in message.spans:
        plain[start:end] = " " * (end - start)
    return TextProblems(names, "".join(plain), tuple(problems))


def _unclosed(text: str) -> Iterator[tuple[int, str, str]]:
    """A brace before a word that no other closes: it would be spoken and displayed."""
    found = re.search(r"(?<!')\{([^\W\d]\w*)[^{}]*$", text)
    if found:
        word = found[1]
        yield (
            found.start(),
            "this brace is not closed",
            (f"write {{{word}}}, or '{{' to show a brace"),
        )


def _unknown(message: Message, variables: Mapping[str, Variable]) -> Iterator[tuple[int, str, str]]:
    for name, column in message.names:
        if name not in variables:
            meant = nearest(name, variables)
            hint = f"did you mean {{{meant}}}?" if meant else (
                f"declare {name} under vars, or write '{{'{name}'}}' to show the braces"
            )  # fmt: skip
            yield column, f"there is no variable {name!r} to show", hint


def _unfit(message: Message, variables: Mapping[str, Variable]) -> Iterator[tuple[int, str, str]]:
    columns = dict(reversed(message.names))
    parts: tuple[Plural | Select, ...] = (*message.plurals, *message.selects)
    for part in parts:
        variable = variables.get(part.name)
        if variable is not None:
            unfit = _plural if isinstance(part, Plural) else _select
            for said, hint in unfit(part, variable.kind):
                yield columns[part.name], said, hint


def _plural(part: Plural | Select, kind: Kind) -> Iterator[tuple[str, str]]:
    if not kind.is_number:
        message = f"a plural counts a number, but {part.name} is {kind}"
        yield message, f"write {{{part.name}, select, word {{...}} other {{...}}}}"


def _select(part: Plural | Select, kind: Kind) -> Iterator[tuple[str, str]]:
    words = ("true", "false") if kind.name == "bool" else kind.words
    cases = part.cases if isinstance(part, Select) else ()
    strange = [word for word in cases if word != "other" and word not in words]
    if kind.name in ("bool", "enum") and strange:
        yield f"{part.name} is never {strange[0]!r}", f"use one of: {', '.join(words)}, other"
