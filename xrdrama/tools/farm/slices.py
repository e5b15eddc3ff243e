"""Slices of a take: what is drawn at once, and what is kept of it.

A slice is named by everything that its pictures depend on: the take, the frames, and how they are
drawn. So a slice that is in the store is never drawn again, and drawing it twice changes nothing.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import Final

import msgspec

from xrdrama import __version__
from xrdrama.show.filming import Filming
from xrdrama.tools.takes.instead import Instead

MOST_MANIFEST: Final = 4 << 20
"""Bytes of a manifest in a store."""


class Slice(msgspec.Struct, frozen=True):
    """Frames with index `first` to `last` (exclusive) of the take with this SHA-256."""

    take: str
    first: int
    last: int
    quality: str
    instead: Instead
    filming: Filming
    program: str = __version__

    @property
    def name(self) -> str:
        """The name of its manifest in a store."""
        data = msgspec.json.encode(self, order="deterministic")
        return f"slices/{sha256(data).hexdigest()}.json"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was drawn of a slice."""

    slice: Slice
    different: int
    """Frames that differ from those of the take."""
    pixels: tuple[str, ...]
    """The SHA-256 of each frame's picture of the wall, in hex."""
    beyond: str
    """That of the frame after the slice; "" after the last one."""
    files: dict[str, str]
    """The SHA-256 of each of its videos, in hex, by the video's name."""

    def fault(self, wanted: Slice) -> str:
        """Why it is not the manifest of a slice; "" if it is."""
        if self.slice != wanted:
            return "it is that of another slice"
        if len(self.pixels) != wanted.last - wanted.first:
            return f"it has {len(self.pixels)} frames instead of {wanted.last - wanted.first}"
        return ""


def slices_of(whole: Slice, size: int) -> list[Slice]:
    """The slices of a take, each of `size` frames but the last."""
    firsts = range(whole.first, whole.last, size)
    return [
        msgspec.structs.replace(whole, first=first, last=min(first + size, whole.last))
        for first in firsts
    ]


def disagreements(manifests: list[Manifest]) -> list[int]:
    """The indices of slices whose first picture of the wall is not the one that the slice before it
    has drawn of the same frame: one of the two was drawn with other contents, or is false."""
    return [
        index + 1
        for index, (one, after) in enumerate(pairwise(manifests))
        if one.beyond != after.pixels[0]
    ]
