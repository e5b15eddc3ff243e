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
    flame = turned(
        [(0.004, -0.045), (0.020, -0.02), (0.022, 0.005), (0.011, 0.045), (0.001, 0.085)], 7
    )
    flame.colour = (
        flame.colour * np.interp(flame.points[:, 2], [-0.04, 0.0, 0.08], [0.55, 1.0, 0.75])[:, None]
    )
    x, y, z = FLAME
    mesh.add(flame.at(*FLAME), "flame", "flame", motion=(x, y, z - 0.06, 0.4))
    for colour, material, size in (
        ((1.0, 0.55, 0.2), "halo_taper", (0.46, 0.46)),
        ((1.0, 0.5, 0.18), "streak_taper", (0.06, 0.1)),
    ):
        mesh.add(card(FLAME).painted(colour), material, "cards", motion=(*FLAME, 0.4), size=size)
