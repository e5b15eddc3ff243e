"""Single pictures as files (Pillow)."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from xrdrama.saving import saving

Picture = NDArray[np.uint8]


def jpeg(picture: Picture, width: int) -> bytes:
    """A picture (rows from the top, RGB) as a JPEG `width` pixels wide, with its own aspect."""
    image = Image.fromarray(picture)
    height = round(image.height * width / image.width)
    data = io.BytesIO()
    image.resize((width, height), Image.Resampling.LANCZOS).save(data, "JPEG", quality=84)
    return data.getvalue()


def save_picture(picture: Picture, out: Path) -> None:
    """Write a picture in the format that the suffix of `out` names. DeviceError."""
    with saving(out) as beside:
        Image.fromarray(picture).save(beside)
