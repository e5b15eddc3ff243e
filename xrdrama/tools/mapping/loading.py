"""Reads what a map shows: the story, its findings, and its coverage."""

from __future__ import annotations

from pathlib import Path

import msgspec

from xrdrama import content
from xrdrama.authoring.mapping.chapters import By
from xrdrama.authoring.mapping.mapped import StoryMap, mapped
from xrdrama.authoring.mapping.marks import Coverage, Marks, marks_of, unknown_names
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.story import Story
from xrdrama.tools.checking.contents import check_file

MOST_NAMED = 5


class Loaded(msgspec.Struct, frozen=True):
    """A story with its map and its marks; `notes` say what is missing from them."""

    story: Story
    map: StoryMap
    marks: Marks
    notes: tuple[str, ...]


def load_map(name: str, by: By, heat: Path | None, language: str = "") -> Loaded:
    """The map of a story by name or path.

    A story with errors is drawn as far as it can be read; AuthoringError when nothing can be read.
    UsageError for coverage that cannot be read or belongs to another story, and for a `language`
    without a string table.
    """
    path, notes = content.find("story", name), list[str]()
    try:
        story, path = content.load_story_file(name)
    except AuthoringError:
        draft, problems = content.draft_story_file(path, content.read_text(path))
        if draft is None or draft.start not in draft.beats:
            raise
        story = draft
        count = sum(problem.severity == "error" for problem in problems)
        notes.append(
            f"the story has {count} error{'' if count == 1 else 's'}; what could be read is drawn"
        )
    story = content.story_in(language, story, path)
    coverage = _coverage(heat, story, notes) if heat else None
    marks = marks_of(story, check_file(path), coverage)
    return Loaded(story, mapped(story, by), marks, tuple(notes))


def _coverage(file: Path, story: Story, notes: list[str]) -> Coverage:
    text = content.read_text(content.find_file(str(file), "there is no file"))
    try:
        coverage = msgspec.json.decode(text, type=Coverage)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise UsageError(
            f"{file} is not a coverage file: {error}",
            "make one with xrdrama test PATH --random N --coverage FILE",
        ) from None
    if coverage.story not in ("", story.id):
        raise UsageError(
            f"{file} is the coverage of the story {coverage.story!r}, not of {story.id!r}",
            "name the coverage of this story",
        )
    lost = unknown_names(story, coverage)
    if lost:
        more = f" and {len(lost) - MOST_NAMED} more" if len(lost) > MOST_NAMED else ""
        named = ", ".join(lost[:MOST_NAMED])
        notes.append(
            f"{file} counts what the story does not have, which is not shown: {named}{more}"
        )
    return coverage
