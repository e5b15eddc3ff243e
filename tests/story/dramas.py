"""Stories made by chance, with everything that the language has: blocks, alternatives, effects and
detours in scripts, storylets, fallback options, computed variables, plots beside the main path."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from tests.story.stories import ASIDE, EFFECTS, VARIABLES, Author
from xrdrama.story import Story, load_story
from xrdrama.story.choosing import WAYS_TO_CHOOSE

BESIDE = "murmur"
GROUP = "market"
MOST_DEPTH = 2
"""Blocks in blocks; the language allows more."""


def dramas() -> st.SearchStrategy[Story]:
    """Stories without errors of the file: they may loop, wait for ever, or return from nowhere."""
    return st.integers(0, 2**32).map(drama_of)


def drama_of(seed: int) -> Story:
    """The story of a seed."""
    text = json.dumps(Dramatist(seed).story(), ensure_ascii=False)
    return load_story(text, f"drama_{seed}.branch.yaml")


class Dramatist(Author):
    """Writes a story with everything that the language has."""

    def story(self) -> dict[str, Any]:
        written = super().story()
        written["vars"] = {
            **VARIABLES,
            "rich": {"type": "computed", "from": self.chance.choice(
                ("trust >= 1", "luck > 1 and not has_key", f"visits({self.beats[0]}) > 1")
            )},
        }  # fmt: skip
        written["beats"][BESIDE] = {"script": self.simple_script(), "return": True}
        if self.grouped():
            choose = self.chance.choice(WAYS_TO_CHOOSE)
            written["storylets"] = {GROUP: {"choose": choose, "else": self.way(always=True)}}
        return written

    def grouped(self) -> list[str]:
        """The beats that are storylets; the first beat is not."""
        return self.beats[2:]

    def condition(self) -> str:
        return "rich" if self.often(0.15) else super().condition()

    def way(self, *, always: bool = False) -> dict[str, Any]:
        way = super().way(always=always)
        if self.grouped() and self.often(0.3):
            way["to"] = GROUP
        return way

    def beat(self, name: str) -> dict[str, Any]:
        beat = super().beat(name)
        if name in self.grouped():
            beat["storylet"] = GROUP
            if self.often(0.5):
                beat["when"] = self.condition()
            if self.often(0.3):
                beat["once"] = True
        return beat

    def choice(self) -> dict[str, Any]:
        choice = super().choice()
        for option in choice["options"].values():
            if self.often(0.15):
                option["fallback"] = True
            if self.often(0.2):
                option["detour"] = ASIDE
                if self.often(0.5):
                    del option["to"]
        if "window" in choice and self.often(0.2):
            choice["window"]["shows"] = "500ms"
        return choice

    def plot(self, name: str) -> dict[str, Any]:
        plot = super().plot(name)
        if self.often(0.3):
            plot.pop("return", None)
            plot |= {"to": BESIDE, "parallel": True}
        return plot

    # -- scripts --------------------------------------------------------------------------------

    def script(self) -> str:
        return self.rows(self.chance.randint(0, 4), detours=True)

    def simple_script(self) -> str:
        return self.rows(self.chance.randint(0, 4), detours=False)

    def rows(self, count: int, *, detours: bool, depth: int = 0) -> str:
        return "\n".join(self.piece(detours=detours, depth=depth) for _ in range(count))

    def piece(self, *, detours: bool, depth: int) -> str:
        roll = self.chance.random()
        if roll < 0.45 or depth > MOST_DEPTH:
            return self.row()
        if roll < 0.6:
            return self.guarded(f"@set {self.assignment()}")
        if roll < 0.65 and detours:
            return self.guarded(f"@detour {ASIDE}")
        if roll < 0.8:
            return self.block(detours=detours, depth=depth)
        return self.alternatives(detours=detours, depth=depth)

    def guarded(self, row: str) -> str:
        return f"{{if {self.condition()}}} {row}" if self.often(0.4) else row

    def assignment(self) -> str:
        name = self.chance.choice(list(EFFECTS))
        return f"{name} = {self.chance.choice(EFFECTS[name])}"

    def inside(self, *, detours: bool, depth: int) -> str:
        rows = self.rows(self.chance.randint(1, 2), detours=detours, depth=depth + 1)
        return "\n".join("  " + row for row in rows.splitlines())

    def block(self, *, detours: bool, depth: int) -> str:
        head = f"{{if {self.condition()}}}" if self.often(0.8) else "{once}"
        text = f"{head}\n{self.inside(detours=detours, depth=depth)}"
        if head != "{once}" and self.often(0.5):
            text += f"\n{{else}}\n{self.inside(detours=detours, depth=depth)}"
        return text

    def alternatives(self, *, detours: bool, depth: int) -> str:
        rows = [f"@group {self.chance.choice(WAYS_TO_CHOOSE)}"] if self.often(0.7) else []
        for _ in range(self.chance.randint(1, 3)):
            head = self.chance.choice(("", "", "{once} ", f"{{if {self.condition()}}} "))
            rows.append(f"=> {head}LAN: Yes.")
            if self.often(0.6):
                rows.append(self.inside(detours=detours, depth=depth))
        return "\n".join(rows)
