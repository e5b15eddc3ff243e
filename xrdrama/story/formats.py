"""Formats of other tools: what an importer and an exporter of stories must do."""

from __future__ import annotations

from typing import Protocol

import msgspec

from xrdrama.story.model import Story


class NotCarriedOver(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """What an importer or exporter could not bring into the other format: the line of the file that
    was read, and what it was."""

    line: int
    what: str
    file: str = ""
    """The file of the line, if it is another one than was named: one that the story includes."""


class ImportedStory(msgspec.Struct, frozen=True):
    """The text of a branch file that can be parsed, and what of the other file is not in it."""

    text: str
    not_carried_over: tuple[NotCarriedOver, ...] = ()


class Importer(Protocol):
    """What an entry point of `xrdrama.importers` names: a module, class or object. It may have
    `SUFFIXES`, the ends of names of files that it reads, such as `(".fountain",)`."""

    def read(self, text: str, name: str) -> ImportedStory:
        """The story of a file's text, with the id `name`. Any text is read, or UsageError, or
        AuthoringError with the positions of its errors."""


class Recording(msgspec.Struct, frozen=True):
    """The recording of a line: the file that it must have, below the story's folder, whether it is
    there, and its length if that is known."""

    file: str
    is_there: bool = False
    seconds: float | None = None


class Exporter(Protocol):
    """What an entry point of `xrdrama.exporters` names: a module, class or object. It may have
    `not_carried_over(story)`, which returns a tuple of NotCarriedOver with the lines of the branch
    file: what the other format cannot hold. The story is in the language that was asked for.

    An exporter with the attribute `RECORDINGS = True` is called with a second argument, the
    recordings of the lines by their ids."""

    def write(self, story: Story) -> str | bytes:
        """The content of a file of the other format."""
