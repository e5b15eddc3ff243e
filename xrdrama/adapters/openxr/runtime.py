"""Open the OpenXR runtime and its headset; convert its errors to DeviceError."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Literal

import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.binding import EGL_EXTENSION
from xrdrama.errors import DeviceError

OPENGL_EXTENSION: Final = "XR_KHR_opengl_enable"
DEPTH_EXTENSION: Final = "XR_KHR_composition_layer_depth"
WANTED: Final = (
    EGL_EXTENSION, "XR_EXT_hand_interaction", "XR_META_touch_controller_plus",
    "XR_EXT_hand_tracking", "XR_EXT_hand_tracking_data_source", DEPTH_EXTENSION,
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


Blend = Literal["opaque", "additive", "alpha"]


class GoneError(DeviceError):
    """The runtime or the session was lost while it ran."""


class LeftError(DeviceError):
    """The session was ended by the wearer of the headset or by its runtime. OpenXR requires that
    no new session is started without a request."""


def hung(seconds: float) -> GoneError:
    """The error of a runtime that has not answered for `seconds`."""
    return GoneError(
        f"the OpenXR runtime has not answered for {seconds:.0f} s", "restart the runtime"
    )


@contextmanager
def runtime_errors() -> Iterator[None]:
    """Convert errors of the runtime to DeviceError, or to GoneError if the runtime is lost."""
    try:
        yield
    except _LOST as error:
        raise GoneError(f"the OpenXR runtime was lost ({_name(error)})", _START) from error
    except xr.exception.XrException as error:
        raise DeviceError(
            f"the OpenXR runtime reported an error: {_name(error)}", _START
        ) from error


def _name(error: Exception) -> str:
    return type(error).__name__.removesuffix("Error")


def open_instance(application: str) -> tuple[Any, frozenset[str]]:
    """An instance of the runtime, and the enabled extensions; DeviceError without a runtime."""
    try:
        offered = {
            bytes(found.extension_name).split(b"\0")[0].decode()
            if isinstance(found.extension_name, bytes)
            else str(found.extension_name)
            for found in xr.enumerate_instance_extension_properties()
        }
        if OPENGL_EXTENSION not in offered:
            raise DeviceError("this OpenXR runtime does not support OpenGL", "use another runtime")
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
        raise DeviceError(f"no OpenXR runtime was found ({_name(error)})", _START) from error


def open_system(instance: Any) -> Any:
    """The headset of a runtime, ready for OpenGL; DeviceError if none is connected."""
    try:
        found = xr.get_system(instance, xr.SystemGetInfo(xr.FormFactor.HEAD_MOUNTED_DISPLAY))
    except (
        xr.exception.FormFactorUnavailableError,
        xr.exception.FormFactorUnsupportedError,
    ) as error:
        raise DeviceError("no headset is connected", _START) from error
    # The specification requires this call before a session is created, whatever it returns.
    call = ctypes.cast(
        xr.get_instance_proc_addr(instance, "xrGetOpenGLGraphicsRequirementsKHR"),
        xr.PFN_xrGetOpenGLGraphicsRequirementsKHR,
    )
    needs = xr.GraphicsRequirementsOpenGLKHR()
    if call(instance, found, ctypes.byref(needs)) != 0:
        raise DeviceError("this headset does not support OpenGL", _START)
    return found


def blend_mode(instance: Any, system: Any, wanted: Blend) -> tuple[Blend, Any]:
    """How pictures are put over what the wearer sees: as wanted, or else opaque, and the runtime's
    value for it."""
    kinds = xr.EnvironmentBlendMode
    modes = {"additive": kinds.ADDITIVE, "alpha": kinds.ALPHA_BLEND}
    stereo = xr.ViewConfigurationType.PRIMARY_STEREO
    offered = [int(one) for one in xr.enumerate_environment_blend_modes(instance, system, stereo)]
    if wanted in modes and int(modes[wanted]) in offered:
        return wanted, modes[wanted]
    return "opaque", kinds.OPAQUE


def is_there() -> bool:
    """True if a runtime with a headset is available now. Opens and closes an instance."""
    try:
        with runtime_errors():
            instance, _ = open_instance("xrdrama")
    except DeviceError:
        return False
    try:
        with runtime_errors():
            open_system(instance)
        return True
    except DeviceError:
        return False
    finally:
        xr.destroy_instance(instance)
