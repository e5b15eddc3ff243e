"""Fades instead of forced motion: the viewer's surroundings change only in the dark."""

from __future__ import annotations

import msgspec

OUT, IN = 0.25, 0.5
"""Seconds to black, and back."""


class Fade(msgspec.Struct, frozen=True):
    """The darkness, 0 to 1, and the place that is shown."""

    shows: str = ""
    dark: float = 1.0


def follow(fade: Fade, wanted: str, seconds: float) -> Fade:
    """The fade `seconds` later, when `wanted` shall be shown ("" = nothing: stay in the dark).

    The place changes only while it is black, and what is black stays one step of time.
    """
    if wanted == fade.shows and wanted:
        return Fade(fade.shows, max(0.0, fade.dark - seconds / IN))
    if fade.dark < 1.0:
        return Fade(fade.shows, min(1.0, fade.dark + seconds / OUT))
    return Fade(wanted, 1.0)
