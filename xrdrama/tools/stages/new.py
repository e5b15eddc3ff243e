"""The work of `xrdrama stage new`."""

from __future__ import annotations

from pathlib import Path

from xrdrama.authoring.new_stage import new_stage
from xrdrama.content import SUFFIXES
from xrdrama.document.names import as_name
from xrdrama.errors import Problem, UsageError
from xrdrama.saving import save
from xrdrama.tools.checking.contents import check_stage_file


def write_new_stage(line: str, out: Path) -> list[Problem]:
    """Write the stage of one line to `out`; the warnings of `check` for it.

    UsageError for an invalid line, an invalid name, and a file that exists already.
    """
    suffix = SUFFIXES["stage"]
    name = out.name.removesuffix(suffix)
    if not out.name.endswith(suffix) or not name or as_name(name) != name:
        usable = as_name(name.partition(".")[0]) or "my"
        raise UsageError(
            f"{out} is not the name of a stage file", f"write -o {out.with_name(usable + suffix)}"
        )
    if out.exists() or out.is_symlink():
        raise UsageError(f"{out} exists already", "name another file with -o, or delete it")
    text = new_stage(line, name)
    problems = check_stage_file(out, text)
    wrong = next((problem for problem in problems if problem.severity == "error"), None)
    if wrong:
        raise UsageError(f"these walls do not fit together: {wrong.message}", wrong.hint)
    save(out, text)
    return problems
