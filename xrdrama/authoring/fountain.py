"""Fountain, the plain-text form of screenplays, from and to stories (https://fountain.io/syntax).

A screenplay has one path, so it becomes a story with one: each scene heading begins a beat that
leads to the next. A story is written beat after beat in the order of its file; its cues, sounds,
waits and ways on become notes and synopses, which are not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

import msgspec

from xrdrama.authoring.canonical import with_line_ids
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError
from xrdrama.story import Beat, Line, Story, parse_story
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.story.model import CueCall, Direction, Item, SoundCall, Wait
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

SUFFIXES = (".fountain", ".spmd")
_HEADING = re.compile(r"(INT|EXT|EST|INT\.?/EXT|I/E)[. ].*", re.IGNORECASE)
_SCENE_NUMBER = re.compile(r"\s*#[\w.-]+#\s*$")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=\S)(.+?)(?<=\S)(?<!\\)\1")
_TRANSITION = re.compile(r"[A-Z ]+(TO|IN|OUT)[:.]")
_KEY = re.compile(r"[A-Z][A-Za-z ]{0,30}:")


class _Row(msgspec.Struct, frozen=True):
    """A line of a script, and the line of the screenplay that it is from."""

    line: int
    text: str
    said: bool = False


class _Scene(msgspec.Struct):
    """What becomes a beat. `is_named`: a section of the screenplay names it."""

    id: str
    is_named: bool = False
    rows: list[_Row] = []


def read(text: str, name: str) -> ImportedStory:
    """The screenplay as a story with one path. UsageError for a text that says nothing."""
    reader = _Reader(text, name)
    reader.run()
    return reader.story()


def write(story: Story) -> str:
    """The story as a screenplay, beat after beat."""
    home = story.order[0].scene
    parts = [f"Title: {story.title or story.id}\nScene: {home}"]
    for beat in story.order:
        parts.append(f"# {beat.id}")
        if beat.scene != home:
            parts.append(f"[[scene: {beat.scene}]]")
        parts += (_written(item) for item in beat.script)
        parts += (f"= {line}" for line in _ways_on(beat))
    return "\n\n".join(parts) + "\n"


# -- from a story -------------------------------------------------------------------------------


def _written(item: Item) -> str:
    match item:
        case Direction(text=text, heading=True):
            return text.upper() if _HEADING.fullmatch(text) else f".{text}"
        case Direction(text=text):
            return f"!{_escaped(text)}"
        case Line():
            name = capitals(item.speaker)
            manner = f"({item.manner})\n" if item.manner else ""
            return f"@{name}\n{manner}{_escaped(item.text)}"
        case CueCall():
            return f"[[cue: {item.as_written}]]"
        case SoundCall():
            return f"[[sound: {item.name}{' stops' if item.stop else ''}]]"
        case Wait():
            return f"[[wait: {item.lasts / 1e9:g} s]]"
        case _:
            assert_never(item)


def _ways_on(beat: Beat) -> Iterator[str]:
    if beat.choice:
        for option in beat.choice.options:
            yield f"Choice: {option.text or option.id} -> {option.to}"
    for way in beat.exits:
        yield f"Then -> {way.to}"
    if beat.ending:
        yield f"Ending: {beat.ending.id}"


def _escaped(text: str) -> str:
    return re.sub(r"([*_\\])", r"\\\1", text)


# -- from a screenplay --------------------------------------------------------------------------


class _Reader:
    """A screenplay, line by line."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name if is_name(name) else as_name(name)
        if not is_name(self.name):
            raise UsageError(
                f"--out {name}.branch.yaml: {name!r} cannot be the id of a story",
                "use a file name of letters, digits and _",
            )
        self.title = self.scene = ""
        self.lost: list[NotCarriedOver] = []
        self.scenes: list[_Scene] = []
        self.cast: dict[str, str] = {}
        self.lines = self._without_notes(text.removeprefix("\ufeff")).split("\n")

    def lose(self, line: int, what: str) -> None:
        self.lost.append(NotCarriedOver(line, what))

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
                self.title = f"{self.title} {value}".strip()
            elif key.lower() == "scene" and is_name(value):
                self.scene = value
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
            and not _HEADING.fullmatch(text)
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
                self._say(name, manner, words, first)
                inside = text[1:-1].strip()
                # Directly below the name the two belong together: STEEL (O.S.) (laughs)
                manner = f"{manner}, {inside}" if manner and not words else inside
                words, first = [], at + 2
            else:
                words.append(self._plain(text.removeprefix("~").strip(), at + 1))
            at += 1
        self._say(name, manner, words, first)
        return at

    def _say(self, name: str, manner: str, words: list[str], line: int) -> None:
        if not words:
            return
        role = role_of(name)
        if not is_name(role) or not is_speaker(capitals(role)):
            self.lose(line, f"the name {name[:40]!r}: {' '.join(words)[:60]}")
            return
        self.cast.setdefault(role, name.title() if name == name.upper() else name)
        how = f" ({re.sub('[()（）]', '', manner)[:80]})" if manner else ""
        self._row(_Row(line, f"{capitals(role)}{how}: {' '.join(words)}", said=True))

    def _single(self, text: str, line: int) -> None:
        forced = text.startswith(".") and not text.startswith("..")
        if forced or _HEADING.fullmatch(text):
            heading = _SCENE_NUMBER.sub("", text.removeprefix(".") if forced else text)
            if not (self.scenes and self.scenes[-1].is_named and not self.scenes[-1].rows):
                self._begin(heading)
            self._row(_Row(line, heading.upper() if _HEADING.fullmatch(heading) else heading))
        elif re.fullmatch("={3,}", text):
            self.lose(line, "page break")
        elif text.startswith("# ") and is_name(text[2:].strip()):
            self._begin(text[2:].strip(), is_named=True)  # a beat of an exported story
        elif text.startswith("#"):
            self.lose(line, f"section: {text.lstrip('# ')[:60]}")
        elif text.startswith("="):
            self.lose(line, f"synopsis: {text[1:].strip()[:60]}")
        elif (text.startswith(">") and not text.endswith("<")) or _TRANSITION.fullmatch(text):
            self.lose(line, f"transition: {text.lstrip('> ')[:60]}")
        else:
            text = text.removeprefix("!").removeprefix("~").removeprefix(">").removesuffix("<")
            self._row(_Row(line, self._plain(text.strip(), line)))

    def _plain(self, text: str, line: int) -> str:
        plain = text
        while (found := _EMPHASIS.sub(r"\2", plain)) != plain:
            plain = found
        if plain != text:
            self.lose(line, "emphasis: the words are there, plain")
        return re.sub(r"\\([*_\\])", r"\1", plain)

    def _begin(self, heading: str, *, is_named: bool = False) -> None:
        stem = as_name(heading)[:40].strip("_")
        stem = name = stem if is_name(stem) else "scene"
        taken = {scene.id for scene in self.scenes}
        while name in taken:
            name = f"{stem}_{int(name.removeprefix(stem).strip('_') or 1) + 1}"
        self.scenes.append(_Scene(name, is_named))

    def _row(self, row: _Row) -> None:
        if not self.scenes:
            self.scenes.append(_Scene("opening"))
        if row.text:
            self.scenes[-1].rows.append(row)

    def _guess_scene(self) -> None:
        """A set by the place of the first heading: a screenplay names places, not sets."""
        rows = [row for scene in self.scenes for row in scene.rows]
        row = next((row for row in rows if _HEADING.fullmatch(row.text)), rows[0])
        place = re.sub(r"^(INT|EXT|EST|I/E)\b[./EXT]*\s*", "", row.text).partition(" - ")[0]
        name = as_name(place)[:40].strip("_") if _HEADING.fullmatch(row.text) else ""
        self.scene = name if is_name(name) else "stage"
        self.lose(
            row.line, f"scene: {self.scene} is guessed: make that set, or write the name of yours"
        )

    # -- writing the branch file ----------------------------------------------------------------

    def story(self) -> ImportedStory:
        """The branch file. What its script would not read as it was meant is left out, and said."""
        while True:
            if not any(row.said for scene in self.scenes for row in scene.rows):
                raise UsageError(
                    "nobody says anything in this screenplay",
                    "write the speaker's name in capitals after an empty line, and what is said on "
                    "the next line",
                )
            text, rows = self._branch()
            odd = self._misread(text, rows)
            if not odd:
                break
            for scene in self.scenes:
                scene.rows = [row for row in scene.rows if row not in odd]
            for row in odd:
                self.lose(row.line, f"a script cannot hold this line: {row.text[:60]}")
        return ImportedStory(with_line_ids(text, self.name), tuple(sorted(set(self.lost))))

    def _branch(self) -> tuple[str, dict[int, _Row]]:
        """The text of the branch file, and the row of a script that each of its lines is."""
        if not self.scene:
            self._guess_scene()
        title = _quoted((self.title or self.name)[:120])
        lines = ["xrdrama: 1", f"id: {self.name}", f"title: {title}", "language: en"]
        lines.append(f"scene: {self.scene}")
        if self.cast:
            people = (f"  {role}: {{name: {_quoted(name)}}}" for role, name in self.cast.items())
            lines += ["cast:", *people]
        lines.append("beats:")
        rows: dict[int, _Row] = {}
        scenes = [scene for scene in self.scenes if scene.rows or scene.is_named]
        for scene, after in zip(scenes, [*scenes[1:], None], strict=True):
            lines.append(f"  {scene.id}:")
            if scene.rows:
                lines.append("    script: |")
            for row in scene.rows:
                lines.append(f"      {row.text}")
                rows[len(lines)] = row
            lines.append(f"    next: {after.id}" if after else "    ending: the_end")
        return "\n".join(lines) + "\n", rows

    def _misread(self, text: str, rows: dict[int, _Row]) -> list[_Row]:
        """The rows that are not read as the line or action that they are."""
        story, problems, _ = parse_story(text, self.name)
        odd = [rows[p.line] for p in problems if p.severity == "error" and p.line in rows]
        if odd:
            return list(dict.fromkeys(odd))
        if story is None:
            first = next(p for p in problems if p.severity == "error")
            raise UsageError(
                f"this screenplay cannot be made into a story: line {first.line} of the story: "
                f"{first.message}",
                first.hint,
            )
        items = {item.place.line: item for beat in story.order for item in beat.script}
        return [row for line, row in rows.items() if not _is(items.get(line), row)]


def _is(item: Item | None, row: _Row) -> bool:
    if row.said:
        return isinstance(item, Line) and row.text.endswith(f": {item.text}") and not item.has_id
    return isinstance(item, Direction) and item.text == row.text


def _quoted(text: str) -> str:
    plain = "".join(sign for sign in text if sign.isprintable())
    return "'" + plain.replace("'", "''") + "'"
