"""Direct calls to the OpenXR loader for each frame: pyopenxr adds about ten microseconds to each
call, and a frame has thirty.

Structures are created once and reused; arguments are addresses. Calls that are not made every
frame use pyopenxr.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

import xr  # type: ignore[import-untyped]

_P, _TIME, _COUNT = ctypes.c_void_p, ctypes.c_int64, ctypes.c_uint32
_ARGUMENTS: Final = {
    "xrWaitFrame": (_P, _P, _P),
    "xrBeginFrame": (_P, _P),
    "xrEndFrame": (_P, _P),
    "xrLocateViews": (_P, _P, _P, _COUNT, _P, _P),
    "xrLocateSpace": (_P, _P, _TIME, _P),
    "xrSyncActions": (_P, _P),
    "xrGetActionStateBoolean": (_P, _P, _P),
    "xrAcquireSwapchainImage": (_P, _P, _P),
    "xrWaitSwapchainImage": (_P, _P),
    "xrReleaseSwapchainImage": (_P, _P),
}
TIMEOUT, LOSS_PENDING, NOT_FOCUSED = 1, 3, 8
"""Results that are not errors, but need handling."""


def entry(name: str) -> Any:
    """A function of the loader; it returns the number of its result."""
    address = ctypes.cast(getattr(xr.raw_functions, name), _P).value or 0
    return ctypes.CFUNCTYPE(ctypes.c_int32, *_ARGUMENTS[name])(address)


def number(handle: Any) -> int:
    """The number of a handle."""
    return ctypes.cast(handle, _P).value or 0


def at(struct: Any) -> int:
    """The address of a structure; the caller must keep the structure alive."""
    return ctypes.addressof(struct)


def good(result: int) -> int:
    """The result if it is a success; otherwise raises pyopenxr's exception for it."""
    if result < 0 or result == LOSS_PENDING:
        raise xr.exception.check_result(xr.Result(result))
    return result


class FrameCalls:
    """Wait for, locate and end frames; `state` and `views` are the last results of the runtime."""

    def __init__(self, session: Any, stage: Any) -> None:
        self._session = number(session)
        self._wait, self._begin, self._end, self._locate = map(
            entry, ("xrWaitFrame", "xrBeginFrame", "xrEndFrame", "xrLocateViews")
        )
        self.state = xr.FrameState()
        self.views = (xr.View * 2)(xr.View(), xr.View())
        self._seen = xr.ViewState()
        self._count = _COUNT()
        self._asked = xr.ViewLocateInfo(xr.ViewConfigurationType.PRIMARY_STEREO, 0, stage)
        self._ended = xr.FrameEndInfo(0, xr.EnvironmentBlendMode.OPAQUE)
        self._layers = (ctypes.POINTER(xr.CompositionLayerBaseHeader) * 16)()
        self._ended._layers = ctypes.cast(
            self._layers, ctypes.POINTER(ctypes.POINTER(xr.CompositionLayerBaseHeader))
        )
        self._slots = (_P * 16).from_buffer(self._layers)

    def blend(self, mode: Any) -> None:
        """End all further frames with this blend mode."""
        self._ended.environment_blend_mode = mode

    def wait(self) -> None:
        """Wait for the next frame and begin it. The runtime may have discarded the one before."""
        good(self._wait(self._session, None, at(self.state)))
        good(self._begin(self._session, None))

    def locate(self, time: int) -> int:
        """Locate both eyes at a time of the runtime; returns XrViewStateFlags."""
        self._asked.display_time = time
        good(
            self._locate(
                self._session, at(self._asked), at(self._seen), 2, at(self._count), at(self.views)
            )
        )
        return int(self._seen._view_state_flags)

    def end(self, time: int, layers: list[Any]) -> None:
        """End the frame with these layers, backmost first; they must live until this returns."""
        self._ended.display_time = time
        self._ended.layer_count = len(layers)
        for slot, layer in enumerate(layers):
            self._slots[slot] = at(layer)
        good(self._end(self._session, at(self._ended)))
