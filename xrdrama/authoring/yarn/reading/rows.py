"""Parses the physical lines of a node's body into rows: what each begins, ends or says."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from xrdrama.authoring.yarn.reading.formulas import (
    ID,
    FormulaError,
    Tokens,
    finished,
    parse_formula,
)
from xrdrama.authoring.yarn.reading.tree import (
    At,
    Binary,
    Call,
    Command,
    Condition,
    Declare,
    Formula,
    Go,
    Invoke,
    Leave,
    Read,
    Said,
    Set,
    Statement,
    Text,
    Truth,
    Words,
)
from xrdrama.authoring.yarn.reading.tree import Number as Numeral

Kind = Literal[
    "statement", "option", "alternative", "if", "elseif", "else", "endif", "once", "endonce",
    "enum", "case", "endenum", "indent", "dedent", "blank",
]  # fmt: skip


class Row(msgspec.Struct, frozen=True):
    """One piece of a body. `statement` is what a row of that kind says; `name` is that of an enum
    or case; `formula` is a condition or the value of a case."""

    kind: Kind
    at: At
    statement: Statement | None = None
    formula: Formula | None = None
    name: str = ""


class RowError(FormulaError):
    """A line of a body that cannot be parsed, with the code of the finding."""

    def __init__(self, code: str, at: At, message: str, hint: str = "") -> None:
        super().__init__(at, message, hint)
        self.code = code


_ESCAPED = "\\<>{}#/"
_TAG = re.compile(r"[^ \t\r\n#$<]+")
_KEYWORD = re.compile(r"[ \t]*([a-z]+)(?=[\s>]|$)")
_STRUCTURE = {
    "else", "endif", "endonce", "endenum", "return", "if", "elseif", "once", "set", "declare",
    "call", "jump", "detour", "enum", "case", "local",
}  # fmt: skip
_ENDS: dict[str, Kind] = {
    "else": "else", "endif": "endif", "endonce": "endonce", "endenum": "endenum",
}  # fmt: skip
_ASSIGN = {"=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%"}


def rows_of(line: str, number: int) -> list[Row]:
    """The rows of a line of the file. FormulaError (or RowError) for one that cannot be parsed."""
    return _Line(line, number).rows()


class _Line:
    def __init__(self, text: str, number: int) -> None:
        self.text, self.number, self.at = text, number, 0

    def place(self, at: int | None = None) -> At:
        return At(self.number, (self.at if at is None else at) + 1)

    def bad(self, code: str, message: str, hint: str = "", at: int | None = None) -> RowError:
        return RowError(code, self.place(at), message, hint)

    def here(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def skip_spaces(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def rows(self) -> list[Row]:
        found: list[Row] = []
        while True:
            self.skip_spaces()
            if self.at >= len(self.text) or self.here("//"):
                return found
            place = self.place()
            if self.here("<<"):
                found.append(self.command())
            elif self.here("->") or self.here("=>"):
                kind: Kind = "option" if self.here("->") else "alternative"
                self.at += 2
                self.skip_spaces()
                found.append(Row(kind, place, self.said(kind)))
            else:
                found.append(Row("statement", place, self.said("line")))

    # -- texts ----------------------------------------------------------------------------------

    def said(self, kind: str) -> Said:
        place = self.place()
        words = self.words(place)
        condition: Condition | None = None
        tags: list[str] = []
        while True:
            self.skip_spaces()
            if self.at >= len(self.text) or self.here("//"):
                break
            if self.here("#"):
                tags.append(self.tag())
            elif self.here("<<"):
                at = self.at
                again = condition is not None
                condition = self.condition()
                if again or tags:
                    raise self.bad(
                        "I102", "a line has one condition, before its tags",
                        "join conditions with and, and write tags after them", at,
                    )  # fmt: skip
            else:
                raise self.bad(
                    "I102", "unexpected text after the condition or tags of a line",
                    "write the text before them, or on its own line",
                )  # fmt: skip
        if not words.parts:
            what = {"option": "option", "alternative": "line of this line group"}.get(kind, "line")
            raise self.bad("I102", f"this {what} has no text", "write its text", place.column - 1)
        return Said(words, condition, tuple(tags), place)

    def words(self, place: At) -> Words:
        parts: list[str | Formula] = []
        plain = ""
        while self.at < len(self.text):
            sign = self.text[self.at]
            if sign == "\\":
                plain += self.escape()
            elif sign == "{":
                if plain:
                    parts.append(plain)
                plain = ""
                parts.append(self.inline())
            elif sign == "#" or self.here("<<") or self.here("//"):
                break
            else:
                plain += sign
                self.at += 1
        plain = plain.rstrip()
        return Words((*parts, plain) if plain else tuple(parts), place)

    def escape(self) -> str:
        sign = self.text[self.at + 1 : self.at + 2]
        if sign and sign in "[]:":
            self.at += 2
            return f"\\{sign}"
        if not sign or sign not in _ESCAPED:
            raise self.bad(
                "I102", f"unexpected escape \\{sign}",
                r"only \\ \< \> \{ \} \# \/ \[ \] and \: are escapes; write \\ for a backslash",
            )  # fmt: skip
        self.at += 2
        return sign

    def inline(self) -> Formula:
        tokens = Tokens(self.text, self.at + 1, self.number, "}")
        made = parse_formula(tokens)
        self.at = finished(tokens, "close the expression with }")
        return made

    def tag(self) -> str:
        self.at += 1
        match = _TAG.match(self.text, self.at)
        if match is None:
            raise self.bad("I102", "# without the text of a tag", r"write \# for the sign itself")
        text = match[0]
        if "//" in text:
            text = text.partition("//")[0]
        self.at += len(text)
        return text

    def condition(self) -> Condition:
        place = self.place()
        match = _KEYWORD.match(self.text, self.at + 2)
        word = match[1] if match else ""
        if word not in ("if", "once"):
            raise self.bad(
                "I102", "only <<if ...>> and <<once>> can follow the text of a line",
                "write the command on its own line",
            )  # fmt: skip
        assert match is not None
        self.at = match.end()
        formula = self.once_formula() if word == "once" else self.formula(f"<<{word}>>")
        return Condition(formula, word == "once", place)

    def once_formula(self) -> Formula | None:
        """What follows `once`: nothing, or `if` and a formula; reads to behind `>>`."""
        self.skip_spaces()
        if self.here(">>"):
            self.at += 2
            return None
        match = _KEYWORD.match(self.text, self.at)
        if match is None or match[1] != "if":
            raise self.bad("I103", "unexpected text after 'once'", "write <<once if CONDITION>>")
        self.at = match.end()
        return self.formula("<<once if>>")

    def formula(self, what: str) -> Formula:
        tokens = Tokens(self.text, self.at, self.number, ">>")
        if tokens.now.kind == "end":
            raise RowError("I103", tokens.now.at, f"{what} has no condition", "write it before >>")
        made = parse_formula(tokens)
        self.at = finished(tokens, "end the command with >>")
        return made

    # -- commands -------------------------------------------------------------------------------

    def command(self) -> Row:
        place = self.place()
        match = _KEYWORD.match(self.text, self.at + 2)
        word = match[1] if match else ""
        if match is None or word not in _STRUCTURE:
            return self.other(place)
        self.at = match.end()
        made = self.flow(word, place)
        if made is not None:
            return made
        if word in ("set", "declare"):
            return Row("statement", place, self.assignment(word, place))
        if word in ("jump", "detour"):
            return Row("statement", place, self.go("jump" if word == "jump" else "detour", place))
        if word == "call":
            call = self.formula("<<call>>")
            if not isinstance(call, Call):
                raise RowError("I103", place, "<<call>> calls a function", "write <<call name()>>")
            return Row("statement", place, Invoke(call, place))
        if word == "local":
            raise RowError("I103", place, "'local' is reserved in Yarn", "use another command name")
        self.close(word)
        return Row("statement", place, Leave("return", place))

    def flow(self, word: str, place: At) -> Row | None:
        """The row of a command that begins or ends a block."""
        if word in ("if", "elseif"):
            kind: Kind = "if" if word == "if" else "elseif"
            return Row(kind, place, formula=self.formula(f"<<{word}>>"))
        if word == "once":
            return Row("once", place, formula=self.once_formula())
        if word == "enum":
            return Row("enum", place, name=self.last_name("the enum"))
        if word == "case":
            return self.case(place)
        if word not in _ENDS:
            return None
        self.close(word)
        return Row(_ENDS[word], place)

    def close(self, word: str) -> None:
        self.skip_spaces()
        if not self.here(">>"):
            hint = "write <<elseif CONDITION>>" if word == "else" else "end the command with >>"
            raise self.bad("I103", f"unexpected text after {word!r}", hint)
        self.at += 2

    def name(self, what: str) -> str:
        self.skip_spaces()
        match = re.compile(ID).match(self.text, self.at)
        if match is None:
            raise self.bad("I103", f"expected the name of {what}", "write a name of letters and _")
        self.at = match.end()
        return match[0]

    def last_name(self, what: str) -> str:
        found = self.name(what)
        self.close(found)
        return found

    def assignment(self, word: str, place: At) -> Set | Declare:
        tokens = Tokens(self.text, self.at, self.number, ">>")
        if tokens.now.kind != "variable":
            raise RowError(
                "I103", tokens.now.at, f"<<{word}>> needs a variable", f"write <<{word} $name = 1>>"
            )
        target = tokens.take()
        signs = _ASSIGN if word == "set" else {"=": ""}
        if not tokens.is_sign(*signs):
            raise RowError(
                "I103", tokens.now.at, f"{target.text} has no value",
                f"write <<{word} {target.text} = VALUE>>",
            )  # fmt: skip
        sign = tokens.take()
        if tokens.now.kind == "end":
            raise RowError("I103", tokens.now.at, f"{target.text} has no value", "write it after =")
        value = parse_formula(tokens)
        if _ASSIGN[sign.text]:
            value = Binary(_ASSIGN[sign.text], Read(target.text, target.at), value, sign.at)
        kind = ""
        if word == "declare" and tokens.is_sign("as"):
            tokens.take()
            if tokens.now.kind != "word":
                raise RowError(
                    "I103", tokens.now.at, "expected a type after 'as'",
                    "write number, string, bool or the name of an enum",
                )  # fmt: skip
            kind = tokens.take().text
        self.at = finished(tokens, "end the command with >>")
        if word == "set":
            return Set(target.text, value, place)
        return Declare(target.text, value, kind, place)

    def go(self, how: Literal["jump", "detour"], place: At) -> Go:
        self.skip_spaces()
        if not self.here("{"):
            name = self.last_name(f"the node to {how} to")
            return Go(name, how, place)
        to = self.inline()
        self.close(how)
        return Go(to.value if isinstance(to, Text) else to, how, place)

    def case(self, place: At) -> Row:
        name = self.name("the case")
        self.skip_spaces()
        value: Formula | None = None
        if self.here(">>"):
            self.at += 2
            return Row("case", place, name=name)
        if not self.here("="):
            raise self.bad("I103", "unexpected text after the name of a case", "write = VALUE")
        self.at += 1
        value = self.formula("<<case>>")
        if not isinstance(value, (Numeral, Text, Truth)):
            raise RowError(
                "I109", value.at, "the value of a case is a number or a text",
                "write it out; variables, functions and other cases are not allowed",
            )  # fmt: skip
        return Row("case", place, formula=value, name=name)

    def other(self, place: At) -> Row:
        """A command for the game, whose text may have expressions."""
        start = self.at
        self.at += 2
        self.skip_spaces()
        parts: list[str | Formula] = []
        plain = ""
        while not self.here(">>"):
            if self.at >= len(self.text):
                raise self.bad(
                    "I103", "this command does not end on its line", "end it with >>", start
                )
            if self.here("{"):
                if plain:
                    parts.append(plain)
                plain = ""
                parts.append(self.inline())
            else:
                plain += self.text[self.at]
                self.at += 1
        self.at += 2
        if plain.strip():
            parts.append(plain.rstrip())
        tags: list[str] = []
        self.skip_spaces()
        while self.here("#"):
            tags.append(self.tag())
            self.skip_spaces()
        words = Words(tuple(parts), place)
        if not parts:
            raise self.bad("I103", "this command is empty", "write its name", start)
        if words.parts == ("stop",):
            return Row("statement", place, Leave("stop", place))
        return Row("statement", place, Command(words, tuple(tags), place))
