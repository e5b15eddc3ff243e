"""Finds the line with a wrong indentation.

One wrong line makes the lines below it look wrong. So each line near the error is tried at every
level, and the move is chosen after which the fewest lines are inconsistent.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from xrdrama.document.recovery.lines import Line, lines_of, usual_step

WINDOW = 60
"""Lines before the error that are tried, and lines after it that must fit."""
MAX_DEPTH = 24
"""Number of levels at which a line is tried; the composer allows no more."""


class Move(msgspec.Struct, frozen=True):
    """A line, its intended indentation, and another line with that indentation.

    `undashed`: it has a dash but is not an item of a list.
    """

    line: Line
    indent: int
    like: Line | None = None
    undashed: bool = False


def moves(rows: Sequence[str], last: int) -> list[Move]:
    """The moves of one line that best correct the layout around row `last`; empty if no move helps.

    Of equally good lines, the first one without lines under it is chosen.
    """
    lines, step = _near(rows, last), usual_step(rows)
    before = _disorder(lines, step)
    here = {line.indent for line in lines}
    levels = sorted(here | {indent + step for indent in here})[:MAX_DEPTH]
    tried: list[tuple[int, int, bool, int, Move]] = []
    for number, line in enumerate(lines):
        if line.row > last:
            break
        for indent in levels:
            left = _disorder(_moved(lines, number, indent), step)
            if left < before:
                move = Move(line, indent, _like(lines, number, indent))
                tried.append((left, abs(indent - line.indent), line.open, number, move))
        if line.dash and number + 1 < len(lines) and lines[number + 1].row == line.row:
            bare = msgspec.structs.replace(lines[number + 1], indent=line.indent)
            left = _disorder([*lines[:number], bare, *lines[number + 2 :]], step)
            if left < before:
                tried.append((left, 1, True, number, Move(line, 0, undashed=True)))
    if not tried:
        return []
    best = min(tried, key=lambda one: one[:4])
    return [one[4] for one in tried if one[:4] == best[:4]]


def _near(rows: Sequence[str], last: int) -> list[Line]:
    """The lines around a row, and their parents above."""
    lines = lines_of(rows, len(rows))
    at = next((i for i, line in enumerate(lines) if line.row >= last), len(lines) - 1)
    start = max(0, at - WINDOW)
    around: list[Line] = []
    indent = lines[start].indent if lines else 0
    for line in reversed(lines[:start]):
        if line.indent < indent:
            around.insert(0, line)
            indent = line.indent
    return around + lines[start : at + WINDOW]


def _moved(lines: list[Line], number: int, indent: int) -> list[Line]:
    """The lines with one line moved, including what follows its dash in the same row."""
    by = indent - lines[number].indent
    row = lines[number].row
    return [
        msgspec.structs.replace(line, indent=line.indent + by) if line.row == row else line
        for line in lines
    ]


def _like(lines: list[Line], number: int, indent: int) -> Line | None:
    """A neighbour with the indentation `indent`: above, or else below."""
    above = (line for line in reversed(lines[:number]) if line.indent <= indent)
    near = next(above, None)
    if near and near.indent == indent:
        return near
    below = (line for line in lines[number + 1 :] if line.indent <= indent)
    near = next(below, None)
    return near if near and near.indent == indent else None


def _disorder(lines: list[Line], step: int) -> int:
    """The number of lines whose indentation is not allowed by the lines above."""
    count = 0
    stack: list[tuple[int, bool, set[str]]] = []
    above: Line | None = None
    for line in lines:
        inside = above is not None and line.indent > above.indent
        if above is not None and inside and line.row != above.row:
            count += not above.open or line.indent != above.indent + step
        opened = above is not None and above.open and not above.dash
        listed = above is not None and opened and line.dash and line.indent == above.indent
        if above is not None and not inside and above.open and not listed:
            count += 1  # no line is under it
        while stack and stack[-1][0] > line.indent:
            stack.pop()
        if not inside and not listed and not (stack and stack[-1][0] == line.indent):
            count += above is not None
        if not stack or stack[-1][0] < line.indent or listed:
            stack.append((line.indent, line.dash, set()))
        if stack[-1][1] != line.dash and len(stack) > 1 and stack[-2][0] == line.indent:
            stack.pop()  # the list right below its key has ended
        _, dash, keys = stack[-1]
        count += (dash != line.dash) + (line.key in keys)
        keys.add(line.key or f"row {line.row}")
        above = line
    return count
