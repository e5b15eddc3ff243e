"""Parses a Yarn file: its nodes, and the blocks, choices and line groups of their bodies."""

from __future__ import annotations

import re

from xrdrama.authoring.yarn.reading.blocks import Blocks
from xrdrama.authoring.yarn.reading.formulas import (
    ID,
    FormulaError,
    Tokens,
    finished,
    parse_formula,
)
from xrdrama.authoring.yarn.reading.rows import Row, RowError, rows_of
from xrdrama.authoring.yarn.reading.tree import At, Condition, Node, Statement, YarnFile
from xrdrama.errors import Problem

MAX_CHARACTERS = 2_000_000
MAX_LINE = 5_000
"""Most characters of a file and of a line."""
MAX_PROBLEMS = 100
_HEADER = re.compile(rf"[ \t]*({ID})[ \t]*:[ \t]*(.*)")
_CONTROL = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\ud800-\\udfff\\ufffe\\uffff]"
)
_TITLE = re.compile(rf"({ID})[ \t]*")


class Notes:
    """Collects the problems of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, code: str, at: At, message: str, hint: str = "") -> None:
        """Keep a problem, up to a number of them."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(
                Problem(self.file, at.line, at.column, code, "error", message, hint)
            )

    def bad(self, error: FormulaError) -> None:
        """Keep the problem of an expression or line."""
        code = error.code if isinstance(error, RowError) else "I104"
        self.add(code, error.at, error.message, error.hint)


def parse_yarn(text: str, file: str) -> tuple[YarnFile, list[Problem]]:
    """The tree of a file, and the problems of its syntax; with any of them it is incomplete."""
    notes = Notes(file)
    if len(text) > MAX_CHARACTERS:
        notes.add(
            "I111", At(1, 1), f"this file has more than {MAX_CHARACTERS:,} characters", "divide it"
        )
        return YarnFile(()), notes.problems
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MAX_LINE:
            notes.add(
                "I111", At(number, 1), f"a line has more than {MAX_LINE:,} characters", "divide it"
            )
        found = _CONTROL.search(line)
        if found:
            notes.add(
                "I102", At(number, found.start() + 1),
                f"unexpected control character U+{ord(found[0]):04X}", "remove it",
            )  # fmt: skip
    if notes.problems:
        return YarnFile(()), notes.problems
    return _Reader(lines, notes).file(), notes.problems


