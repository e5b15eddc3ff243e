"""What a story can use of the files around it: sets, cues, sounds, translations, shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from xrdrama import content
from xrdrama.authoring.editing.project import Around, CueNote, SetNote
from xrdrama.content.projects import folders_to_project
from xrdrama.document import Mapping, compose
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.scene.cues import length
from xrdrama.scene.parse import parse_scene

MOST_SHOWS = 200


def around_of(main: Path) -> Around:
    """The sets, sounds, stories and translations that a story can name."""
    return Around(
        dict(_sets(main)), _sounds(main), dict(_stories(main)), dict(_tables(main))
    )  # fmt: skip


def _sets(main: Path) -> Iterator[tuple[str, SetNote]]:
    for name in content.names("scene", main.parent):
        try:
            file = content.mentioned("scene", name, main.parent)
            yield name, _set_note(content.read_text(file), str(file))
        except UsageError:
            continue  # reported as a diagnostic where it is used


@lru_cache(64)
def _set_note(text: str, file: str) -> SetNote:
    scene, _ = parse_scene(text, file)
    root = compose(text, file, [])
    written = root.get("cues") if isinstance(root, Mapping) else None
    lines = {
        key.text: (key.place.line, key.place.column)
        for key, _ in (written.entries if isinstance(written, Mapping) else ())
    }
    cues = {
        cue.id: CueNote(
            cue.doc, length(cue) / 1e9, tuple(dict.fromkeys(move.param for move in cue.moves))
        )
        for cue in (scene.cues.values() if scene else ())
    }
    return SetNote(file, cues, lines)


def _sounds(main: Path) -> tuple[str, ...]:
    try:
        index = content.sounds_index(main)
        return tuple(content.sound_lengths(content.read_text(index))) if index else ()
    except UsageError:
        return ()


def _stories(main: Path) -> Iterator[tuple[str, str]]:
    for name in content.names("story", main.parent):
        try:
            yield name, str(content.mentioned("story", name, main.parent))
        except UsageError:
            continue


def _tables(main: Path) -> Iterator[tuple[str, dict[str, str]]]:
    try:
        story, _ = content.draft_story_file(main, content.read_text(main))
        if story is None:
            return
        for language, table in content.string_tables(main):
            read, _ = content.read_table(table, language, story)
            yield language, read.texts
    except (UsageError, AuthoringError):
        return


def shows_of(story: str, main: Path) -> list[Path]:
    """The show files of the project that play a story; never those of the installed package."""
    found: list[Path] = []
    for root in dict.fromkeys((main.parent, *folders_to_project(main.parent))):
        for folder in content.FOLDERS["show"]:
            found += sorted((root / folder).glob("*" + content.SUFFIXES["show"]))[:MOST_SHOWS]
    named = []
    for file in dict.fromkeys(path.resolve() for path in found):
        try:
            text = content.read_text(file)
        except UsageError:
            continue
        if any(row.partition("#")[0].split() == ["story:", story] for row in text.splitlines()):
            named.append(file)
    return named
