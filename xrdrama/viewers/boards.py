"""The sheets of words that float round a viewer with a headset: how large, and where."""

from __future__ import annotations

from typing import Final

from xrdrama.adapters.openxr.interaction.aiming import in_front
from xrdrama.spatial import IDENTITY, Pose, Vec3

SHEET: Final = (1280, 720)
"""Pixels of captions and of the choice's board."""
WIDTH: Final = 2.5
"""Metres that such a sheet is wide; its letters are then 1.8 degrees high."""
BOARD_AWAY, BOARD_BELOW = 1.8, 0.42
"""Metres from the eyes to the middle of the cards, and below them."""


def board_before(head: Pose, box: tuple[float, float, float, float]) -> Pose:
    """Where a sheet stands so that the part of it in `box` is before a viewer, a little below."""
    place = in_front(head, distance=BOARD_AWAY, below=BOARD_BELOW)
    return place * Pose(-on_sheet(*middle(box)), IDENTITY)


def on_sheet(x: float, y: float) -> Vec3:
    """A pixel of a sheet, from its lower left, as a place on its plane: metres from its middle."""
    scale = WIDTH / SHEET[0]
    return Vec3((x - SHEET[0] / 2) * scale, 0.0, (y - SHEET[1] / 2) * scale)


def middle(box: tuple[float, float, float, float]) -> tuple[float, float]:
    """The middle of left, bottom, right, top."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
