"""What a story says of its printed markers; `markers` computes their patterns."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.document import Place


class Marker(msgspec.Struct, frozen=True):
    """What a story says of one of its printed markers. `title` is printed beside it; with `once`
    "viewer", each viewer can use it once."""

    id: str
    place: Place
    title: str = ""
    once: Literal["", "viewer"] = ""
