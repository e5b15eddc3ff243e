"""Decode images of models to the formats that all renderers read.

Artists' tools write grey, palette, 16-bit, 1-bit, interlaced and CMYK pictures. The compiler
decodes every picture that is drawn, so that `check` finds a damaged one before the show, and
returns 8-bit RGB or RGBA.
"""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageFile, UnidentifiedImageError

from xrdrama.adapters.panda.set.geometry import picture
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import Image
from xrdrama.scene.compiling.textures import png

_FULL: Final = 255


def decoded(image: Image) -> Image:
    """The image as PNG of 8-bit RGB or RGBA, or as it is when it is that or a plain JPEG.

    Alpha is kept where some pixel has less than full. Colour profiles and gamma are ignored, as
    glTF says. RemoteProtocolError for one that is broken or cut short.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Pillow.open(BytesIO(image.content), formats=("PNG", "JPEG")) as opened:
                opened.load()
                if opened.format == "PNG":
                    _refuse_damage(image.content)
                kept = opened.format == "JPEG" and opened.mode == "RGB"
                pixels = None if kept else _pixels(opened)
    except Exception as error:  # Pillow raises whatever it met
        raise RemoteProtocolError(f"cannot be decoded: {_reason(error)}") from None
    if pixels is None:
        picture(image)  # what Pillow reads, Panda3D must read, too
        return image
    if pixels.shape[2] == 4 and int(pixels[..., 3].min()) == _FULL:
        pixels = pixels[..., :3]
    if pixels.shape[2] == (4 if image.content[25:26] == b"\x06" else 3) and _is_plain(image):
        return image
    return Image(image.name, "image/png", png(np.ascontiguousarray(pixels), level=3))


def _refuse_damage(content: bytes) -> None:
    """ValueError for a PNG with a wrong checksum, an unknown part or without its end.

    Pillow reads over these; libpng, which reads it when it is drawn, does not.
    """
    at, kind = 8, b""
    while kind != b"IEND":
        (length,) = struct.unpack(">I", content[at : at + 4].rjust(4, b"\0"))
        kind, end = content[at + 4 : at + 8], at + 8 + length
        check = content[end : end + 4]
        if len(check) < 4:
            raise ValueError("truncated")
        critical = kind[:1].isupper()  # readers may skip the others
        if critical and kind not in (b"IHDR", b"PLTE", b"IDAT", b"IEND"):
            raise ValueError(f"it has an unknown chunk {kind.decode('ascii', 'replace')!r}")
        if critical and zlib.crc32(content[at + 4 : end]) != int.from_bytes(check):
            raise ValueError(f"it is damaged (wrong checksum of {kind.decode('ascii', 'replace')})")
        at = end + 4


def _pixels(opened: Pillow.Image) -> NDArray[np.uint8]:
    """(h, w, 3) or (h, w, 4) bytes."""
    if opened.mode.startswith("I") or opened.mode == "F":
        wide = np.asarray(opened, np.int64)
        key = opened.info.get("transparency")
        grey = np.clip(wide >> 8, 0, _FULL).astype(np.uint8)
        parts = [grey] * 3
        if isinstance(key, int):
            parts.append(np.where(wide == key, 0, _FULL).astype(np.uint8))
        return np.stack(parts, axis=2)
    faint = "A" in opened.getbands() or "a" in opened.getbands() or "transparency" in opened.info
    return np.asarray(opened.convert("RGBA" if faint else "RGB"), np.uint8)


def _is_plain(image: Image) -> bool:
    """Whether it is a PNG of 8-bit RGB or RGBA that any reader decodes to the same pixels."""
    head = image.content
    special = (b"tRNS", b"gAMA", b"iCCP", b"cHRM")
    return (
        image.mime == "image/png"
        and head[24:26] in (b"\x08\x02", b"\x08\x06")
        and head[28:29] == b"\0"
        and not any(chunk in head[: head.find(b"IDAT")] for chunk in special)
    )


def _reason(error: Exception) -> str:
    said = str(error) or type(error).__name__
    if "truncated" in said or "Truncated" in said or isinstance(error, EOFError):
        return "it is truncated"
    if isinstance(error, UnidentifiedImageError):  # Pillow's text names an object in memory
        return "it is damaged"
    return said[:120]


assert not ImageFile.LOAD_TRUNCATED_IMAGES
