"""Find faces in a frame with MediaPipe's face landmarker: the values of shapes, and the head.

Version 0.10.30 is pinned: later ones report usage to their vendor. The model is given as bytes
whose checksum is known, so nothing is ever downloaded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, atan2
from typing import Any

import msgspec
import numpy as np

from xrdrama.adapters.face.models import FACE
from xrdrama.adapters.vision.quiet import quiet_stderr
from xrdrama.adapters.vision.sources import Picture
from xrdrama.errors import DeviceError
from xrdrama.tracking.faces import Angles

MOST_FACES = 2
"""One is used; a second is looked for so that it can be reported."""
_INSTALL = 'pip install "xrdrama[gesture]"; on Debian also apt-get install libegl1 libgles2'


class Seen(msgspec.Struct, frozen=True):
    """A face in one frame: values by shape, the turn of the head against the camera, and where the
    face is: middle and height in shares of the picture."""

    shapes: dict[str, float]
    head: Angles
    middle: tuple[float, float]
    height: float


class Landmarker:
    """The faces in the frames of one video; a context manager.

    DeviceError when MediaPipe is missing, or cannot use the model.
    """

    def __init__(self, model: bytes | None = None) -> None:
        model = model if model is not None else FACE.checked()
        self._now = 0
        with quiet_stderr():
            try:
                import mediapipe
                from mediapipe.tasks.python import BaseOptions, vision
            except (ImportError, OSError) as error:
                raise DeviceError(f"MediaPipe cannot be used ({error})", _INSTALL) from None
            self._image: Any = mediapipe.Image
            self._format: Any = mediapipe.ImageFormat.SRGB
            options = vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_buffer=model),
                running_mode=vision.RunningMode.VIDEO,
                num_faces=MOST_FACES,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
            try:
                self._faces: Any = vision.FaceLandmarker.create_from_options(options)
                # The first frame costs as much as ten, and is when the libraries talk most.
                self.find(np.zeros((240, 320, 3), np.uint8), 0)
            except (RuntimeError, ValueError) as error:
                raise DeviceError(
                    f"MediaPipe cannot load the face model ({error})", _INSTALL
                ) from None

    def find(self, picture: Picture, at: int) -> tuple[Seen, ...]:
        """The faces in a frame taken at media time `at` in ns, which only goes forward.

        DeviceError when MediaPipe fails on the frame.
        """
        # It counts milliseconds and refuses a standstill; no clock of this machine is asked.
        self._now = max(self._now + 1, at // 1_000_000)
        image = self._image(image_format=self._format, data=np.ascontiguousarray(picture))
        try:
            found = self._faces.detect_for_video(image, self._now)
        except (RuntimeError, ValueError) as error:
            raise DeviceError(
                f"MediaPipe failed on a frame ({error})", "restart the input"
            ) from None
        faces = zip(
            found.face_landmarks,
            found.face_blendshapes,
            found.facial_transformation_matrixes,
            strict=True,
        )
        return tuple(_seen(*face) for face in faces)

    def close(self) -> None:
        """Close the landmarker."""
        self._faces.close()

    def __enter__(self) -> Landmarker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _seen(marks: Sequence[Any], shapes: Sequence[Any], matrix: Any) -> Seen:
    values = {str(one.category_name): float(one.score) for one in shapes}
    values.pop("_neutral", None)
    xs, ys = [float(mark.x) for mark in marks], [float(mark.y) for mark in marks]
    middle = (min(xs) + max(xs)) / 2.0, (min(ys) + max(ys)) / 2.0
    return Seen(values, head_of(matrix), middle, max(ys) - min(ys))


def head_of(matrix: Any) -> Angles:
    """Pan, tilt and roll of a head from its matrix, radians.

    The matrix maps the face (x to its own left, y up, z out of the face) to the camera (x to the
    right of the picture, y up, z towards the viewer): a face that looks into the camera has none.
    """
    # The face's axes have a common scale, which angles do not need.
    size = float(np.linalg.norm(matrix[:3, 2])) or 1.0
    pan = atan2(matrix[0, 2], matrix[2, 2])
    tilt = asin(max(-1.0, min(1.0, float(matrix[1, 2]) / size)))
    return pan, tilt, atan2(matrix[1, 0], matrix[1, 1])
