"""Samples that arrive as 16-bit little-endian integers."""

from __future__ import annotations

import numpy as np

from xrdrama.adapters.voice.endpointing import Samples


def samples_of(pcm: bytes) -> Samples:
    """The samples, -1 to 1."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768.0)
