"""Compiles the checked syntax tree of an expression to closures, with its kind and range."""

from __future__ import annotations

import ast
from typing import Final

from xrdrama.document.quantities import truth_hint
from xrdrama.document.wording import nearest, suggestion
from xrdrama.story.expressions.kinds import BOOL, Expression, ExpressionError, Kind, Names
from xrdrama.story.expressions.running import ARITHMETIC, MOST_VISITS, Code, decoded, encoded

LIMIT: Final = 2**53

_COMPARE: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_ARITHMETIC: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
}
Typed = tuple[Kind, Code]


def compile_tree(
    text: str, tree: ast.expr, names: Names, wanted: Kind | None, *, dice: bool
) -> Expression:
    """The expression of a tree; ExpressionError with columns in bytes, as Python counts them.

    `wanted` is the expected kind; here it is only used in messages.
    """
    compiler = _Compiler(text.strip().encode(), names, wanted, dice=dice)
    kind, code = compiler.node(tree)
    return Expression(
        text,
        kind,
        encoded(code),
        frozenset(compiler.reads),
        tuple(compiler.beats),
        compiler.random,
        compiler.complexity,
    )


_FUNCTIONS: Final = {
    "visits": "visits(beat)", "seen": "seen(beat)", "min": "min(a, b)", "max": "max(a, b)",
}  # fmt: skip
"""How each function is written."""


