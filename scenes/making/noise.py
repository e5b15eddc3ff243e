"""Tiling noise, and pictures as PNG files.

Colours are sRGB; a picture is (size, size) or (size, size, 3), 0 to 1.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

Picture = np.ndarray


def field(size: int, seed: int, low: float, high: float, slope: float = 1.0,
          stretch: tuple[float, float] = (1.0, 1.0)) -> Picture:  # fmt: skip
    """(size, size) tiling noise of mean 0 and spread 1, with frequencies from low to high."""
    random = np.random.default_rng(seed)
    f = np.fft.fftfreq(size) * size
    fx, fy = np.meshgrid(f * stretch[0], f * stretch[1])
    r = np.hypot(fx, fy)
    weight = np.where((r >= low) & (r <= high), 1.0 / np.maximum(r, 1.0) ** slope, 0.0)
    out = np.fft.ifft2(np.fft.fft2(random.standard_normal((size, size))) * weight).real
    return out / out.std()


def normals(height: Picture, strength: float) -> Picture:
    """The normal map of a tiling height picture, green up."""
    dx = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * strength
    dy = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * strength
    n = np.stack([-dx, dy, np.ones_like(height)], -1)
    n /= np.linalg.norm(n, axis=-1, keepdims=True)
    return np.rint((n * 0.5 + 0.5) * 255 / 4) * 4 / 255


def blur(picture: Picture, radius: float) -> Picture:
    """A tiling Gaussian blur."""
    f = np.fft.fftfreq(picture.shape[0])
    g = np.exp(-2 * (np.pi * radius) ** 2 * (f[:, None] ** 2 + f[None] ** 2))
    return np.fft.ifft2(np.fft.fft2(picture) * g).real


def png(picture: Picture, colours: int = 0) -> bytes:
    """The PNG file of a picture of 0 to 1, (h, w) or (h, w, 3); `colours` makes a palette."""
    array = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    image = Image.fromarray(array)
    if colours:
        image = image.quantize(
            colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.FLOYDSTEINBERG
        )
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
