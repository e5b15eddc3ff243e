"""Windows of a real X screen, and a real window manager for them (twm)."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import wait_until

FONTS = ("TitleFont", "ResizeFont", "MenuFont", "IconFont", "IconManagerFont")
VIEWABLE = 2


class _Attributes(ctypes.Structure):
    """XWindowAttributes."""

    _fields_ = [
        ("x", c_int), ("y", c_int), ("width", c_int), ("height", c_int), ("border_width", c_int),
        ("depth", c_int), ("visual", c_void_p), ("root", c_ulong), ("kind", c_int),
        ("bit_gravity", c_int), ("win_gravity", c_int), ("backing_store", c_int),
        ("backing_planes", c_ulong), ("backing_pixel", c_ulong), ("save_under", c_int),
        ("colormap", c_ulong), ("map_installed", c_int), ("map_state", c_int),
        ("all_event_masks", c_long), ("your_event_mask", c_long),
        ("do_not_propagate_mask", c_long), ("override_redirect", c_int), ("screen", c_void_p),
    ]  # fmt: skip


class Windows:
    """What somebody before a screen such as `:77` sees of its windows, through Xlib."""

    def __init__(self, screen: str) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._x.XOpenDisplay.restype = c_void_p
        self._x.XDefaultRootWindow.restype = c_ulong
        for name, arguments in (
            ("XOpenDisplay", [c_char_p]),
            ("XDefaultRootWindow", [c_void_p]),
            ("XQueryTree", [c_void_p, c_ulong, POINTER(c_ulong), POINTER(c_ulong),
                            POINTER(POINTER(c_ulong)), POINTER(c_uint)]),
            ("XFetchName", [c_void_p, c_ulong, POINTER(c_char_p)]),
            ("XGetWindowAttributes", [c_void_p, c_ulong, POINTER(_Attributes)]),
            ("XFree", [c_void_p]),
            ("XCloseDisplay", [c_void_p]),
        ):  # fmt: skip
            getattr(self._x, name).argtypes = arguments
        self._display: Any = self._x.XOpenDisplay(screen.encode())
        assert self._display, f"no screen {screen}"

    def sizes(self, title: str) -> list[tuple[int, int]]:
        """Width and height of each window with a title that can be seen, whatever frames it."""
        found = [self._look(window) for window in self._within(self._root(), title)]
        return [(one.width, one.height) for one in found if one.map_state == VIEWABLE]

    def has(self, title: str) -> bool:
        """Whether there is a window with a title, seen or not."""
        return any(True for _ in self._within(self._root(), title))

    def _root(self) -> int:
        return int(self._x.XDefaultRootWindow(self._display))

    def _look(self, window: int) -> _Attributes:
        found = _Attributes()
        self._x.XGetWindowAttributes(self._display, window, byref(found))
        return found

    def _within(self, window: int, title: str) -> Iterator[int]:
        root, parent, count = c_ulong(), c_ulong(), c_uint()
        children = POINTER(c_ulong)()
        self._x.XQueryTree(
            self._display, window, byref(root), byref(parent), byref(children), byref(count)
        )
        for child in [int(children[index]) for index in range(count.value)]:
            name = c_char_p()
            self._x.XFetchName(self._display, child, byref(name))
            if name.value and name.value.decode(errors="replace") == title:
                yield child
            yield from self._within(child, title)
        if children:
            self._x.XFree(children)

    def close(self) -> None:
        """Close the connection."""
        self._x.XCloseDisplay(self._display)


@contextmanager
def window_manager(screen: str, folder: Path) -> Iterator[None]:
    """twm on a screen; it places windows by itself and puts them into its icon manager."""
    if shutil.which("twm") is None:
        pytest.fail("twm is missing: apt-get install twm")
    settings = folder / "twmrc"
    fonts = "".join(f'{name} "fixed"\n' for name in FONTS)
    settings.write_text(f"RandomPlacement\nNoGrabServer\nShowIconManager\n{fonts}")
    windows = Windows(screen)
    twm = subprocess.Popen(
        ["twm", "-f", str(settings)], env={**os.environ, "DISPLAY": screen, "LC_ALL": "C"}
    )
    try:
        wait_until(lambda: windows.has("TWM Icon Manager"), what="twm")
        yield
    finally:
        windows.close()
        twm.kill()
        twm.wait()
