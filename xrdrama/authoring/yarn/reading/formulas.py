"""Parses the expressions of Yarn: `$coins >= 2 and not visited("Market")`."""

from __future__ import annotations

import re

from xrdrama.authoring.yarn.reading.tree import (
    At,
    Binary,
    Call,
    Formula,
    Member,
    Number,
    Read,
    Text,
    Truth,
    Unary,
)

MAX_DEPTH = 40
"""How deep parentheses, calls and signs may be nested."""
MAX_PARTS = 200
"""Most words and signs of an expression."""
ID = r"[^\W\d]\w*"
_TOKEN = re.compile(
    rf"""(?P<space>[ \t]+)
  | (?P<number>[0-9]+(?:\.[0-9]+)?)
  | "(?P<text>(?:[^"\\\r\n]|\\["\\])*)"
  | (?P<variable>\${ID})
  | (?P<word>{ID})
  | (?P<sign><=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|%=|[-+*/%<>!^=(),.])""",
    re.VERBOSE,
)
_SIGNS = {
    "lte": "<=", "gte": ">=", "is": "==", "eq": "==", "lt": "<", "gt": ">", "neq": "!=",
    "&&": "and", "||": "or", "^": "xor", "!": "not", "to": "=",
}  # fmt: skip
_LEVELS = {
    "and": 1, "or": 1, "xor": 1, "==": 2, "!=": 2, "<": 3, ">": 3, "<=": 3, ">=": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "%": 5,
}  # fmt: skip
_RESERVED = {*_SIGNS, "and", "or", "xor", "not", "true", "false", "null", "as"}


