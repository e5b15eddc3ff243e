"""Checks of a test plan against its story: what no playthrough could make come true."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.document import Place, suggestion
from xrdrama.errors import Problem
from xrdrama.story import Story
from xrdrama.story.model import CueCall
from xrdrama.story.rehearsal import ELSE
from xrdrama.story.testplan import Run


def check_plan(story: Story, runs: Iterable[Run]) -> list[Problem]:
    """Options, cues, markers, endings, beats and variables that the story does not have."""
    known = _names(story)
    problems: list[Problem] = []

    def look_up(kind: str, name: str, place: Place) -> None:
        number = kind == "option" and (name.isdecimal() or name == ELSE)
        if name not in known[kind] and not number:
            message = f"the story {story.id!r} has no {kind} {name!r}"
            hint = suggestion(name, known[kind])
            problem = Problem(place.file, place.line, place.column, "T002", "error", message, hint)
            problems.append(problem)

    for run in runs:
        if run.start:
            look_up("beat", run.start, run.place)
        for name in run.values:
            look_up("variable", name, run.place)
        for step in run.steps:
            kind = "option" if step.kind == "select" else step.kind
            if step.kind in ("select", "cue", "marker", "ending"):
                look_up(kind, step.text, step.place)
    return problems


def _names(story: Story) -> dict[str, list[str]]:
    """What plans call by name, in the order of the story."""
    options = [o.id for beat in story.order for o in (beat.choice.options if beat.choice else ())]
    cues = [item.name for b in story.order for item in b.script if isinstance(item, CueCall)]
    plots = [plot for beat in story.order for plot in beat.hidden]
    markers = [v for plot in plots for t in plot.triggers if t.kind == "marker" for v in t.values]
    found = {
        "beat": list(story.beats),
        "variable": [variable.id for variable in story.variables],
        "option": options,
        "cue": cues,
        "marker": markers,
        "ending": [ending.id for ending in story.endings()],
    }
    return {kind: list(dict.fromkeys(names)) for kind, names in found.items()}
