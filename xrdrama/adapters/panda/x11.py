"""What Panda3D does not do on X11: put a window into the task bar, and take it out again."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def connected() -> Any:
    """Xlib, and a connection to the screen that DISPLAY names; OSError when no server answers."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        raise OSError("no X server answers")
    return x11, display


@contextmanager
def _connection() -> Iterator[Any]:
    x11, display = connected()
    x11.XSync.argtypes = [ctypes.c_void_p, ctypes.c_int]
    try:
        yield x11, display
        x11.XSync(display, 0)
    finally:
        x11.XCloseDisplay(display)


def iconify(window: int) -> None:
    """Ask the window manager to put a window into the task bar; without one it stays as it is."""
    with _connection() as (x11, display):
        x11.XDefaultScreen.argtypes = [ctypes.c_void_p]
        x11.XIconifyWindow.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int]
        x11.XIconifyWindow(display, window, x11.XDefaultScreen(display))


def restore(window: int) -> None:
    """Ask the window manager to show a window, in front of the others (ICCCM 4.1.4)."""
    with _connection() as (x11, display):
        x11.XMapRaised.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
        x11.XMapRaised(display, window)
