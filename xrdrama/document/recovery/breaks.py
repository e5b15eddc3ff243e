"""Finds the mistake that makes a text invalid YAML, and what to write instead.

libyaml stops at the first character that it cannot parse, often lines below the mistake. This
module reads the lines as people do: by their indentation, keys and quotes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import yaml

from xrdrama.document.names import FIRST_SIGN, WORD_SIGN
from xrdrama.document.recovery.layout import Move, moves
from xrdrama.document.recovery.lines import Line, closing, lines_of, structure
from xrdrama.document.wording import spaces

_OPENS = re.compile(r"(?:^\s*|[:,\[{-]\s+|[\[{])(['\"])")
_BEHIND = re.compile(r"\s*([,\]}:].*|#.*|)")
_FIRST = "an unquoted text cannot start with {}"


class Break(msgspec.Struct, frozen=True):
    """A mistake at a row and column (from 0), and the hint."""

    row: int
    column: int
    message: str
    hint: str
    code: str = "Y001"


def explain(text: str, error: yaml.MarkedYAMLError) -> Break:
    """The mistake that caused an error of libyaml."""
    rows = text.splitlines()
    mark = error.problem_mark or error.context_mark
    last = min(mark.line, len(rows) - 1) if mark else 0
    return (
        _strange_space(rows, last)
        or _quote(rows, last)
        or _dash(rows, last)
        or _negation(rows, last)
        or _from_libyaml(rows, error)
        or _colon(rows, last)
        or _layout(rows, last)
        or _raw(error)
    )


def _strange_space(rows: Sequence[str], last: int) -> Break | None:
    """A tab, or a space character that YAML does not accept, in a line's indentation."""
    for row, line in enumerate(rows[: last + 1]):
        margin = line[: len(line) - len(line.lstrip())]
        column = next((i for i, sign in enumerate(margin) if sign not in " \t"), None)
        if column is not None:
            message = (
                f"this line is indented with U+{ord(margin[column]):04X}, which is not a "
                "plain space"
            )
            return Break(row, column, message, "indent with spaces", "Y009")
    return None


def _negation(rows: Sequence[str], last: int) -> Break | None:
    """`if: !trust > 1`, where YAML reads a tag and the beginning of a block of text."""
    found = re.fullmatch(r"(.*?:\s+)!\s*([^\s{}\[\],].*?)\s*", rows[last]) if rows else None
    if found is None:
        return None
    message = _FIRST.format("'!'")
    negated = found[2] if re.fullmatch(r"\w+(\(\w+\))?", found[2]) else f"({found[2]})"
    return Break(last, len(found[1]), message, f"in a condition, write not {negated}", "Y006")


def _quote(rows: Sequence[str], last: int) -> Break | None:
    """A quote that is never closed, or text after a closing quote."""
    opened: tuple[int, int, str] | None = None
    for row, column, line in structure(rows, last + 1):
        at, bracket = column, re.search(r"[{\[]", line)
        while True:
            if opened is None:
                match = _OPENS.search(line, at)
                if not match or " #" in line[at : match.start()]:
                    break
                if match[0][0] == "," and not (bracket and bracket.start() < match.start()):
                    at = match.end()  # in the middle of a plain text
                    continue
                opened = (row, match.start(1), match[1])
                at = match.end()
            end = closing(line, at, opened[2])
            if end is None:
                break
            rest = line[end:]
            if not _BEHIND.fullmatch(rest):
                if opened[0] != row:
                    return _unclosed(opened)
                return _behind_quote(row, end, opened, line)
            opened, at = None, end
    return _unclosed(opened) if opened and _never_closed(rows, last, opened) else None


def _never_closed(rows: Sequence[str], last: int, opened: tuple[int, int, str]) -> bool:
    return not any(opened[2] in line for line in rows[last + 1 :])


def _unclosed(opened: tuple[int, int, str]) -> Break:
    row, column, quote = opened
    return Break(
        row, column, "this quotation mark is never closed", f"add {quote} at the end of the text"
    )