class _Reader:
    def __init__(self, lines: list[str], notes: Notes) -> None:
        self.lines, self.notes, self.at = lines, notes, 0

    def file(self) -> YarnFile:
        tags: list[str] = []
        nodes: list[Node] = []
        while self.at < len(self.lines):
            line = _uncommented(self.lines[self.at])
            if not line.strip():
                self.at += 1
            elif line.lstrip().startswith("#") and not nodes:
                tags += line.replace("#", " ").split()
                self.at += 1
            else:
                nodes.append(self.node(len(nodes)))
        if not nodes:
            self.notes.add(
                "I101", At(1, 1), "this file has no node",
                "a node is a line 'title: Name', a line '---', its text, and a line '==='",
            )  # fmt: skip
        return YarnFile(tuple(nodes), tuple(tags))

    def node(self, order: int) -> Node:
        start = At(self.at + 1, 1)
        headers: list[tuple[str, str, At]] = []
        when: list[Condition] = []
        title = ""
        while self.at < len(self.lines):
            raw = self.lines[self.at]
            place = At(self.at + 1, len(raw) - len(raw.lstrip()) + 1)
            line = _uncommented(raw)
            self.at += 1
            if line.strip() == "---":
                break
            if line.strip().startswith("==="):
                self.notes.add(
                    "I101", place, "this node has no body", "add a line '---' after its headers"
                )
                return Node(title, tuple(headers), tuple(when), (), start, order)
            if not line.strip():
                continue
            match = _HEADER.fullmatch(line)
            if match is None:
                self.notes.add(
                    "I101", place, "expected a header such as 'title: Name', or '---'",
                    "every node begins with its headers; a body ends with a line '==='",
                )  # fmt: skip
                self._skip_node()
                return Node(title, tuple(headers), tuple(when), (), start, order)
            key, value = match[1], match[2].strip()
            headers.append((key, value, place))
            at = At(place.line, match.start(2) + 1)
            if key == "title":
                title = self._title(value, at, title)
            elif key == "when":
                condition = self._when(raw, at)
                if condition is not None:
                    when.append(condition)
        else:
            self.notes.add("I101", start, "this node has no body", "add '---', text and '==='")
            return Node(title, tuple(headers), tuple(when), (), start, order)
        if not title:
            self.notes.add("I101", start, "this node has no title", "add a line 'title: Name'")
        return Node(title, tuple(headers), tuple(when), self._body(start), start, order)

    def _title(self, value: str, at: At, before: str) -> str:
        if before:
            self.notes.add("I101", at, "this node has two titles", "remove one")
        if not _TITLE.fullmatch(value):
            self.notes.add(
                "I101", at, f"{value[:40]!r} is not the title of a node",
                "use letters, digits and _; the first is not a digit",
            )  # fmt: skip
            return value[:40] or "_"
        return value

    def _when(self, raw: str, at: At) -> Condition | None:
        """The condition of a header `when:` in the line `raw`."""
        index = at.column - 1
        try:
            tokens = Tokens(raw, index, at.line, "")
            if tokens.now.kind == "end":
                raise RowError(
                    "I101", at, "'when:' has no condition", "write always, once or a condition"
                )
            if tokens.now.kind == "word" and tokens.now.text == "always":
                tokens.take()
                finished(tokens, "write 'when: always'")
                return Condition(None, False, at)
            once = tokens.now.kind == "word" and tokens.now.text == "once"
            if once:
                tokens.take()
                if tokens.now.kind == "end":
                    return Condition(None, True, at)
                tokens.expect("if", "after 'once'")
            made = parse_formula(tokens)
            finished(tokens, "write one condition")
            return Condition(made, once, at)
        except FormulaError as error:
            self.notes.bad(error)
            return None

    def _skip_node(self) -> None:
        while self.at < len(self.lines) and not self.lines[self.at].strip().startswith("==="):
            self.at += 1
        self.at += 1

    def _body(self, start: At) -> tuple[Statement, ...]:
        first = self.at
        while self.at < len(self.lines) and not self.lines[self.at].lstrip().startswith("==="):
            self.at += 1
        if self.at >= len(self.lines):
            self.notes.add(
                "I101", start, "this node does not end", "add a line '===' after its body"
            )
        rows = self._rows(first, self.at)
        self.at += 1
        return Blocks(rows, self.notes.add, At(max(self.at, 1), 1)).statements()

    def _rows(self, first: int, end: int) -> list[Row]:
        """The rows of a body, with those for indentation as Yarn Spinner counts it.

        Only what follows an option or an alternative can be indented; an empty line ends both.
        """
        rows: list[Row] = []
        stack: list[int] = []
        seen = -1
        indent = _indent(self.lines[first]) if first < end else 0
        for index in range(first, end):
            line, number = self.lines[index], index + 1
            try:
                found = rows_of(line, number)
            except FormulaError as error:
                self.notes.bad(error)
                found = []
            rows += found
            after = _indent(self.lines[index + 1]) if index + 1 < len(self.lines) else 0
            place = At(number + 1, 1)
            if not line.strip() and seen != -1:
                if number + 1 - seen == 1:
                    rows.append(Row("blank", At(number, 1)))
                seen = -1
            if any(row.kind in ("option", "alternative") for row in found):
                if after > indent:
                    stack.append(after)
                    rows.append(Row("indent", place))
                seen = number + 1
            while stack and after < stack[-1]:
                stack.pop()
                rows.append(Row("dedent", place))
                if not stack:
                    seen = number + 1
            indent = after
        return rows + [Row("dedent", At(end + 1, 1)) for _ in stack]


def _indent(line: str) -> int:
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    return sum(8 if sign == "\t" else 1 for sign in blank)


def _uncommented(line: str) -> str:
    return line.partition("//")[0]
