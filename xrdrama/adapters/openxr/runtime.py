"""Getting to a runtime and its headset, and what its errors mean to whoever started the show."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.binding import EGL_EXTENSION
from xrdrama.errors import DeviceError

OPENGL_EXTENSION: Final = "XR_KHR_opengl_enable"
WANTED: Final = (
    EGL_EXTENSION, "XR_EXT_hand_interaction", "XR_META_touch_controller_plus",
)  # fmt: skip
_START: Final = (
    "start its runtime (Monado, SteamVR), put the headset on, or: xrdrama run SHOW --window"
)
_LOST: Final = (
    xr.exception.InstanceLostError,
    xr.exception.SessionLostError,
    xr.exception.RuntimeFailureError,
    xr.exception.SessionLossPending,
)


class GoneError(DeviceError):
    """The runtime or the session was lost while it ran."""


class LeftError(DeviceError):
    """The session was ended from outside, by who wears the headset or by its runtime. OpenXR asks
    not to begin another one unasked."""


def hung(seconds: float) -> GoneError:
    """What is the matter with a runtime that has not answered for so long."""
    return GoneError(f"the OpenXR runtime has not answered for {seconds:.0f} s", "start it again")


@contextmanager
def told() -> Iterator[None]:
    """Turns the runtime's errors into DeviceError; GoneError after which nothing comes."""
    try:
        yield
    except _LOST as error:
        raise GoneError(f"the OpenXR runtime went away ({_name(error)})", _START) from error
    except xr.exception.XrException as error:
        raise DeviceError(f"the OpenXR runtime refused: {_name(error)}", _START) from error


def _name(error: Exception) -> str:
    return type(error).__name__.removesuffix("Error")


def open_instance(application: str) -> tuple[Any, frozenset[str]]:
    """An instance of the runtime, and the extensions that are used; DeviceError without one."""
    try:
        offered = {
            bytes(found.extension_name).split(b"\0")[0].decode()
            if isinstance(found.extension_name, bytes)
            else str(found.extension_name)
            for found in xr.enumerate_instance_extension_properties()
        }
        if OPENGL_EXTENSION not in offered:
            raise DeviceError("this OpenXR runtime takes no OpenGL", "use another one")
        enabled = [OPENGL_EXTENSION, *(name for name in WANTED if name in offered)]
        about = xr.ApplicationInfo(application[:120], 1, "xrdrama", 0, xr.Version(1, 0, 0))
        info = xr.InstanceCreateInfo(application_info=about, enabled_extension_names=enabled)
        return xr.create_instance(info), frozenset(enabled)
    except (
        xr.exception.RuntimeUnavailableError,
        xr.exception.RuntimeFailureError,
        xr.exception.InitializationFailedError,
        xr.exception.InstanceLostError,
        xr.exception.FileAccessErrorError,
        xr.exception.FileContentsInvalidError,
    ) as error:
        raise DeviceError(f"there is no OpenXR runtime ({_name(error)})", _START) from error


def open_system(instance: Any) -> Any:
    """The headset of a runtime, ready for OpenGL; DeviceError when none is there."""
    try:
        found = xr.get_system(instance, xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY))
    except (
        xr.exception.FormFactorUnavailableError,
        xr.exception.FormFactorUnsupportedError,
    ) as error:
        raise DeviceError("no headset is connected", _START) from error
    # The specification wants this call before a session is made, whatever it answers.
    call = ctypes.cast(
        xr.get_instance_proc_addr(instance, "xrGetOpenGLGraphicsRequirementsKHR"),
        xr.PFN_xrGetOpenGLGraphicsRequirementsKHR,
    )
    needs = xr.GraphicsRequirementsOpenGLKHR()
    if call(instance, found, ctypes.byref(needs)) != 0:
        raise DeviceError("this headset takes no OpenGL", _START)
    return found


def is_there() -> bool:
    """Whether there is a runtime with a headset now; asks it, and leaves nothing behind."""
    try:
        with told():
            instance, _ = open_instance("xrdrama")
    except DeviceError:
        return False
    try:
        with told():
            open_system(instance)
        return True
    except DeviceError:
        return False
    finally:
        xr.destroy_instance(instance)