class _Compiler:
    def __init__(self, source: bytes, names: Names, wanted: Kind | None, *, dice: bool) -> None:
        self.source = source
        self.names, self.wanted, self.dice = names, wanted, dice
        self.reads: set[str] = set()
        self.beats: list[str] = []
        self.random = False
        self.complexity = 0

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
            "this is not allowed in an expression", node.col_offset,
            "use variables, numbers, quoted words, comparisons, 'and', 'or', 'not', + - * /",
        )  # fmt: skip

    def constant(self, node: ast.Constant) -> Typed:
        value = node.value
        if isinstance(value, bool):
            raise self.no_truth(str(value), node.col_offset)
        if isinstance(value, str) and len(value) <= 100:
            return Kind("text", words=(value,)), ["constant", value]
        if isinstance(value, int | float) and abs(value) <= LIMIT:
            name = "int" if isinstance(value, int) else "float"
            return Kind(name, value, value), ["constant", value]
        raise ExpressionError(
            "this value is too large or not of a known type", node.col_offset,
            "write a smaller number, or a quoted text of at most 100 characters",
        )  # fmt: skip

    def word(self, node: ast.expr) -> str:
        """A name as its author wrote it: Python normalises names to NFKC, which changes น้ำ."""
        return self.source[node.col_offset : node.end_col_offset].decode()

    def name(self, node: ast.Name) -> Typed:
        word = self.word(node)
        if word in ("true", "false"):
            truth = word == "true"
            return Kind("bool", int(truth), int(truth)), ["constant", truth]
        if word not in self.names.variables:
            if truth_hint(word):
                raise self.no_truth(word, node.col_offset)
            message = f"there is no variable {word[:64]!r}"
            if self.wanted is not None and self.wanted.name == "enum":
                message = f"{word[:64]!r} is not one of {', '.join(self.wanted.words)}"
            raise ExpressionError(
                message, node.col_offset, self.hint(word),
                ("variable", word),
            )  # fmt: skip
        self.reads.add(word)
        if computed := self.names.computed.get(word):
            self.reads |= computed.reads
            self.beats.extend(computed.beats)
            return computed.kind, decoded(computed.code)
        kind, slot = self.names.variables[word]
        return kind, ["value", slot]

    def no_truth(self, word: str, column: int) -> ExpressionError:
        """The error for words such as yes, On or True, if a boolean is expected."""
        if self.wanted is not None and self.wanted.is_number:
            message = f"{word!r} is not a number; expected {self.wanted}"
            hint = "write a number, or declare the variable with type: bool and write true or false"
            return ExpressionError(message, column, hint)
        return ExpressionError(f"{word!r} is not true or false", column, truth_hint(word))

    def hint(self, word: str) -> str:
        """The hint for an unknown name: what was probably meant."""
        kinds = {name: kind for name, (kind, _) in self.names.variables.items()}
        if self.wanted is not None and self.wanted.name == "enum":
            return suggestion(word, self.wanted.words)
        if self.wanted is not None and self.wanted.name == "text":
            return f"""quote it twice: "'{word}'" """.rstrip()
        meant = nearest(word, kinds)
        if meant:
            return f"did you mean {meant!r}?"
        for name, kind in kinds.items():
            if kind.name == "enum" and (near := nearest(word, kind.words)):
                return f"quote it: {name} == '{near}'"
        return or_declare("use one of: " + ", ".join(kinds) if kinds else "", word)

    def bool_op(self, node: ast.BoolOp) -> Typed:
        self.complexity += len(node.values) - 1
        kinds, parts = zip(*(self.truth(value) for value in node.values), strict=True)
        least, most = [kind.least for kind in kinds], [kind.most for kind in kinds]
        if isinstance(node.op, ast.And):
            both = Kind("bool", min(least), min(most))
            return both, ["all", *parts]
        either = Kind("bool", max(least), max(most))
        return either, ["any", *parts]

    def truth(self, node: ast.expr) -> Typed:
        kind, code = self.node(node)
        if kind.name != "bool":
            example = f"{ast.unparse(node)[:40]} > 0" if kind.is_number else "mood == 'calm'"
            raise ExpressionError(
                f"expected true or false; this is {kind}", node.col_offset,
                f"compare it, as in {example}",
            )  # fmt: skip
        return kind, code

    def unary(self, node: ast.UnaryOp) -> Typed:
        if isinstance(node.op, ast.Not):
            truth, code = self.truth(node.operand)
            return Kind("bool", 1 - truth.most, 1 - truth.least), ["not", code]
        kind, code = self.number(node.operand)
        if isinstance(node.op, ast.USub):
            return Kind(kind.name, -kind.most, -kind.least), ["negative", code]
        if isinstance(node.op, ast.UAdd):
            return kind, code
        raise ExpressionError(
            "the operator ~ is not supported", node.col_offset, "use one of: + - not"
        )

    def number(self, node: ast.expr) -> Typed:
        kind, code = self.node(node)
        if not kind.is_number:
            raise ExpressionError(
                f"expected a number; this is {kind}", node.col_offset,
                "write a number, or a variable of type int or float",
            )  # fmt: skip
        return kind, code

    def compare(self, node: ast.Compare) -> Typed:
        operands = [self.node(n) for n in (node.left, *node.comparators)]
        chain: Code = ["chain", operands[0][1]]
        sure: list[Kind] = []
        for i, op in enumerate(node.ops):
            sign = _COMPARE.get(type(op), "")
            if not sign:
                raise ExpressionError(
                    "this comparison is not supported", node.col_offset,
                    "compare with == != < <= > >=",
                )  # fmt: skip
            self.comparable(sign, operands[i][0], operands[i + 1][0], node.comparators[i])
            chain += [sign, operands[i + 1][1]]
            sure.append(_certainty(sign, operands[i][0], operands[i + 1][0]))
        truth = Kind("bool", min(one.least for one in sure), min(one.most for one in sure))
        return truth, [sign, chain[1], chain[3]] if len(node.ops) == 1 else chain

    def comparable(self, sign: str, a: Kind, b: Kind, at: ast.expr) -> None:
        if a.is_number and b.is_number:
            return
        if sign not in ("==", "!="):
            raise ExpressionError(
                f"{sign} compares numbers, but these are {a} and {b}", at.col_offset,
                "compare other values with == or !=",
            )  # fmt: skip
        if a.name == b.name == "bool":
            return
        if {a.name, b.name} <= {"enum", "text"}:
            for one, other in ((a, b), (b, a)):
                if one.name == "enum" and other.words and not set(other.words) & set(one.words):
                    raise ExpressionError(
                        f"{other.words[0]!r} is not one of {', '.join(one.words)}",
                        at.col_offset, suggestion(other.words[0], one.words),
                    )  # fmt: skip
            return
        raise ExpressionError(f"{a} is never equal to {b}", at.col_offset, _comparable_hint(a, b))

    def arithmetic(self, node: ast.BinOp) -> Typed:
        sign = _ARITHMETIC.get(type(node.op), "")
        if not sign:
            raise ExpressionError(
                "this operator is not supported", node.col_offset, "use one of: + - * / //"
            )
        (a, left), (b, right) = self.number(node.left), self.number(node.right)
        whole = a.name == b.name == "int" and sign != "/"
        if sign in ("/", "//"):
            if b.least <= 0 <= b.most:
                raise ExpressionError(
                    f"this may divide by 0: the divisor is {b}", node.right.col_offset,
                    "divide by max(1, ...)",
                )  # fmt: skip
            if sign == "//" and not whole:
                raise ExpressionError(
                    "'//' divides whole numbers only", node.col_offset, "use /, or whole numbers"
                )
        function = ARITHMETIC[sign]
        corners = [function(x, y) for x in (a.least, a.most) for y in (b.least, b.most)]
        kind = Kind("int" if whole else "float", min(corners), max(corners))
        if max(abs(kind.least), abs(kind.most)) > LIMIT:
            raise ExpressionError(
                f"the result can be larger than {LIMIT:,}", node.col_offset,
                "limit it, as in min(trust * 10, 100)",
            )  # fmt: skip
        return kind, [sign, left, right]

    def call(self, node: ast.Call) -> Typed:
        known = "visits, seen, min, max" + (", random" if self.dice else "")
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError("unknown function", node.col_offset, f"use one of: {known}")
        match node.func.id, node.args:
            case ("visits" | "seen") as which, [ast.Name() as name]:
                return self.visits(which, self.word(name), node)
            case ("min" | "max") as which, [one, other]:
                return self.extreme(which, one, other)
            case "random", [one, other] if self.dice:
                return self.roll(one, other, node)
            case "random", _ if not self.dice:
                raise ExpressionError(
                    "random() is allowed only under set:", node.col_offset,
                    "set a variable to random(), then use the variable in the condition",
                )  # fmt: skip
        match node.func.id, node.args:
            case ("visits" | "seen") as which, [ast.Constant(value=str() as beat)]:
                raise ExpressionError(
                    "expected the name of a beat without quotes", node.args[0].col_offset,
                    f"write {which}({beat})",
                )  # fmt: skip
        ours = {**_FUNCTIONS, **({"random": "random(1, 6)"} if self.dice else {})}
        said = "seen" if node.func.id == "visited" else node.func.id
        meant = ours.get(nearest(said, ours) or said, "")
        raise ExpressionError(
            f"{node.func.id[:40]}(...) does not accept these arguments"
            if node.func.id in (*_FUNCTIONS, "random")
            else f"there is no function {node.func.id[:40]!r}",
            node.col_offset,
            f"did you mean {meant}?" if meant else f"use one of: {', '.join(ours.values())}",
        )  # fmt: skip

    def visits(self, which: str, beat: str, node: ast.Call) -> Typed:
        if beat not in self.names.beats:
            raise ExpressionError(
                f"there is no beat {beat!r}", node.args[0].col_offset,
                suggestion(beat, self.names.beats), ("beat", beat),
            )  # fmt: skip
        self.beats.append(beat)
        index = self.names.beats[beat]
        if which == "seen":
            return BOOL, ["seen", index]
        return Kind("int", 0, MOST_VISITS), ["visits", index]

    def extreme(self, which: str, one: ast.expr, other: ast.expr) -> Typed:
        (a, left), (b, right) = self.number(one), self.number(other)
        pick = min if which == "min" else max
        name = "int" if a.name == b.name == "int" else "float"
        kind = Kind(name, pick(a.least, b.least), pick(a.most, b.most))
        return kind, [which, left, right]

    def roll(self, one: ast.expr, other: ast.expr, node: ast.Call) -> Typed:
        (a, _), (b, _) = self.number(one), self.number(other)
        if a.name != "int" or b.name != "int" or a.least != a.most or b.least != b.most:
            what = "whole numbers" if "float" in (a.name, b.name) else "numbers, not variables"
            raise ExpressionError(
                f"random() takes two {what}", node.col_offset, "write for example random(1, 6)"
            )
        least, most = int(a.least), int(b.least)
        if not least <= most:
            raise ExpressionError(
                "in random(least, most), the first number is larger than the second",
                node.col_offset,
                f"write random({most}, {least})",
            )
        self.random = True
        return Kind("int", least, most), ["random", least, most]


