"""The settings of a show's inputs and outputs, as their plug-ins take them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from xrdrama.content.places import asset
from xrdrama.errors import Problem, UsageError
from xrdrama.show.model import InputSpec, OutputSpec
from xrdrama.show.settings import (
    ContentName,
    Nothing,
    files_of,
    read_settings,
    validated,
    with_files,
)


def settings_of(
    spec: InputSpec | OutputSpec, kind: Any, near: Path | None
) -> tuple[dict[str, Any], list[Problem]]:
    """What a show file says to an input or output of the plug-in `kind`, and what is wrong with it.

    Files that it names are looked for from the folder `near`, inside the show's content.
    """
    declared: type[msgspec.Struct] = getattr(kind, "SETTINGS", None) or Nothing
    problems: list[Problem] = []
    found = read_settings(declared, spec.settings, spec.place, problems)
    if found is None:
        return {}, problems
    paths: dict[int, str] = {}
    for name in files_of(found):
        try:
            paths[id(name)] = str(asset(name, near, folder=name.is_model))
        except UsageError as error:
            problems.append(_problem(name, error))
    if any(problem.severity == "error" for problem in problems):
        return {}, problems
    settings = with_files(found, lambda name: paths[id(name)])
    fault = validated(declared, settings, spec.place)
    return settings, [*problems, fault] if fault else problems


def _problem(name: ContentName, error: UsageError) -> Problem:
    p = name.place
    return Problem(p.file, p.line, p.column, "H004", "error", error.message, error.remedy)
