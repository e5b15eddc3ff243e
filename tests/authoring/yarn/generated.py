"""Yarn files made at random from a seed, and both ways to play them."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from xrdrama.authoring.yarn.playing.machine import Machine, YarnCommand, YarnLine
from xrdrama.authoring.yarn.reading.check import Checked
from xrdrama.story import load_story
from xrdrama.story.stepping.happenings import (
    ChoiceOpened,
    Directed,
    Due,
    Happening,
    Picked,
    Spoken,
    Taken,
)
from xrdrama.story.stepping.step import begin, next_due, step
from xrdrama.story.text.rendering import render

MOST = 60
"""Things shown that are compared."""
_CONDITIONS = (
    "$n > 1", "$b", "not $b", "$n % 2 == 0", 'visited("B")', 'visited_count("C") > 1',
    "$b and $n < 3", '$s == "x"', 'has_any_content("G")', "$e == E.Two", "$smart", "$b xor $n > 2",
)  # fmt: skip
_TEXTS = (
    "plain #", "Lan: hi #", "Old Mo: n is {$n}. #", "{$b} and {$s} #", 'v {visited_count("B")} #',
    "sum {$n * 2 + 1} #", "e {$e} #", "it's #", "Élodie: [b]x[/b] #", '{$s + "!"} #',
    "船夫: 你好 #",
)  # fmt: skip
_LONG_TEXTS = (
    'Lan: [plural value={$n} one="% eel" other="% eels"/] #',
    '[select value={$s} x="ex" y="why" other="?"/] #',
    '[ordinal value={$n + 20} one="%st" two="%nd" few="%rd" other="%th"/] #',
)
_SETS = (
    "<<set $n += 1>>", "<<set $n = $n - 1>>", "<<set $b = not $b>>", '<<set $s = "x">>',
    '<<set $s = "y">>', "<<set $e = E.Two>>", "<<set $e = .One>>",
)  # fmt: skip
_GOES = (
    "<<detour B>>", "<<detour C>>", "<<detour G>>", "<<jump C>>", "<<jump D>>", "<<jump G>>",
    "<<stop>>", "<<return>>", "<<bell 2>>",
)  # fmt: skip
_HEAD = """\
title: Start
---
<<declare $n = 1>>
<<declare $b = false>>
<<declare $s = "x">>
<<enum E>>
<<case One>>
<<case Two>>
<<endenum>>
<<declare $e = E.One>>
<<declare $smart = $n > 2 or $b>>
"""


class YarnWriter:
    """Writes files in which every line has a number of its own."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines = 0

    def file(self) -> str:
        """A file with five nodes; three of them are a group."""
        parts = [_HEAD + "\n".join(self.body(3)) + "\n<<jump D>>\n===\n"]
        parts += [f"title: {name}\n---\n{self.text(2)}===\n" for name in "BCD"]
        for when in ("once", "$n > 2", "always"):
            parts.append(f"title: G\nwhen: {when}\n---\n{self.text(1)}===\n")
        return "".join(parts)

    def text(self, depth: int) -> str:
        """A body."""
        return "".join(f"{row}\n" for row in self.body(depth))

    def condition(self) -> str:
        """A condition."""
        return self.random.choice(_CONDITIONS)

    def line(self, texts: Sequence[str] = _TEXTS + _LONG_TEXTS) -> str:
        """A line, sometimes with a condition."""
        self.lines += 1
        text = self.random.choice(texts).replace("#", str(self.lines))
        if self.random.random() < 0.6:
            return text
        asked = self.condition()
        return text + self.random.choice([f" <<if {asked}>>", " <<once>>", f" <<once if {asked}>>"])

    def body(self, depth: int, indent: str = "") -> list[str]:
        """One to four statements."""
        rows: list[str] = []
        for _ in range(self.random.randint(1, 4)):
            rows += self.statement(depth, indent)
        return rows

    def statement(self, depth: int, indent: str) -> Iterator[str]:
        """One statement with what is inside it."""
        inner = indent + "    "
        kinds = ["line", "line", "set"]
        if depth:
            kinds += ["if", "once", "choice", "group", "go"]
        kind = self.random.choice(kinds)
        if kind == "line":
            yield indent + self.line()
        elif kind == "set":
            yield indent + self.random.choice(_SETS)
        elif kind == "go":
            yield indent + self.random.choice(_GOES)
        elif kind in ("if", "once"):
            asked = self.condition()
            once = self.random.choice(["<<once>>", f"<<once if {asked}>>"])
            yield indent + (f"<<if {asked}>>" if kind == "if" else once)
            yield from self.body(depth - 1, inner)
            if self.random.random() < 0.5:
                yield f"{indent}<<else>>"
                yield from self.body(depth - 1, inner)
            yield f"{indent}<<end{kind}>>"
        else:
            arrow = "->" if kind == "choice" else "=>"
            texts = _TEXTS if kind == "choice" else _TEXTS + _LONG_TEXTS
            for _ in range(self.random.randint(1, 3)):
                yield f"{indent}{arrow} {self.line(texts)}"
                if self.random.random() < 0.5:
                    yield from self.body(depth - 1, inner)
            yield f"{indent}after a {kind}"


def shown_by_yarn(checked: Checked, picks: Sequence[int]) -> list[str]:
    """What the file shows: lines, commands, and the options that can be picked."""
    machine, todo = Machine(checked), list(picks)
    found: list[str] = []
    for one in machine.play("Start"):
        if isinstance(one, YarnLine):
            found.append(" ".join(one.text.split()))
        elif isinstance(one, YarnCommand):
            found.append(f"[{one.text}]")
        else:
            open_ones = [option for option in one.options if option.enabled]
            found.append("options: " + "|".join(option.text for option in open_ones))
            if open_ones:
                if not todo:
                    break
                machine.pick = one.options.index(open_ones[todo.pop(0) % len(open_ones)])
        if len(found) >= MOST:
            break
    return found


def shown_by_story(text: str, picks: Sequence[int]) -> list[str]:
    """The same of an imported story. Yarn's random choice among equals is made the first here."""
    text = text.replace("choose: random", "choose: least_seen").replace(
        "@group random", "@group least_seen"
    )
    story, todo, now = load_story(text), list(picks), 0
    names = {role.id: role.name for role in story.cast.values()}
    playing, happened = begin(story)
    found: list[str] = []
    for _ in range(5000):
        opened = next((one for one in happened if isinstance(one, ChoiceOpened)), None)
        for one in happened:
            found += _shown(one, names)
        if len(found) >= MOST:
            return found[:MOST]
        if opened is not None:
            if not todo:
                return found
            option = opened.options[todo.pop(0) % len(opened.options)]
            playing, happened = step(playing, Picked(option.id, now, "button"))
            continue
        due = next_due(playing)
        if due is None:
            return found
        now = max(now, due)
        playing, happened = step(playing, Due(due))
    raise AssertionError("the story does not come to an end")


def _shown(one: Happening, names: dict[str, str]) -> list[str]:
    if isinstance(one, Spoken):
        text = render(one.line.text, one.values, "en")
        speaker = one.line.speaker
        return [text if speaker == "narrator" else f"{names[speaker]}: {text}"]
    if isinstance(one, Directed):
        return [one.direction.text]
    if isinstance(one, ChoiceOpened):
        shown = (render(option.text, one.values, "en") for option in one.options)
        return ["options: " + "|".join(shown)]
    if isinstance(one, Taken) and one.by == "else":
        return ["options: "]
    return []


def without_numbers(text: str) -> str:
    """A text without its digits, to compare what remains."""
    return re.sub("[0-9]", "", text)
