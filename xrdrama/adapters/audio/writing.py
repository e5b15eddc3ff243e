"""Writes speech as Ogg Opus."""

from __future__ import annotations

import io
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.audio.files import SAMPLE_RATE

BIT_RATE: Final = 40_000
BLOCK: Final = 960


def opus_of(samples: NDArray[np.float64]) -> bytes:
    """An Ogg Opus file of mono samples at 48 kHz, -1 to 1, filled up to whole blocks of 20 ms."""
    padded = np.pad(samples, (0, -len(samples) % BLOCK)).astype(np.float32)
    file = io.BytesIO()
    with av.open(file, "w", format="ogg") as out:
        stream = out.add_stream("libopus", rate=SAMPLE_RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        for start in range(0, len(padded), BLOCK):
            block = np.ascontiguousarray(padded[None, start : start + BLOCK])
            frame = av.AudioFrame.from_ndarray(block, "flt", "mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.getvalue()
