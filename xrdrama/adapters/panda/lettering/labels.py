"""A word as a texture, for pictures that people read while they set up a stage."""

from __future__ import annotations

from functools import cache

import numpy as np
from panda3d.core import SamplerState, Texture

from xrdrama.adapters.panda.lettering.measures import Words
from xrdrama.adapters.panda.lettering.plates import Picture, draw_block, lay_caption

_SIZE, _ROOM = (1600, 900), (1500, 300)


@cache
def label_picture(text: str) -> Picture:
    """A short text on a dark plate: RGBA rows from the top, about 80 pixels high."""
    return draw_block(lay_caption(Words("", ""), (Words(text, "en"),), _SIZE, _ROOM))


def label(text: str) -> Texture:
    """The same as a texture, alpha included."""
    picture = label_picture(text)
    height, width = picture.shape[:2]
    texture = Texture(f"label {text}")
    texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_srgb_alpha)
    texture.set_ram_image(np.ascontiguousarray(picture[::-1, :, [2, 1, 0, 3]]).tobytes())
    texture.set_wrap_u(SamplerState.WM_clamp)
    texture.set_wrap_v(SamplerState.WM_clamp)
    texture.set_minfilter(SamplerState.FT_linear)
    texture.set_magfilter(SamplerState.FT_linear)
    return texture
