"""Pictures that arrive one by one, as JPEG."""

from __future__ import annotations

import numpy as np

from xrdrama.adapters.vision.sources import Picture


def decoded(jpeg: bytes) -> Picture | None:
    """The picture (RGB), or None if it cannot be decoded. Its size must be known to be small."""
    import cv2

    try:
        found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if found is None else np.asarray(found[:, :, ::-1], np.uint8)
