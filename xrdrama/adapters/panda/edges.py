"""Pictures with dark edges and a clear middle, for a vignette before a viewer's eyes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from panda3d.core import SamplerState, Texture

from xrdrama.adapters.panda.graphics import Graphics

CLEAR, EDGE = 22.0, 42.0
"""Degrees from straight ahead: within the first everything is seen, from the second on it is
darkest."""
DARKEST: Final = 0.85
AWAY, WIDTH = 4.0, 32.0
"""Metres from the head, and metres of its sides: 76 degrees to each side."""
PIXELS: Final = 192


def shade(share: float) -> NDArray[np.uint8]:
    """(PIXELS, PIXELS, 4) black with alpha: `share` of the vignette, 0 to 1."""
    middle = (np.arange(PIXELS) + 0.5) / PIXELS - 0.5
    away = np.hypot(middle[:, None], middle[None, :]) * WIDTH
    degrees = np.degrees(np.arctan2(away, AWAY))
    x = np.clip((degrees - CLEAR) / (EDGE - CLEAR), 0.0, 1.0)
    picture = np.zeros((PIXELS, PIXELS, 4), np.uint8)
    picture[..., 3] = np.round(x * x * (3.0 - 2.0 * x) * DARKEST * share * 255.0)
    return picture


class Edges:
    """The vignette in `steps` steps, from the faintest on, uploaded with the next picture."""

    def __init__(self, graphics: Graphics, steps: int) -> None:
        self._textures = [_texture(shade((step + 1) / steps)) for step in range(steps)]
        self._graphics = graphics
        self._names: list[int] = []
        for texture in self._textures:
            graphics.upload(texture)

    @property
    def names(self) -> list[int]:
        """The OpenGL names of the pictures; after the next picture was drawn."""
        if not self._names:
            self._names = [self._graphics.name_of(texture) for texture in self._textures]
        return self._names


def _texture(picture: NDArray[np.uint8]) -> Texture:
    made = Texture("vignette")
    made.setup_2d_texture(PIXELS, PIXELS, Texture.T_unsigned_byte, Texture.F_rgba8)
    made.set_minfilter(SamplerState.FT_linear)
    made.set_ram_image(np.ascontiguousarray(picture[::-1, :, [2, 1, 0, 3]]).tobytes())
    return made
