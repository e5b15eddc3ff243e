"""`xrdrama check`: what it prints, without the option parser."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from xrdrama.cli.printing.plain import counted, print_json, print_line, print_problems


def check(paths: Iterable[Path], *, json: bool) -> int:
    """Check files and print their problems; returns 1 when there is an error, else 0."""
    from xrdrama.tools.checking.contents import check_paths

    problems, count = check_paths(paths)
    if json:
        print_json({"problems": problems})
    else:
        print_problems(problems)
        if not problems:
            print_line(f"{counted(count, 'file')} checked, no problems found")
    return int(any(problem.severity == "error" for problem in problems))
