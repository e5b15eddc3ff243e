"""Checks a test plan against its story: steps that can never succeed."""

from __future__ import annotations

from collections.abc import Iterable

from xrdrama.authoring.plans.names import find_name, settable, value_of
from xrdrama.document import Place, suggestion
from xrdrama.document.wording import nearest, short
from xrdrama.errors import Problem, UsageError
from xrdrama.story import Line, Story
from xrdrama.story.model import CueCall, SoundCall, TriggerKind
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
        self.templates = _templates(story)
        self.problems: list[Problem] = []

    def note(self, place: Place, message: str, hint: str) -> None:
        p = place
        self.problems.append(Problem(p.file, p.line, p.column, "T002", "error", message, hint))

    def beginning(self, run: Run) -> None:
        if run.start:
            self.look_up("beat", run.start, run.places["start"])
        for name, text in run.values.items():
            self.value(name, text, run.places[name], sets=True)

    def step(self, step: Step) -> None:
        kind, text = step.kind, step.text
        if kind in ("line", "option"):
            self.said(step)
        elif kind in ("cue", "sound", "marker", "ending"):
            if (kind, text) != ("ending", "*"):
                self.look_up(kind, text, step.place)
        elif kind in ("force", "jump"):
            self.look_up("beat", text, step.place)
        elif kind in ("set", "var"):
            name, _, value = text.partition(" = ")
            self.value(name, value, step.place, sets=kind == "set")
        elif kind == "gestured" and text not in self.known["gesture"]:
            hint = "add on: [gesture: ...] to an option, or use select:"
            self.note(step.place, f"no option is picked by the pose {text!r}", hint)
        elif kind == "gazed" and text not in self.known["gaze"]:
            hint = "add on: [gaze: ...] to an option, or use select:"
            self.note(step.place, f"no option is picked by looking at {text!r}", hint)
        elif kind == "heard" and not self.known["voice"]:
            hint = "add on: [voice: ...] to the options, or use select:"
            self.note(step.place, "no option of the story has a phrase", hint)
        elif kind == "select" and not (
            text.isdecimal()
            or text == ELSE
            or text in self.texts["option"]
            or any(_fits(text, one) for one in self.templates["option"])
        ):
            self.look_up("option", text, step.place)

    def value(self, name: str, text: str, place: Place, *, sets: bool) -> None:
        """A variable and a value that it can have, or that it is set to."""
        self.look_up("variable", name, place)
        meant = find_name(name, self.known["variable"])
        for variable in self.story.values().values():
            if variable.id == meant:
                try:
                    (settable if sets else value_of)(variable, text)
                except UsageError as error:
                    self.note(place, error.message, error.remedy)

    def look_up(self, kind: str, name: str, place: Place) -> None:
        known = self.known[kind]
        found = find_name(name, known) if kind in ("beat", "variable") else name in known
        if not found:
            message = f"the story {self.story.id!r} has no {kind} {name!r}"
            hint = suggestion(name, known) or "remove this step, or add it to the story"
            self.note(place, message, hint)

    def with_values(self, step: Step) -> bool:
        """True when a text that shows values may be that of the step."""
        return any(_fits(step.text, one) for one in self.templates[step.kind])

    def said(self, step: Step) -> None:
        known = self.texts[step.kind]
        if step.closed and step.text in self.known["option"]:
            return
        if not (step.any_text or step.text in known or self.with_values(step)):
            meant = nearest(step.text, known)
            what = "nobody says" if step.kind == "line" else "no option has the text"
            hint = f"did you mean {meant!r}?" if meant else "copy the text from the story"
            self.note(step.place, f"{what} {short(step.text)}", hint)


def _fits(text: str, template: str) -> bool:
    """True when a text may be that of a template, such as `You have {coins} coins.`"""
    before, _, rest = template.partition("{")
    after = rest.rpartition("}")[2]
    if "'" in before + after:  # quotes may hide braces from the values
        return True
    return len(text) >= len(before + after) and text.startswith(before) and text.endswith(after)


def _texts(story: Story) -> dict[str, list[str]]:
    """The lines and options in the order of the story; lines also with their speaker."""
    lines = [item for beat in story.order for item in beat.script if isinstance(item, Line)]
    options = [o.text for beat in story.order for o in (beat.choice.options if beat.choice else ())]
    spoken = [text for line in lines for text in _spoken(story, line)]
    return {"line": [line.text for line in lines] + spoken, "option": options}


def _spoken(story: Story, line: Line) -> list[str]:
    """A line with its speaker, as written in a script and as displayed."""
    names = [capitals(line.speaker)]
    if line.speaker in story.cast:
        names.append(story.cast[line.speaker].name)
    return [f"{name}: {line.text}" for name in names]


def _templates(story: Story) -> dict[str, list[str]]:
    """The lines and options whose texts show values."""
    lines = [i for b in story.order for i in b.script if isinstance(i, Line) and i.values]
    spoken = [text for line in lines for text in _spoken(story, line)]
    options = [
        option.text
        for beat in story.order
        for option in (beat.choice.options if beat.choice else ())
        if option.values
    ]
    return {"line": [line.text for line in lines] + spoken, "option": options}


def _names(story: Story) -> dict[str, list[str]]:
    """The names that plans can use, in the order of the story."""
    options = [o.id for beat in story.order for o in (beat.choice.options if beat.choice else ())]
    items = [item for beat in story.order for item in beat.script]
    cues = [item for item in items if isinstance(item, CueCall)]
    found = {
        "beat": [*story.beats, *story.storylets],
        "variable": list(story.values()),
        "option": options,
        "cue": [cue.name for cue in cues] + [cue.as_written for cue in cues],
        "sound": [item.name for item in items if isinstance(item, SoundCall)],
        "marker": _triggers(story, "marker"),
        "gesture": _triggers(story, "gesture"),
        "gaze": _triggers(story, "gaze"),
        "voice": _triggers(story, "voice"),
        "ending": [ending.id for ending in story.endings()],
    }
    return {kind: list(dict.fromkeys(names)) for kind, names in found.items()}


def _triggers(story: Story, kind: TriggerKind) -> list[str]:
    """The values of the triggers of hidden plots and options."""
    options = [o for beat in story.order for o in (beat.choice.options if beat.choice else ())]
    plots = [plot for beat in story.order for plot in beat.hidden]
    triggers = [t for plot in plots for t in plot.triggers]
    triggers += [t for option in options for t in option.triggers]
    return [value for trigger in triggers if trigger.kind == kind for value in trigger.values]