def _comparable_hint(a: Kind, b: Kind) -> str:
    """What a value of kind `a` can be compared with, when `b` is of another kind."""
    if a.is_number and b.name == "bool":
        return "compare it with a number, or declare the variable with type: bool"
    if a.is_number:
        return "compare it with a number"
    if a.name == "enum":
        return f"compare it with one of: {', '.join(a.words)}"
    if a.name == "bool":
        return "write true or false"
    return "compare it with a quoted text, or with a variable of type text"


def or_declare(hint: str, name: str) -> str:
    """The hint for an unknown name that may be a variable that is not declared yet."""
    declare = f"declare it under vars, as in {name[:64]}: {{type: int, min: 0, max: 3}}"
    return f"{hint}; or {declare}" if hint else declare


def _certainty(sign: str, a: Kind, b: Kind) -> Kind:
    """The outcome of a comparison that follows from the ranges: always true, never true, or
    None."""
    if not (a.is_number and b.is_number):
        return BOOL
    below, above = a.most < b.least, a.least > b.most
    same = a.least == a.most == b.least == b.most
    never = {
        "==": below or above,
        "!=": same,
        "<": a.least >= b.most,
        "<=": above,
        ">": a.most <= b.least,
        ">=": below,
    }
    opposite = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
    return Kind("bool", int(never[opposite[sign]]), int(not never[sign]))
