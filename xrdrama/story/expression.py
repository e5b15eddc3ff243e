"""The expression language of stories: conditions and effects, typed and bounded.

    trust >= 2 and not has_key          mood == 'calm'          visits(gate) < 3
    trust + 1                           random(1, 6)            min(trust, 3)

Python's grammar, a whitelist of its nodes, and static types: every expression is a truth value,
a whole number with a known range, a number, a word of an enum, or a text. Ranges are followed
through arithmetic, so no value can grow without bound; texts can only be compared. There is no
attribute, subscript, power, shift, string arithmetic or comprehension, and nothing is ever
`eval`ed: an expression compiles to nested closures over a list of values.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from xrdrama.document.shapes import plain, suggestion
from xrdrama.story.chance import draw

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 32
MAX_NODES: Final = 200
LIMIT: Final = 2**53
MOST_VISITS: Final = 10**6

Value = bool | int | float | str


class Kind(msgspec.Struct, frozen=True):
    """The type of a value: bool, int and float with a range, enum with its words, text."""

    name: str
    least: float = 0
    most: float = 0
    words: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """True for whole numbers and numbers."""
        return self.name in ("int", "float")

    def value(self, text: str) -> Value:
        """The value that a plain word stands for; ValueError when it is none of this kind."""
        if self.name == "bool":
            if text not in ("true", "false"):
                raise ValueError(f"{text!r} is neither true nor false")
            return text == "true"
        if self.is_number:
            if not (_INT if self.name == "int" else _FLOAT).fullmatch(text):
                raise ValueError(f"{text[:40]!r} is not {self}")
            number = int(text) if self.name == "int" else float(text)
            if not self.least <= number <= self.most:
                raise ValueError(f"{text} is out of range: {self}")
            return number
        if self.name == "enum" and text not in self.words:
            raise ValueError(f"{text!r} is none of {', '.join(self.words)}")
        return text

    def __str__(self) -> str:
        if self.is_number:
            noun = "a whole number" if self.name == "int" else "a number"
            if self.least == self.most:
                return f"{noun} ({plain(self.least)})"
            return f"{noun} ({plain(self.least)} to {plain(self.most)})"
        if self.name == "enum":
            return "one of " + ", ".join(self.words)
        return {"bool": "true or false", "text": "a text"}[self.name]


_INT = re.compile(r"[+-]?[0-9]{1,15}")
_FLOAT = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


BOOL = Kind("bool")
TEXT = Kind("text")


class Scope:
    """What an expression sees while it runs: values by slot, visits by beat, the dice."""

    __slots__ = ("dice", "values", "visits")

    def __init__(self, values: list[Value], visits: Sequence[int], dice: int) -> None:
        self.values = values
        self.visits = visits
        self.dice = dice


class ExpressionError(Exception):
    """What is wrong with an expression, at which of its columns (from 0), and a hint."""

    def __init__(self, message: str, column: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.column, self.hint = message, column, hint


class Expression(msgspec.Struct, frozen=True):
    """A checked expression: its text, its kind, what it reads, and a function that runs it."""

    text: str
    kind: Kind
    run: Callable[[Scope], Any]
    reads: frozenset[str]
    beats: tuple[str, ...] = ()
    random: bool = False


class Names(msgspec.Struct, frozen=True):
    """What an expression may mention: variables (kind and slot), and beats (index)."""

    variables: Mapping[str, tuple[Kind, int]]
    beats: Mapping[str, int]


def compile_expression(
    text: str, names: Names, *, wanted: Kind | None = None, dice: bool = False
) -> Expression:
    """Check and compile `text`, or raise ExpressionError.

    `wanted` is the kind that the place demands (numbers may be of any range: effects clamp).
    `dice` allows `random(least, most)`, which only effects may use.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has over {MAX_LENGTH} characters")
    margin = len(text) - len(text.lstrip())
    strange = re.search(r"[^\w\s+\-*/()<>=!.,'\"]", text)
    if strange:
        hint = "write and, or, not" if strange[0] in "&|~^" else ""
        message = f"{strange[0]!r} has no place in an expression"
        raise ExpressionError(message, strange.start(), hint)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip() or "?", mode="eval").body
    except SyntaxError as error:
        column = min(margin + max(0, (error.offset or 1) - 1), max(0, len(text.rstrip()) - 1))
        raise ExpressionError("this is not an expression", column, _syntax_hint(text)) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("the expression is too deeply nested") from None
    _measure(tree)
    compiler = _Compiler(names, dice)
    try:
        kind, run = compiler.node(tree)
    except ExpressionError as error:
        # Python counts columns in bytes.
        before = text.strip().encode()[: error.column]
        error.column = margin + len(before.decode(errors="ignore"))
        raise
    if wanted is not None and not _fits(kind, wanted):
        hint = "// divides whole numbers" if wanted.name == "int" and kind.is_number else ""
        raise ExpressionError(f"{wanted} is wanted here; this is {kind}", margin, hint)
    return Expression(
        text, kind, run, frozenset(compiler.reads), tuple(compiler.beats), compiler.random
    )


