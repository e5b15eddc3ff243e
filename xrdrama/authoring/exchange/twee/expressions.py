"""Expressions of SugarCube, Harlowe and xrdrama: parsed to one tree, and written in each form.

Only what all of them can say is parsed: variables, numbers, texts, truth, comparisons, arithmetic,
and a few functions. `NotParsedError` says what else an expression has.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

Flavour = Literal["sugarcube", "harlowe", "native"]
MOST_CHARACTERS = 2000
MOST_PARTS = 240
DEEPEST = 24


class Number(msgspec.Struct, frozen=True):
    """A number; `text` is its digits."""

    text: str


class Text(msgspec.Struct, frozen=True):
    """A quoted text."""

    text: str


class Truth(msgspec.Struct, frozen=True):
    """true or false."""

    value: bool


class Name(msgspec.Struct, frozen=True):
    """A variable, without its $."""

    name: str


class Unary(msgspec.Struct, frozen=True):
    """`not` or `-`, and its operand."""

    sign: str
    one: Tree


class Binary(msgspec.Struct, frozen=True):
    """An operator of xrdrama between two operands; `%` is the rest of a division."""

    sign: str
    one: Tree
    other: Tree


class Call(msgspec.Struct, frozen=True):
    """A function: visits, seen, random, either, min, max, floor, round, clamp."""

    name: str
    arguments: tuple[Tree, ...]


Tree = Number | Text | Truth | Name | Unary | Binary | Call


class NotParsedError(Exception):
    """An expression that other formats do not have. The message says what it has."""


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d{1,15}(?:\.\d{1,12})?)(?![\w.])
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`\\$]*`)
    | (?P<macro>\([A-Za-z][\w-]*:)
    | (?P<name>[$_]?[^\W\d][\w]*(?:\.[^\W\d]\w*)*)
    | (?P<sign>===|!==|==|!=|>=|<=|&&|\|\||//|->|[-+*/%<>!=(),])
    )""",
    re.VERBOSE,
)
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",), ("and",), ("==", "!=", "<", "<=", ">", ">="), ("+", "-"), ("*", "/", "//", "%"),
)  # fmt: skip
_SIGNS = {
    "===": "==", "!==": "!=", "&&": "and", "||": "or", "is": "==", "isnot": "!=", "eq": "==",
    "neq": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "and": "and", "or": "or",
}  # fmt: skip
_FUNCTIONS = {
    "visited": "visits", "visits": "visits", "hasVisited": "seen", "seen": "seen",
    "random": "random", "either": "either", "min": "min", "max": "max", "Math.min": "min",
    "Math.max": "max", "Math.floor": "floor", "Math.trunc": "floor", "Math.round": "round",
    "Math.clamp": "clamp", "round": "round", "floor": "floor",
}  # fmt: skip


