"""Pass our OpenGL context to the runtime: EGL, GLX (X11) or WGL (Windows).

The tests use EGL, without a screen and under Xvfb. GLX and WGL have the same interface; they are
written from the specification and are untested here.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any, Final

import xr  # type: ignore[import-untyped]

from xrdrama.errors import DeviceError

EGL_EXTENSION: Final = "XR_MNDX_egl_enable"
_P, _I = ctypes.c_void_p, ctypes.c_int
_CONFIG_ID, _NONE = 0x3028, 0x3038


def binding(extensions: frozenset[str]) -> Any:
    """The graphics binding of the context that is current in this thread, for create_session.

    `extensions` are those of the runtime. DeviceError when it cannot take such a context.
    """
    makers: list[Callable[[frozenset[str]], Any]] = (
        [_wgl] if sys.platform == "win32" else [_egl, _glx]
    )
    for maker in makers:
        made = maker(extensions)
        if made is not None:
            return made
    raise DeviceError(
        "this OpenXR runtime cannot use our OpenGL context",
        f"use a runtime with the extension {EGL_EXTENSION}, such as Monado: set XR_RUNTIME_JSON",
    )


def _library(name: str) -> Any | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _declared(library: Any, calls: dict[str, tuple[list[Any], Any]]) -> None:
    for name, (arguments, result) in calls.items():
        call = getattr(library, name)
        call.argtypes, call.restype = arguments, result


def _egl(extensions: frozenset[str]) -> Any | None:
    egl = _library("libEGL.so.1")
    if egl is None or EGL_EXTENSION not in extensions:
        return None
    _declared(
        egl,
        {
            "eglGetCurrentDisplay": ([], _P),
            "eglGetCurrentContext": ([], _P),
            "eglQueryContext": ([_P, _P, _I, ctypes.POINTER(_I)], ctypes.c_uint),
            "eglChooseConfig": (
                [_P, ctypes.POINTER(_I), ctypes.POINTER(_P), _I, ctypes.POINTER(_I)],
                ctypes.c_uint,
            ),
        },
    )
    display, context = egl.eglGetCurrentDisplay(), egl.eglGetCurrentContext()
    if not display or not context:
        return None
    number, config, count = _I(), _P(), _I()
    egl.eglQueryContext(display, context, _CONFIG_ID, ctypes.byref(number))
    wanted = (_I * 3)(_CONFIG_ID, number.value, _NONE)
    egl.eglChooseConfig(display, wanted, ctypes.byref(config), 1, ctypes.byref(count))
    return _filled(
        xr.GraphicsBindingEGLMNDX(),
        {
            "get_proc_address": ctypes.cast(egl.eglGetProcAddress, _P).value,
            "display": display,
            "config": config.value,
            "context": context,
        },
    )


def _glx(_: frozenset[str]) -> Any | None:
    gl = _library("libGL.so.1")
    if gl is None:
        return None
    names = ("glXGetCurrentDisplay", "glXGetCurrentDrawable", "glXGetCurrentContext")
    _declared(gl, {name: ([], _P) for name in names})
    display, drawable, context = (getattr(gl, name)() for name in names)
    if not display or not context:
        return None
    return _filled(
        xr.GraphicsBindingOpenGLXlibKHR(),
        {"x_display": display, "glx_drawable": drawable, "glx_context": context},
    )


def _wgl(_: frozenset[str]) -> Any | None:
    gl = _library("opengl32")
    if gl is None:
        return None
    _declared(gl, {"wglGetCurrentDC": ([], _P), "wglGetCurrentContext": ([], _P)})
    device, context = gl.wglGetCurrentDC(), gl.wglGetCurrentContext()
    if not context:
        return None
    return _filled(xr.GraphicsBindingOpenGLWin32KHR(), {"h_dc": device, "h_glrc": context})


def _filled(struct: Any, values: dict[str, Any]) -> Any:
    """The struct with these values; each is cast to the private pointer type of its field."""
    kinds = {field[0]: field[1] for field in struct._fields_}
    for name, value in values.items():
        kind = kinds[name]
        if issubclass(kind, ctypes._SimpleCData) and kind is not _P:
            setattr(struct, name, value or 0)
        else:
            setattr(struct, name, ctypes.cast(_P(value), kind))
    return struct
