"""Fountain, the plain-text form of screenplays, from and to stories (https://fountain.io/syntax).

A screenplay has one path, so it becomes a story with one: each scene heading begins a beat that
leads to the next. A story is written beat after beat in the order of its file; its cues, sounds,
waits and ways on become notes and synopses, which are not printed.
"""

from __future__ import annotations

import re

from xrdrama.authoring.exchange.losses import losses
from xrdrama.authoring.exchange.screenplay import HEADING, Screenplay
from xrdrama.authoring.exchange.script_notes import NOTED, paths, readable, rows
from xrdrama.document.names import is_name
from xrdrama.story import Line, Story
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.story.model import Direction
from xrdrama.story.screenplay.speakers import capitals

SUFFIXES = (".fountain", ".spmd")
_SCENE_NUMBER = re.compile(r"\s*#[\w.-]+#\s*$")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)(.+?)(?<=\S)(?<!\\)\1")
_TRANSITION = re.compile(r"[A-Z ]+(TO|IN|OUT)[:.]")
_KEY = re.compile(r"[A-Z][A-Za-z ]{0,30}:")
_REMEDY = (
    "write the speaker's name in capitals after an empty line, and what is said on the next line"
)


def read(text: str, name: str) -> ImportedStory:
    """The screenplay as a story with one path. UsageError for a text that says nothing."""
    reader = _Reader(text, name)
    reader.run()
    return reader.screenplay.story()


def not_carried_over(story: Story) -> tuple[NotCarriedOver, ...]:
    """What a screenplay cannot hold. Conditions, cues, sounds, waits and paths are notes in it."""
    carried = ("line", "heading", "action")
    return losses(story, carried, notes=NOTED)


def write(story: Story) -> str:
    """The story as a screenplay, beat after beat."""
    home = story.order[0].scene
    parts = [f"Title: {story.title or story.id}\nScene: {home}"]
    for beat in story.order:
        parts.append(f"# {beat.id}")
        if beat.scene != home:
            parts.append(f"[[scene: {beat.scene}]]")
        parts += (_written(row) for row in rows(beat))
        parts += (f"= {line}" for line in paths(story, beat))
    return "\n\n".join(parts) + "\n"


# -- from a story -------------------------------------------------------------------------------


def _written(row: Line | Direction | str) -> str:
    if isinstance(row, str):
        return f"[[{row.replace(']]', '] ]')}]]"
    if isinstance(row, Line):
        name = capitals(row.speaker)
        manner = f"({row.manner})\n" if row.manner else ""
        return f"@{name}\n{manner}{_escaped(readable(row.text))}"
    if row.heading:
        return row.text.upper() if HEADING.fullmatch(row.text) else f".{row.text}"
    return f"!{_escaped(row.text)}"


def _escaped(text: str) -> str:
    return re.sub(r"([*_\\])", r"\\\1", text)


# -- from a screenplay --------------------------------------------------------------------------


