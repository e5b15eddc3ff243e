"""Read the pixels of a KTX 2.0 picture that is stored uncompressed or deflated.

Written from the Khronos KTX 2.0 specification: identifier, header, index of levels, level 0.
Basis Universal, ASTC, BC and ETC are rejected with their name.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.errors import RemoteProtocolError

KTX2: Final = b"\xabKTX 20\xbb\r\n\x1a\n"
MAX_SIDE: Final = 8192
_CHANNELS: Final = {9: 1, 15: 1, 16: 2, 22: 2, 23: 3, 29: 3, 37: 4, 43: 4}
"""Channels by Vulkan's number of a format: 8-bit unsigned, linear and sRGB."""
_PNG: Final = "export the model with PNG or JPEG"


def ktx2_pixels(content: bytes) -> NDArray[np.uint8]:
    """(height, width, 1 to 4) bytes of the largest level, the upper row first.

    RemoteProtocolError for other formats, by name, and for damaged content.
    """
    if content[:12] != KTX2 or len(content) < 104:
        raise RemoteProtocolError(f"this is not a KTX 2.0 picture: {_PNG}")
    kind, size, width, height, depth, layers, faces, _, scheme = struct.unpack_from(
        "<9I", content, 12
    )
    if scheme == 1 or kind == 0:
        name = "Basis Universal (ETC1S)" if scheme == 1 else "Basis Universal (UASTC)"
        raise RemoteProtocolError(f"the KTX2 picture is compressed as {name}: {_PNG}")
    if kind not in _CHANNELS:
        raise RemoteProtocolError(f"the KTX2 picture has the Vulkan format {kind}: {_PNG}")
    if scheme not in (0, 3):
        name = "Zstandard" if scheme == 2 else f"scheme {scheme}"
        raise RemoteProtocolError(f"the KTX2 picture is compressed with {name}: {_PNG}")
    if depth or layers > 1 or faces != 1 or size != 1:
        raise RemoteProtocolError(f"the KTX2 picture is an array, a cube or a volume: {_PNG}")
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise RemoteProtocolError(
            f"the KTX2 picture has {width} x {height} pixels; at most {MAX_SIDE} x {MAX_SIDE} are "
            "allowed: make it smaller"
        )
    offset, length = struct.unpack_from("<QQ", content, 80)
    channels = _CHANNELS[kind]
    expected = width * height * channels
    data = content[offset : offset + length]
    if scheme == 3:
        try:
            data = zlib.decompressobj().decompress(data, expected + 1)
        except zlib.error:
            data = b""
    if len(data) != expected:
        raise RemoteProtocolError(f"the KTX2 picture is damaged or cut short: {_PNG}")
    return np.frombuffer(data, np.uint8).reshape(height, width, channels)
