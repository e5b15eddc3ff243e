"""Videos for the face input, made while a test runs."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np


def write_video(path: Path, pictures: Iterable[np.ndarray[Any, Any]], rate: int = 24) -> Path:
    """A video of RGB pictures of one size."""
    with av.open(str(path), "w") as container:
        stream: Any = None
        for picture in pictures:
            if stream is None:
                stream = container.add_stream("libx264", rate=Fraction(rate))
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.options = {"crf": "14", "preset": "ultrafast"}
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def black_video(path: Path, frames: int = 24) -> Path:
    """A video that shows nothing."""
    return write_video(path, (np.zeros((240, 320, 3), np.uint8) for _ in range(frames)))
