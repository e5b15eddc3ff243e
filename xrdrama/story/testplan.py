"""Test plans of authors: `<story>.testplan`, in the format of Yarn Spinner with more steps.

# A viewer who says nothing           a line that begins with # is a comment
start: counting             begin at a beat (default: the story's start); also node:
set: trust = 3              with a variable at a value; between steps: set it now
seed: 7
continue                    keep variables, visits and what was played from the run above
saliency: first             how storylets and line groups choose: first, best, least_seen ...
line: Count them again.     the next line; `LAN: Count them again.` checks the speaker, too
line: *                     any line
option: I remember you      the open options, all of them, in order
option [closed]: Stay       an option that is not offered now
select: 2                   pick by number, id or text; `select: else` (or 0) lets the window close
heard: "i remember you"     pick by what a speech recogniser reports, matched as in a show
gestured: open_palm         pick by a pose of the hand
gazed: door                 pick by looking at a place of the set
vote: remember 3            so many more viewers vote; counted when the window closes (select: else)
joined: 40                  so many viewers are joined, for a quorum
marker: door_god            show a marker; an open choice is offered again afterwards
cue: thirteenth_wakes       a cue since the last select (cues not named may happen)
sound: bell                 a sound since the last select
wait: 3s                    let time pass
var: trust = 2              the value of a variable now
force: midnight             the director forces a beat
hold                        the director holds the story; `resume` continues it
jump: midnight              begin another beat now, whatever the director may do
next choice                 skip lines, until a choice is open or the story has ended
ending: twelve              the ending that is reached
stop                        nothing more happens before the story ends or offers a choice
---                         another run of the same story

A text may be in backticks, with [disabled] or a comment behind it: option: `Stay` [disabled] # why
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from xrdrama.document import Place, suggestion
from xrdrama.document.hidden import hidden_problems
from xrdrama.document.names import WORD_SIGN, composed
from xrdrama.document.quantities import duration_hint, parse_duration
from xrdrama.document.wording import nearest, short
from xrdrama.errors import Problem
from xrdrama.story.model import HAND_POSES

MAX_CHARACTERS: Final = 4_000_000
"""Most characters of a plan."""
MAX_PROBLEMS: Final = 100
"""Most problems of a plan that are reported."""

SETTINGS = ("start", "set", "seed", "continue", "saliency")
STEPS = (
    "line", "option", "select", "heard", "gestured", "gazed", "vote", "joined", "marker", "cue",
    "sound", "command",
    "wait", "var", "force", "hold", "resume", "jump", "next choice", "ending", "stop",
)  # fmt: skip
_SAME = {"node": "start"}
"""Other words for settings and steps."""
_BARE = ("stop", "hold", "resume", "next choice", "continue")
_TEXTS = ("line", "option")
"""Steps whose text may be empty or `*` for any text."""
SALIENCY: Final = {
    "best_least_recently_seen": "least_seen",
    "random_best_least_recently_seen": "random",
    **dict.fromkeys(
        ("first", "best", "least_seen", "random", "sequence", "cycle", "once", "shuffle")
    ),
}
"""The names of the ways to choose, Yarn's first; None: the name is ours."""

_STEP = re.compile(rf"({WORD_SIGN}+(?: choice)?)[ \t]*(\[[^\[\]]{{0,40}}\])?[ \t]*([:：])?")
_QUOTED = re.compile(r"`([^`]*)`[ \t]*(\[[^\[\]]{0,40}\])?[ \t]*(?:#.*)?")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_VOTES = re.compile(r"\S+(?:[ \t]+[0-9]{1,5})?")
_CLOSED = ("[closed]", "[disabled]")
_LONGEST = 80
"""Most characters of an unknown word that are compared with the known ones."""


class Step(msgspec.Struct, frozen=True):
    """One line of a plan: its kind, text and position."""

    kind: str
    text: str
    place: Place
    quoted: bool = False
    """The text was in backticks: it is exact, and an empty one is not `any text`."""
    closed: bool = False
    """The option is expected not to be offered."""

    @property
    def written(self) -> str:
        """The step as a plan says it."""
        mark = " [closed]" if self.closed else ""
        text = f"`{self.text}`" if self.quoted else self.text
        return f"{self.kind}{mark}: {text}" if text or mark else self.kind

    @property
    def any_text(self) -> bool:
        """True when a line or option with any text is right."""
        return not self.quoted and self.text in ("", "*")


