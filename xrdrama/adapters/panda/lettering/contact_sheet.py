"""A contact sheet: pictures in rows and columns, each with its labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.panda.lettering.labels import label_picture

Picture = NDArray[np.uint8]
GAP: Final = 6
"""Pixels between two pictures."""
PAPER: Final = 24
"""The grey between them, as code value."""


def contact_sheet(rows: Sequence[tuple[str, Sequence[Picture]]], heads: Sequence[str]) -> Picture:
    """One picture of rows of pictures of equal size: each row has a name, each column a head."""
    height, width = rows[0][1][0].shape[:2]
    across = GAP + len(heads) * (width + GAP)
    down = GAP + len(rows) * (height + GAP)
    sheet = np.full((down, across, 3), PAPER, np.uint8)
    for row, (name, pictures) in enumerate(rows):
        for column, picture in enumerate(pictures):
            top, left = GAP + row * (height + GAP), GAP + column * (width + GAP)
            cell = sheet[top : top + height, left : left + width]
            cell[:] = picture
            _write(cell, name, right=False)
            _write(cell, heads[column], right=True)
    return sheet


def _write(cell: Picture, text: str, *, right: bool) -> None:
    """Put a label into the upper left or right corner of a picture."""
    label = label_picture(text)
    step = max(1, round(label.shape[0] / (cell.shape[0] / 9)))
    small = label[: label.shape[0] // step * step, : label.shape[1] // step * step]
    small = small.reshape(small.shape[0] // step, step, -1, step, 4).mean((1, 3))
    high, wide = min(small.shape[0], cell.shape[0]), min(small.shape[1], cell.shape[1])
    first = max(0, cell.shape[1] - wide - 4) if right else 4
    place = cell[4 : 4 + high, first : first + wide]
    small = small[: place.shape[0], : place.shape[1]]
    share = small[..., 3:] / 255.0
    place[:] = np.round(place * (1.0 - share) + small[..., :3] * share)
