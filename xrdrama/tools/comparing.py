"""`xrdrama diff`: reads two versions of a story with their string tables, and compares them."""

from __future__ import annotations

from pathlib import Path

from xrdrama import content
from xrdrama.authoring.comparing import Change, compare
from xrdrama.errors import UsageError
from xrdrama.story import Story
from xrdrama.story.strings import StringTable

NOTHING = ("/dev/null", "nul")
"""What git names instead of a file that does not exist in one of the versions."""


def compare_files(old: str, new: str) -> list[Change]:
    """The changes between two stories, by name or path.

    Tables of the newer version are used for both if the older one has no tables beside it, as for
    the files that git makes. AuthoringError for a story that cannot be loaded, UsageError for a
    file that cannot be read.
    """
    for name, other in ((old, "new"), (new, "deleted")):
        if name.lower() in NOTHING:
            raise UsageError(f"there is nothing to compare: the story is {other}", "name two files")
    before, path = content.load_story_file(old)
    after, its_path = content.load_story_file(new)
    new_tables = _tables(after, its_path)
    old_tables = _tables(before, path) or new_tables
    return compare(before, after, old_tables, new_tables)


def _tables(story: Story, path: Path) -> dict[str, StringTable]:
    return {
        language: content.read_table(table, language, story)[0]
        for language, table in content.string_tables(path)
    }
