"""Test plans of authors: `<story>.testplan`, in the format of Yarn Spinner.

# A viewer who says nothing
start: counting             begin at a beat (default: the story's start)
set: trust = 3              with a variable at a value
seed: 7
line: Count them again.     the next line; `LAN: Count them again.` checks the speaker, too
option: I remember you      the options, all of them, in order
option: Who are you
select: 2                   pick by number or by id; `select: else` (or 0) lets the window close
cue: thirteenth_wakes       a cue since the last select (cues not named may happen)
marker: door_god            show a marker; an open choice is offered again afterwards
ending: twelve              the ending that is reached
stop                        nothing more happens before the story ends or offers a choice
---                         another run of the same story
"""

from __future__ import annotations

import re
from typing import Final, assert_never

import msgspec

from xrdrama.document import Place, suggestion
from xrdrama.document.hidden import hidden_problems
from xrdrama.document.names import WORD_SIGN, composed, folded
from xrdrama.document.wording import nearest
from xrdrama.errors import Problem, UsageError
from xrdrama.story.expressions.expression import Value
from xrdrama.story.model import Story
from xrdrama.story.screenplay.speakers import capitals, role_of
from xrdrama.story.stepping.happenings import (
    Assigned,
    BeatEntered,
    ChoiceOpened,
    ChoiceShown,
    CueCalled,
    Declined,
    Directed,
    Ended,
    InParallel,
    ParallelEnded,
    SoundCalled,
    Spoken,
    Taken,
)
from xrdrama.story.stepping.rehearsal import ELSE, Rehearsal

MAX_STEPS: Final = 10_000
_COLON = re.compile("[:：]")
_SETTINGS = ("start", "set", "seed")
_STEPS = ("line", "option", "select", "cue", "marker", "ending", "stop")


class Step(msgspec.Struct, frozen=True):
    """One line of a plan: its kind, text and position."""

    kind: str
    text: str
    place: Place


class Run(msgspec.Struct, frozen=True):
    """One run through the story: its start and its steps."""

    steps: tuple[Step, ...]
    start: str = ""
    seed: int = 0
    values: dict[str, str] = {}
    place: Place = Place()
    places: dict[str, Place] = {}
    """The positions of `start` and of each variable."""


class Failure(msgspec.Struct, frozen=True):
    """The first step of a run that failed."""

    plan: str
    step: int
    """The line of the plan."""
    expected: str
    """Empty when the run could not start."""
    got: str


def parse_plan(text: str, file: str = "plan") -> tuple[tuple[Run, ...], list[Problem]]:
    """The runs of a plan, and its problems."""
    reader = _PlanReader(file)
    rows = composed(text.removeprefix("\ufeff")).splitlines()
    if len(rows) > MAX_STEPS:
        reader.note(
            Place(file),
            f"the test plan has more than {MAX_STEPS} lines",
            "split it into several files",
        )
        return (), reader.problems
    for number, row in enumerate(rows, 1):
        line = row.strip()
        if line and not line.startswith("#"):
            reader.row(line, Place(file, number, len(row) - len(row.lstrip()) + 1))
    reader.close()
    if not reader.runs and not reader.problems:
        reader.note(
            Place(file),
            "the test plan has no steps",
            "add steps; the first is usually line: with the first line of the story",
        )
    hidden = hidden_problems("\n".join(rows), file)
    return tuple(reader.runs), reader.problems + hidden


class _PlanReader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.runs: list[Run] = []
        self.clear()

    def clear(self) -> None:
        self.steps: list[Step] = []
        self.values: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self.start, self.seed = "", 0
        self.first: Place | None = None

    def note(self, place: Place, message: str, hint: str) -> None:
        problem = Problem(self.file, place.line, place.column, "T001", "error", message, hint)
        self.problems.append(problem)

    def close(self) -> None:
        if self.steps:
            place = self.first or Place(self.file)
            run = Run(tuple(self.steps), self.start, self.seed, self.values, place, self.places)
            self.runs.append(run)
        elif self.first and not self.problems:
            self.note(self.first, "this run has no steps", "add one, such as line: or ending:")
        self.clear()

    def row(self, line: str, place: Place) -> None:
        kind, colon, rest = (part.strip() for part in _COLON.sub(":", line, count=1).partition(":"))
        if set(line) == {"-"}:
            self.close()
            return
        self.first = self.first or place
        if kind in _SETTINGS and colon:
            self.setting(kind, rest, place)
        elif kind in _STEPS and (colon or kind == "stop"):
            self.steps.append(Step(kind, rest, place))
        else:
            self.note(place, f"{line!r} is not a valid step", _as_step(line))

    def setting(self, kind: str, text: str, place: Place) -> None:
        if kind == "start":
            self.start, self.places["start"] = text, place
        elif kind == "set":
            name, equals, value = (part.strip() for part in text.partition("="))
            self.values[name], self.places[name] = value, place
            if not equals:
                words = [word for word in re.split(r"[\s:：]+", text) if word]
                example = " = ".join(words) if len(words) == 2 else "trust = 3"
                self.note(place, "expected a variable and a value", f"write set: {example}")
        elif text.isdecimal() and len(text) < 20:
            self.seed = int(text)
        else:
            self.note(place, f"{text!r} is not a valid seed", "write seed: 7")


