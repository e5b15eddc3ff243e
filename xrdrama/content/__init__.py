"""The only reader of content: shows, stories, stages, scenes, wherever they lie.

What was read is kept as text (`Loaded`), because that is what a take embeds: `produce` makes the
same Production from a take as from the files.
"""

from xrdrama.content.loading import Loaded, header_texts, load_show, load_story_file
from xrdrama.content.places import (
    FOLDERS,
    SUFFIXES,
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
    package_roots,
    roots,
    string_tables,
)
from xrdrama.content.producing import produce, show_file
from xrdrama.content.sounds import (
    line_lengths,
    sound_file,
    sound_lengths,
    sounds_folder,
    sounds_index,
)
from xrdrama.content.texts import Written, plain_text, read_text, read_written

__all__ = [
    "FOLDERS",
    "SUFFIXES",
    "Loaded",
    "Written",
    "asset",
    "beside",
    "cache_folder",
    "content_files",
    "find",
    "find_file",
    "header_texts",
    "is_content",
    "label",
    "line_lengths",
    "load_show",
    "load_story_file",
    "located",
    "mentioned",
    "names",
    "package_roots",
    "plain_text",
    "produce",
    "read_text",
    "read_written",
    "roots",
    "show_file",
    "sound_file",
    "sound_lengths",
    "sounds_folder",
    "sounds_index",
    "string_tables",
]
