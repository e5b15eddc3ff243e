"""Which beat's option each step of a test plan picks: found out by playing the plan."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xrdrama.authoring.editing.project import Project
from xrdrama.authoring.plans.picks import picks_of
from xrdrama.story.testplan import parse_plan


def picked_in(project: Project) -> Mapping[tuple[str, int], str]:
    """The beats of the options that the test plans of a story pick, by file and line; without the
    steps that are not reached."""
    found: dict[tuple[str, int], str] = {}
    if project.story is None:
        return found
    for file, index in project.files.items():
        if Path(file).suffix == ".testplan":
            runs, problems = parse_plan("\n".join(index.rows), file)
            if not problems:
                found.update({(file, line): b for line, b in picks_of(project.story, runs).items()})
    return found
