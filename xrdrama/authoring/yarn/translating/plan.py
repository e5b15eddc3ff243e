"""Runs Yarn Spinner's test plans on a Yarn file itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from xrdrama.authoring.plans.running import Failure, run_runs
from xrdrama.authoring.yarn.playing.evaluate import Value, YarnError
from xrdrama.authoring.yarn.playing.machine import (
    STRATEGIES,
    Machine,
    Play,
    Shown,
    YarnCommand,
    YarnLine,
    YarnOptions,
)
from xrdrama.authoring.yarn.reading.check import Checked
from xrdrama.authoring.yarn.translating.importing import story_of
from xrdrama.story import Story, load_story
from xrdrama.story.formats import NotCarriedOver
from xrdrama.story.testplan import Run, Step

Functions = dict[str, Callable[..., Value]]
_STRATEGY = {"least_seen": "best_least_recently_seen"}


def run_yarn_plan(
    checked: Checked, runs: Iterable[Run], plan: str, functions: Functions | None = None
) -> list[Failure | None]:
    """Play the runs of a plan in order, with variables and visits kept from run to run.

    For each run the first step that fails, or None.
    """
    machine = Machine(checked, functions)
    return [_Runner(machine, run, plan).run() for run in runs]


class _Runner:
    def __init__(self, machine: Machine, run: Run, plan: str) -> None:
        self.machine, self.plan, self.steps = machine, plan, run
        self.start = run.start or "Start"
        self.play: Play = machine.play(self.start)
        self.began = False
        self.ahead: Shown | None = None
        self.over = False
        self.named: list[Step] = []

    def run(self) -> Failure | None:
        run = self.steps
        if self.start not in self.machine.checked.nodes | self.machine.checked.groups:
            names = ", ".join(list(self.machine.checked.nodes)[:5])
            reason = f"there is no node {self.start}; nodes: {names}"
            return Failure(self.plan, run.place.line, "", f"the run cannot start: {reason}")
        if run.saliency:
            problem = self.saliency(run.saliency)
            if problem:
                return Failure(self.plan, run.place.line, "", f"the run cannot start: {problem}")
        for name, text in run.values.items():
            problem = self.set(name, text)
            if problem:
                return Failure(self.plan, run.place.line, "", f"the run cannot start: {problem}")
        for step in run.steps:
            got = self.step(step)
            if got is not None:
                return Failure(self.plan, step.place.line, step.written, got)
            if step.kind == "stop":
                break
        return None

    def step(self, step: Step) -> str | None:
        """None when the step succeeded, otherwise what happened instead."""
        try:
            if step.kind == "option":
                self.named.append(step)
                return None
            if step.kind == "select":
                return self.select(step)
            if self.named:
                return "options are named, but none is selected"
            if step.kind in ("line", "command"):
                return self.shown(step)
            if step.kind == "stop":
                self.look()
                return None if self.over else _written(self.ahead)
            if step.kind == "set":
                name, _, text = step.text.partition("=")
                return self.set(name.strip(), text.strip())
            if step.kind == "jump":
                self.play, self.ahead, self.over = self.machine.play(step.text), None, False
                return None
            if step.kind == "saliency":
                return self.saliency(step.text)
        except YarnError as error:
            self.over = True
            return f"line {error.at.line}: {error.message}"
        return "a plan of a Yarn file has no such step"

    def look(self) -> None:
        """Plays on to what is shown next; `over` when nothing is."""
        if self.ahead is None and not self.over:
            self.ahead = next(self.play, None)
            self.over = self.ahead is None

    def shown(self, step: Step) -> str | None:
        self.look()
        kind = YarnLine if step.kind == "line" else YarnCommand
        if not isinstance(self.ahead, kind):
            return _written(self.ahead)
        if not step.any_text and step.text != self.ahead.text:
            return _written(self.ahead)
        self.ahead = None
        return None

    def select(self, step: Step) -> str | None:
        self.look()
        named, self.named = self.named, []
        if not isinstance(self.ahead, YarnOptions):
            return _written(self.ahead)
        options = self.ahead.options
        for one, expected in zip(options, named, strict=False):
            if not expected.any_text and expected.text != one.text:
                return f"option: {one.text} (the plan names {expected.text})"
            if expected.closed == one.enabled:
                return f"option: {one.text}" + ("" if one.enabled else " [disabled]")
        if len(named) != len(options):
            return f"{len(options)} options: {', '.join(one.text for one in options)}"
        if not step.text.isdecimal() or len(step.text) > 6 or int(step.text) > len(options):
            return f"{step.text!r} is not the number of an option"
        index = int(step.text) - 1
        if (index == -1) != (not any(one.enabled for one in options)):
            return "select: 0 is for a choice without available options, and only for it"
        if index >= 0 and not options[index].enabled:
            return f"option {step.text} is disabled"
        self.machine.pick, self.ahead = index, None
        return None

    def set(self, name: str, text: str) -> str | None:
        name = f"${name.removeprefix('$')}"
        variable = self.machine.checked.variables.get(name)
        if variable is None:
            return f"there is no variable {name}"
        if variable.smart:
            return f"{name} is a smart variable; set the variables that it depends on"
        value = _value(variable.kind, text)
        if value is None:
            return f"{name} is a {variable.kind}, not {text}"
        self.machine.formulas.variables[name] = value
        return None

    def saliency(self, name: str) -> str | None:
        strategy = _STRATEGY.get(name, name)
        if strategy not in STRATEGIES:
            return f"saliency {name} is not one of {', '.join(STRATEGIES)}"
        self.machine.strategy = strategy
        return None


def _value(kind: str, text: str) -> Value | None:
    if kind == "bool":
        return {"true": True, "false": False}.get(text)
    if kind == "string":
        return text.strip("'\"")
    try:
        number = float(text) if len(text) < 16 else None
    except ValueError:
        return None
    return number if number is not None and abs(number) < 1e15 else None


def _written(shown: Shown | None) -> str:
    if shown is None:
        return "the dialogue ends"
    if isinstance(shown, YarnLine):
        return f"line: {shown.text}"
    if isinstance(shown, YarnCommand):
        return f"command: {shown.text}"
    return "options: " + ", ".join(one.text for one in shown.options)


def without_commands(run: Run) -> Run:
    """The run without its commands, which are actions in a story."""
    kept = tuple(step for step in run.steps if step.kind != "command")
    return msgspec.structs.replace(run, steps=kept)


def imported_story(
    checked: Checked, name: str, functions: Functions | None = None
) -> tuple[Story, tuple[NotCarriedOver, ...]]:
    """The story that a file becomes, as test plans play it; and what is not carried over into it.

    Yarn chooses among equal alternatives by chance; in plans the first of them is taken.
    """
    made = story_of(checked, name, functions)
    text = made.text.replace("{choose: random", "{choose: least_seen")
    story = load_story(text.replace("@group random\n", "@group least_seen\n"))
    return story, made.not_carried_over


def run_imported(
    checked: Checked, runs: Iterable[Run], plan: str, functions: Functions | None = None
) -> list[Failure | None]:
    """Play the runs on the story that the file becomes."""
    story, _ = imported_story(checked, "story", functions)
    return run_runs(story, [without_commands(run) for run in runs], plan)
