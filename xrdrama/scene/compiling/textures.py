"""Images that the compiler makes: tiling noise, and PNG files from arrays."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xrdrama.gltf.meshes import Image

Bytes = NDArray[np.uint8]


def png(picture: Bytes, level: int = 9) -> bytes:
    """The PNG file of (h, w, 1), (h, w, 3) or (h, w, 4) bytes; zlib's `level` of compression."""
    height, width, channels = picture.shape
    kind = {1: 0, 3: 2, 4: 6}[channels]
    above = np.zeros_like(picture)
    above[1:] = picture[:-1]
    # Filter 2 (up) of the format for every row: smooth pictures become small.
    rows = np.full((height, 1 + width * channels), 2, np.uint8)
    rows[:, 1:] = (picture - above).reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), level))
        + _chunk(b"IEND", b"")
    )


def has_alpha(image: Image) -> bool:
    """True if an image has an alpha channel, by its header."""
    kind = image.content[25] if image.mime == "image/png" and len(image.content) > 25 else 0
    return kind in (4, 6) or (image.mime == "image/png" and b"tRNS" in image.content[:4096])


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(
        ">I", zlib.crc32(kind + content)
    )  # fmt: skip


def noise(width: int, seed: int) -> Bytes:
    """(width, width, 4) tiling noise, 0 to 255, coarser in each channel from red to alpha."""
    random = np.random.default_rng(seed)
    frequency = np.fft.fftfreq(width) * width
    distance = np.hypot(*np.meshgrid(frequency, frequency))
    channels: list[Any] = []
    for octave in (24.0, 12.0, 6.0, 3.0):
        # A band of frequencies around the octave, with a tail of finer ones.
        weight = np.where(distance > 0, distance / octave, 0.0)
        weight = weight * np.exp(-weight) / np.maximum(distance, 1.0)
        spectrum = np.fft.fft2(random.standard_normal((width, width))) * weight
        field = np.fft.ifft2(spectrum).real
        field = (field - field.mean()) / field.std()
        channels.append(np.clip(field * 46.0 + 127.5, 0, 255).round().astype(np.uint8))
    return np.stack(channels, axis=2)
