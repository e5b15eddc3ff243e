"""Size and pose of the text panels around a viewer with a headset."""

from __future__ import annotations

from typing import Final

from xrdrama.adapters.openxr.interaction.aiming import in_front
from xrdrama.spatial import IDENTITY, Pose, Vec3

SHEET: Final = (1280, 720)
"""Width and height in pixels of the captions' panel and of the choice's panel."""
WIDTH: Final = 2.5
"""Width of such a panel in metres; its letters are then 1.8 degrees high."""
BOARD_AWAY, BOARD_BELOW = 1.8, 0.42
"""Metres from the eyes to the middle of the cards, and metres below the eyes."""


SIZES: Final = {"small": 0.75, "medium": 1.0, "large": 1.4}
"""How large captions are, relative to `WIDTH`."""


def board_before(
    head: Pose,
    box: tuple[float, float, float, float],
    *,
    away: float = BOARD_AWAY,
    raised: float = 0.0,
) -> Pose:
    """The pose of a panel whose part `box` is in front of a viewer, a little below the eyes."""
    place = in_front(head, distance=away, below=BOARD_BELOW - raised)
    return place * Pose(-on_sheet(*middle(box)), IDENTITY)


def on_sheet(x: float, y: float, size: float = 1.0) -> Vec3:
    """A pixel of a panel (from its lower left corner) in metres from the panel's middle, for a
    panel that is `size` times as large as usual."""
    scale = WIDTH * size / SHEET[0]
    return Vec3((x - SHEET[0] / 2) * scale, 0.0, (y - SHEET[1] / 2) * scale)


def middle(box: tuple[float, float, float, float]) -> tuple[float, float]:
    """The middle of a box (left, bottom, right, top)."""
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
