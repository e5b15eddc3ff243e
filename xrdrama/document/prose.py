"""The keys of a file that contain prose: free text in a literal block."""

from __future__ import annotations

from collections.abc import Callable, Collection

import msgspec

Note = Callable[[int, int, str, str, str], None]
"""Line and column from 1, code, message, hint."""


class Prose(msgspec.Struct, frozen=True):
    """The keys that contain prose, and the keys that may be beside them."""

    keys: Collection[str]
    beside: Collection[str] = ()