def _behind_quote(row: int, end: int, opened: tuple[int, int, str], line: str) -> Break:
    column = end + len(line[end:]) - len(line[end:].lstrip())
    if opened[2] == "'" and line[end].isalpha():
        hint = "put double quotes around the whole text; the ' inside it can stay"
    else:
        hint = "remove these quotes, or put ' around the whole text"
    return Break(row, column, "unexpected text after the closing quote", hint)


def _from_libyaml(rows: Sequence[str], error: yaml.MarkedYAMLError) -> Break | None:
    """Mistakes that follow from the message of libyaml."""
    opened, mark = error.context_mark, error.problem_mark or error.context_mark
    what = error.problem or ""
    if mark is None:
        return None
    if "tab character" in what or ("cannot start any token" in what and _at(rows, mark) == "\t"):
        return Break(mark.line, mark.column, "unexpected tab character", "use spaces")
    if "cannot start any token" in what:
        return _first_sign(rows, mark.line, mark.column)
    if "alphabetic or numeric" in what and opened is not None:
        return _first_sign(rows, opened.line, opened.column)
    if what.startswith(("block sequence entries", "mapping keys")):
        return _first_sign(rows, mark.line, mark.column)
    if what.endswith("expected ':'") and opened is not None:
        return _no_colon(rows, opened.line, opened.column)
    if what.endswith(("',' or '}'", "',' or ']'")) and opened is not None:
        return _bracket(rows, opened, mark, what[-2])
    if "comment or line break" in what:
        hint = "start the text on the next line, indented"
        return Break(
            mark.line,
            mark.column,
            "unexpected text after '|': the text must begin on the next line",
            hint,
        )
    return None


def _first_sign(rows: Sequence[str], row: int, column: int) -> Break:
    rest = rows[row][column:].rstrip()
    return Break(row, column, _FIRST.format(rest[:1]), f"put the text in quotes: {_quoted(rest)}")


def _no_colon(rows: Sequence[str], row: int, column: int) -> Break:
    text = rows[row][column:].split(" #")[0].rstrip()
    word = re.match(rf"(?:{WORD_SIGN}|-)*", text)
    name = word[0] if word else ""
    rest = text[len(name) :]
    if rest.startswith((":", "：")):
        message = "expected a space after ':'"
        if rest[0] == "：":
            message = "this is a full-width colon, not a plain ':'"
        hint = f"write {name}: {rest[1:].lstrip()}".rstrip()
        return Break(row, column + len(name), message, hint)
    hint = "write name: value; or, if it is part of a text, indent it like the rest of that text"
    if re.fullmatch(rf"(?:{FIRST_SIGN}|_){WORD_SIGN}*", name):
        hint = f"write {name}: {rest.strip()}".rstrip()
    return Break(row, column, "expected ':' in this line", hint)


def _bracket(rows: Sequence[str], opened: yaml.Mark, mark: yaml.Mark, close: str) -> Break:
    rest = rows[opened.line][opened.column :]
    if mark.line == opened.line and close in rest and _at(rows, mark) in (":", '"', "'", "{", "["):
        message = "expected ',' or unexpected ':' in brackets"
        hint = "separate items with commas; quote a text that contains a colon or brackets"
        return Break(mark.line, mark.column, message, hint)
    hint = f"add {close} at the end and separate the items with commas"
    comment = re.search(r" #", rest)
    if comment and close in rest[comment.start() :]:
        column = opened.column + comment.end() - 1
        hint = "put it in quotes if it starts with #"
        return Break(
            opened.line, column, "'#' starts a comment that hides the closing bracket", hint
        )
    return Break(
        opened.line, opened.column, f"this bracket is never closed; expected {close}", hint
    )


def _dash(rows: Sequence[str], last: int) -> Break | None:
    """An item of a list without a dash."""
    for above, line in pairwise(lines_of(rows, last + 1)):
        bare = not line.key and not line.dash
        if bare and above.dash and line.indent == above.indent:
            return Break(line.row, line.indent, "expected '- ' before this list item",
                         f"write - {line.text.strip()}")  # fmt: skip
    return None


