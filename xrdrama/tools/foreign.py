"""Stories in files of other tools: read by their importer, to be played and tested as they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from xrdrama import content, plugins
from xrdrama.document.names import as_name
from xrdrama.errors import AuthoringError, UsageError, XrdramaError
from xrdrama.story import Story, load_story
from xrdrama.story.formats import ImportedStory, NotCarriedOver
from xrdrama.tools.ink.opening import compiled_text


class ForeignStory(msgspec.Struct, frozen=True):
    """A story of another tool's file, and what of the file is not in it."""

    story: Story
    path: Path
    not_carried_over: tuple[NotCarriedOver, ...] = ()


def importer_of(file: Path) -> str:
    """The name of the importer that reads a file with this name, or ""."""
    if not file.suffix:
        return ""
    for name in plugins.known(plugins.IMPORTERS):
        if file.name.endswith(tuple(getattr(plugins.importer(name), "SUFFIXES", ()))):
            return name
    return ""


def read_foreign(
    file: Path, kind: str, name: str, notice: Callable[[str], None] = lambda _: None
) -> ImportedStory:
    """The story of a file, read by the importer `kind`, with the id `name`.

    `notice` gets the warnings of a compiler. AuthoringError with the problems of the file at their
    positions in it; UsageError for a text that the importer cannot read.
    """
    path = content.find_file(str(file), "there is no file")
    text = compiled_text(path, notice) if kind == "ink" else content.read_text(path)
    return _made_of(text, file, kind, name)


def _made_of(text: str, file: Path, kind: str, name: str) -> ImportedStory:
    try:
        return plugins.importer(kind).read(text, name)
    except AuthoringError as error:
        raise AuthoringError(
            msgspec.structs.replace(problem, file=str(file)) for problem in error.problems
        ) from None
    except XrdramaError:
        raise
    except Exception as error:
        raise UsageError(
            f"the importer {kind!r} failed: {type(error).__name__}: {error}",
            "update or remove its package",
        ) from error


def load_any_story(name: str, notice: Callable[[str], None] = lambda _: None) -> ForeignStory:
    """A story by name, by its branch file, or by a file of another tool that an importer reads.

    `notice` gets the warnings of a compiler. AuthoringError or UsageError as for
    `content.load_story_file` and `read_foreign`.
    """
    file = Path(name)
    kind = "" if name.endswith(content.SUFFIXES["story"]) else importer_of(file)
    if not kind:
        return ForeignStory(*content.load_story_file(name))
    return _loaded(read_foreign(file, kind, _stem(file), notice), file)


def story_of_text(text: str, file: Path, kind: str) -> ForeignStory:
    """The story of a file's text, which has been read or compiled already. Errors as for
    `load_any_story`."""
    return _loaded(_made_of(text, file, kind, _stem(file)), file)


def _stem(file: Path) -> str:
    return as_name(file.name.partition(".")[0]) or "story"


def _loaded(made: ImportedStory, file: Path) -> ForeignStory:
    return ForeignStory(load_story(made.text, str(file)), file, made.not_carried_over)
