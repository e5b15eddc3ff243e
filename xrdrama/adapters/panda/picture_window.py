"""A picture from memory in a viewer's window, under its text: whole, whatever the window's size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    CardMaker,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    SamplerState,
    Texture,
)

from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.adapters.panda.window import ViewerWindow
from xrdrama.spatial import IDENTITY, ORIGIN, Pose
from xrdrama.wire.frame import Projection

_FLAT = Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0)


class PictureInWindow:
    """Shows pictures in the window of `graphics`."""

    def __init__(self, graphics: Graphics, window: ViewerWindow) -> None:
        self._graphics, self._window = graphics, window
        maker = CardMaker("picture")
        maker.set_frame(-1.0, 1.0, -1.0, 1.0)
        root = NodePath("picture")
        self._card = root.attach_new_node(maker.generate())
        self._card.set_shader(shader("lens.vert", "shown.frag"))
        self._card.set_depth_test(False)
        self._card.set_depth_write(False)
        self._card.set_two_sided(True)
        self._card.node().set_bounds(OmniBoundingVolume())
        self._card.node().set_final(True)
        self._texture = Texture("picture")
        self._texture.set_wrap_u(SamplerState.WM_clamp)
        self._texture.set_wrap_v(SamplerState.WM_clamp)
        self._texture.set_minfilter(SamplerState.FT_linear)
        self._texture.set_magfilter(SamplerState.FT_linear)
        self._size = (0, 0)
        self._view = SetView(root, window.target, (0.0, 1.0, 0.0, 1.0))
        self._view.place(Pose(ORIGIN, IDENTITY), _FLAT)
        self._view.set_active(False)
        window.target.buffer.set_clear_color(LVecBase4f(0.0, 0.0, 0.0, 1.0))

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Draw a picture, RGB rows from the top, and the text over it; nothing else is drawn."""
        height, width = picture.shape[:2]
        if self._size != (width, height):
            self._size = (width, height)
            self._texture.setup_2d_texture(width, height, Texture.T_unsigned_byte, Texture.F_srgb)
        self._texture.set_ram_image(np.ascontiguousarray(picture[::-1, :, ::-1]).tobytes())
        across, up = self._window.size
        scale = min(across / width, up / height)
        fit = LVecBase4f(width * scale / across, height * scale / up, 0.0, 0.0)
        self._card.set_shader_inputs(picture=self._texture, fit=fit)
        self._view.set_active(True)
        with self._graphics.only(self._window.target):
            self._window.draw()
