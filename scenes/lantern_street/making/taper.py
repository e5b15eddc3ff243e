"""The flame of the taper that Grandmother Shen holds, and its glow in the air and on the stones."""

from __future__ import annotations

import numpy as np
from making.mesh import Mesh
from making.shapes import card, turned

# In the set's frame, above her right hand in the gesture `hold_taper` on the mark `grandmother`:
# the light `taper` and the sparks of scene.yaml are there, too.
FLAME = (-2.417, 6.230, 1.168)


def taper(mesh: Mesh) -> None:
    """The flame, which sways, with its cards."""
    z = np.linspace(-0.038, 0.05, 10)
    radius = np.interp(
        z, [-0.038, -0.03, -0.018, -0.004, 0.012, 0.032, 0.05],
        [0.001, 0.007, 0.0105, 0.0115, 0.0085, 0.0035, 0.0003],
    )  # fmt: skip
    flame = turned(list(zip(radius, z, strict=True)), 14)
    # Blue and dark at the wick, white in the middle, orange at the tip.
    rows = ((0.10, 0.5, 0.9, 0.30), (0.10, 0.42, 0.85, 0.12), (0.30, 0.4, 0.7, 0.03))
    heights = [-0.038, -0.02, 0.0, 0.05]
    tone = [np.interp(flame.points[:, 2], heights, row) for row in rows]
    flame.colour = np.stack(tone, 1)
    x, y, height = FLAME
    mesh.add(flame.at(*FLAME), "flame", "flame", motion=(x, y, height - 0.06, 0.4))
    for colour, material, size in (
        ((1.0, 0.55, 0.2), "halo_taper", (0.46, 0.46)),
        ((1.0, 0.5, 0.18), "streak_taper", (0.06, 0.1)),
    ):
        mesh.add(card(FLAME).painted(colour), material, "cards", motion=(*FLAME, 0.4), size=size)
