"""Keys, clicks and drags for a window on an X screen, through Xlib (ctypes): no program needed."""

from __future__ import annotations

import ctypes
import time
from ctypes import POINTER, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p
from typing import Any

_KEY_PRESS, _BUTTON_PRESS, _MOTION, _CLIENT = 2, 4, 6, 33
_MASKS = {2: 1, 3: 2, 4: 4, 5: 8, 6: 64, 33: 0}


class _Input(ctypes.Structure):
    """XKeyEvent, XButtonEvent and XMotionEvent, which differ in names only."""

    _fields_ = [
        ("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p),
        ("window", c_ulong), ("root", c_ulong), ("subwindow", c_ulong), ("time", c_ulong),
        ("x", c_int), ("y", c_int), ("x_root", c_int), ("y_root", c_int),
        ("state", c_uint), ("detail", c_uint), ("same_screen", c_int),
    ]  # fmt: skip


class _Client(ctypes.Structure):
    """XClientMessageEvent."""

    _fields_ = [
        ("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p),
        ("window", c_ulong), ("message_type", c_ulong), ("format", c_int), ("data", c_long * 5),
    ]  # fmt: skip


class _Any(ctypes.Union):
    _fields_ = [("input", _Input), ("client", _Client), ("room", c_long * 24)]


class Typist:
    """Somebody before the window with a title, on a screen such as `:77`."""

    def __init__(self, screen: str, title: str, timeout_s: float = 30.0) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        for name, result, arguments in (
            ("XOpenDisplay", c_void_p, [c_char_p]),
            ("XDefaultRootWindow", c_ulong, [c_void_p]),
            ("XInternAtom", c_ulong, [c_void_p, c_char_p, c_int]),
            ("XStringToKeysym", c_ulong, [c_char_p]),
            ("XKeysymToKeycode", c_uint, [c_void_p, c_ulong]),
            ("XSync", c_int, [c_void_p, c_int]),
            ("XFree", c_int, [c_void_p]),
            ("XCloseDisplay", c_int, [c_void_p]),
            ("XFetchName", c_int, [c_void_p, c_ulong, POINTER(c_char_p)]),
            ("XSendEvent", c_int, [c_void_p, c_ulong, c_int, c_long, POINTER(_Any)]),
            ("XQueryTree", c_int, [c_void_p, c_ulong, POINTER(c_ulong), POINTER(c_ulong),
                                   POINTER(POINTER(c_ulong)), POINTER(c_uint)]),
            ("XWarpPointer", c_int, [c_void_p, c_ulong, c_ulong, c_int, c_int, c_uint, c_uint,
                                     c_int, c_int]),
            ("XSetInputFocus", c_int, [c_void_p, c_ulong, c_int, c_ulong]),
        ):  # fmt: skip
            call = getattr(self._x, name)
            call.restype, call.argtypes = result, arguments
        self._display: Any = self._x.XOpenDisplay(screen.encode())
        assert self._display, f"no screen {screen}"
        deadline = time.monotonic() + timeout_s
        while not (found := self._find(title)):
            assert time.monotonic() < deadline, f"no window {title!r}"
            time.sleep(0.1)  # the poll interval
        self._window = found
        self._x.XSetInputFocus(self._display, self._window, 1, 0)

    def _find(self, title: str) -> int:
        root, parent, count = c_ulong(), c_ulong(), c_uint()
        children = POINTER(c_ulong)()
        self._x.XQueryTree(
            self._display, self._x.XDefaultRootWindow(self._display),
            byref(root), byref(parent), byref(children), byref(count),
        )  # fmt: skip
        for index in range(count.value):
            name = c_char_p()
            self._x.XFetchName(self._display, children[index], byref(name))
            if name.value and name.value.decode(errors="replace") == title:
                return int(children[index])
        return 0

    def _send(self, kind: int, detail: int = 0, at: tuple[int, int] = (0, 0)) -> None:
        event = _Any()
        event.input = _Input(
            kind, 0, 1, self._display, self._window, self._x.XDefaultRootWindow(self._display),
            0, 0, *at, *at, 0, detail, 1,
        )  # fmt: skip
        self._x.XSendEvent(self._display, self._window, 1, _MASKS[kind], byref(event))
        self._x.XSync(self._display, 0)

    def key(self, name: str, seconds: float = 0.1) -> None:
        """Press a key by X's name for it, and let it go."""
        code = self._x.XKeysymToKeycode(self._display, self._x.XStringToKeysym(name.encode()))
        self._send(_KEY_PRESS, code)
        time.sleep(seconds)  # how long the key is down
        self._send(_KEY_PRESS + 1, code)

    def move(self, x: int, y: int) -> None:
        """Put the mouse on a pixel of the window, from its upper left."""
        self._x.XWarpPointer(self._display, 0, self._window, 0, 0, 0, 0, x, y)
        self._send(_MOTION, 0, (x, y))

    def click(self, x: int, y: int) -> None:
        """The left button, on a pixel of the window."""
        self.drag((x, y), (x, y))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """From one pixel to another with the left button down."""
        self.move(*start)
        time.sleep(0.5)  # the pace of a hand
        self._send(_BUTTON_PRESS, 1, start)
        time.sleep(0.5)  # the pace of a hand
        self.move(*end)
        time.sleep(0.5)  # the pace of a hand
        self._send(_BUTTON_PRESS + 1, 1, end)

    def close_window(self) -> None:
        """The cross in the window's frame."""
        protocols = self._x.XInternAtom(self._display, b"WM_PROTOCOLS", 0)
        wish = self._x.XInternAtom(self._display, b"WM_DELETE_WINDOW", 0)
        event = _Any()
        event.client = _Client(
            _CLIENT, 0, 1, self._display, self._window, protocols, 32, (c_long * 5)(wish)
        )
        self._x.XSendEvent(self._display, self._window, 0, 0, byref(event))
        self._x.XSync(self._display, 0)

    def leave(self) -> None:
        """Close the connection."""
        self._x.XCloseDisplay(self._display)
