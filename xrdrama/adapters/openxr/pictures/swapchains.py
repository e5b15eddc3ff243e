"""Swapchains: images of the runtime, into which our pictures are copied."""

from __future__ import annotations

import ctypes
from typing import Any

import xr  # type: ignore[import-untyped]

from xrdrama.adapters.openxr.calls import TIMEOUT, at, entry, good, number
from xrdrama.adapters.openxr.pictures.gl import DEPTH32F, RGBA8, SRGB8_ALPHA8, Copying
from xrdrama.errors import DeviceError

IMAGE_TIMEOUT_NS = 1_000_000_000
"""Nanoseconds to wait for an image of the runtime."""


def picture_format(session: Any) -> int:
    """The format of all swapchains: 8 bit sRGB, so that our pictures pass unchanged."""
    offered = list(xr.enumerate_swapchain_formats(session))
    for wanted in (SRGB8_ALPHA8, RGBA8):
        if wanted in offered:
            return wanted
    raise DeviceError(
        "the headset does not support 8-bit sRGB images", "use another OpenXR runtime"
    )


def depth_format(session: Any) -> int | None:
    """The format of swapchains for depth, that of our own pictures; None if it is not offered."""
    return DEPTH32F if DEPTH32F in list(xr.enumerate_swapchain_formats(session)) else None


class Swapchain:
    """The images for one surface of a headset, `size` pixels each."""

    def __init__(self, session: Any, format: int, size: tuple[int, int]) -> None:
        use = xr.SwapchainUsageFlags
        depth = format == DEPTH32F
        drawn = use.DEPTH_STENCIL_ATTACHMENT_BIT if depth else use.COLOR_ATTACHMENT_BIT
        self.size = size
        self.filled = False
        """True after the first picture; a layer must not show a swapchain without one."""
        self._chain = xr.create_swapchain(
            session,
            xr.SwapchainCreateInfo(
                usage_flags=drawn | use.SAMPLED_BIT | use.TRANSFER_DST_BIT,
                format=format,
                sample_count=1,
                width=size[0],
                height=size[1],
                face_count=1,
                array_size=1,
                mip_count=1,
            ),
        )
        found = xr.enumerate_swapchain_images(self._chain, xr.SwapchainImageOpenGLKHR)
        self._images = [image.image for image in found]
        self._number = number(self._chain)
        self._acquire, self._wait, self._release = map(
            entry, ("xrAcquireSwapchainImage", "xrWaitSwapchainImage", "xrReleaseSwapchainImage")
        )
        self._wait_info = xr.SwapchainImageWaitInfo(timeout=IMAGE_TIMEOUT_NS)
        self._index = ctypes.c_uint32()

    def take(self, copying: Copying, texture: int, box: tuple[int, int, int, int]) -> None:
        """Copy `box` (left, bottom, right, top) of our texture to the lower left of an image."""
        image = self._next()
        copying.copy(texture, image, box, (box[2] - box[0], box[3] - box[1]))
        self._done()

    def take_depth(self, copying: Copying, texture: int, size: tuple[int, int]) -> None:
        """Copy the lower left part, of size `size`, of our depth texture to that of an image."""
        copying.copy_depth(texture, self._next(), size)
        self._done()

    def fill(self, copying: Copying, colour: tuple[float, float, float, float]) -> None:
        """Fill an image with one colour."""
        image = self._next()
        copying.fill(image, colour)
        self._done()

    def part(self, width: int, height: int) -> Any:
        """The lower left part of the last image, for a layer."""
        area = xr.Rect2Di(xr.Offset2Di(0, 0), xr.Extent2Di(width, height))
        return xr.SwapchainSubImage(self._chain, area, 0)

    def _next(self) -> int:
        good(self._acquire(self._number, None, at(self._index)))
        if good(self._wait(self._number, at(self._wait_info))) == TIMEOUT:
            raise DeviceError(
                "the OpenXR runtime does not release its images", "restart the runtime"
            )
        return int(self._images[self._index.value])

    def _done(self) -> None:
        good(self._release(self._number, None))
        self.filled = True

    def close(self) -> None:
        """Release the image to the runtime."""
        xr.destroy_swapchain(self._chain)