def _as_step(line: str) -> str:
    """The hint for a line that is not a step."""
    known = _STEPS + _SETTINGS
    parts = re.match(rf"(?:[-*]\s*)?({WORD_SIGN}+)\s*[:：]?\s*(.*)", line)
    word, rest = (parts[1].lower(), parts[2]) if parts else ("", "")
    if word in known:
        return f"write {word}: {rest or '...'}" if word != "stop" else "write stop"
    colon = ":" in line or "：" in line
    if colon and nearest(word, known):
        return suggestion(word, known)
    if line[:1].isupper() or not line[:1].isascii():
        return f"if somebody says it, write line: {line}"
    return f"use one of: {', '.join(known)}"


def run_plan(story: Story, run: Run, plan: str = "plan") -> Failure | None:
    """Play one run; the first step that fails, or None."""
    try:
        values = _values(story, run)
        if run.start and run.start not in story.beats:
            hint = suggestion(run.start, story.beats)
            raise UsageError(f"there is no beat {run.start!r}", hint)
        player = _Player(Rehearsal(story, seed=run.seed, start=run.start, values=values))
    except UsageError as error:
        return Failure(plan, run.place.line, "", f"the run cannot start: {error}")
    for step in run.steps:
        got = player.step(step)
        if got is not None:
            expected = f"{step.kind}: {step.text}" if step.text else step.kind
            return Failure(plan, step.place.line, expected, got)
    return None


def _says(text: str, speaker: str, said: str) -> bool:
    """True for `LAN: Hi.`, with a plain or a full-width colon."""
    name, colon, rest = _COLON.sub(":", text, count=1).partition(":")
    return bool(colon) and folded(role_of(name)) == folded(speaker) and rest.strip() == said


def _values(story: Story, run: Run) -> dict[str, Value]:
    known = {variable.id: variable.kind for variable in story.variables}
    values: dict[str, Value] = {}
    for name, text in run.values.items():
        if name not in known:
            raise UsageError(f"there is no variable {name!r}", suggestion(name, known))
        try:
            values[name] = known[name].value(text.strip("'\""))
        except ValueError as error:
            raise UsageError(f"{name}: {error}", known[name].remedy(text)) from None
    return values


class _Player:
    """Compares a plan with a rehearsal: a queue of lines and options, and the cues between them."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self.rehearsal = rehearsal
        self.said: list[tuple[str, str]] = []
        self.cues: list[str] = []
        self.declined = ""
        self.ending = ""
        self.asked: list[str] | None = None
        self.collect()

    def collect(self) -> None:
        for happening in self.rehearsal.happenings:
            match happening:
                case Spoken(line, _, values) | InParallel(_, Spoken(line, _, values)):
                    self.said.append((line.speaker, self.rehearsal.text(line.text, values)))
                case CueCalled(cue) | InParallel(_, CueCalled(cue)):
                    self.cues.append(cue.name)
                case Ended(ending):
                    self.ending = ending
                case ChoiceOpened():
                    self.asked = None
                case Declined(_, reason):
                    self.declined = reason
                case BeatEntered() | SoundCalled() | Directed() | Taken() | Assigned():
                    pass  # no step of a test names them
                case ChoiceShown() | InParallel() | ParallelEnded():
                    pass
                case _:
                    assert_never(happening)

    def step(self, step: Step) -> str | None:
        """None when the step succeeded, otherwise what happened instead."""
        check = {
            "line": self.line,
            "option": self.option,
            "select": self.select,
            "cue": self.cue,
            "marker": self.marker,
            "ending": self.reached,
            "stop": self.stop,
        }[step.kind]
        try:
            return check(step.text)
        except UsageError as error:
            return error.message

    def line(self, text: str) -> str | None:
        if not self.said:
            return self.where()
        speaker, said = self.said.pop(0)
        if text in ("", said) or _says(text, speaker, said):
            return None
        return f"line: {capitals(speaker)}: {said}"

    def option(self, text: str) -> str | None:
        if self.said:
            return f"line: {self.said[0][1]}"
        if self.asked is None:
            self.asked = [text for _, text in self.rehearsal.texts()]
        if not self.asked:
            return "no more options" if self.rehearsal.options() else self.where()
        offered = self.asked.pop(0)
        return None if text in ("", offered) else f"option: {offered}"

    def select(self, text: str) -> str | None:
        if self.said:
            return f"line: {self.said[0][1]}"
        if self.asked:
            return f"option: {self.asked[0]}"
        options = self.rehearsal.options()
        if text.isdecimal() and 1 <= int(text) <= len(options):
            text = options[int(text) - 1].id
        self.asked = None
        self.cues.clear()
        if text in ("0", ELSE) or text in [option.id for option in options]:
            self.rehearsal.pick(ELSE if text == "0" else text)
        else:
            return f"{text!r} is not offered; offered: {self.rehearsal.offered()}"
        self.collect()
        return None

    def cue(self, text: str) -> str | None:
        if text in self.cues:
            self.cues.remove(text)
            return None
        return "cues: " + (", ".join(self.cues) or "none")

    def marker(self, text: str) -> str | None:
        self.declined, self.asked = "", None
        self.rehearsal.find("marker", text)
        self.collect()
        return self.declined or None

    def reached(self, text: str) -> str | None:
        if self.said:
            return f"line: {self.said[0][1]}"
        return None if self.ending == text else self.where()

    def stop(self, _: str) -> str | None:
        return f"line: {self.said[0][1]}" if self.said else None

    def where(self) -> str:
        if self.ending:
            return f"ending: {self.ending}"
        options = self.rehearsal.options()
        if options:
            return "option: " + self.rehearsal.texts()[0][1]
        return f"nothing more at beat {self.rehearsal.playthrough.beat!r}"
