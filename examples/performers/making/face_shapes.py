"""All face shapes of a head's skin, from the left side's."""

from __future__ import annotations

import numpy as np
from making import shapes_of_eyes, shapes_of_mouth
from making.arkit import other_side
from making.face_marks import Marks
from making.head_mould import Head


def mirrored(head: Head, offsets: np.ndarray) -> np.ndarray:
    """(n, 3) the same shape on the other side."""
    return offsets[head.grid.twin] * [-1.0, 1.0, 1.0]


def face_shapes(head: Head) -> dict[str, np.ndarray]:
    """ARKit's names with (n, 3) offsets in heads; `tongueOut` is in the tongue's own part."""
    marks = Marks(head)
    found = {**shapes_of_eyes.shapes(marks), **shapes_of_mouth.shapes(marks)}
    left = found.pop("browInnerUpLeft")
    found["browInnerUp"] = left + mirrored(head, left)
    for name in [name for name in found if name.endswith("Left")]:
        found[other_side(name)] = mirrored(head, found[name])
    for name, offsets in found.items():
        if other_side(name) == name:
            found[name] = (offsets + mirrored(head, offsets)) / 2
        # The seam behind stays closed.
        found[name] = found[name][head.grid.weld]
    return {name: found[name] for name in sorted(found)}