class Run(msgspec.Struct, frozen=True):
    """One run through the story: its start and its steps."""

    steps: tuple[Step, ...]
    start: str = ""
    seed: int = 0
    values: dict[str, str] = {}
    place: Place = Place()
    places: dict[str, Place] = {}
    """The positions of `start` and of each variable."""
    continues: bool = False
    """Variables, visits and what was played are those of the run before."""
    saliency: str = ""
    """How storylets and line groups choose; "" as the story says."""
    yarn: bool = False
    """The run has the meaning of Yarn Spinner: closed options are listed and counted, and `stop`
    is the end of the dialogue."""


def parse_plan(
    text: str, file: str = "plan", *, yarn: bool = False
) -> tuple[tuple[Run, ...], list[Problem]]:
    """The runs of a plan, and its problems.

    `yarn`: the plan is beside a Yarn story, so every run continues the one before.
    """
    reader = _PlanReader(file, yarn)
    if len(text) > MAX_CHARACTERS:
        reader.note(
            Place(file), f"the test plan has more than {MAX_CHARACTERS} characters",
            "split it into several files",
        )  # fmt: skip
        return (), reader.problems
    rows = composed(text.removeprefix("\ufeff")).splitlines()
    for number, row in enumerate(rows, 1):
        line = row.strip()
        if line and not line.startswith("#"):
            reader.row(line, Place(file, number, len(row) - len(row.lstrip()) + 1))
            if len(reader.problems) >= MAX_PROBLEMS:
                break
    reader.close()
    if not reader.runs and not reader.problems:
        reader.note(
            Place(file), "the test plan has no steps",
            "add steps; the first is usually line: with the first line of the story",
        )  # fmt: skip
    return tuple(reader.runs), reader.problems + hidden_problems("\n".join(rows), file)


class _PlanReader:
    def __init__(self, file: str, yarn: bool) -> None:
        self.file, self.yarn = file, yarn
        self.problems: list[Problem] = []
        self.runs: list[Run] = []
        self.clear()

    def clear(self) -> None:
        self.steps: list[Step] = []
        self.values: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        self.start, self.seed, self.saliency = "", 0, ""
        self.continues = False
        self.first: Place | None = None

    def note(self, place: Place, message: str, hint: str) -> None:
        problem = Problem(self.file, place.line, place.column, "T001", "error", message, hint)
        self.problems.append(problem)

    def close(self) -> None:
        if self.steps:
            self.runs.append(
                Run(
                    tuple(self.steps), self.start, self.seed, self.values,
                    self.first or Place(self.file), self.places,
                    self.continues or (self.yarn and bool(self.runs)), self.saliency, self.yarn,
                )
            )  # fmt: skip
        elif self.first and not self.problems:
            self.note(self.first, "this run has no steps", "add one, such as line: or ending:")
        self.clear()

    def row(self, line: str, place: Place) -> None:
        if not line.strip("-"):
            self.close()
            return
        self.first = self.first or place
        found = _STEP.match(line)
        kind, mark, colon = found.groups("") if found else ("", "", "")
        kind = _SAME.get(kind, kind)
        rest = line[found.end() :].strip() if found else ""
        if kind not in STEPS and kind not in SETTINGS:
            self.note(place, f"{short(line)} is not a valid step", _as_step(line))
        elif (kind in _BARE and rest.startswith("#")) or (kind in _BARE and not (rest or mark)):
            self.bare(kind, place)
        elif kind in _BARE or not colon or (mark and (kind != "option" or mark not in _CLOSED)):
            self.note(place, f"{short(line)} is not a valid step", _as_step(line))
        else:
            self.with_text(kind, rest, place, bool(mark))

    def bare(self, kind: str, place: Place) -> None:
        if kind != "continue":
            self.steps.append(Step(kind, "", place))
        elif self.steps or not self.runs:
            what = "a step is above" if self.steps else "no run is above"
            hint = "write continue before the first step of the second run or a later one"
            self.note(place, f"this run cannot continue another: {what} it", hint)
        else:
            self.continues = True

    def with_text(self, kind: str, text: str, place: Place, closed: bool) -> None:
        quoted = False
        if text.startswith("`"):
            found = _QUOTED.fullmatch(text)
            if found is None or (found[2] and (kind != "option" or found[2] not in _CLOSED)):
                self.note(
                    place, f"{short(text)} is not a text in backticks",
                    "write `text`, for an option also `text` [disabled]; a comment begins with #",
                )  # fmt: skip
                return
            text, quoted, closed = found[1], True, closed or bool(found[2])
        elif kind not in _TEXTS:
            text = _COMMENT.sub("", text)
        if kind in ("set", "var"):
            text = self.assignment(kind, text, place)
        elif not text and not quoted and kind not in _TEXTS:
            self.note(place, f"{kind}: has no value", f"write {_EXAMPLES[kind]}")
            return
        if kind in SETTINGS and not self.steps:
            self.setting(kind, text, place)
        else:
            self.step(Step(_BETWEEN.get(kind, kind), text, place, quoted, closed))

    def assignment(self, kind: str, text: str, place: Place) -> str:
        """`name = value` in one form, or "" after a problem."""
        name, equals, value = (part.strip() for part in text.partition("="))
        if equals:
            return f"{name.removeprefix('$')} = {value}"
        words = [word for word in re.split(r"[\s:：]+", text[:_LONGEST]) if word]
        example = " = ".join(words) if len(words) == 2 else "trust = 3"
        self.note(place, "expected a variable and a value", f"write {kind}: {example}")
        return " = "

    def setting(self, kind: str, text: str, place: Place) -> None:
        if kind == "start":
            self.start, self.places["start"] = text, place
        elif kind == "set":
            name, _, value = text.partition(" = ")
            self.values[name], self.places[name] = value, place
        elif kind == "saliency":
            self.saliency = self.way(text, place)
        elif text.isdecimal() and len(text) < 20:
            self.seed = int(text)
        else:
            self.note(place, f"{short(text)} is not a valid seed", "write seed: 7")

    def way(self, text: str, place: Place) -> str:
        """Our name of a way to choose, or "" after a problem."""
        if text not in SALIENCY:
            message = f"{short(text)} is not a way to choose"
            self.note(place, message, suggestion(text[:_LONGEST], SALIENCY))
            return ""
        return SALIENCY[text] or text

    def step(self, step: Step) -> None:
        kind, text, place = step.kind, step.text, step.place
        if kind == "seed":
            self.note(place, "the seed is set after a step", "move seed: above the first step")
            return
        if kind == "saliency":
            step = msgspec.structs.replace(step, text=self.way(text, place))
        elif kind == "wait" and parse_duration(text) is None:
            self.note(place, f"{short(text)} is not a duration", duration_hint(text[:_LONGEST]))
        elif kind == "gestured" and text not in HAND_POSES:
            hint = suggestion(text[:_LONGEST], HAND_POSES)
            self.note(place, f"unknown hand pose {short(text)}", hint)
        elif kind == "joined" and not (text.isdecimal() and len(text) < 9):
            self.note(place, f"{short(text)} is not a number of viewers", "write joined: 40")
        elif kind == "vote" and not _VOTES.fullmatch(text):
            self.note(place, f"{short(text)} is not an option and a number", "write vote: stay 3")
        elif kind == "heard":
            step = msgspec.structs.replace(step, text=_unquoted(text))
        self.steps.append(step)


