"""The points of a survey file, as written."""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.spatial import Vec3

Form = Literal["name", "grid", "pixels"]
"""How the points of a file say where they are on the wall."""


class Measured(msgspec.Struct, frozen=True):
    """A point of a survey: where it is on the wall, and in the stage (metres).

    `key` is a corner's name, or column and row in panels or pixels, counted from the wall's upper
    left as the audience sees it.
    """

    label: str
    line: int
    key: str | tuple[float, float]
    at: Vec3


class SurveyFile(msgspec.Struct, frozen=True):
    """The points of a survey file."""

    form: Form
    points: tuple[Measured, ...]
