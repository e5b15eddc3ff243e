"""How far visits of beats must be counted, so that every condition still gives the same answer."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Final

UNBOUNDED: Final = 255
"""The count at which visits stop being counted where no constant limits them."""


def visit_caps(text: str) -> dict[str, int]:
    """For each beat in an expression, the count from which on more visits change nothing.

    `seen(a)`: 1; `visits(a) < 3`: 4; elsewhere, as in `visits(a) + 1`: UNBOUNDED.
    """
    source = text.strip()
    found: dict[str, int] = {}
    for beat, cap in _calls(ast.parse(source, mode="eval").body, source.encode(), UNBOUNDED):
        found[beat] = max(cap, found.get(beat, 0))
    return found


def _calls(node: ast.AST, source: bytes, cap: int) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        called = node.func.id
        if called in ("seen", "visits") and node.args and isinstance(node.args[0], ast.Name):
            name = node.args[0]
            word = source[name.col_offset : name.end_col_offset].decode()
            yield word, 1 if called == "seen" else cap
            return
    if isinstance(node, ast.Compare):
        operands = [node.left, *node.comparators]
        for at, operand in enumerate(operands):
            beside = operands[max(0, at - 1) : at + 2]
            limits = [_number(other) for other in beside if other is not operand]
            known = [limit for limit in limits if limit is not None]
            whole = max(known) if len(known) == len(limits) else UNBOUNDED
            yield from _calls(operand, source, min(UNBOUNDED, max(1, math.floor(whole) + 1)))
        return
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, source, UNBOUNDED)


def _number(node: ast.expr) -> float | None:
    """The value of a constant, or None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _number(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return node.value
    return None
