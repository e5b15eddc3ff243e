"""Finds and reads content: shows, stories, stages, scenes. No other package reads such files.

The texts of the files are kept (`Loaded`), because a take embeds them: `produce` makes the same
Production from a take as from the files.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xrdrama.content.mouths import audio_hash, mouths_file, mouths_path
from xrdrama.content.places import (
    FOLDERS,
    SUFFIXES,
    TABLES,
    asset,
    beside,
    cache_folder,
    content_files,
    find,
    find_file,
    is_content,
    label,
    located,
    mentioned,
    names,
    roots,
    string_tables,
)
from xrdrama.content.projects import enter_project, notified, package_roots
from xrdrama.content.sounds import (
    SOUND_SUFFIXES,
    composed_name,
    dubbed_in,
    line_lengths,
    lines_of,
    sound_file,
    sound_in,
    sound_lengths,
    sounds_folder,
    sounds_index,
)
from xrdrama.content.texts import (
    MAX_BYTES,
    Written,
    edited,
    plain_text,
    read_text,
    read_written,
)

if TYPE_CHECKING:
    from xrdrama.content.loading import (
        Loaded,
        header_texts,
        is_story,
        load_show,
        load_story_file,
        with_stage,
        with_story_of,
        with_viewers,
    )
    from xrdrama.content.producing import looks_in, produce, produce_take, show_file
    from xrdrama.content.stages import files_of, load_stage_file, read_stage
    from xrdrama.content.stories import (
        draft_story_file,
        included_by,
        parse_story_file,
        read_story,
        story_files,
    )
    from xrdrama.content.tables import read_table, story_in, table_in

# Imported on first use: a check of one story does not need these modules.
_LATE = {
    "Loaded": "loading",
    "draft_story_file": "stories",
    "files_of": "stages",
    "header_texts": "loading",
    "included_by": "stories",
    "is_story": "loading",
    "load_show": "loading",
    "load_stage_file": "stages",
    "load_story_file": "loading",
    "looks_in": "producing",
    "parse_story_file": "stories",
    "produce": "producing",
    "produce_take": "producing",
    "read_stage": "stages",
    "read_table": "tables",
    "read_story": "stories",
    "show_file": "producing",
    "story_files": "stories",
    "story_in": "tables",
    "table_in": "tables",
    "with_stage": "loading",
    "with_story_of": "loading",
    "with_viewers": "loading",
}


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(f"xrdrama.content.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "FOLDERS",
    "MAX_BYTES",
    "SOUND_SUFFIXES",
    "SUFFIXES",
    "TABLES",
    "Loaded",
    "Written",
    "asset",
    "audio_hash",
    "beside",
    "cache_folder",
    "composed_name",
    "content_files",
    "draft_story_file",
    "dubbed_in",
    "edited",
    "enter_project",
    "files_of",
    "find",
    "find_file",
    "header_texts",
    "included_by",
    "is_content",
    "is_story",
    "label",
    "line_lengths",
    "lines_of",
    "load_show",
    "load_stage_file",
    "load_story_file",
    "located",
    "looks_in",
    "mentioned",
    "mouths_file",
    "mouths_path",
    "names",
    "notified",
    "package_roots",
    "parse_story_file",
    "plain_text",
    "produce",
    "produce_take",
    "read_stage",
    "read_story",
    "read_table",
    "read_text",
    "read_written",
    "roots",
    "show_file",
    "sound_file",
    "sound_in",
    "sound_lengths",
    "sounds_folder",
    "sounds_index",
    "story_files",
    "story_in",
    "string_tables",
    "table_in",
    "with_stage",
    "with_story_of",
    "with_viewers",
]
