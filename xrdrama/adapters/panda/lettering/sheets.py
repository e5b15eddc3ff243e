"""Captions and cards as a layer: a picture with text that is transparent elsewhere.

The picture's colours are premultiplied by its alpha, as compositors expect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from panda3d.core import ColorBlendAttrib, LVecBase4f, NodePath

from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.lettering.overlay import Overlay, Place
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.spatial import IDENTITY, ORIGIN, Pose
from xrdrama.wire.frame import Frame, Projection

_FLAT = Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0)


class WordSheet:
    """A picture of `size` pixels with an overlay; it is drawn when its content changes."""

    def __init__(self, graphics: Graphics, name: str, size: tuple[int, int], *, sort: int) -> None:
        self._graphics = graphics
        self.overlay = Overlay(size)
        self.target = graphics.target(name, *size, "srgb8", sort=sort)
        self.target.buffer.set_clear_color_active(True)
        self.target.buffer.set_clear_color(LVecBase4f(0.0))
        root = NodePath(name)
        self.overlay.root.set_transparency(0)
        self.overlay.root.set_attrib(_premultiplied())
        self.overlay.root.reparent_to(root)
        view = SetView(root, self.target, (0.0, 1.0, 0.0, 1.0))
        view.place(Pose(ORIGIN, IDENTITY), _FLAT)
        self._said: object = None

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """The whole pixels that hold something: left, bottom, right, top; None for nothing."""
        return whole_pixels(self.overlay)

    def show(
        self,
        frame: Frame,
        names: Mapping[str, Mapping[str, str]],
        pointers: Iterable[tuple[float, float, float]] = (),
    ) -> bool:
        """Show the captions and options of a frame; True if the picture changes."""
        pointed = tuple((round(x), round(y), round(p, 2)) for x, y, p in pointers)
        said = (frame.captions, frame.choice, pointed)
        if not self._is_new(said):
            return False
        self.overlay.show(frame, names, pointed)
        return True

    def say(self, *texts: str) -> bool:
        """Show a text of the program; True if the picture changes."""
        if not self._is_new(texts):
            return False
        self.overlay.say(*texts)
        return True

    def forget(self) -> None:
        """Treat the next text as new, because something else was drawn meanwhile."""
        self._said = None

    def _is_new(self, said: object) -> bool:
        if said == self._said:
            self.target.set_active(False)
            return False
        self._said = said
        self.target.set_active(True)
        return True


def _premultiplied() -> ColorBlendAttrib:
    """Blend by alpha, and write the alpha that the picture has then."""
    # Panda3D takes attributes that differ only in how alpha is written for the same one, and uses
    # the one that was made first (a cross-fade's): the unused colour makes this one another.
    mark = LVecBase4f(0.0, 0.0, 0.0, 1.0)
    return ColorBlendAttrib.make(
        ColorBlendAttrib.M_add,
        ColorBlendAttrib.O_incoming_alpha,
        ColorBlendAttrib.O_one_minus_incoming_alpha,
        ColorBlendAttrib.M_add,
        ColorBlendAttrib.O_one,
        ColorBlendAttrib.O_one_minus_incoming_alpha,
        mark,
    )


def whole_pixels(overlay: Overlay) -> tuple[int, int, int, int] | None:
    """The whole pixels that an overlay covers: left, bottom, right, top; None for nothing."""
    extent: Place | None = overlay.extent
    if extent is None:
        return None
    width, height = overlay.size
    left, bottom = (max(0, int(edge) - 1) for edge in extent[:2])
    right, top = min(width, int(extent[2]) + 2), min(height, int(extent[3]) + 2)
    return (left, bottom, right, top) if left < right and bottom < top else None
