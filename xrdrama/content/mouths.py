"""The mouth tracks of a story's lines: a file for each language that is spoken.

<id>.sounds/index.json        lengths of all sounds: `line/<line id>` in the story's own language,
                              `zh/line/<line id>` dubbed in another
<id>.sounds/mouths.json       tracks of the story's own language
<id>.sounds/zh/mouths.json    tracks of a dubbed one
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Final

from xrdrama.content.paths import resolve
from xrdrama.content.places import content_roots
from xrdrama.content.sounds import sounds_folder

MOUTHS: Final = "mouths.json"


def mouths_path(story: Path, dubbed: str = "") -> Path:
    """Where the tracks of a language are; "" is the story's own."""
    folder = sounds_folder(story)
    return folder / dubbed / MOUTHS if dubbed else folder / MOUTHS


def mouths_file(story: Path, dubbed: str = "") -> Path | None:
    """The file of the tracks of a language, or None. UsageError for a link outside the content."""
    path = mouths_path(story, dubbed)
    if not path.is_file():
        return None
    resolve(path.name, [path.parent], content_roots(story.parent))
    return path


def audio_hash(path: Path) -> str:
    """The hash of an audio file that its track carries: 32 hexadecimal digits."""
    return blake2b(path.read_bytes(), digest_size=16).hexdigest()
