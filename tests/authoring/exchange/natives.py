"""Branch files made by chance, of our own words, with everything that a Twee file can hold."""

from __future__ import annotations

from random import Random

from tests.authoring.exchange.plays import sentence

HEAD = """\
xrdrama: 1
id: tale
title: A tale
language: en
start: beat_0
scene: lantern_street
vars:
  coins: {type: int, min: 0, max: 9, init: 3}
  lit: {type: bool}
  sure: {type: bool, init: true}
  mood: {type: enum, of: [calm, angry], init: angry}
  luck: {type: float, min: 0, max: 4, init: 0.5}
  word: {type: text, init: so}
  rich: {type: computed, from: coins >= 5}
cast:
  mara: {name: Mara}
  old_tibo: {name: Old Tibo, voice: elder}
beats:
"""
_ASKED = (
    "coins >= 2", "lit", "not lit and coins < 3", "mood == 'calm'", "rich or sure",
    "visits(beat_0) > 1", "seen(beat_1)", "(lit or sure) and not (coins == 1)", "luck + 1 > 2",
    "coins * 2 - 1 <= 5", "word == 'so'", "min(coins, 2) == 2", "coins // 2 == 1",
)  # fmt: skip
_SET = (
    ("coins", "coins + 1"), ("coins", "coins - 2"), ("coins", "random(1, 6)"), ("lit", "not lit"),
    ("mood", "'calm'"), ("luck", "luck / 2"), ("sure", "coins > 2"), ("coins", "max(coins, 3)"),
    ("word", "'no'"),
)  # fmt: skip
_ROWS = (
    "INT. BOAT SHED - NIGHT", "Rain on tin.", "@snow_begins at=+1s over=2s", "@sound bell gain=-6",
    "@wait 1500ms", "@mara.look at=old_tibo", "@mara.mood calm", "@detour aside",
    "Two cups; 3 // 4 and ''so''.",
)  # fmt: skip


_ON = (
    """[voice: "walk on|let's go", gesture: fist]""", "[button]", "[performer: mara.done]",
    '[voice: "50%/ off: what?", gesture: open_palm]',
)  # fmt: skip


class _Native:
    def __init__(self, seed: int) -> None:
        self.chance, self.lines, self.ids = Random(seed), [], 0
        self.beats = [f"beat_{number}" for number in range(self.chance.randint(2, 6))]

    def some(self, *values: str) -> str:
        return self.chance.choice(values)

    def write(self, depth: int, text: str) -> None:
        self.lines.append("  " * depth + text)

    def story(self) -> str:
        for at, name in enumerate(self.beats):
            self.write(1, f"{name}:")
            self.write(2, "script: |")
            self.script(3, 2)
            self.way(name, self.beats[at + 1 :])
        self.write(1, "aside:")
        self.write(2, "script: |")
        self.line(3)
        self.write(2, "return: true")
        return HEAD + "\n".join(self.lines) + "\n"

    def line(self, depth: int) -> None:
        self.ids += 1
        who = self.some("MARA", "OLD TIBO", "MARA (softly)")
        text = sentence(self.chance)
        if self.chance.random() < 0.3:
            text = self.some("You have {coins}, and {word}.", "$5 for {luck}", "{coins}s: [[x]]",
                             "It is //{mood}//, <<really>>", "I say {rich}")  # fmt: skip
        asked = f"{{if {self.some(*_ASKED)}}} " if self.chance.random() < 0.3 else ""
        self.write(depth, f"{asked}{who}: {text}  #l{self.ids:05d}")

    def script(self, depth: int, nested: int) -> None:
        self.line(depth)
        for _ in range(self.chance.randint(0, 4)):
            kind = self.some("line", "row", "set", "if")
            if kind == "line":
                self.line(depth)
            elif kind == "row":
                self.write(depth, self.some(*_ROWS))
            elif kind == "set":
                name, value = self.chance.choice(_SET)
                asked = f"{{if {self.some(*_ASKED)}}} " if self.chance.random() < 0.2 else ""
                self.write(depth, f"{asked}@set {name} = {value}")
            elif nested:
                self.block(depth, nested - 1)

    def block(self, depth: int, nested: int) -> None:
        self.write(depth, f"{{if {self.some(*_ASKED)}}}")
        self.script(depth + 1, nested)
        self.line(depth + 1)
        if self.chance.random() < 0.5:
            self.write(depth, f"{{elif {self.some(*_ASKED)}}}")
            self.script(depth + 1, nested)
        if self.chance.random() < 0.5:
            self.write(depth, "{else}")
            self.script(depth + 1, nested)

    def way(self, name: str, after: list[str]) -> None:
        kind = self.some("choice", "choice", "next", "nexts") if after else "ending"
        if kind == "ending":
            self.write(2, f"ending: {{id: end_{name}, title: The end}}")
        elif kind == "next":
            self.write(2, f"next: {{to: {after[0]}{self.effects()}}}")
        elif kind == "nexts":
            self.write(2, "next:")
            self.write(3, f'- {{to: {after[-1]}, if: "{self.some(*_ASKED)}"{self.effects()}}}')
            self.write(3, f"- {after[0]}")
        else:
            self.choice(after)

    def choice(self, after: list[str]) -> None:
        timed = self.chance.random() < 0.4
        self.write(2, "choice:")
        if timed:
            others = self.some("", ", grace: 500ms", ", shows: 1s, hides: 250ms, show: bar")
            self.write(3, f"window: {{lasts: {self.some('4s', '2500ms')}{others}}}")
        self.write(3, "options:")
        for number in range(self.chance.randint(1, 3)):
            self.write(4, f"pick_{number}:")
            self.write(5, f"text: '{self.some('Go', 'Stay, then', 'Pay {coins}', 'a > b | c')}'")
            self.write(5, f"to: {self.chance.choice(after)}")
            self.write(5, f'if: "{self.some(*_ASKED)}"')
            if self.chance.random() < 0.5:
                name, value = self.chance.choice(_SET)
                self.write(5, f'set: {{{name}: "{value}"}}')
            for flag in ("once", "fallback"):
                if self.chance.random() < 0.2:
                    self.write(5, f"{flag}: true")
            if self.chance.random() < 0.2:
                self.write(5, "detour: aside")
            if self.chance.random() < 0.4:
                self.write(5, f"on: {_ON[(number + self.ids) % len(_ON)]}")
        self.write(3, f"else: {{to: {after[0]}{self.effects()}}}")

    def effects(self) -> str:
        if self.chance.random() < 0.5:
            return ""
        name, value = self.chance.choice(_SET)
        return f', set: {{{name}: "{value}"}}'


def native(seed: int) -> str:
    """A branch file without errors."""
    return _Native(seed).story()
