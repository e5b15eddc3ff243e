"""Stories made by chance, valid by construction, and how tests write down what happens in them.

A story is made of a seed, which its id names: quick, and as mixed as hypothesis would not be.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

from hypothesis import strategies as st

from xrdrama.story import Story, load_story
from xrdrama.story.stepping.happenings import (
    BeatEntered,
    ChoiceOpened,
    CueCalled,
    Declined,
    Directed,
    Ended,
    Happening,
    SoundCalled,
    Spoken,
    Taken,
)
from xrdrama.story.stepping.playthrough import Playthrough

MARKERS = ("door_god", "crate")
ASIDE = "aside"
TIMES = ("100ms", "500ms", "1s", "2s", "5s")

VARIABLES = {
    "trust": {"type": "int", "min": -2, "max": 3},
    "has_key": {"type": "bool"},
    "mood": {"type": "enum", "of": ["calm", "angry"]},
    "luck": {"type": "float", "min": 0, "max": 4},
}
EFFECTS = {
    "trust": ("trust + 1", "trust - 1", "random(-2, 3)", "min(trust, 1) * 2"),
    "has_key": ("true", "not has_key", "trust > 0"),
    "mood": ("'angry'", "mood"),
    "luck": ("luck / 2 + 1", "luck + trust"),
}
ROWS = (
    "EXT. LANE - NIGHT",
    "Snow begins.",
    "LAN: Count again.",
    "LAN (softly): 再数一遍。",
    "@snow_begins over=2s",
    "@sound bell",
)


def stories() -> st.SearchStrategy[Story]:
    """Stories without errors: they may run in circles, wait for ever, or return from nowhere."""
    return st.integers(0, 2**32).map(story_of)


def story_of(seed: int) -> Story:
    """The story of a seed."""
    text = json.dumps(Author(seed).story(), ensure_ascii=False)
    return load_story(text, f"chance_{seed}.branch.yaml")


class Author:
    """Writes a story."""

    def __init__(self, seed: int) -> None:
        self.seed, self.chance = seed, Random(seed)
        self.beats = [f"beat_{n}" for n in range(self.chance.randint(1, 5))]

    def story(self) -> dict[str, Any]:
        aside = {"script": self.script(), "return": True}
        written: dict[str, Any] = {
            "xrdrama": 1,
            "id": f"chance_{self.seed}",
            "scene": "lane",
            "vars": VARIABLES,
            "cast": {"lan": {"name": "Lan"}},
            "beats": {**{name: self.beat(name) for name in self.beats}, ASIDE: aside},
        }
        if self.often(0.5):
            written["hidden"] = [self.plot("everywhere")]
        return written

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def condition(self) -> str:
        beat = self.chance.choice(self.beats)
        atoms = [
            "trust >= 1", "trust < 0", "has_key", "mood == 'calm'", "luck > 1", "true", "false",
            f"seen({beat})", f"visits({beat}) < 2",
        ]  # fmt: skip
        one, other = self.chance.choice(atoms), self.chance.choice(atoms)
        return self.chance.choice(
            (one, one, f"not {one}", f"{one} and {other}", f"{one} or {other}")
        )

    def script(self) -> str:
        return "\n".join(self.row() for _ in range(self.chance.randint(0, 5)))

    def row(self) -> str:
        time = self.chance.choice(TIMES)
        timed = (f"@lamp_on at=+{time}", f"@wait {time}", f"@sound bowl at=+{time} gain=-6")
        row = self.chance.choice((*ROWS, *timed))
        speaks = row.startswith(("LAN", "@"))
        return f"{{if {self.condition()}}} {row}" if speaks and self.often(0.3) else row

    def way(self, *, always: bool = False) -> dict[str, Any]:
        way: dict[str, Any] = {"to": self.chance.choice(self.beats)}
        if not always and self.often(0.4):
            way["if"] = self.condition()
        if self.often(0.5):
            name = self.chance.choice(sorted(EFFECTS))
            way["set"] = {name: self.chance.choice(EFFECTS[name])}
        return way

    def window(self) -> dict[str, str]:
        opens, closes = sorted(self.chance.sample(range(21), 2))
        keys = self.chance.choice(("opens", "closes", "opens closes", "lasts", "opens lasts"))
        times = {
            "opens": f"{opens * 500}ms",
            "closes": f"{closes * 500}ms",
            "lasts": self.chance.choice(TIMES),
        }
        grace = self.chance.choice(("0s", *TIMES))
        return {"grace": grace, **{key: times[key] for key in keys.split()}}

    def choice(self) -> dict[str, Any]:
        options = {}
        for number in range(self.chance.randint(1, 3)):
            option = options[f"way_{number}"] = self.way()
            if self.often(0.2):
                option["once"] = True
            if self.often(0.2):
                option["on"] = {"voice": f"number {number}"}
        choice: dict[str, Any] = {"options": options}
        if self.often(0.5):
            choice["window"] = self.window()
        if {"closes", "lasts"} & set(choice.get("window", ())) or self.often(0.5):
            choice["else"] = self.way(always=True)
        return choice

    def plot(self, name: str) -> dict[str, Any]:
        plot = {"id": name, "on": {"marker": self.chance.choice(MARKERS)}, **self.way()}
        if self.often(0.5):
            plot["to"] = ASIDE
        elif self.often(0.5):
            plot["return"] = False
        return plot

    def beat(self, name: str) -> dict[str, Any]:
        beat: dict[str, Any] = {"script": self.script()}
        if self.often(0.25):
            beat["dur"] = {"min": self.chance.choice(TIMES)}
        kind = self.chance.choice(
            ("choice", "choice", "choice", "next", "next", "ending", "return")
        )
        if kind == "choice":
            beat["choice"] = self.choice()
        elif kind == "next":
            before = [self.way() for _ in range(self.chance.randint(0, 2))]
            beat["next"] = [*before, self.way(always=True)]
        elif kind == "ending":
            beat["ending"] = f"end_of_{name}"
        else:
            beat["return"] = True
        if self.often(0.4):
            beat["hidden"] = [self.plot(f"behind_{name}")]
        return beat


def described(happening: Happening) -> tuple[str, str, int]:
    """A happening in a line: what, which, when."""
    which = {
        BeatEntered: lambda h: h.beat.id + (" again" if h.again else ""),
        Spoken: lambda h: h.line.id,
        CueCalled: lambda h: h.cue.name,
        SoundCalled: lambda h: h.sound.name,
        Directed: lambda h: h.direction.text,
        ChoiceOpened: lambda h: " ".join(option.id for option in h.options),
        Taken: lambda h: f"{h.beat} {h.option or '-'} {h.to} {h.by}",
        Ended: lambda h: h.ending,
        Declined: lambda h: h.reason,
    }[type(happening)]
    return type(happening).__name__, which(happening), happening.at


def state(playthrough: Playthrough) -> dict[str, Any]:
    """All of a playthrough but its story."""
    names = (name for name in Playthrough.__struct_fields__ if name != "story")
    return {name: getattr(playthrough, name) for name in names}
