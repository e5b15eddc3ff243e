"""`xrdrama import` and `xrdrama export`: stories from and to the formats of other tools."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from xrdrama import content, plugins
from xrdrama.document.names import is_name
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.saving import save
from xrdrama.story import Line, Story, parse_story
from xrdrama.story.formats import Exporter, ImportedStory, NotCarriedOver, Recording
from xrdrama.timing import NS
from xrdrama.tools.foreign import importer_of, read_foreign


class Imported(msgspec.Struct, frozen=True):
    """What an import brought: counts, and what is not in the branch file."""

    beats: int
    options: int
    not_carried_over: tuple[NotCarriedOver, ...]


def import_story(
    file: Path, out: Path, kind: str = "", scene: str = "",
    notice: Callable[[str], None] = lambda _: None,
) -> Imported:  # fmt: skip
    """Write the story of another tool's file as the branch file `out`, with `scene` as its set.

    `notice` gets the warnings of a compiler.

    UsageError for a format that no importer reads, a text that it cannot read and an `out` that
    exists; AuthoringError with the problems of a file that has errors; DeviceError when `out`
    cannot be written.
    """
    suffix = content.SUFFIXES["story"]
    if not out.name.endswith(suffix):
        raise UsageError(f"{out} is not the name of a branch file", f"write --out NAME{suffix}")
    _refuse_existing(out)
    imported = read_foreign(file, kind or _reader_of(file), out.name.removesuffix(suffix), notice)
    imported = _in_scene(imported, scene) if scene else imported
    story, problems, _ = parse_story(imported.text, str(out))
    if story is None:
        first = next(problem for problem in problems if problem.severity == "error")
        raise UsageError(f"the importer made no valid story of {file}: {first.message}", first.hint)
    save(out, imported.text)
    options = sum(len(beat.choice.options) for beat in story.order if beat.choice)
    return Imported(len(story.order), options, imported.not_carried_over)


def _in_scene(imported: ImportedStory, scene: str) -> ImportedStory:
    """The story with another default set; that its own is guessed is not listed."""
    if not is_name(scene):
        raise UsageError(f"--scene {scene!r} is not the name of a set",
                         "write the name of its folder, such as lantern_street")  # fmt: skip
    lost = [one for one in imported.not_carried_over if not one.what.startswith("scene: ")]
    text = re.sub(r"(?m)^scene: .*$", f"scene: {scene}", imported.text, count=1)
    return ImportedStory(text, tuple(lost))


class Exported(msgspec.Struct, frozen=True):
    """A story as a file of another tool: its text, and what of the story is not in it."""

    content: str | bytes
    file: str
    """The branch file."""
    not_carried_over: tuple[NotCarriedOver, ...]


def export_story(name: str, kind: str, out: Path | None = None, language: str = "") -> Exported:
    """A story as a file of another tool; it is also written to `out`, if that is given.

    `language`: that of a string table; "" is the story's own. UsageError for a format that no
    exporter writes, a language without a table and an `out` that exists; AuthoringError for a table
    with errors; DeviceError when `out` cannot be written.
    """
    if out is not None:
        _refuse_existing(out)
    exporter = plugins.exporter(kind)
    own, path = content.load_story_file(name)
    story = content.story_in(language, own, path)
    if getattr(exporter, "RECORDINGS", False):
        found = recordings_of(story, path, "" if story is own else language)
        exporter = _WithRecordings(exporter, found)
    made, lost = _written(exporter, kind, story)
    if out is not None:
        save(out, made)
    return Exported(made, story.file, lost)


def recordings_of(story: Story, path: Path, dubbed: str = "") -> dict[str, Recording]:
    """The recording of each line, in the story's own language or dubbed in another."""
    folder = content.sounds_folder(path)
    index = content.sounds_index(path)
    lengths = content.sound_lengths(content.read_text(index)) if index else {}
    found = {}
    for beat in story.order:
        for item in beat.script:
            if isinstance(item, Line):
                name = f"{dubbed}/line/{item.id}" if dubbed else f"line/{item.id}"
                file = content.sound_file(folder, name)
                length = lengths.get(name) if file else None
                suffix = file.suffix if file else ".ogg"
                found[item.id] = Recording(
                    f"{folder.name}/{name}{suffix}", file is not None,
                    length / NS if length is not None else None,
                )  # fmt: skip
    return found


class _WithRecordings:
    """An exporter with the recordings that it lists."""

    def __init__(self, exporter: Any, recordings: dict[str, Recording]) -> None:
        self.exporter, self.recordings = exporter, recordings
        self.not_carried_over = getattr(exporter, "not_carried_over", lambda _: ())

    def write(self, story: Story) -> str | bytes:
        """The exported story."""
        made: str | bytes = self.exporter.write(story, self.recordings)
        return made


def _written(
    exporter: Exporter, kind: str, story: Story
) -> tuple[str | bytes, tuple[NotCarriedOver, ...]]:
    lost = getattr(exporter, "not_carried_over", lambda _: ())
    try:
        found = sorted(lost(story), key=lambda one: (one.file != "", one.file, one.line, one.what))
        return exporter.write(story), tuple(found)
    except XrdramaError:
        raise
    except Exception as error:
        raise UsageError(
            f"the exporter {kind!r} failed: {type(error).__name__}: {error}",
            "update or remove its package",
        ) from error


def _refuse_existing(out: Path) -> None:
    if out.exists():
        raise UsageError(f"{out} exists already", "name another file with --out, or delete it")


def _reader_of(file: Path) -> str:
    name = importer_of(file)
    if name:
        return name
    names = plugins.known(plugins.IMPORTERS)
    raise UsageError(
        f"no importer reads {file.name}",
        f"if it has one of these formats, add --from {' or --from '.join(names)}",
    )
