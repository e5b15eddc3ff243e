"""How commands print without a terminal library: JSON, plain lines, errors, lists of problems."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import msgspec

from xrdrama.errors import Problem

_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069]")
_STYLES = {"bold": "1", "dim": "2", "error": "31", "warning": "33", "fail": "1;31"}


def print_json(value: Any) -> None:
    """One JSON document and a newline on stdout; paths are written as text."""
    sys.stdout.write(msgspec.json.encode(value, enc_hook=_encoded).decode() + "\n")
    sys.stdout.flush()


def _encoded(value: Any) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def print_line(text: str = "") -> None:
    """Print a line on stdout; characters that stdout cannot encode are replaced."""
    sys.stdout.write(text + "\n")


def fail_line(text: str) -> None:
    """Print an error as one line on stderr."""
    paint = _painter(sys.stderr)
    sys.stderr.write(f"{paint('xrdrama:', 'fail')} {shown(' '.join(text.split()))}\n")


def note_line(text: str) -> None:
    """Print one line on stderr that is not about an error."""
    sys.stderr.write(f"note: {shown(' '.join(text.split()))}\n")
    sys.stderr.flush()


def print_problems(problems: Iterable[Problem], *, stderr: bool = False) -> None:
    """Problems by place: `file:line:column: error S201 message`, the hint under it, and how many
    there are. Colour on a terminal only."""
    out = sys.stderr if stderr else sys.stdout
    paint = _painter(out)
    found = sorted(problems)
    for problem in found:
        place = paint(f"{shown(problem.file)}:{problem.line}:{problem.column}:", "bold")
        what = paint(f"{problem.severity} {problem.code}", problem.severity)
        out.write(f"{place} {what} {shown(problem.message)}\n")
        if problem.hint:
            out.write(f"    {paint(shown(problem.hint), 'dim')}\n")
    errors = sum(problem.severity == "error" for problem in found)
    if found:
        warnings = len(found) - errors
        code = found[0].code if errors == 0 else _first_error(found)
        out.write(paint(f"xrdrama explain {code} explains a code", "dim") + "\n")
        out.write(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}\n")


def _first_error(found: list[Problem]) -> str:
    return next(problem.code for problem in found if problem.severity == "error")


class _painter:  # noqa: N801 - used as a function
    """Adds a style to a text if the stream is a terminal and NO_COLOR is not set."""

    def __init__(self, stream: TextIO) -> None:
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
        self.colours = stream.isatty() and not plain

    def __call__(self, text: str, style: str) -> str:
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if self.colours else text


def shown(text: str) -> str:
    """A text without control characters and without marks that change the writing direction."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def counted(number: int, noun: str) -> str:
    """A number with its noun: 1 beat, 2 beats."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