class FormulaError(Exception):
    """An expression that cannot be parsed; the position is that in the file."""

    def __init__(self, at: At, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.at, self.message, self.hint = at, message, hint


class Token:
    """A word or sign of an expression, its position, and the index behind it in the line."""

    __slots__ = ("at", "end", "kind", "text")

    def __init__(self, kind: str, text: str, at: At, end: int) -> None:
        self.kind, self.text, self.at, self.end = kind, text, at, end


class Tokens:
    """The tokens of one expression in a line of the file, read one at a time.

    It ends where `end` stands: at `}`, at `>>` or at the end of the line.
    """

    def __init__(self, line: str, start: int, number: int, end: str) -> None:
        self.line, self.at, self.number, self.end = line, start, number, end
        self.parts = self.depth = 0
        self.now = self._next()

    def _next(self) -> Token:
        self.parts += 1
        while True:
            at = At(self.number, self.at + 1)
            if self.parts > MAX_PARTS:
                raise FormulaError(
                    at, f"this expression has more than {MAX_PARTS} words and signs", "divide it"
                )
            if self.at >= len(self.line):
                return Token("end" if not self.end else "cut", "", at, self.at)
            if self.end and self.line.startswith(self.end, self.at):
                return Token("end", self.end, at, self.at)
            if not self.end and self.line.startswith("//", self.at):
                return Token("end", "", at, self.at)
            match = _TOKEN.match(self.line, self.at)
            if match is None:
                sign = self.line[self.at]
                if sign == '"':
                    raise FormulaError(at, "this text has no closing quote", 'add " at its end')
                raise FormulaError(at, f"unexpected {sign!r} in an expression", "remove it")
            self.at = match.end()
            kind = match.lastgroup or ""
            if kind != "space":
                word = match[kind]
                if kind in ("word", "sign"):
                    word = _SIGNS.get(word, word)
                return Token(kind, word, at, self.at)

    def take(self) -> Token:
        """The current token; the next one becomes current."""
        token = self.now
        self.now = self._next()
        return token

    def is_sign(self, *signs: str) -> bool:
        """True when the current token is one of these signs or words."""
        return self.now.kind in ("word", "sign") and self.now.text in signs

    def expect(self, sign: str, why: str) -> Token:
        """Takes this sign; FormulaError for another one."""
        if not self.is_sign(sign):
            raise FormulaError(self.now.at, f"expected {sign!r} {why}", f"add {sign}")
        return self.take()


def parse_formula(tokens: Tokens, least: int = 1) -> Formula:
    """The expression that begins at the current token, up to a sign that binds less than `least`.

    Yarn gives `and`, `or` and `xor` one rank: they apply from left to right.
    """
    tokens.depth += 1
    if tokens.depth > MAX_DEPTH:
        raise FormulaError(
            tokens.now.at,
            f"expressions are nested deeper than {MAX_DEPTH}",
            "divide the expression",
        )
    left = _operand(tokens)
    while tokens.now.kind in ("word", "sign"):
        sign = tokens.now.text
        level = _LEVELS.get(sign, 0)
        if level < least or not level:
            break
        at = tokens.take().at
        left = Binary(sign, left, parse_formula(tokens, level + 1), at)
    tokens.depth -= 1
    return left


def _operand(tokens: Tokens) -> Formula:
    if tokens.is_sign("-", "not"):
        token = tokens.take()
        tokens.depth += 1
        if tokens.depth > MAX_DEPTH:
            raise FormulaError(
                token.at, f"expressions are nested deeper than {MAX_DEPTH}", "divide the expression"
            )
        value = _operand(tokens)
        tokens.depth -= 1
        if token.text == "-" and isinstance(value, Number):
            return Number(-value.value, token.at)
        return Unary(token.text, value, token.at)
    if tokens.is_sign("("):
        tokens.take()
        inside = parse_formula(tokens)
        tokens.expect(")", "after this expression")
        return inside
    return _value(tokens)


def _value(tokens: Tokens) -> Formula:
    token = tokens.now
    if token.kind == "number":
        tokens.take()
        if len(token.text) > 15:
            raise FormulaError(token.at, "this number has more than 15 digits", "use a smaller one")
        return Number(float(token.text), token.at)
    if token.kind == "text":
        tokens.take()
        return Text(re.sub(r"\\(.)", r"\1", token.text), token.at)
    if token.kind == "variable":
        tokens.take()
        return Read(token.text, token.at)
    if tokens.is_sign("."):
        tokens.take()
        return Member("", _word(tokens, "the name of a case after '.'"), token.at)
    if token.kind == "word" and token.text in ("true", "false"):
        tokens.take()
        return Truth(token.text == "true", token.at)
    if token.kind == "word" and token.text == "null":
        raise FormulaError(
            token.at, "Yarn Spinner 3 has no null", "use a value of the variable's type"
        )
    if token.kind == "word" and token.text not in _RESERVED:
        return _named(tokens)
    what = f"not {token.text!r}" if token.text and token.kind != "end" else "nothing is here"
    raise FormulaError(
        token.at, f"expected a value: {what}", "write a number, a text in quotes, or a $variable"
    )


def _named(tokens: Tokens) -> Formula:
    name = tokens.take()
    if tokens.is_sign("."):
        tokens.take()
        return Member(name.text, _word(tokens, "the name of a case after '.'"), name.at)
    if not tokens.is_sign("("):
        raise FormulaError(
            name.at, f"{name.text!r} is neither a variable nor a function",
            f"write ${name.text} for a variable, {name.text}() for a function, or add quotes",
        )  # fmt: skip
    tokens.take()
    arguments: list[Formula] = []
    while not tokens.is_sign(")"):
        if arguments:
            tokens.expect(",", "between the arguments of a function")
        arguments.append(parse_formula(tokens))
    tokens.take()
    return Call(name.text, tuple(arguments), name.at)


def _word(tokens: Tokens, what: str) -> str:
    if tokens.now.kind != "word":
        raise FormulaError(tokens.now.at, f"expected {what}", "write Enum.Case")
    return tokens.take().text


def finished(tokens: Tokens, hint: str) -> int:
    """The index behind the end of the expression; FormulaError when something else follows."""
    token = tokens.now
    if token.kind == "cut":
        raise FormulaError(token.at, f"expected {tokens.end!r} on this line", f"add {tokens.end}")
    if token.kind != "end":
        raise FormulaError(token.at, f"unexpected {token.text!r} after the expression", hint)
    return token.end + len(tokens.end)
