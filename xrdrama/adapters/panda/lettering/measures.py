"""How large letters are in a picture, and where text may be: the same for every output."""

from __future__ import annotations

from typing import Final, NamedTuple

CAPTION: Final = 0.042
"""Height of a caption's letters as a share of the picture's height, or of its width when that is
less: a tablet, a phone held upright and a cinema read the same (look-and-drama.md, 10)."""
SMALLEST: Final = 6
"""Smallest size of letters, pixels, whatever the size of the window."""
LEAST: Final = 0.6
"""Letters are made smaller down to this share of their size; below it they cannot be read from
where viewers stand. `xrdrama check` warns of texts that do not fit then."""
SAFE: Final = 0.05
"""The margin on each side that text keeps free: title-safe, 90 % (EBU R 95, SMPTE ST 2046-1)."""
SCALES: Final = (1.0, 0.92, 0.84, 0.77, 0.7, 0.65, LEAST)
SECOND: Final = 0.9
"""Size of a second language's letters as a share of the first's."""


class Words(NamedTuple):
    """A text and its language (BCP 47), which decides fonts, line breaks and direction."""

    text: str
    language: str = ""


class Safe(NamedTuple):
    """Where text may be in a picture: pixels from the lower left."""

    left: int
    bottom: int
    right: int
    top: int

    @property
    def width(self) -> int:
        """Pixels across, at least one."""
        return max(1, self.right - self.left)

    @property
    def height(self) -> int:
        """Pixels up, at least one."""
        return max(1, self.top - self.bottom)


def safe_area(size: tuple[int, int]) -> Safe:
    """The part of a picture of `size` pixels that text stays in."""
    across, up = round(size[0] * SAFE), round(size[1] * SAFE)
    return Safe(across, up, size[0] - across, size[1] - up)


def letters(size: tuple[int, int], scale: float = 1.0) -> int:
    """Pixels of an em of captions in a picture of `size` pixels."""
    return max(SMALLEST, round(min(size) * CAPTION * scale))