_BETWEEN = {"start": "jump"}
"""What a setting is called between steps."""
_EXAMPLES = {
    "start": "start: BEAT", "seed": "seed: 7", "saliency": "saliency: first", "select": "select: 1",
    "heard": 'heard: "i remember you"', "gestured": "gestured: open_palm", "gazed": "gazed: PLACE",
    "marker": "marker: NAME", "vote": "vote: OPTION 3", "joined": "joined: 40",
    "cue": "cue: NAME", "sound": "sound: NAME", "command": "command: `text`", "wait": "wait: 3s",
    "force": "force: BEAT", "jump": "jump: BEAT", "ending": "ending: NAME",
}  # fmt: skip


def _unquoted(text: str) -> str:
    for left, right in ('""', "''", "“”"):
        if len(text) > 1 and text[0] == left and text[-1] == right:
            return text[1:-1].strip()
    return text


def _as_step(line: str) -> str:
    """The hint for a line that is not a step."""
    known = (*STEPS, *SETTINGS, *_SAME)
    line = line[: 2 * _LONGEST]
    if re.match(r"\w+[ \t]*\[", line):
        return "write option [closed]: and the text, for an option that is not offered"
    parts = re.match(rf"(?:[-*]\s*)?({WORD_SIGN}+)\s*[:：]?\s*(.*)", line)
    word, rest = (parts[1].lower(), parts[2]) if parts else ("", "")
    if word in _BARE:
        return f"write {word}"
    if word in known:
        return f"write {word}: {rest or '...'}"
    if word == "next":
        return "write next choice"
    colon = ":" in line or "：" in line
    if colon and nearest(word, known):
        return suggestion(word, known)
    if line[:1].isupper() or not line[:1].isascii():
        return f"if somebody says it, write line: {line}"
    return f"use one of: {', '.join(known)}"
