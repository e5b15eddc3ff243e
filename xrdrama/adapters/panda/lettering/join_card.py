"""The code of the room's link as a card, for walls and windows (segno)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray
from panda3d.core import LVecBase4f, NodePath, SamplerState, TransparencyAttrib

from xrdrama.adapters.panda.lettering.measures import Words
from xrdrama.adapters.panda.lettering.plates import Picture, draw_block, lay_caption
from xrdrama.adapters.panda.lettering.textures import card, texture_of
from xrdrama.adapters.panda.shading import shader

BORDER: Final = 4
"""Light modules around a code, which readers need (ISO/IEC 18004)."""
_GAP: Final = 0.03
"""Between the code and the address, as a share of the height."""


@lru_cache(maxsize=4)
def join_picture(link: str, height: int) -> Picture:
    """A card of about `height` pixels: the code of a link, and its address without the room's token
    under it. RGBA rows from the top."""
    plain = _modules(link)
    scale = max(1, round(height * 0.84 / len(plain)))
    code = np.where(np.kron(plain, np.ones((scale, scale), bool)), 0, 255).astype(np.uint8)
    side, room = len(code), max(24, height - len(code))
    address = lay_caption(Words(""), (Words(address_of(link)),), (side * 4, side * 2), (side, room))
    words = draw_block(address)
    gap = round(height * _GAP)
    tall, wide = words.shape[:2]
    card_ = np.zeros((side + gap + tall, max(side, wide), 4), np.uint8)
    left = (card_.shape[1] - side) // 2
    card_[:side, left : left + side, :3] = code[..., None]
    card_[:side, left : left + side, 3] = 255
    left = (card_.shape[1] - wide) // 2
    card_[side + gap :, left : left + wide] = words
    return card_


def address_of(link: str) -> str:
    """Whose code it is: the link without its token, which alone admits nobody."""
    found = urlsplit(link)
    return f"{found.scheme}://{found.netloc}"


def _modules(link: str) -> NDArray[np.bool_]:
    """The dark modules of a code, with its border."""
    import segno

    found: Any = segno.make_qr(link, error="m").matrix
    return np.pad(np.array([list(row) for row in found], np.uint8).astype(bool), BORDER)


class JoinCard:
    """A card under `root`, whose corners are those of a picture of `size` pixels."""

    def __init__(self, root: NodePath, size: tuple[int, int]) -> None:
        self._root, self._size = root, size
        self._path: NodePath | None = None
        self._shown: tuple[str, int] | None = None

    def show(self, link: str | None, box: tuple[float, float, float, float]) -> None:
        """Show the card of a link in the middle of `box` (left, bottom, right, top in pixels from
        the lower left), as high as it; nothing without a link."""
        if not link:
            self.hide()
            return
        left, bottom, right, top = box
        picture = join_picture(link, round(top - bottom))
        high, wide = picture.shape[:2]
        path = self._made()
        if self._shown != (link, round(top - bottom)):
            self._shown = link, round(top - bottom)
            texture = texture_of(picture)
            texture.set_magfilter(SamplerState.FT_nearest)
            path.set_shader_input("letters", texture)
        x, y = round((left + right - wide) / 2), round((bottom + top - high) / 2)
        w, h = self._size
        path.set_pos(2.0 * x / w - 1.0, 0.0, 2.0 * y / h - 1.0)
        path.set_scale(2.0 * wide / w, 1.0, 2.0 * high / h)
        path.show()

    def hide(self) -> None:
        """Show nothing."""
        if self._path is not None:
            self._path.hide()

    def _made(self) -> NodePath:
        if self._path is None:
            self._path = self._root.attach_new_node(card("join code"))
            self._path.set_shader(shader("sprite.vert", "sprite.frag"))
            self._path.set_shader_input("fade", LVecBase4f(1.0))
            self._path.set_transparency(TransparencyAttrib.M_alpha)
            self._path.set_bin("fixed", 20)
        return self._path