def parse(text: str, flavour: Flavour, it: Tree | None = None) -> Tree:
    """The tree of an expression; NotParsedError if other formats do not have it.

    `it` is what Harlowe's word `it` means.
    """
    if len(text) > MOST_CHARACTERS:
        raise NotParsedError(f"it has more than {MOST_CHARACTERS} characters")
    parser = _Parser(_tokens(text), flavour, it)
    found = parser.binary(0)
    parser.end()
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise NotParsedError(f"{text[at:].strip()[:20]!r} is not carried over")
        kind = match.lastgroup or ""
        found.append((kind, match[kind]))
        at = match.end()
    if len(found) > MOST_PARTS:  # a chain of operators is as deep as it is long
        raise NotParsedError(f"it has more than {MOST_PARTS} parts")
    return found


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], flavour: Flavour, it: Tree | None) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0
        self.flavour, self.it = flavour, it

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        at = self.at + ahead
        return self.tokens[at] if at < len(self.tokens) else ("", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def accept(self, word: str) -> bool:
        if self.peek()[1] == word and self.peek()[0] in ("sign", "name"):
            self.at += 1
            return True
        return False

    def end(self) -> None:
        if self.at < len(self.tokens):
            raise NotParsedError(f"{self.peek()[1][:20]!r} is not carried over")

    def sign(self) -> str:
        """The operator that is next, in xrdrama's form; "" if none is."""
        kind, word = self.peek()
        if kind == "sign" or word in _SIGNS:
            return _SIGNS.get(word, word)
        return ""

    def binary(self, level: int) -> Tree:
        if level == len(_LEVELS):
            return self.unary()
        if level == 2 and (self.peek()[1] == "not" or self.peek() == ("sign", "!")):
            self.take()
            return Unary("not", self._nested(2))
        left = self.binary(level + 1)
        chain: Tree | None = None
        while (sign := self.sign()) in _LEVELS[level]:
            self.take()
            if level == 2 and sign == "==" and self.accept("not"):  # is not
                sign = "!="
            right = self.binary(level + 1)
            if level == 2:
                step = Binary(sign, left, right)
                chain = step if chain is None else Binary("and", chain, step)
                left = right
            else:
                left = Binary(sign, left, right)
        return left if chain is None else chain

    def _nested(self, level: int) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotParsedError(f"it is nested more than {DEEPEST} levels deep")
        found = self.binary(level)
        self.depth -= 1
        return found

    def unary(self) -> Tree:
        kind, word = self.take()
        if kind == "number":
            return Number(word)
        if kind == "text":
            return Text(re.sub(r"\\(.)", r"\1", word[1:-1]))
        if kind == "macro":
            return self.macro(word[1:-1])
        if (kind, word) == ("sign", "("):
            found = self._nested(0)
            if not self.accept(")"):
                raise NotParsedError("a bracket is not closed")
            return found
        if kind == "sign" and word in "-+!":
            operand = self._nested(len(_LEVELS))
            return operand if word == "+" else Unary("not" if word == "!" else "-", operand)
        if word == "not":
            return Unary("not", self._nested(2))
        if kind == "name":
            return self.name(word)
        raise NotParsedError(f"{word!r} is not expected" if word else "a value is missing")

    def name(self, word: str) -> Tree:
        if word in ("true", "false"):
            return Truth(word == "true")
        if word == "it" and self.flavour == "harlowe" and self.it is not None:
            return self.it
        if word in ("visits", "visit") and self.flavour == "harlowe":
            return Call("visits", ())
        if self.peek() == ("sign", "("):
            self.take()
            return self.call(word)
        if word in ("def", "ndef", "is", "to", "it"):
            raise NotParsedError(f"{word!r} is not carried over")
        if word[0] in "$_" or self.flavour == "native":
            return Name(word.lstrip("$") if word[0] == "$" else word)
        raise NotParsedError(f"{word[:20]!r} is not carried over")

    def call(self, word: str) -> Tree:
        arguments = []
        while not self.accept(")"):
            arguments.append(self._nested(0))
            if not self.accept(",") and self.peek()[1] != ")":
                raise NotParsedError("a bracket is not closed")
        return _called(word, tuple(arguments))

    def macro(self, word: str) -> Tree:
        """A macro of Harlowe inside an expression: (random: 1, 6)."""
        name = word.lower().replace("-", "").replace("_", "")
        call = self.call(name) if name != "history" else None
        if call is not None:
            return call
        if not self.accept(")") or not self.accept("contains"):
            raise NotParsedError("(history:) is carried over only with 'contains'")
        kind, passage = self.take()
        if kind != "text":
            raise NotParsedError("(history:) contains needs a passage's name in quotes")
        return Call("seen", (Text(passage[1:-1]),))


def _called(word: str, arguments: tuple[Tree, ...]) -> Tree:
    name = _FUNCTIONS.get(word, "")
    if not name:
        raise NotParsedError(f"{word[:30]}() is not carried over")
    if name in ("min", "max") and len(arguments) > 2:
        first, *rest = arguments
        for one in rest:
            first = Call(name, (first, one))
        return first
    return Call(name, arguments)


def names_in(tree: Tree) -> set[str]:
    """The variables that an expression reads."""
    if isinstance(tree, Name):
        return {tree.name}
    if isinstance(tree, Unary):
        return names_in(tree.one)
    if isinstance(tree, Binary):
        return names_in(tree.one) | names_in(tree.other)
    if isinstance(tree, Call):
        return set().union(*(names_in(one) for one in tree.arguments))
    return set()


def random_in(tree: Tree) -> tuple[Call, ...]:
    """The calls of random() and either() in an expression, each once."""
    if isinstance(tree, Unary):
        return random_in(tree.one)
    if isinstance(tree, Binary):
        return tuple(dict.fromkeys((*random_in(tree.one), *random_in(tree.other))))
    if isinstance(tree, Call):
        if tree.name in ("random", "either"):
            return (tree,)
        return tuple(dict.fromkeys(one for part in tree.arguments for one in random_in(part)))
    return ()


def replaced(tree: Tree, old: Tree, new: Tree) -> Tree:
    """An expression with another part in the place of `old`."""
    if tree == old:
        return new
    if isinstance(tree, Unary):
        return Unary(tree.sign, replaced(tree.one, old, new))
    if isinstance(tree, Binary):
        return Binary(tree.sign, replaced(tree.one, old, new), replaced(tree.other, old, new))
    if isinstance(tree, Call):
        return Call(tree.name, tuple(replaced(one, old, new) for one in tree.arguments))
    return tree


def negated(tree: Tree) -> Tree:
    """The opposite of a condition."""
    if isinstance(tree, Unary) and tree.sign == "not":
        return tree.one
    return Unary("not", tree)


def both(one: Tree | None, other: Tree | None) -> Tree | None:
    """Two conditions joined; None is always true."""
    if one is None or other is None:
        return one or other
    return Binary("and", one, other)
