"""An author's own tests: `<story>.testplan`, in the shape of Yarn Spinner's.

# Somebody who says nothing
start: counting             begin at a beat (default: the story's start)
set: trust = 3              with a variable at a value
seed: 7
line: Count them again.     the next line; `LAN: Count them again.` checks the speaker, too
option: I remember you      the options, all of them, in order
option: Who are you
select: 2                   pick by number or by id; `select: else` lets the window close
cue: thirteenth_wakes       a cue since the last line or option (cues not named may happen)
marker: door_god            show a marker
ending: twelve              the ending that is reached
stop                        nothing more comes before the story ends or asks
---                         another run of the same story
"""

from __future__ import annotations

from typing import Final

import msgspec

from xrdrama.document import Place
from xrdrama.errors import Problem, UsageError
from xrdrama.story.expression import Value
from xrdrama.story.model import Story
from xrdrama.story.playthrough import ChoiceOpened, CueCalled, Declined, Ended, Spoken
from xrdrama.story.rehearsal import Rehearsal

MAX_STEPS: Final = 10_000
_SETTINGS = ("start", "set", "seed")
_STEPS = ("line", "option", "select", "cue", "marker", "ending", "stop")


class Step(msgspec.Struct, frozen=True):
    """One line of a plan: what kind, its text, where it stands."""

    kind: str
    text: str
    place: Place


class Run(msgspec.Struct, frozen=True):
    """One run through the story: where it begins, and its steps."""

    steps: tuple[Step, ...]
    start: str = ""
    seed: int = 0
    values: dict[str, str] = {}
    place: Place = Place()


class Failure(msgspec.Struct, frozen=True):
    """The first step of a run that did not come true."""

    plan: str
    step: int
    """The line of the plan."""
    expected: str
    got: str


def parse_plan(text: str, file: str = "plan") -> tuple[tuple[Run, ...], list[Problem]]:
    """The runs of a plan, and what is wrong with it."""
    problems: list[Problem] = []
    runs: list[Run] = []
    steps: list[Step] = []
    settings: dict[str, str] = {}
    values: dict[str, str] = {}
    first = Place(file)

    def note(place: Place, message: str, hint: str) -> None:
        problems.append(Problem(file, place.line, place.column, "T001", "error", message, hint))

    def close() -> None:
        nonlocal steps, settings, values
        if steps:
            seed = settings.get("seed", "0")
            runs.append(
                Run(tuple(steps), settings.get("start", ""), int(seed), dict(values), first)
            )
        steps, settings, values = [], {}, {}

    rows = text.splitlines()
    if len(rows) > MAX_STEPS:
        note(first, f"the plan has over {MAX_STEPS} lines", "split it")
        return (), problems
    for number, row in enumerate(rows, 1):
        line = row.strip()
        place = Place(file, number, len(row) - len(row.lstrip()) + 1)
        if not line or line.startswith("#"):
            continue
        if set(line) == {"-"}:
            close()
            continue
        kind, colon, rest = line.partition(":")
        kind, rest = kind.strip(), rest.strip()
        if kind in _SETTINGS and colon:
            if kind == "seed" and not rest.isdecimal():
                note(place, f"{rest!r} is not a seed", "write seed: 7")
            elif kind == "set":
                name, equals, value = rest.partition("=")
                values[name.strip()] = value.strip()
                if not equals:
                    note(place, "a variable and a value are wanted", "write set: trust = 3")
            else:
                settings[kind] = rest
        elif kind in _STEPS and (colon or kind == "stop"):
            steps.append(Step(kind, rest, place))
        else:
            note(place, f"{line!r} is not a step", "there are: " + ", ".join(_STEPS + _SETTINGS))
    close()
    if not runs and not problems:
        note(first, "the plan tests nothing", "begin with the first line: of the story")
    return tuple(runs), problems


def run_plan(story: Story, run: Run, plan: str = "plan") -> Failure | None:
    """Play one run; the first step that fails, or None."""
    try:
        values = _values(story, run)
        if run.start and run.start not in story.beats:
            raise UsageError(f"there is no beat {run.start!r}")
        player = _Player(Rehearsal(story, seed=run.seed, start=run.start, values=values))
    except UsageError as error:
        return Failure(plan, run.place.line, "a run that can begin", str(error))
    for step in run.steps:
        got = player.step(step)
        if got is not None:
            expected = f"{step.kind}: {step.text}" if step.text else step.kind
            return Failure(plan, step.place.line, expected, got)
    return None


def _values(story: Story, run: Run) -> dict[str, Value]:
    known = {variable.id: variable.kind for variable in story.variables}
    values: dict[str, Value] = {}
    for name, text in run.values.items():
        if name not in known:
            raise UsageError(f"there is no variable {name!r}")
        kind = known[name]
        if kind.name == "bool" and text in ("true", "false"):
            values[name] = text == "true"
        elif kind.is_number:
            try:
                number = int(text) if kind.name == "int" else float(text)
            except ValueError:
                raise UsageError(f"{text!r} is not {kind}") from None
            if not kind.least <= number <= kind.most:
                raise UsageError(f"{text} is out of range: {name} is {kind}")
            values[name] = number
        elif kind.name == "text" or text.strip("'\"") in kind.words:
            values[name] = text.strip("'\"")
        else:
            raise UsageError(f"{text!r} is not {kind}")
    return values


class _Player:
    """Walks a plan along a rehearsal: a queue of what was said and asked, and the cues between."""

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
                case Spoken(line):
                    self.said.append((line.speaker, line.text))
                case CueCalled(cue):
                    self.cues.append(cue.name)
                case Ended(ending):
                    self.ending = ending
                case ChoiceOpened():
                    self.asked = None
                case Declined(_, reason):
                    self.declined = reason

    def step(self, step: Step) -> str | None:
        """None when the step came true, otherwise what was there instead."""
        return {
            "line": self.line,
            "option": self.option,
            "select": self.select,
            "cue": self.cue,
            "marker": self.marker,
            "ending": self.reached,
            "stop": self.stop,
        }[step.kind](step.text)

    def line(self, text: str) -> str | None:
        if not self.said:
            return self.where()
        speaker, said = self.said.pop(0)
        if text in ("", said, f"{speaker.upper().replace('_', ' ')}: {said}"):
            return None
        return f"line: {speaker.upper().replace('_', ' ')}: {said}"

    def option(self, text: str) -> str | None:
        if self.said:
            return f"line: {self.said[0][1]}"
        if self.asked is None:
            self.asked = [option.text for option in self.rehearsal.options()]
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
        try:
            self.rehearsal.pick(text)
        except UsageError as error:
            return f"{error.message}; offered: {self.rehearsal.offered()}"
        self.collect()
        return None

    def cue(self, text: str) -> str | None:
        if text in self.cues:
            self.cues.remove(text)
            return None
        return "cues: " + (", ".join(self.cues) or "none")

    def marker(self, text: str) -> str | None:
        self.declined = ""
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
            return "option: " + options[0].text
        return f"nothing more at beat {self.rehearsal.playthrough.beat!r}"