def _syntax_hint(text: str) -> str:
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return "compare with ==, not ="
    if re.search(r"!(?!=)", text):
        return "write and, or, not"
    for word in re.findall(r"\w+", text):
        if keyword.iskeyword(word) and word not in ("and", "or", "not"):
            return f"{word!r} has a meaning of its own here; give it another name"
    return "such as: trust >= 2 and not has_key"


def _measure(tree: ast.AST) -> None:
    """Bound size and depth before anything recursive walks the tree."""
    level: list[ast.AST] = [tree]
    count = depth = 0
    while level:
        depth += 1
        count += len(level)
        if count > MAX_NODES * 2:  # operators and contexts are nodes of Python's tree, too
            raise ExpressionError(f"the expression has over {MAX_NODES} parts")
        if depth > MAX_DEPTH:
            raise ExpressionError(f"the expression is nested over {MAX_DEPTH} deep")
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _fits(kind: Kind, wanted: Kind) -> bool:
    if wanted.name == "float":
        return kind.is_number
    if wanted.name == "enum":
        if kind.name == "text":
            return len(kind.words) == 1 and kind.words[0] in wanted.words
        return kind.name == "enum" and set(kind.words) <= set(wanted.words)
    return kind.name == wanted.name


_COMPARE: Final[dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], bool]]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
_ARITHMETIC: Final[dict[type[ast.operator], tuple[str, Callable[[Any, Any], Any]]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
}
Run = Callable[[Scope], Any]
Typed = tuple[Kind, Run]


class _Compiler:
    def __init__(self, names: Names, dice: bool) -> None:
        self.names, self.dice = names, dice
        self.reads: set[str] = set()
        self.beats: list[str] = []
        self.random = False

    def node(self, node: ast.expr) -> Typed:
        match node:
            case ast.Constant():
                return self.constant(node)
            case ast.Name():
                return self.name(node)
            case ast.BoolOp():
                return self.bool_op(node)
            case ast.UnaryOp():
                return self.unary(node)
            case ast.Compare():
                return self.compare(node)
            case ast.BinOp():
                return self.arithmetic(node)
            case ast.Call():
                return self.call(node)
        raise ExpressionError(
            "this has no place in an expression", node.col_offset,
            "use variables, numbers, quoted words, and or not, comparisons, + - * /",
        )  # fmt: skip

    def constant(self, node: ast.Constant) -> Typed:
        value = node.value
        if isinstance(value, bool):
            raise ExpressionError("write true or false", node.col_offset)
        if isinstance(value, str) and len(value) <= 100:
            return Kind("text", words=(value,)), lambda _: value
        if isinstance(value, int | float) and abs(value) <= LIMIT:
            name = "int" if isinstance(value, int) else "float"
            return Kind(name, value, value), lambda _: value
        raise ExpressionError("this value is too large or of no known kind", node.col_offset)

    def name(self, node: ast.Name) -> Typed:
        word = node.id
        if word in ("true", "false"):
            truth = word == "true"
            return BOOL, lambda _: truth
        if word not in self.names.variables:
            raise ExpressionError(
                f"there is no variable {word[:64]!r}", node.col_offset, self.hint(word)
            )
        self.reads.add(word)
        kind, slot = self.names.variables[word]
        return kind, lambda scope: scope.values[slot]

    def hint(self, word: str) -> str:
        for name, (kind, _) in self.names.variables.items():
            if word in kind.words:
                return f"quote it: {name} == '{word}'"
        if word.lower() in ("true", "false", "yes", "no", "on", "off"):
            return "write true or false"
        return suggestion(word, self.names.variables)

    def bool_op(self, node: ast.BoolOp) -> Typed:
        parts = tuple(self.truth(value) for value in node.values)
        if isinstance(node.op, ast.And):
            return BOOL, lambda scope: all(part(scope) for part in parts)
        return BOOL, lambda scope: any(part(scope) for part in parts)

    def truth(self, node: ast.expr) -> Run:
        kind, run = self.node(node)
        if kind.name != "bool":
            raise ExpressionError(
                f"true or false is wanted here; this is {kind}", node.col_offset,
                "compare it, as in trust > 0",
            )  # fmt: skip
        return run

    def unary(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            run = self.truth(node.operand)
            return BOOL, lambda scope: not run(scope)
        kind, run = self.number(node.operand)
        if isinstance(node.op, ast.USub):
            return Kind(kind.name, -kind.most, -kind.least), lambda scope: -run(scope)
        if isinstance(node.op, ast.UAdd):
            return kind, run
        raise ExpressionError("this operator is not known here", node.col_offset)

    def number(self, node: ast.expr) -> Typed:
        kind, run = self.node(node)
        if not kind.is_number:
            raise ExpressionError(f"a number is wanted here; this is {kind}", node.col_offset)
        return kind, run

    def compare(self, node: ast.Compare) -> Typed:
        operands = [self.node(n) for n in (node.left, *node.comparators)]
        steps: list[tuple[Callable[[Any, Any], bool], Run]] = []
        for i, op in enumerate(node.ops):
            sign, function = _COMPARE.get(type(op), ("", operator.eq))
            if not sign:
                raise ExpressionError("compare with == != < <= > >=", node.col_offset)
            self.comparable(sign, operands[i][0], operands[i + 1][0], node.comparators[i])
            steps.append((function, operands[i + 1][1]))
        first = operands[0][1]
        if len(steps) == 1:
            function, second = steps[0]
            return BOOL, lambda scope: function(first(scope), second(scope))

        def chain(scope: Scope) -> bool:
            left = first(scope)
            for function, run in steps:
                right = run(scope)
                if not function(left, right):
                    return False
                left = right
            return True

        return BOOL, chain

    def comparable(self, sign: str, a: Kind, b: Kind, at: ast.expr) -> None:
        if a.is_number and b.is_number:
            return
        if sign not in ("==", "!="):
            raise ExpressionError(f"{sign} compares numbers; here is {a} and {b}", at.col_offset)
        if a.name == b.name == "bool":
            return
        if {a.name, b.name} <= {"enum", "text"}:
            for one, other in ((a, b), (b, a)):
                if one.name == "enum" and other.words and not set(other.words) & set(one.words):
                    raise ExpressionError(
                        f"{other.words[0]!r} is none of {', '.join(one.words)}",
                        at.col_offset, suggestion(other.words[0], one.words),
                    )  # fmt: skip
            return
        raise ExpressionError(f"{a} is never the same as {b}", at.col_offset)

    def arithmetic(self, node: ast.BinOp) -> Typed:
        sign, function = _ARITHMETIC.get(type(node.op), ("", operator.add))
        if not sign:
            raise ExpressionError("use + - * / //", node.col_offset)
        (a, left), (b, right) = self.number(node.left), self.number(node.right)
        whole = a.name == b.name == "int" and sign != "/"
        if sign in ("/", "//"):
            if b.least <= 0 <= b.most:
                raise ExpressionError(
                    f"this may divide by 0: it is {b}", node.right.col_offset,
                    "divide by max(1, ...)",
                )  # fmt: skip
            if sign == "//" and not whole:
                raise ExpressionError("// divides whole numbers; use /", node.col_offset)
        corners = [function(x, y) for x in (a.least, a.most) for y in (b.least, b.most)]
        kind = Kind("int" if whole else "float", min(corners), max(corners))
        if max(abs(kind.least), abs(kind.most)) > LIMIT:
            raise ExpressionError("this can grow beyond every use", node.col_offset)
        return kind, lambda scope: function(left(scope), right(scope))

    def call(self, node: ast.Call) -> Typed:
        known = "visits, seen, min, max" + (", random" if self.dice else "")
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError("only these can be called: " + known, node.col_offset)
        match node.func.id, node.args:
            case ("visits" | "seen") as which, [ast.Name(id=beat)]:
                return self.visits(which, beat, node)
            case ("min" | "max") as which, [one, other]:
                return self.extreme(which, one, other)
            case "random", [one, other] if self.dice:
                return self.roll(one, other, node)
            case "random", _ if not self.dice:
                raise ExpressionError(
                    "random() may only stand under set", node.col_offset,
                    "set a variable to it, then ask for the variable",
                )  # fmt: skip
        raise ExpressionError(
            f"{node.func.id[:40]}(...) is not known with these arguments", node.col_offset,
            "there are: visits(beat), seen(beat), min(a, b), max(a, b)"
            + (", random(1, 6)" if self.dice else ""),
        )  # fmt: skip

    def visits(self, which: str, beat: str, node: ast.Call) -> Typed:
        if beat not in self.names.beats:
            raise ExpressionError(
                f"there is no beat {beat!r}", node.args[0].col_offset,
                suggestion(beat, self.names.beats),
            )  # fmt: skip
        self.beats.append(beat)
        index = self.names.beats[beat]
        if which == "seen":
            return BOOL, lambda scope: scope.visits[index] > 0
        return Kind("int", 0, MOST_VISITS), lambda scope: min(MOST_VISITS, scope.visits[index])

    def extreme(self, which: str, one: ast.expr, other: ast.expr) -> Typed:
        (a, left), (b, right) = self.number(one), self.number(other)
        pick = min if which == "min" else max
        name = "int" if a.name == b.name == "int" else "float"
        kind = Kind(name, pick(a.least, b.least), pick(a.most, b.most))
        return kind, lambda scope: pick(left(scope), right(scope))

    def roll(self, one: ast.expr, other: ast.expr, node: ast.Call) -> Typed:
        (a, _), (b, _) = self.number(one), self.number(other)
        if a.name != "int" or b.name != "int" or a.least != a.most or b.least != b.most:
            raise ExpressionError("random() takes two plain whole numbers", node.col_offset)
        least, most = int(a.least), int(b.least)
        if not least <= most:
            raise ExpressionError("random(least, most): least is larger", node.col_offset)
        self.random = True

        def roll(scope: Scope) -> int:
            scope.dice, value = draw(scope.dice, least, most)
            return value

        return Kind("int", least, most), roll
