"""Which keys of a file hold prose: text that its author indents, and that YAML knows nothing of."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

Note = Callable[[int, int, str, str, str], None]
"""Line and column from 1, code, message, hint."""


class Prose(msgspec.Struct, frozen=True):
    """Which keys hold prose, and which may stand beside them."""

    keys: Collection[str]
    beside: Collection[str] = ()
