"""What Panda3D does not do on X11: put a window into the task bar, take it out again, and name the
displays of the desktop."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec


def connected() -> Any:
    """Xlib, and a connection to the screen that DISPLAY names; OSError when no server answers."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    x11.XCloseDisplay.argtypes = [ctypes.c_void_p]
    display = x11.XOpenDisplay(None)
    if not display:
        raise OSError("no X server answers")
    return x11, display


class Display(msgspec.Struct, frozen=True):
    """A display of the desktop: its name, and its area in pixels of the desktop."""

    name: str
    left: int
    top: int
    width: int
    height: int


class _Monitor(ctypes.Structure):
    """XRRMonitorInfo (RandR 1.5)."""

    _fields_ = [
        ("name", ctypes.c_ulong), ("primary", ctypes.c_int), ("automatic", ctypes.c_int),
        ("outputs", ctypes.c_int), ("x", ctypes.c_int), ("y", ctypes.c_int),
        ("width", ctypes.c_int), ("height", ctypes.c_int), ("mm_wide", ctypes.c_int),
        ("mm_high", ctypes.c_int), ("output_list", ctypes.c_void_p),
    ]  # fmt: skip


def displays() -> list[Display]:
    """The displays that the screen of DISPLAY has, as `xrandr --listmonitors` shows them.

    Without RandR the whole desktop is one display, `screen`. OSError when no server answers.
    """
    with _connection() as (x11, display):
        x11.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        x11.XDefaultRootWindow.restype = ctypes.c_ulong
        root = x11.XDefaultRootWindow(display)
        return _monitors(x11, display, root) or [_desktop(x11, display)]


def _monitors(x11: Any, display: Any, root: int) -> list[Display]:
    try:
        randr = ctypes.CDLL("libXrandr.so.2")
    except OSError:
        return []
    randr.XRRGetMonitors.argtypes = [
        ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.POINTER(ctypes.c_int)
    ]  # fmt: skip
    randr.XRRGetMonitors.restype = ctypes.POINTER(_Monitor)
    randr.XRRFreeMonitors.argtypes = [ctypes.POINTER(_Monitor)]
    x11.XGetAtomName.argtypes = [ctypes.c_void_p, ctypes.c_ulong]
    x11.XGetAtomName.restype = ctypes.c_char_p
    count = ctypes.c_int()
    found = randr.XRRGetMonitors(display, root, 1, ctypes.byref(count))
    if not found:
        return []
    monitors = [found[index] for index in range(count.value)]
    made = [
        Display(
            (x11.XGetAtomName(display, one.name) or b"").decode(errors="replace"),
            one.x, one.y, one.width, one.height,
        )
        for one in monitors
    ]  # fmt: skip
    randr.XRRFreeMonitors(found)
    return made


def _desktop(x11: Any, display: Any) -> Display:
    for name in ("XDisplayWidth", "XDisplayHeight"):
        getattr(x11, name).argtypes = [ctypes.c_void_p, ctypes.c_int]
    x11.XDefaultScreen.argtypes = [ctypes.c_void_p]
    screen = x11.XDefaultScreen(display)
    size = x11.XDisplayWidth(display, screen), x11.XDisplayHeight(display, screen)
    return Display("screen", 0, 0, *size)


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
