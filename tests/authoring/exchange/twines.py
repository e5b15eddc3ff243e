"""Twine stories made by chance, of our own words, with the lines that they say."""

from __future__ import annotations

from random import Random

from tests.authoring.exchange.plays import Said, sentence

_SPEAKERS = (("MARA", "mara"), ("OLD TIBO", "old_tibo"), ("SIX", "six"))


class _Twine:
    """Passages with prose, links, conditions and effects, in the words of a story format."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.said: Said = []
        self.names = [f"Room {number}" for number in range(self.chance.randint(2, 6))]

    def text(self) -> str:
        parts = [f":: StoryTitle\nBy chance\n\n:: StoryData\n{self.data()}"]
        for at, name in enumerate(self.names):
            rows = [f":: {name} [tag]"]
            for _ in range(self.chance.randint(1, 6)):
                rows += self.rows(2)
            after = self.names[at + 1 :]
            rows += [f"[[{sentence(self.chance)}->{to}]]" for to in after[:2]]
            parts.append("\n".join(rows))
        return "\n\n".join(parts) + "\n"

    def data(self) -> str:
        return f'{{"ifid": "0", "format": "{self.format}", "start": "Room 0"}}'

    format = ""

    def rows(self, depth: int) -> list[str]:
        kind = self.chance.choice(("speech", "speech", "prose", "set", "if", "note", ""))
        if kind == "speech":
            shown, role = self.chance.choice(_SPEAKERS)
            return [f"{shown}: {self.words(role)}"]
        if kind == "prose":
            return [self.words("narrator")]
        if kind == "set":
            return [self.effect(self.chance.choice(("$coins", "$lit")))]
        if kind == "if" and depth:
            first = [row for _ in range(2) for row in self.rows(depth - 1)]
            second = self.rows(depth - 1)
            return self.block(first, second)
        return [self.comment()] if kind == "note" else [""]

    def words(self, role: str) -> str:
        text = sentence(self.chance)
        self.said.append((role, text))
        return text

    def effect(self, name: str) -> str:
        raise NotImplementedError

    def block(self, first: list[str], second: list[str]) -> list[str]:
        raise NotImplementedError

    def comment(self) -> str:
        return "<!-- a comment -->"


class SugarCube(_Twine):
    """A story for SugarCube."""

    format = "SugarCube"

    def effect(self, name: str) -> str:
        return "<<set $coins += 1>>" if name == "$coins" else "<<set $lit to not $lit>>"

    def block(self, first: list[str], second: list[str]) -> list[str]:
        asked = self.chance.choice(("$coins gte 2", "$lit", 'visited("Room 0") is 1', "not $lit"))
        return [f"<<if {asked}>>", *first, "<<else>>", *second, "<</if>>"]


class Harlowe(_Twine):
    """A story for Harlowe."""

    format = "Harlowe"

    def effect(self, name: str) -> str:
        return "(set: $coins to it + 1)" if name == "$coins" else "(set: $lit to not $lit)"

    def block(self, first: list[str], second: list[str]) -> list[str]:
        asked = self.chance.choice(("$coins >= 2", "$lit", '(history:) contains "Room 0"'))
        # What brackets mean here is not prose: [sic].
        inside = [[row.replace("[sic]", "sic") for row in rows] for rows in (first, second)]
        self.said = [(who, text.replace("[sic]", "sic")) for who, text in self.said]
        return [f"(if: {asked})[", *inside[0], "](else:)[", *inside[1], "]"]

    def words(self, role: str) -> str:
        return super().words(role).replace("[sic]", "sic")


def story(kind: type[_Twine], seed: int) -> tuple[str, Said]:
    """A Twee file, and what is said in it in its order."""
    made = kind(seed)
    text = made.text()
    said = [(who, said.replace("[sic]", "sic") if kind is Harlowe else said)
            for who, said in made.said]  # fmt: skip
    return text, said
