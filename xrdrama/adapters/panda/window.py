"""A window that shows a set with text over it, and reads mouse and keys."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import msgspec
from panda3d.core import (
    ButtonThrower,
    DataGraphTraverser,
    EventQueue,
    GraphicsWindow,
    ModifierButtons,
    MouseAndKeyboard,
    MouseWatcher,
    NodePath,
    Texture,
    WindowProperties,
)

from xrdrama.adapters.panda.graphics import Graphics, Target
from xrdrama.adapters.panda.lettering.overlay import Overlay
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.x11 import displays, iconify, restore
from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import IDENTITY, ORIGIN, Pose
from xrdrama.wire.frame import Projection

_FLAT: Final = Projection(-1.0, 1.0, -1.0, 1.0, 0.1, 10.0)
_LEFT: Final = "mouse1"


class Area(msgspec.Struct, frozen=True):
    """A part of the desktop, such as a display: pixels."""

    left: int
    top: int
    width: int
    height: int


class Touched(msgspec.Struct, frozen=True):
    """Input since the last call. Pixels count from the window's lower left.

    `pressed` are keys and buttons that went down, by Panda3D's names; `held` those that are down.
    `dragged` is how far the mouse went with its left button down.
    """

    pressed: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()
    mouse: tuple[float, float] | None = None
    dragged: tuple[float, float] = (0.0, 0.0)
    clicked: tuple[float, float] | None = None
    """Where the left button was clicked, without dragging."""


def _holds(area: Area, x: int, y: int) -> bool:
    return 0 <= x - area.left < area.width and 0 <= y - area.top < area.height


class ViewerWindow:
    """The window of `graphics`; a view of a set is drawn into it, text over it."""

    STILL: Final = 4.0
    """Largest movement within a click, pixels."""

    def __init__(self, graphics: Graphics) -> None:
        if not isinstance(graphics.host, GraphicsWindow):
            raise LocalProtocolError(
                "these graphics have no window: use open_graphics((width, height))"
            )
        self._graphics = graphics
        self._window = graphics.host
        self.target = Target(graphics.host, Texture("window"), "srgb8", read_back=False)
        self._keys = NodePath("keys")
        device = self._keys.attach_new_node(MouseAndKeyboard(self._window, 0, "device"))
        self._watcher = MouseWatcher("mouse")
        mouse = device.attach_new_node(self._watcher)
        thrower = ButtonThrower("buttons")
        thrower.set_modifier_buttons(ModifierButtons())
        mouse.attach_new_node(thrower)
        self._traverser = DataGraphTraverser()
        self._events = EventQueue.get_global_event_queue()
        self._held: set[str] = set()
        self._mouse: tuple[float, float] | None = None
        self._went = 0.0
        self._fullscreen = False
        self._area: Area | None = None
        """The display that it fills, if one was named."""
        self._before = Area(0, 0, *self.size)
        """Where it was before it filled a display."""
        self._overlay = self._words(self.size)

    @property
    def overlay(self) -> Overlay:
        """The texts over the picture; another one, still empty, after the window's size changed."""
        if self._overlay.size != self.size:
            self._view.remove()
            self._overlay = self._words(self.size)
        return self._overlay

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels now; a viewer may change them."""
        return max(1, self._window.get_x_size()), max(1, self._window.get_y_size())

    @property
    def closed(self) -> bool:
        """True after the viewer closed it."""
        return self._window.is_closed() or not self._window.is_valid()

    def title(self, text: str) -> None:
        """Set the text of its title bar."""
        wanted = WindowProperties()
        wanted.set_title(text)
        self._window.request_properties(wanted)

    def fold(self) -> None:
        """Be in the task bar. Panda3D draws nothing into the window meanwhile."""
        wanted = WindowProperties()
        wanted.set_minimized(True)
        self._window.request_properties(wanted)
        self._on_x11(iconify)
        self.draw()

    def unfold(self, width: int, height: int) -> None:
        """Set the size, and restore the window if it is minimized."""
        self._on_x11(restore)
        wanted = WindowProperties()
        wanted.set_minimized(False)
        wanted.set_size(width, height)
        wanted.set_foreground(True)
        self._window.request_properties(wanted)

    def _on_x11(self, request: Callable[[int], None]) -> None:
        """Panda3D opens a minimized window on X11, but does not minimize or restore one."""
        handle = self._window.get_window_handle()
        if sys.platform.startswith("linux") and not self.closed:
            with suppress(OSError):  # the screen is gone, and so is the window: `closed` says so
                request(handle.get_int_handle())

    def turn_fullscreen(self, on: bool | None = None, area: Area | None = None) -> None:
        """Switch to full screen or back to a window of the size before; without an argument,
        toggle. `area` is the display to fill from now on; without one it is where the window is.
        """
        wanted = not self._fullscreen if on is None else on
        self._area = area or self._area
        if wanted == self._fullscreen:
            return
        self._fullscreen = wanted
        if wanted:
            now = self._window.get_properties()
            at = now.get_origin() if now.has_origin() else (0, 0)
            self._before = Area(at[0], at[1], *self.size)
        self._window.request_properties(self._filling() if wanted else self._restored())

    def _filling(self) -> WindowProperties:
        """The properties of a window that fills a display."""
        there = self._displays()
        middle = self._before.left + self._before.width // 2, self._before.top + 1
        area = self._area or next((d for d in there if _holds(d, *middle)), None)
        wanted = WindowProperties()
        if area is None or len(there) < 2:
            wanted.set_fullscreen(True)
            pipe = self._graphics.pipe
            wanted.set_size(pipe.get_display_width(), pipe.get_display_height())
            return wanted
        # Panda3D's full screen is all of the desktop: on one display of several, a window without
        # a frame covers it.
        wanted.set_undecorated(True)
        wanted.set_z_order(WindowProperties.Z_top)
        wanted.set_origin(area.left, area.top)
        wanted.set_size(area.width, area.height)
        return wanted

    def _restored(self) -> WindowProperties:
        wanted, before = WindowProperties(), self._before
        wanted.set_fullscreen(False)
        wanted.set_undecorated(False)
        wanted.set_z_order(WindowProperties.Z_normal)
        wanted.set_size(before.width, before.height)
        wanted.set_origin(before.left, before.top)
        return wanted

    @staticmethod
    def _displays() -> list[Area]:
        """The displays of the desktop, where this system names them."""
        if not sys.platform.startswith("linux"):
            return []
        with suppress(OSError):
            return [Area(d.left, d.top, d.width, d.height) for d in displays()]
        return []

    def _words(self, size: tuple[int, int]) -> Overlay:
        overlay = Overlay(size)
        root = NodePath("words")
        overlay.root.reparent_to(root)
        view = SetView(root, self.target, (0.0, 1.0, 0.0, 1.0))
        view.region.set_sort(10)
        view.place(Pose(ORIGIN, IDENTITY), _FLAT)
        self._view = view
        return overlay

    def draw(self) -> None:
        """Draw, and collect the input of mouse and keys."""
        self._graphics.render()

    def touched(self) -> Touched:
        """The input of mouse and keys since the last call."""
        self._traverser.traverse(self._keys.node())
        pressed: list[str] = []
        clicked = None
        mouse = self._where()
        before, self._mouse = self._mouse, mouse
        dragged = (0.0, 0.0)
        if mouse and before and _LEFT in self._held:
            dragged = (mouse[0] - before[0], mouse[1] - before[1])
            self._went += abs(dragged[0]) + abs(dragged[1])
        while not self._events.is_queue_empty():
            name = self._events.dequeue_event().get_name()
            if name.endswith("-up"):
                self._held.discard(name.removesuffix("-up"))
                if name == f"{_LEFT}-up" and self._went <= self.STILL:
                    clicked = mouse
            elif not name.endswith("-repeat"):
                pressed.append(name)
                self._held.add(name)
                if name == _LEFT:
                    self._went = 0.0
        return Touched(tuple(pressed), frozenset(self._held), mouse, dragged, clicked)

    def _where(self) -> tuple[float, float] | None:
        if not self._watcher.has_mouse():
            return None
        width, height = self.size
        x, y = self._watcher.get_mouse_x(), self._watcher.get_mouse_y()
        return (x + 1.0) / 2.0 * width, (y + 1.0) / 2.0 * height