def _colon(rows: Sequence[str], last: int) -> Break | None:
    """A line without a colon, or with two colons."""
    above: Line | None = None
    for line in lines_of(rows, last + 1):
        if above and line.key and not above.key and not above.dash:
            if line.indent > above.indent:
                return _no_colon_above(above)
            if line.indent == above.indent:
                return _no_colon(rows, above.row, above.indent)
        if above and line.key and above.dash and above.value and line.indent > above.indent:
            return _no_colon(rows, above.row, rows[above.row].index(above.value))
        if line.key and ": " in _unquoted(line.value):
            return _second_colon(line, rows)
        above = line
    return None


def _layout(rows: Sequence[str], last: int) -> Break | None:
    """A line whose indentation does not match the lines around it."""
    found = moves(rows, last)
    if not found:
        return _valued(rows, last)
    line = found[0].line
    if found[0].undashed:
        return Break(line.row, line.indent, "unexpected '- ' before a key", "remove the dash")
    hint = spaces(found[0].indent) + _as_before(found[0])
    for other in found[1:]:
        hint += f"; or by {other.indent} spaces{_as_before(other)}"
    where = "further" if found[0].indent < line.indent else "less"
    if {move.indent < line.indent for move in found} == {True, False}:
        return Break(
            line.row, line.indent, "the indentation of this line matches no other line", hint
        )
    message = f"this line is indented {where} than the lines around it"
    return Break(line.row, line.indent, message, hint)


def _valued(rows: Sequence[str], last: int) -> Break | None:
    """A key with a value on its line and other lines below that were meant as its value."""
    for above, line in pairwise(lines_of(rows, last + 1)):
        if line.indent > above.indent and above.key and above.value and line.key:
            column = rows[above.row].rindex(above.value)
            message = f"{above.key}: has both a value on its line and keys on the lines below"
            return Break(
                above.row,
                column,
                message,
                f"write {above.key}: alone on its line and put the value among the keys below",
            )
    return None


def _as_before(move: Move) -> str:
    return f", like {_called(move.like)}" if move.like else ""


def _no_colon_above(above: Line) -> Break:
    name = above.text.strip()
    return Break(above.row, above.indent, "expected ':' in this line", f"write {name}:")


def _second_colon(line: Line, rows: Sequence[str]) -> Break:
    start, value = rows[line.row].index(line.value), line.value
    message = "expected '{' before this mapping"
    if value.endswith("}") and "{" not in value:
        return Break(line.row, start, message, f"write {line.key}: {{{value}")
    if re.match(rf"{FIRST_SIGN}{WORD_SIGN}*: +{{", value):
        return Break(line.row, start, message, f"write {line.key}: {{{value}}}")
    hint = f"put the text in quotes: {line.key}: {_quoted(value)}"
    column = start + value.index(": ")
    return Break(line.row, column, "unexpected second ':' in this line", hint)


def _raw(error: yaml.MarkedYAMLError) -> Break:
    mark = error.problem_mark or error.context_mark
    row, column = (mark.line, mark.column) if mark else (0, 0)
    message = f"this is not valid YAML: {error.problem or error.context}"
    return Break(row, column, message, "check the indentation, colons and quotes near this line")


def _unquoted(value: str) -> str:
    """A plain value; "" for one in quotes or brackets."""
    return "" if value[:1] in ('"', "'", "{", "[") else value


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"'{text}'" if '"' in text and "'" not in text else '"' + text.replace('"', "'") + '"'


def _called(line: Line) -> str:
    return f"{line.key}:" if line.key else f"the dash of line {line.row + 1}"


def _at(rows: Sequence[str], mark: yaml.Mark) -> str:
    return rows[mark.line][mark.column : mark.column + 1] if mark.line < len(rows) else ""
