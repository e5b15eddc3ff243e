"""Checks a test plan against its story: steps that can never succeed."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.document import Place, suggestion
from xrdrama.document.wording import nearest, short
from xrdrama.errors import Problem
from xrdrama.story import Line, Story
from xrdrama.story.model import CueCall
from xrdrama.story.screenplay.speakers import capitals
from xrdrama.story.stepping.rehearsal import ELSE
from xrdrama.story.testplan import Run, Step


def check_plan(story: Story, runs: Iterable[Run]) -> list[Problem]:
    """Problems for lines, options, cues, markers, endings, beats and values that the story
    lacks."""
    checker = _Checker(story)
    for run in runs:
        checker.beginning(run)
        for step in run.steps:
            checker.step(step)
    return checker.problems


class _Checker:
    def __init__(self, story: Story) -> None:
        self.story, self.known, self.texts = story, _names(story), _texts(story)
        self.options = {option.text: option.id for beat in story.order if beat.choice
                        for option in beat.choice.options}  # fmt: skip
        self.problems: list[Problem] = []

    def note(self, place: Place, message: str, hint: str) -> None:
        p = place
        self.problems.append(Problem(p.file, p.line, p.column, "T002", "error", message, hint))

    def beginning(self, run: Run) -> None:
        if run.start:
            self.look_up("beat", run.start, run.places["start"])
        kinds = {variable.id: variable.kind for variable in self.story.variables}
        for name, text in run.values.items():
            place = run.places[name]
            self.look_up("variable", name, place)
            try:
                if name in kinds:
                    kinds[name].value(text.strip("'\""))
            except ValueError as error:
                self.note(place, f"{name}: {error}", kinds[name].remedy(text))

    def step(self, step: Step) -> None:
        if step.kind in ("line", "option"):
            self.said(step)
        elif step.kind in ("cue", "marker", "ending"):
            self.look_up(step.kind, step.text, step.place)
        elif step.kind == "select" and not step.text.isdecimal() and step.text != ELSE:
            if step.text in self.options and step.text not in self.known["option"]:
                message = f"{short(step.text)} is the text of the option, not its id"
                self.note(step.place, message, f"write select: {self.options[step.text]}")
            else:
                self.look_up("option", step.text, step.place)

    def look_up(self, kind: str, name: str, place: Place) -> None:
        if name not in self.known[kind]:
            message = f"the story {self.story.id!r} has no {kind} {name!r}"
            self.note(place, message, suggestion(name, self.known[kind]))

    def said(self, step: Step) -> None:
        known = self.texts[step.kind]
        if step.text and step.text not in known:
            meant = nearest(step.text, known)
            what = "nobody says" if step.kind == "line" else "no option has the text"
            hint = f"did you mean {meant!r}?" if meant else "copy the text from the story"
            self.note(step.place, f"{what} {short(step.text)}", hint)


def _texts(story: Story) -> dict[str, list[str]]:
    """The lines and options in the order of the story; lines also with their speaker."""
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    options = [o.text for beat in story.order for o in (beat.choice.options if beat.choice else ())]
    spoken = [f"{capitals(line.speaker)}: {line.text}" for line in lines]
    return {"line": [line.text for line in lines] + spoken, "option": options}


def _names(story: Story) -> dict[str, list[str]]:
    """The names that plans can use, in the order of the story."""
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
