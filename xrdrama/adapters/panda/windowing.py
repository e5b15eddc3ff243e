"""What Panda3D's windows are asked for: size, place, format; and whether there is a screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from panda3d.core import (
    FrameBufferProperties,
    GraphicsPipe,
    GraphicsPipeSelection,
    WindowProperties,
)

from xrdrama.adapters.panda.x11 import connected
from xrdrama.errors import DeviceError


@contextmanager
def on_screen(*, wanted: bool) -> Iterator[None]:
    """Within it there is a connection to X11, if `wanted`; DeviceError if it is refused. Panda3D
    may abort the process if it is refused a connection, so this is checked first.

    The connection is kept until Panda3D has its own: an X server restarts when its last client
    leaves, and refuses connections meanwhile.
    """
    if not wanted or not sys.platform.startswith("linux"):
        yield
        return
    refused = DeviceError("there is no screen for a window", "set DISPLAY, or run without a window")
    try:
        x11, display = connected()
    except OSError:
        raise refused from None
    try:
        yield
    finally:
        x11.XCloseDisplay(display)


def window_frame() -> FrameBufferProperties:
    """The format of a window's pixels."""
    frame = FrameBufferProperties()
    # A window with alpha bits would be transparent under a compositor.
    frame.set_rgba_bits(8, 8, 8, 0)
    frame.set_depth_bits(24)
    frame.set_srgb_color(True)
    frame.set_back_buffers(1)
    return frame


def on_display(size: tuple[int, int], at: tuple[int, int]) -> WindowProperties:
    """A window without a frame and pointer, in front of others, at a place of the desktop."""
    properties = sized(*size)
    properties.set_origin(*at)
    properties.set_undecorated(True)
    properties.set_cursor_hidden(True)
    properties.set_z_order(WindowProperties.Z_top)
    properties.set_title("xrdrama: wall")
    return properties


def sized(width: int, height: int) -> WindowProperties:
    """A window or buffer of a size, pixels."""
    properties = WindowProperties()
    properties.set_size(width, height)
    return properties


def screen_pipe() -> GraphicsPipe | None:
    """A pipe to the screen; None without one."""
    return _pipe("pandagl")


@cache
def headless_pipe() -> GraphicsPipe | None:
    """The pipe without a screen, one for the whole process: a pipe that is destroyed ends its EGL
    display, which is that of all others, and with it their contexts. Their pictures then stay as
    they are."""
    return _pipe("p3headlessgl")


def _pipe(module: str) -> GraphicsPipe | None:
    pipe: GraphicsPipe | None = GraphicsPipeSelection.get_global_ptr().make_module_pipe(module)
    return pipe
