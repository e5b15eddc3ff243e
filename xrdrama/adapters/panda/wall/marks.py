"""The number of a frame as black and white blocks in a corner of each canvas, for machines.

32 bits of the number, the highest first, and 8 bits of a check sum, in five rows of eight blocks,
within a frame that is white to the left and above and black to the right and below. Two pictures
of one wall that were taken at one time show the same number, or its nodes are not in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from panda3d.core import CardMaker, LVecBase4f, NodePath, OmniBoundingVolume

from xrdrama.adapters.panda.shading import shader
from xrdrama.stage.canvases import Canvas

Picture = NDArray[np.uint8]
BLOCK: Final = 6
"""Pixels of a block across and down."""
ACROSS, DOWN = 10, 7
"""Blocks, with the frame."""
_WEIGHTS: Final = (7, 3, 1, 5)


def blocks_of(number: int) -> NDArray[np.bool_]:
    """The blocks of a frame's number, (7, 10), rows from the top: True is white."""
    number %= 1 << 32
    octets = [*number.to_bytes(4, "big"), _check(number)]
    bits = np.unpackbits(np.array(octets, np.uint8)).reshape(5, 8)
    blocks = np.zeros((DOWN, ACROSS), bool)
    blocks[0], blocks[:, 0] = True, True
    blocks[-1], blocks[:, -1] = False, False
    blocks[1:-1, 1:-1] = bits
    return blocks


def number_in(picture: Picture) -> int | None:
    """The frame's number in the upper left corner of a canvas's picture (rows from the top, RGB);
    None without one that can be read."""
    if picture.shape[0] < DOWN * BLOCK or picture.shape[1] < ACROSS * BLOCK:
        return None
    corner = picture[: DOWN * BLOCK, : ACROSS * BLOCK].astype(np.float64).mean(2)
    blocks = corner.reshape(DOWN, BLOCK, ACROSS, BLOCK).mean((1, 3)) > 127.5
    octets = np.packbits(blocks[1:-1, 1:-1].astype(np.uint8).reshape(-1))
    number = int.from_bytes(octets[:4].tobytes(), "big")
    return number if np.array_equal(blocks, blocks_of(number)) else None


def _check(number: int) -> int:
    return (
        sum(w * octet for w, octet in zip(_WEIGHTS, number.to_bytes(4, "big"), strict=True)) % 251
    )


class FrameMarks:
    """The blocks on some canvases, under `root`, which is drawn to the picture of all canvases."""

    def __init__(self, root: NodePath, whole: tuple[int, int], canvases: Sequence[Canvas]) -> None:
        self._root = root.attach_new_node("frame marks")
        for canvas in canvases:
            left, top = canvas.at
            card = CardMaker("frame mark")
            card.set_frame(
                *(2.0 * x / whole[0] - 1.0 for x in (left, left + ACROSS * BLOCK)),
                *(1.0 - 2.0 * y / whole[1] for y in (top + DOWN * BLOCK, top)),
            )
            path = self._root.attach_new_node(card.generate())
            path.set_shader_input("corner", LVecBase4f(left, whole[1] - top, BLOCK, 0.0))
            path.node().set_bounds(OmniBoundingVolume())
            path.node().set_final(True)
        self._root.set_shader(shader("lens.vert", "mark.frag"))
        self._root.set_bin("fixed", 20)  # after test patterns
        self.show(0)

    def show(self, number: int) -> None:
        """Draw a frame's number from the next picture on."""
        number %= 1 << 32
        self._root.set_shader_inputs(
            octets=LVecBase4f(*number.to_bytes(4, "big")),
            check=LVecBase4f(_check(number), 0.0, 0.0, 0.0),
        )
