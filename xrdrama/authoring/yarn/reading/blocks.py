"""Joins the rows of a body into statements: conditions, choices, line groups and enums."""

from __future__ import annotations

from typing import Protocol

from xrdrama.authoring.yarn.reading.rows import Kind, Row
from xrdrama.authoring.yarn.reading.tree import (
    At,
    Branch,
    Choice,
    Enum,
    Formula,
    If,
    LineGroup,
    Once,
    Option,
    Said,
    Statement,
)

MAX_DEPTH = 40
"""How deep blocks and options may be nested."""


class Note(Protocol):
    """Takes a problem: code, position, message and hint."""

    def __call__(self, code: str, at: At, message: str, hint: str = "") -> None:
        """Keep the problem."""


class _TooDeepError(Exception):
    pass


class Blocks:
    """Reads rows from first to last; problems go to `note`, and reading continues."""

    def __init__(self, rows: list[Row], note: Note, end: At) -> None:
        self.rows, self.note, self.end = rows, note, end
        self.at = self.depth = 0

    def statements(self) -> tuple[Statement, ...]:
        """All statements of the body."""
        try:
            found = list(self._until())
            while self.at < len(self.rows):
                self._unexpected(self.rows[self.at])
                self.at += 1
                found += self._until()
        except _TooDeepError:
            row = self.rows[min(self.at, len(self.rows) - 1)]
            self.note("I105", row.at, f"blocks are nested deeper than {MAX_DEPTH}", "use nodes")
            return ()
        return tuple(found)

    def _kind(self) -> Kind | None:
        return self.rows[self.at].kind if self.at < len(self.rows) else None

    def _until(self) -> tuple[Statement, ...]:
        """The statements before the next row that begins none."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _TooDeepError
        found: list[Statement] = []
        while self.at < len(self.rows):
            row = self.rows[self.at]
            if row.kind == "statement":
                assert row.statement is not None
                found.append(row.statement)
                self.at += 1
            elif row.kind == "blank":
                self.at += 1
            elif row.kind in ("option", "alternative"):
                found.append(self._choice(row))
            elif row.kind == "if":
                found.append(self._if(row))
            elif row.kind == "once":
                found.append(self._once(row))
            elif row.kind == "enum":
                found.append(self._enum(row))
            else:
                break
        self.depth -= 1
        return tuple(found)

    def _choice(self, first: Row) -> Choice | LineGroup:
        options: list[Option] = []
        while self._kind() == first.kind:
            row = self.rows[self.at]
            assert isinstance(row.statement, Said)
            self.at += 1
            body: tuple[Statement, ...] = ()
            if self._kind() == "indent":
                body = self._indented()
            options.append(Option(row.statement, body))
            if self._kind() == "blank":
                self.at += 1
                break
        kind = Choice if first.kind == "option" else LineGroup
        return kind(tuple(options), first.at)

    def _indented(self) -> tuple[Statement, ...]:
        row = self.rows[self.at]
        self.at += 1
        if self._kind() == "blank":
            self.note(
                "I105", row.at, "an empty line is indented below an option",
                "write what follows the option there, or remove the spaces",
            )  # fmt: skip
        body = list(self._until())
        while self._kind() not in ("dedent", None):
            self._unexpected(self.rows[self.at])
            self.at += 1
            body += self._until()
        self.at += 1
        return tuple(body)

    def _if(self, row: Row) -> If:
        branches: list[Branch] = []
        formula: Formula | None = row.formula
        at = row.at
        self.at += 1
        while True:
            branches.append(Branch(formula, self._until(), at))
            kind = self._kind()
            if kind not in ("elseif", "else") or branches[-1].formula is None:
                break
            at, formula = self.rows[self.at].at, self.rows[self.at].formula
            self.at += 1
        self._close("endif", "<<if>>", row)
        return If(tuple(branches), row.at)

    def _once(self, row: Row) -> Once:
        self.at += 1
        body = self._until()
        otherwise: tuple[Statement, ...] = ()
        if self._kind() == "else":
            self.at += 1
            otherwise = self._until()
        self._close("endonce", "<<once>>", row)
        return Once(row.formula, body, otherwise, row.at)

    def _close(self, kind: Kind, what: str, row: Row) -> None:
        if self._kind() == kind:
            self.at += 1
            return
        where = self.rows[self.at].at if self.at < len(self.rows) else self.end
        self.note(
            "I105", row.at, f"{what} is not closed before line {where.line}",
            f"add <<{kind}>>; a block that begins inside an option ends inside it",
        )  # fmt: skip

    def _enum(self, row: Row) -> Enum:
        self.at += 1
        cases: list[tuple[str, Formula | None, At]] = []
        while self._kind() in ("case", "blank"):
            case = self.rows[self.at]
            if case.kind == "case":
                cases.append((case.name, case.formula, case.at))
            self.at += 1
        self._close("endenum", "<<enum>>", row)
        return Enum(row.name, tuple(cases), row.at)

    def _unexpected(self, row: Row) -> None:
        if row.kind == "dedent":
            return
        command = f"<<{row.kind}>>"
        opened = {"endif": "<<if>>", "else": "<<if>>", "elseif": "<<if>>", "endonce": "<<once>>"}
        self.note(
            "I105", row.at, f"unexpected {command}",
            f"add {opened.get(row.kind, '<<enum>>')} before it, at the same depth",
        )  # fmt: skip
