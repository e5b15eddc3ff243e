"""Find the hand in a frame with MediaPipe's hand landmarker: one hand, video mode.

Version 0.10.30 is pinned: later ones report usage to their vendor. The model is given as bytes
whose checksum is known, so nothing is ever downloaded here.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from xrdrama.adapters.gesture.models import checked_model
from xrdrama.adapters.gesture.poses import Point, in_pixels
from xrdrama.adapters.vision.quiet import quiet_stderr
from xrdrama.adapters.vision.sources import Picture
from xrdrama.errors import DeviceError

_INSTALL = 'pip install "xrdrama[gesture]"; on Debian also apt-get install libegl1 libgles2'


class Hand(msgspec.Struct, frozen=True):
    """A hand in one frame: 21 landmarks in pixels, and how sure MediaPipe is of its side.

    That score (0 to 1) is the only one that MediaPipe's Python interface gives; a hand whose
    presence is doubtful (under 0.5) is not given at all.
    """

    points: tuple[Point, ...]
    score: float


class Landmarker:
    """The tracker of one hand through the frames of one video; a context manager.

    with Landmarker(checked_model()) as landmarker:
        hand = landmarker.find(picture, at)     # None without a hand

    DeviceError when MediaPipe is missing, or cannot use the model.
    """

    def __init__(self, model: bytes | None = None) -> None:
        model = model if model is not None else checked_model()
        self._now = 0
        with quiet_stderr():
            try:
                import mediapipe
                from mediapipe.tasks.python import BaseOptions, vision
            except (ImportError, OSError) as error:
                raise DeviceError(f"MediaPipe cannot be used ({error})", _INSTALL) from None
            self._image: Any = mediapipe.Image
            self._format: Any = mediapipe.ImageFormat.SRGB
            options = vision.HandLandmarkerOptions(
                base_options=BaseOptions(model_asset_buffer=model),
                running_mode=vision.RunningMode.VIDEO,
                num_hands=1,  # with two, the palm detector runs on every frame
            )
            try:
                self._hands: Any = vision.HandLandmarker.create_from_options(options)
                # The first frame costs as much as ten, and is when the libraries talk most.
                self.find(np.zeros((240, 320, 3), np.uint8), 0)
            except (RuntimeError, ValueError) as error:
                raise DeviceError(
                    f"MediaPipe cannot load the hand model ({error})", _INSTALL
                ) from None

    def find(self, picture: Picture, at: int) -> Hand | None:
        """The hand in a frame taken at media time `at` in ns, which only goes forward.

        DeviceError when MediaPipe fails on the frame.
        """
        # It counts milliseconds and refuses a standstill; no clock of this machine is asked.
        self._now = max(self._now + 1, at // 1_000_000)
        image = self._image(image_format=self._format, data=np.ascontiguousarray(picture))
        try:
            result = self._hands.detect_for_video(image, self._now)
        except (RuntimeError, ValueError) as error:
            raise DeviceError(
                f"MediaPipe failed on a frame ({error})", "restart the input"
            ) from None
        if not result.hand_landmarks:
            return None
        height, width = picture.shape[:2]
        shares = [(float(mark.x), float(mark.y)) for mark in result.hand_landmarks[0]]
        score = float(result.handedness[0][0].score or 0.0)
        return Hand(in_pixels(shares, width=width, height=height), min(1.0, max(0.0, score)))

    def close(self) -> None:
        """Close the landmarker."""
        self._hands.close()

    def __enter__(self) -> Landmarker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
