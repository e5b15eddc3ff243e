"""A processor canvas on a display output that is connected to an LED processor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from panda3d.core import (
    CardMaker,
    GraphicsWindow,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    Texture,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.shading import shader
from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import IDENTITY, ORIGIN, Pose
from xrdrama.stage import Stage
from xrdrama.wire.frame import Projection

Position = tuple[int, int]
DISPLAY_SORT: Final = 100
"""After everything else, so that it shows this frame's canvas."""


class CanvasDisplay:
    """A window that shows a part of `canvas` from its lower left corner, pixel for pixel: `box` is
    left, top, right and bottom in pixels of `canvas`. Default: the whole, in the host window."""

    def __init__(
        self,
        graphics: Graphics,
        canvas: Target,
        box: tuple[int, int, int, int] | None = None,
        target: Target | None = None,
    ) -> None:
        window = target.buffer if target else graphics.host
        if not isinstance(window, GraphicsWindow):
            raise LocalProtocolError(
                "these graphics have no window: use open_graphics(size, at=(x, y))"
            )
        height = canvas.size[1]
        left, top, right, bottom = box or (0, 0, *canvas.size)
        window.set_sort(DISPLAY_SORT)
        # A wall must not be closed by mistake: its targets would be lost.
        window.set_close_request_event("the wall stays")
        card = CardMaker("display")
        card.set_frame(-1.0, 1.0, -1.0, 1.0)
        root = NodePath("display")
        path = root.attach_new_node(card.generate())
        path.set_shader(shader("lens.vert", "display.frag"))
        path.set_shader_inputs(
            canvas=canvas.texture,
            part=LVecBase4f(left, height - bottom, right - left, bottom - top),
        )
        path.set_depth_test(False)
        path.set_depth_write(False)
        path.node().set_bounds(OmniBoundingVolume())
        path.node().set_final(True)
        everything = (0.0, 1.0, 0.0, 1.0)
        self.target = target or Target(window, Texture("display"), "srgb8", read_back=False)
        self._view = SetView(root, self.target, everything)
        self._view.place(Pose(ORIGIN, IDENTITY), Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0))


def show_canvases(
    graphics: Graphics, stage: Stage, canvas: Target, places: Mapping[str, Position]
) -> tuple[CanvasDisplay, ...]:
    """The canvases of a stage at places of the desktop (upper left corner, pixels), by id.

    `graphics` were opened with a window for the first of `places`.
    """
    shown = []
    for number, (name, at) in enumerate(places.items()):
        one = next(each for each in stage.outputs if each.id == name)
        target = None
        if number:
            target = graphics.window(f"display.{name}", one.size, at, sort=DISPLAY_SORT)
        shown.append(CanvasDisplay(graphics, canvas, one.box, target))
    return tuple(shown)