class _Reader:
    """A screenplay, line by line."""

    def __init__(self, text: str, name: str) -> None:
        self.screenplay = Screenplay(name, _REMEDY)
        self.lines = self._without_notes(text.removeprefix("\ufeff")).split("\n")

    def lose(self, line: int, what: str) -> None:
        self.screenplay.lose(line, what)

    def _without_notes(self, text: str) -> str:
        """The text without boneyard and notes, which are for the writer; lines stay in number."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
        found = []
        for what, pattern in (("omitted text", r"/\*.*?\*/"), ("note", r"\[\[.*?\]\]")):
            for match in re.finditer(pattern, text, re.DOTALL):
                words = " ".join(match[0][2:-2].split())[:60]
                found.append((1 + text.count("\n", 0, match.start()), f"{what}: {words}"))
            text = re.sub(pattern, lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
        for line, what in sorted(found):
            self.lose(line, what)
        return text

    def run(self) -> None:
        at = self._title_page()
        while at < len(self.lines):
            text = self.lines[at].strip()
            if not text:
                at += 1
            elif self._is_character(at):
                at = self._dialogue(at)
            else:
                self._single(text, at + 1)
                at += 1

    def _title_page(self) -> int:
        """Reads the title page; the index of the first line behind it."""
        if not self.lines or not _KEY.match(self.lines[0]):
            return 0
        at, key = 0, ""
        while at < len(self.lines) and self.lines[at].strip():
            line = self.lines[at]
            if _KEY.match(line):
                key, _, line = line.partition(":")
            value = self._plain(line.strip(), at + 1)
            if key.lower() == "title" and value:
                self.screenplay.title = f"{self.screenplay.title} {value}".strip()
            elif key.lower() == "scene" and is_name(value):
                self.screenplay.scene = value
            elif value:
                self.lose(at + 1, f"title page, {key.lower()}: {value[:60]}")
            at += 1
        return at

    def _is_character(self, at: int) -> bool:
        text = self.lines[at].strip()
        after = self.lines[at + 1].strip() if at + 1 < len(self.lines) else ""
        before = self.lines[at - 1].strip() if at else ""
        if not after or before:
            return False
        if text.startswith("@"):
            return True
        name = re.sub(r"\(.*", "", text.rstrip("^")).strip()
        return (
            any(c.isalpha() for c in name)
            and name == name.upper()
            and not text.startswith(("!", ".", ">", "#", "=", "~"))
            and not HEADING.fullmatch(text)
            and not text.endswith(":")
        )

    def _dialogue(self, at: int) -> int:
        """Reads what a character says; the index of the first line behind it."""
        cue = self.lines[at].strip().removeprefix("@")
        if cue.endswith("^"):
            self.lose(at + 1, "dual dialogue: the lines follow each other")
        name, _, extension = cue.rstrip("^").partition("(")
        name, extension = name.strip(), extension.partition(")")[0].strip()
        if extension.upper().rstrip(".") in ("CONT'D", "CONT’D", "CONT"):
            extension = ""
        words: list[str] = []
        manner, first = extension, at + 2
        at += 1
        while at < len(self.lines) and self.lines[at].strip():
            text = self.lines[at].strip()
            more = at + 1 < len(self.lines) and self.lines[at + 1].strip()
            if text.startswith("(") and text.endswith(")") and (more or words):
                self.screenplay.say(name, manner, " ".join(words), first)
                inside = text[1:-1].strip()
                # Directly below the name the two belong together: STEEL (O.S.) (laughs)
                manner = f"{manner}, {inside}" if manner and not words else inside
                words, first = [], at + 2
            else:
                if text.startswith("~"):
                    self.lose(at + 1, f"lyrics: kept as spoken words: {text[1:].strip()[:60]}")
                words.append(self._plain(text.removeprefix("~").strip(), at + 1))
            at += 1
        self.screenplay.say(name, manner, " ".join(words), first)
        return at

    def _single(self, text: str, line: int) -> None:
        forced = text.startswith(".") and not text.startswith("..")
        if forced or HEADING.fullmatch(text):
            heading = _SCENE_NUMBER.sub("", text.removeprefix(".") if forced else text)
            self.screenplay.heading(heading, line)
        elif re.fullmatch("={3,}", text):
            self.lose(line, "page break")
        elif text.startswith("# ") and is_name(text[2:].strip()):
            self.screenplay.begin(text[2:].strip(), is_named=True)  # a beat of an exported story
        elif text.startswith("#"):
            self.lose(line, f"section: {text.lstrip('# ')[:60]}")
        elif text.startswith("="):
            self.lose(line, f"synopsis: {text[1:].strip()[:60]}")
        elif (text.startswith(">") and not text.endswith("<")) or _TRANSITION.fullmatch(text):
            self.lose(line, f"transition: {text.lstrip('> ')[:60]}")
        else:
            if text.startswith("~"):
                self.lose(line, f"lyrics: kept as an action: {text[1:].strip()[:60]}")
            elif text.startswith(">"):
                self.lose(line, f"centred text: kept as an action: {text.strip('> <')[:60]}")
            text = text.removeprefix("!").removeprefix("~").removeprefix(">").removesuffix("<")
            self.screenplay.action(self._plain(text.strip(), line), line)

    def _plain(self, text: str, line: int) -> str:
        plain = text
        while (found := _EMPHASIS.sub(r"\2", plain)) != plain:
            plain = found
        if plain != text:
            self.lose(line, "emphasis: the words are there, plain")
        return re.sub(r"\\([*_\\])", r"\1", plain)
