"""The processor canvas on a display output that is connected to an LED processor."""

from __future__ import annotations

from typing import Final

from panda3d.core import CardMaker, GraphicsWindow, NodePath, OmniBoundingVolume, Texture

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.set.virtual_set import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import IDENTITY, ORIGIN, Pose
from xrdrama.wire.frame import Projection

DISPLAY_SORT: Final = 100
"""After everything else, so that it shows this frame's canvas."""


class CanvasDisplay:
    """The window of `graphics`, showing `canvas` from its lower left corner, pixel for pixel."""

    def __init__(self, graphics: Graphics, canvas: Target) -> None:
        window = graphics.host
        if not isinstance(window, GraphicsWindow):
            raise LocalProtocolError(
                "these graphics have no window: use open_graphics(size, at=(x, y))"
            )
        window.set_sort(DISPLAY_SORT)
        # A wall must not be closed by mistake: its targets would be lost.
        window.set_close_request_event("the wall stays")
        card = CardMaker("display")
        card.set_frame(-1.0, 1.0, -1.0, 1.0)
        root = NodePath("display")
        path = root.attach_new_node(card.generate())
        path.set_shader(shader("lens.vert", "display.frag"))
        path.set_shader_input("canvas", canvas.texture)
        path.set_depth_test(False)
        path.set_depth_write(False)
        path.node().set_bounds(OmniBoundingVolume())
        path.node().set_final(True)
        everything = (0.0, 1.0, 0.0, 1.0)
        self.target = Target(window, Texture("display"), "srgb8", read_back=False)
        self._view = SetView(root, self.target, everything)
        self._view.place(Pose(ORIGIN, IDENTITY), Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0))
