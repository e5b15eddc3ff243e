"""The OpenGL calls that copy a picture to a runtime's swapchain (ctypes, no wrapper)."""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any, Final

from xrdrama.errors import DeviceError

TEXTURE_2D: Final = 0x0DE1
SCISSOR_TEST: Final = 0x0C11
READ_FRAMEBUFFER: Final = 0x8CA8
DRAW_FRAMEBUFFER: Final = 0x8CA9
READ_BINDING: Final = 0x8CAA
DRAW_BINDING: Final = 0x8CA6
COLOR_ATTACHMENT0: Final = 0x8CE0
DEPTH_ATTACHMENT: Final = 0x8D00
COLOR_BUFFER_BIT: Final = 0x4000
DEPTH_BUFFER_BIT: Final = 0x0100
NEAREST: Final = 0x2600
SRGB8_ALPHA8: Final = 0x8C43
RGBA8: Final = 0x8058
DEPTH32F: Final = 0x8CAC

_U, _I, _F, _P = ctypes.c_uint, ctypes.c_int, ctypes.c_float, ctypes.c_void_p
_CALLS: Final = {
    "glGenFramebuffers": [_I, _P],
    "glDeleteFramebuffers": [_I, _P],
    "glBindFramebuffer": [_U, _U],
    "glFramebufferTexture2D": [_U, _U, _U, _U, _I],
    "glBlitFramebuffer": [_I] * 8 + [_U, _U],
    "glGetIntegerv": [_U, _P],
    "glDisable": [_U],
    "glEnable": [_U],
    "glIsEnabled": [_U],
    "glClearColor": [_F] * 4,
    "glClear": [_U],
    "glGetError": [],
    "glColorMask": [ctypes.c_ubyte] * 4,
    "glDrawBuffer": [_U],
    "glReadBuffer": [_U],
}


class Calls:
    """OpenGL's functions by name, for the context that is current in this thread."""

    def __init__(self, library: Any) -> None:
        for name, arguments in _CALLS.items():
            call = getattr(library, name)
            call.argtypes = arguments
            call.restype = _U if name in ("glGetError", "glIsEnabled") else None
            setattr(self, name, call)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{__name__} has no OpenGL call {name}: add it to _CALLS")


@cache
def calls() -> Calls:
    """OpenGL's functions; DeviceError where there is no OpenGL library."""
    name = "opengl32" if sys.platform == "win32" else "libGL.so.1"
    try:
        return Calls(ctypes.CDLL(name))
    except (OSError, AttributeError) as error:
        raise DeviceError(
            f"the OpenGL library {name} cannot be used: {error}",
            "install libgl1 (Debian, Ubuntu), or a graphics driver",
        ) from error


class Copying:
    """Copies our textures to textures of a runtime, and restores the state of the context."""

    def __init__(self) -> None:
        self._gl: Any = calls()
        self._names = (_U * 4)()
        self._gl.glGenFramebuffers(4, self._names)
        self._from, self._to, self._depth_from, self._depth_to = map(int, self._names)
        self._depth_ready = False
        self._was_read, self._was_drawn = _I(), _I()
        self._cut = False

    def __enter__(self) -> Copying:
        gl = self._gl
        gl.glGetIntegerv(READ_BINDING, ctypes.byref(self._was_read))
        gl.glGetIntegerv(DRAW_BINDING, ctypes.byref(self._was_drawn))
        # Blits and clears are limited by the scissor of the last draw.
        self._cut = bool(gl.glIsEnabled(SCISSOR_TEST))
        gl.glDisable(SCISSOR_TEST)
        return self

    def __exit__(self, *_: object) -> None:
        gl = self._gl
        for target, name in ((READ_FRAMEBUFFER, self._from), (DRAW_FRAMEBUFFER, self._to)):
            gl.glBindFramebuffer(target, name)
            gl.glFramebufferTexture2D(target, COLOR_ATTACHMENT0, TEXTURE_2D, 0, 0)
        gl.glBindFramebuffer(READ_FRAMEBUFFER, self._was_read.value)
        gl.glBindFramebuffer(DRAW_FRAMEBUFFER, self._was_drawn.value)
        if self._cut:
            gl.glEnable(SCISSOR_TEST)
        # Errors that are left in the queue make some runtimes fail later, far from their cause.
        left = 8
        while gl.glGetError() and left:
            left -= 1

    def copy(
        self,
        texture: int,
        image: int,
        box: tuple[int, int, int, int],
        size: tuple[int, int],
    ) -> None:
        """Copy `box` (left, bottom, right, top) of our texture to the whole image of size
        `size`."""
        gl = self._gl
        self._bind(READ_FRAMEBUFFER, self._from, texture)
        self._bind(DRAW_FRAMEBUFFER, self._to, image)
        gl.glBlitFramebuffer(*box, 0, 0, *size, COLOR_BUFFER_BIT, NEAREST)

    def copy_depth(self, texture: int, image: int, size: tuple[int, int]) -> None:
        """Copy the lower left part, of size `size`, of our depth texture to an image of the same
        format."""
        gl = self._gl
        for target, name, one in (
            (READ_FRAMEBUFFER, self._depth_from, texture),
            (DRAW_FRAMEBUFFER, self._depth_to, image),
        ):
            gl.glBindFramebuffer(target, name)
            gl.glFramebufferTexture2D(target, DEPTH_ATTACHMENT, TEXTURE_2D, one, 0)
        if not self._depth_ready:  # without colour a framebuffer must not name one
            self._depth_ready = True
            gl.glReadBuffer(0)
            gl.glDrawBuffer(0)
        gl.glBlitFramebuffer(0, 0, *size, 0, 0, *size, DEPTH_BUFFER_BIT, NEAREST)

    def fill(self, image: int, colour: tuple[float, float, float, float]) -> None:
        """Fill the whole image with one colour."""
        gl = self._gl
        self._bind(DRAW_FRAMEBUFFER, self._to, image)
        gl.glColorMask(1, 1, 1, 1)
        gl.glClearColor(*colour)
        gl.glClear(COLOR_BUFFER_BIT)

    def _bind(self, target: int, framebuffer: int, texture: int) -> None:
        self._gl.glBindFramebuffer(target, framebuffer)
        self._gl.glFramebufferTexture2D(target, COLOR_ATTACHMENT0, TEXTURE_2D, texture, 0)

    def close(self) -> None:
        """Delete the framebuffers."""
        self._gl.glDeleteFramebuffers(4, self._names)
