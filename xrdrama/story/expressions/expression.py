"""The expression language of stories: conditions and effects, typed and bounded.

    trust >= 2 and not has_key          mood == 'calm'          visits(gate) < 3
    trust + 1                           random(1, 6)            min(trust, 3)

The grammar is Python's, with a list of allowed nodes and static types: an expression is a boolean,
a whole number with a known range, a number, a word of an enum, or a text. Ranges are computed
through arithmetic, so no value can grow without bound; texts can only be compared. Attributes,
subscripts, powers, shifts, string arithmetic and comprehensions are rejected. Nothing is passed to
`eval`: an expression is compiled to closures over a list of values.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from functools import cache
from typing import Final

from xrdrama.document.names import WORD_SIGN, composed, invisible_in
from xrdrama.document.wording import suggestion
from xrdrama.story.expressions.compiling import compile_tree
from xrdrama.story.expressions.kinds import (
    BOOL,
    TEXT,
    Expression,
    ExpressionError,
    Kind,
    Names,
    Scope,
    Value,
)

__all__ = [
    "BOOL",
    "TEXT",
    "Expression",
    "ExpressionError",
    "Kind",
    "Names",
    "Scope",
    "Value",
    "compile_expression",
]

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 32
MAX_NODES: Final = 200
_EXAMPLE = "trust >= 2 and not has_key"
_SPLIT = "split it: set a variable to one part of it, and use the variable in the other"


@cache
def _strange() -> re.Pattern[str]:
    return re.compile(rf"(?!{WORD_SIGN})[^\s+\-*/()<>=!.,'\"]")


_QUOTED = re.compile(r"'[^'\n\\]*'|\"[^\"\n\\]*\"")


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"{WORD_SIGN}+")


def compile_expression(
    text: str, names: Names, *, wanted: Kind | None = None, dice: bool = False
) -> Expression:
    """Check and compile `text`, or raise ExpressionError.

    `wanted` is the expected kind (numbers may have any range, because effects clamp).
    `dice` allows `random(least, most)`, which only effects may use.
    """
    text = composed(text)
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"the expression has more than {MAX_LENGTH} characters", hint=_SPLIT)
    try:
        made = _compiled(text, names, wanted, dice=dice)
    except ExpressionError:
        from xrdrama.story.expressions.operators import (
            refuse_foreign_signs,  # imported only after a mistake
        )

        refuse_foreign_signs(
            text, names, sets=dice
        )  # if a foreign operator is the reason, this message is clearer
        raise
    if wanted is not None and not _fits(made.kind, wanted):
        message = f"expected {wanted}; this is {made.kind}"
        hint = _unfit_hint(text.strip(), made.kind, wanted)
        raise ExpressionError(message, len(text) - len(text.lstrip()), hint)
    return made


def _compiled(text: str, names: Names, wanted: Kind | None, *, dice: bool) -> Expression:
    margin = len(text) - len(text.lstrip())
    hidden = invisible_in(text)
    if hidden:
        message = f"this expression contains an invisible character (U+{ord(hidden):04X})"
        raise ExpressionError(message, text.index(hidden), "delete it")
    strange = _strange().search(_QUOTED.sub(lambda quoted: "_" * len(quoted[0]), text))
    if strange:
        message = f"{strange[0]!r} is not allowed in an expression"
        hint = "use variables, numbers, quoted words, comparisons, 'and', 'or', 'not', + - * /"
        raise ExpressionError(message, strange.start(), hint)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip() or "?", mode="eval").body
    except SyntaxError as error:
        column = min(margin + max(0, (error.offset or 1) - 1), max(0, len(text.rstrip()) - 1))
        raise _unreadable(text, column) from None
    except (ValueError, MemoryError, RecursionError):
        raise ExpressionError("the expression is nested too deeply", hint=_SPLIT) from None
    _measure(tree, len(text))
    try:
        return compile_tree(text, tree, names, wanted, dice=dice)
    except ExpressionError as error:
        # Python counts columns in bytes.
        before = text.strip().encode()[: error.column]
        error.column = margin + len(before.decode(errors="ignore"))
        raise


def _unreadable(text: str, column: int) -> ExpressionError:
    """The likely reason why a text cannot be parsed as an expression."""
    depth: list[int] = []
    for at, sign in enumerate(re.sub(r"'[^']*'", lambda m: "_" * len(m[0]), text)):
        if sign == "(":
            depth.append(at)
        elif sign == ")" and not depth:
            return ExpressionError("unexpected ')': it was never opened", at, "remove it")
        elif sign == ")":
            depth.pop()
    if depth:
        return ExpressionError("this bracket is never closed", depth[-1], "add ')' at its end")
    said = text.rstrip()
    last = re.search(r"(\b(and|or|not)|[-+*/<>=!]+)$", said)
    if last:
        hint = "write what follows it, or remove it"
        return ExpressionError(f"the expression ends after {last[0]}", last.start(), hint)
    called = re.search(rf"\b(seen|visits)\s+({WORD_SIGN}+)", said)
    if called:
        return ExpressionError("expected brackets after the function name", called.start(2) - 1,
                               f"write {called[1]}({called[2]})")  # fmt: skip
    for word in _word().finditer(text):
        if keyword.iskeyword(word[0]) and word[0] not in ("and", "or", "not"):
            hint = f"{word[0]!r} is a reserved word; use another name"
            return ExpressionError("this is not a valid expression", word.start(), hint)
    return ExpressionError("this is not a valid expression", column, f"write it like: {_EXAMPLE}")


def _unfit_hint(text: str, kind: Kind, wanted: Kind) -> str:
    if wanted.name == "int" and kind.name == "float":
        if "/" in text:
            return "// divides whole numbers"
        return (
            f"write {round(kind.least)}"
            if kind.least == kind.most
            else ("use whole numbers, or change the variable's type to float")
        )
    if wanted.name == "bool":
        known = kind.least == kind.most
        return (
            f"compare it, as in {text} > 0"
            if kind.is_number and not known
            else "write true or false"
        )
    if wanted.is_number and kind.name == "bool":
        return "write a number, or declare the variable with type: bool"
    if wanted.name == "enum" and kind.name == "text":
        return suggestion(kind.words[0], wanted.words) if kind.words else ""
    return ""


def _measure(tree: ast.AST, length: int) -> None:
    """Bound size and depth before anything recursive walks the tree."""
    if length < MAX_DEPTH - 1:
        return  # every level needs a character, except the last (the context of a name)
    level: list[ast.AST] = [tree]
    count = depth = 0
    while level:
        depth += 1
        count += len(level)
        if count > MAX_NODES * 2:  # operators and contexts count as nodes of Python's tree, too
            raise ExpressionError(f"the expression has more than {MAX_NODES} parts", hint=_SPLIT)
        if depth > MAX_DEPTH:
            message = f"the expression is nested more than {MAX_DEPTH} levels deep"
            raise ExpressionError(message, hint=_SPLIT)
        level = [child for node in level for child in ast.iter_child_nodes(node)]


def _fits(kind: Kind, wanted: Kind) -> bool:
    if wanted.name == "float":
        return kind.is_number
    if wanted.name == "enum":
        if kind.name == "text":
            return len(kind.words) == 1 and kind.words[0] in wanted.words
        return kind.name == "enum" and set(kind.words) <= set(wanted.words)
    return kind.name == wanted.name
