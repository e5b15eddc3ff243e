"""Functions of a game, given as formulas: `add(a, b) = $a + $b`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from xrdrama.authoring.yarn.playing.evaluate import Evaluator, Value
from xrdrama.authoring.yarn.reading.check import load_yarn
from xrdrama.authoring.yarn.reading.formulas import (
    ID,
    FormulaError,
    Tokens,
    finished,
    parse_formula,
)
from xrdrama.authoring.yarn.reading.tree import At, Formula, Read, parts_of
from xrdrama.errors import UsageError

_FORM = re.compile(rf"\s*({ID})\s*\(\s*((?:{ID}\s*,\s*)*(?:{ID})?)\s*\)\s*=(.*)")
_NOTHING = "title: Start\n---\n===\n"


def parse_functions(given: Iterable[str]) -> dict[str, Callable[..., Value]]:
    """Functions by name. UsageError for a text that is not `name(a, b) = FORMULA`."""
    return dict(_function(text) for text in given)


def _function(text: str) -> tuple[str, Callable[..., Value]]:
    match = _FORM.fullmatch(text)
    if match is None:
        raise UsageError(
            f"{text[:60]!r} is not a function", "write for example 'add(a, b) = $a + $b'"
        )
    names = [name.strip() for name in match[2].split(",") if name.strip()]
    try:
        tokens = Tokens(match[3], 0, 1, "")
        formula = parse_formula(tokens)
        finished(tokens, "write one expression after =")
    except FormulaError as error:
        raise UsageError(f"{text[:60]!r}: {error.message}", error.hint) from None
    for part in parts_of(formula):
        if isinstance(part, Read) and part.name[1:] not in names:
            raise UsageError(
                f"{text[:60]!r}: {part.name} is not an argument",
                f"add it: {match[1]}({part.name[1:]})",
            )
    return match[1], _runner(match[1], names, formula)


def _runner(name: str, names: list[str], formula: Formula) -> Callable[..., Value]:
    checked = load_yarn(_NOTHING, name)

    def run(*given: Value) -> Value:
        if len(given) != len(names):
            from xrdrama.authoring.yarn.playing.evaluate import YarnError

            raise YarnError(At(1, 1), f"{name}() takes {len(names)} arguments")
        evaluator = Evaluator(checked, lambda _: 0, lambda _: False, {}, 0)
        evaluator.variables = {f"${key}": value for key, value in zip(names, given, strict=True)}
        return evaluator.value(formula)

    return run
