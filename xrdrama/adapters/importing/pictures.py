"""Convert a picture of any known format to PNG or JPEG."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import Final

from PIL import Image as Pillow

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.importing.ktx2 import KTX2, ktx2_pixels
from xrdrama.gltf.meshes import Image

FORMATS: Final = ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "TGA", "GIF", "DDS", "PPM")
MAX_SIDE: Final = 8192


def png_or_jpeg(name: str, content: bytes) -> Image:
    """The picture as it is when it is PNG or JPEG, else as PNG with 8 bits for each channel.

    RemoteProtocolError, with the remedy, for one that is damaged, too large or of another format.
    """
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return Image(name, "image/png", content)
    if content[:3] == b"\xff\xd8\xff":
        return Image(name, "image/jpeg", content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if content[:12] == KTX2:
                pixels = ktx2_pixels(content)
                mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[pixels.shape[2]]
                size = (pixels.shape[1], pixels.shape[0])
                opened = Pillow.frombytes(mode, size, pixels.tobytes())
            else:
                opened = Pillow.open(BytesIO(content), formats=FORMATS)
            if max(opened.size) > MAX_SIDE:
                raise RemoteProtocolError(
                    f"it has {opened.width} x {opened.height} pixels; at most {MAX_SIDE} x "
                    f"{MAX_SIDE} are allowed: make it smaller"
                )
            faint = "A" in opened.getbands() or "transparency" in opened.info
            stored = BytesIO()
            opened.convert("RGBA" if faint else "RGB").save(stored, "PNG")
    except RemoteProtocolError:
        raise
    except Exception:  # Pillow raises whatever it met
        raise RemoteProtocolError(
            "it is damaged or of an unknown format: export the model with PNG or JPEG"
        ) from None
    return Image(name, "image/png", stored.getvalue())
