"""What moves in a model: a tree of limbs, the clips that move them, and skins over them.

A limb is a node that a clip moves or a skin follows. Its matrix in the model's frame is that of
its parent, times `above`, times its translation, rotation and scale. All is in glTF's frame.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
Path = Literal["translation", "rotation", "scale"]
Interpolation = Literal["STEP", "LINEAR", "CUBICSPLINE"]

MOST_JOINTS: Final = 256
"""Most joints of a skin, which a renderer keeps in uniforms."""
MOST_LIMBS: Final = 4096
MOST_KEYS: Final = 4_000_000
"""Most keys of all channels of a model."""


class Limb(msgspec.Struct, frozen=True):
    """A node that moves, at rest: metres, a unit quaternion (x, y, z, w), factors.

    `parent` is the index of the limb that it moves with, always an earlier one, or -1; `above`
    (4, 4) maps from the limb's parent to the frame that its translation is in.
    """

    name: str
    parent: int
    above: Doubles
    translation: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rotation: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 1.0)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)


class Channel(msgspec.Struct, frozen=True):
    """Keys for one property of a limb: `times` (n,) in seconds, increasing, and their values.

    `values` is (n, 3), for a rotation (n, 4); for CUBICSPLINE (n, 3, ...): the tangent before,
    the value and the tangent after of each key.
    """

    limb: int
    path: Path
    interpolation: Interpolation
    times: Doubles
    values: Doubles


class Clip(msgspec.Struct, frozen=True):
    """An animation of a model, from 0 to its last key."""

    name: str
    channels: tuple[Channel, ...]

    @property
    def duration(self) -> float:
        """Seconds."""
        return max((float(channel.times[-1]) for channel in self.channels), default=0.0)


class Skin(msgspec.Struct, frozen=True):
    """The limbs that vertices follow, and (n, 4, 4) the inverse of each one's frame at binding."""

    joints: tuple[int, ...]
    binds: Doubles


class Rig(msgspec.Struct, frozen=True):
    """All that moves in a model; empty for one that stands still."""

    limbs: tuple[Limb, ...] = ()
    clips: tuple[Clip, ...] = ()
    skins: tuple[Skin, ...] = ()
