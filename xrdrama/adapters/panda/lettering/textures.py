"""Pictures of text as textures, and the card that they are drawn on."""

from __future__ import annotations

from typing import Final

import numpy as np
from panda3d.core import CardMaker, OmniBoundingVolume, PandaNode, SamplerState, Texture

from xrdrama.adapters.panda.lettering.plates import Picture

BLACK_PIXEL: Final = np.full((1, 1, 4), (0, 0, 0, 255), np.uint8)


def card(name: str) -> PandaNode:
    """A card from 0 to 1 in x and z that is never culled."""
    made = CardMaker(name)
    made.set_frame(0.0, 1.0, 0.0, 1.0)
    node = made.generate()
    node.set_bounds(OmniBoundingVolume())
    node.set_final(True)
    return node


def bytes_of(texture: Texture) -> int:
    """Its size on the graphics card."""
    return texture.get_x_size() * texture.get_y_size() * 4


def texture_of(picture: Picture) -> Texture:
    """The texture of a picture, RGBA rows from the top."""
    height, width = picture.shape[:2]
    texture = Texture("words")
    texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_srgb_alpha)
    rows = np.ascontiguousarray(picture[::-1, :, [2, 1, 0, 3]])
    texture.set_ram_image(rows.tobytes())
    texture.set_wrap_u(SamplerState.WM_clamp)
    texture.set_wrap_v(SamplerState.WM_clamp)
    texture.set_minfilter(SamplerState.FT_linear)
    texture.set_magfilter(SamplerState.FT_linear)
    return texture
