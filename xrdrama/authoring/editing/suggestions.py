"""One suggestion of a completion, and the lists of names that several of them offer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from xrdrama.authoring.editing.occurrences import Kind
from xrdrama.authoring.editing.project import Project

Sort = Literal["beat", "group", "variable", "role", "scene", "cue", "name", "key", "word"]


class Suggestion(msgspec.Struct, frozen=True):
    """What is listed and inserted, with a note beside it."""

    label: str
    sort: Sort
    note: str = ""
    insert: str = ""
    """The inserted text, if it is not the label."""


def beat_items(project: Project) -> Iterator[Suggestion]:
    """The beats and storylet groups that a path can lead to."""
    for name, one in project.defined("beat").items():
        if one.group:
            yield Suggestion(name, "group", "storylet group")
        else:
            yield Suggestion(name, "beat", "beat")


def variable_items(project: Project) -> Iterator[Suggestion]:
    """The variables with their types."""
    for name, note in project.variables.items():
        yield Suggestion(name, "variable", note.text)


def names(project: Project, kind: Kind) -> Iterator[Suggestion]:
    """The names of a kind that the story uses already."""
    for name in project.used(kind):
        yield Suggestion(name, "name", kind)
