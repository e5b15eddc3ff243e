"""The plate that panic shows on the walls: a still picture of a show or of a set."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.document import Field, OneOf, Place, Record
from xrdrama.document.filenames import FileName


class SafePlate(msgspec.Struct, frozen=True):
    """A PNG or JPEG file, and how it is placed on a wall of another shape.

    `fill` covers the wall and cuts off what does not fit; `fit` shows all of it, on black.
    """

    file: str
    fit: Literal["fill", "fit"] = "fill"
    place: Place = Place()


SAFE_PLATE = Record(
    SafePlate,
    {
        "file": Field(
            FileName("a .png or .jpg file in this one's folder"), "a PNG or JPEG file", True
        ),
        "fit": Field(
            OneOf(("fill", "fit")), "fill covers each wall (default), fit shows all on black"
        ),
    },
    "The picture that panic shows on every wall, instead of the dimmed set.",
    such_as="{file: plates/please_wait.png}",
)
