"""What a problem is about in its line, and the replacement that its hint proposes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from xrdrama.authoring.editing.renaming import Change
from xrdrama.authoring.editing.spans import Span, span_of
from xrdrama.errors import Problem

_MEANT = re.compile(r"did you mean (?:'([^']+)'|(@\w[\w.]*)|\{([^{}]+)\})\?")
_NAMED = re.compile(r"'([^']{1,200})'")


def problem_span(rows: Sequence[str], problem: Problem) -> Span:
    """The characters that a problem is about; a line beyond the text is its last line."""
    line = min(max(problem.line, 1), len(rows))
    return span_of(rows[line - 1], problem.file, line, problem.column, problem.message)


def replacement(rows: Sequence[str], problem: Problem) -> Change | None:
    """The change that the hint of a problem proposes: the name that was probably meant. None if
    the hint replaces nothing, or the wrong name is not at its place."""
    found = _MEANT.search(problem.hint)
    if found is None or not 0 < problem.line <= len(rows):
        return None
    meant = found[1] or found[2] or found[3]
    row, at = rows[problem.line - 1], problem.column - 1
    for wrong in _NAMED.findall(problem.message):
        for start in range(at, min(at + 3, len(row))):
            begins = row.startswith(wrong, start)
            if begins and not row[start + len(wrong) : start + len(wrong) + 1].isalnum():
                marked = row[start - 1 : start] == "@" and meant.startswith("@")
                span = Span(problem.file, problem.line, start + 1 - marked, start + 1 + len(wrong))
                return Change(span, meant)
    return None
