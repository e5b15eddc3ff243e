"""A screenplay of another tool, built up scene by scene, then written as a branch file.

A screenplay has one path, so it becomes a story with one: each scene heading begins a beat that
leads to the next. What the script of a beat would not read as it was meant is left out and listed.
"""

from __future__ import annotations

import re

import msgspec

from xrdrama.authoring.canonical import with_line_ids
from xrdrama.document.names import as_name, is_name
from xrdrama.errors import UsageError
from xrdrama.story import Line, parse_story
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.story.model import Direction, Item
from xrdrama.story.screenplay.speakers import capitals, is_speaker, role_of

HEADING = re.compile(r"(INT|EXT|EST|INT\.?/EXT|I/E)[. ].*", re.IGNORECASE)


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


class Screenplay:
    """What is read of a screenplay: its scenes with their rows, its cast, and what is left out."""

    def __init__(self, name: str, remedy: str) -> None:
        """`remedy`: how a spoken line is written in this format."""
        self.remedy = remedy
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

    def lose(self, line: int, what: str) -> None:
        """List what is not carried over."""
        self.lost.append(NotCarriedOver(line, what))

    def heading(self, text: str, line: int) -> None:
        """Begin a beat with a scene heading; not right below a section that names the beat.

        In an exported story, which names its set, sections name all beats: there no heading does.
        """
        last = self.scenes[-1] if self.scenes else None
        if not (last and last.is_named and (self.scene or not last.rows)):
            self.begin(text)
        self._row(_Row(line, text.upper() if HEADING.fullmatch(text) else text))

    def action(self, text: str, line: int) -> None:
        """Add an action to the script of the current beat."""
        self._row(_Row(line, text))

    def say(self, name: str, manner: str, text: str, line: int) -> None:
        """Add a spoken line; a name that cannot be that of a role is listed."""
        if not text:
            return
        role = role_of(name)
        if not is_name(role) or not is_speaker(capitals(role)):
            self.lose(line, f"the name {name[:40]!r}: {text[:60]}")
            return
        self.cast.setdefault(role, name.title() if name == name.upper() else name)
        how = f" ({re.sub('[()（）]', '', manner)[:80]})" if manner else ""
        self._row(_Row(line, f"{capitals(role)}{how}: {text}", said=True))

    def begin(self, heading: str, *, is_named: bool = False) -> None:
        """Begin a beat with an id made of a heading; `is_named`: with exactly this id."""
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
        row = next((row for row in rows if HEADING.fullmatch(row.text)), rows[0])
        place = re.sub(r"^(INT|EXT|EST|I/E)\b[./EXT]*\s*", "", row.text).partition(" - ")[0]
        name = as_name(place)[:40].strip("_") if HEADING.fullmatch(row.text) else ""
        self.scene = name if is_name(name) else "stage"
        self.lose(
            row.line, f"scene: {self.scene} is guessed: make that set, or write the name of yours"
        )

    # -- writing the branch file ----------------------------------------------------------------

    def story(self) -> ImportedStory:
        """The branch file. What a script would not read as it was meant is left out, and listed."""
        while True:
            if not any(row.said for scene in self.scenes for row in scene.rows):
                raise UsageError("nobody says anything in this screenplay", self.remedy)
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
        said = "".join(row.text for scene in self.scenes for row in scene.rows if row.said)
        language = language_of(said)
        lines = ["xrdrama: 1", f"id: {self.name}", f"title: {title}", f"language: {language}"]
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


def language_of(text: str) -> str:
    """The language of what is said: zh for Chinese characters without Japanese or Korean ones."""
    letters = sum(sign.isalpha() for sign in text)
    han = len(re.findall("[\u3400-\u9fff]", text))
    if 2 * han <= letters:
        return "en"
    return "ja" if re.search("[\u3040-\u30ff]", text) else "zh"


def _is(item: Item | None, row: _Row) -> bool:
    if row.said:
        return isinstance(item, Line) and row.text.endswith(f": {item.text}") and not item.has_id
    return isinstance(item, Direction) and item.text == row.text


def _quoted(text: str) -> str:
    plain = "".join(sign for sign in text if sign.isprintable())
    return "'" + plain.replace("'", "''") + "'"
