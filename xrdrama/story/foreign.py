"""Recognises the text of other story tools, which is imported and not pasted: Yarn, ink, Twee."""

from __future__ import annotations

import re
from functools import cache

from xrdrama.errors import Problem

MOST_ROWS = 200
"""Rows of a file in which another tool's marks are searched."""
_SUFFIXES = {"Yarn": "yarn", "Twee": "twee", "ink": "ink", "compiled ink": "ink.json",
             "Fountain": "fountain", "Final Draft": "fdx"}  # fmt: skip


@cache
def _rows() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a row of each tool looks like, in a whole file."""
    return (
        ("Yarn", re.compile(
            r"---\s*|===\s*|<<(?:if|set|declare|jump|detour|stop|once|wait)\b.*>>.*|title:\s*\w+\s*"
        )),
        ("Twee", re.compile(r"::\s*\S.*")),
        ("ink", re.compile(
            r"=== ?\w+.*|== ?\w+ ?=*|-> ?(?:END|DONE|\w+)\s*|~ ?\w+ ?=.*|VAR \w+ ?=.*|[*+] ?\[.*"
            r"|INCLUDE \S+\.ink"
        )),
    )  # fmt: skip


def foreign_problem(text: str, file: str) -> Problem | None:
    """The problem of a file that is the text of another tool; None for other texts."""
    tool, row = tool_of(text)
    if not tool:
        return None
    name = re.split(r"[\\/]", file)[-1].partition(".")[0] or "night"
    suffix = _SUFFIXES[tool]
    hint = f"save it as {name}.{suffix} and import it: {import_command(tool, name)}"
    if file.endswith(f".{suffix}"):
        hint = f"import it: {import_command(tool, name)}"
    message = f"this is a story of {tool}, not a branch file"
    return Problem(file, row, 1, "Y013", "error", message, hint)


def tool_of(text: str) -> tuple[str, int]:
    """The tool whose file a text probably is, and the row (from 1) of its first mark; ("", 0) for
    another text, and for every text with the key `xrdrama`."""
    if re.search(r"(?m)^[\ufeff]?['\"]?xrdrama['\"]?\s*[:：]", text[:20_000]):
        return "", 0
    text = text.removeprefix("\ufeff")
    start = text[:2000].lstrip(" \t\r\n")
    if start.startswith("{") and '"inkVersion"' in text[:2000]:
        return "compiled ink", 1
    if start.startswith("<?xml") and "<FinalDraft" in text[:4000]:
        return "Final Draft", 1
    found: dict[str, list[int]] = {}
    for number, row in enumerate(text.split("\n", MOST_ROWS)[:MOST_ROWS], 1):
        for tool, pattern in _rows():
            if pattern.fullmatch(row.strip()):
                found.setdefault(tool, []).append(number)
    if "Yarn" in found and not re.search(r"(?m)^\s*title:\s*\w", text[:20_000]):
        del found["Yarn"]  # three dashes are YAML, too
    elif "Yarn" in found and len(found["Yarn"]) < 2:
        del found["Yarn"]
    if not found:
        return "", 0
    tool = max(found, key=lambda one: (len(found[one]), one == "Twee"))
    return tool, found[tool][0]


@cache
def _inside() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What a row of each tool looks like inside a script."""
    return (
        ("ink", re.compile(
            r"={2,3} ?\w.*|-> ?(?:END|DONE|[a-z_]\w*)|~ ?\S.*|[*+]+ ?\[.*\].*|[*+]+ +[\w\"'“‘¿¡].*"
            r"|- ?\([a-z_]\w*\).*|VAR \w+ ?=.*"
        )),
        ("Yarn", re.compile(r"<<(?!\s*if\b).*>>.*|title:\s*\w+|={3}|->\s*\S.*")),
        ("Twee", re.compile(r"::\s*\S.*|\[\[.+\]\]|\((?:set|if|goto|link)[^:]*:.*\)")),
    )  # fmt: skip


def tool_of_row(text: str) -> str:
    """The tool to which a row of a script belongs, or ""."""
    return next((tool for tool, pattern in _inside() if pattern.fullmatch(text)), "")


def import_command(tool: str, name: str = "night") -> str:
    """The command that makes a story of a file of another tool."""
    return f"xrdrama import {name}.{_SUFFIXES[tool]} -o {name}.branch.yaml"


def tool_of_file(name: str) -> tuple[str, str]:
    """The tool of a file name such as night.yarn, and the name without its suffix."""
    endings = {**{f".{end}": tool for tool, end in _SUFFIXES.items()}, ".tw": "Twee"}
    for end in sorted(endings, key=len, reverse=True):
        if name.lower().endswith(end):
            return endings[end], name[: -len(end)]
    return "", name
