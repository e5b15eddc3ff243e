"""The joints of a figure in a pose: from turns of bones to matrices in the frame of a set.

A body's frame is X right, Y ahead, Z up; a figure file faces glTF's +Z. Both have the same turns,
since (x, y, z) of the body is (-x, z, y) of the file.
"""

from __future__ import annotations

from math import cos, sin
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.panda.set.geometry import in_our_frame
from xrdrama.gltf.figures import Figure, rest_turns
from xrdrama.gltf.meshes import Doubles
from xrdrama.performer import Pose

_STANDING: Final = -1
"""The limb of what no joint moves: it follows the root."""


class Posing:
    """Turns of bones to matrices of limbs; nothing is kept from one pose to the next."""

    def __init__(self, figure: Figure) -> None:
        limbs = figure.model.rig.limbs
        self._bones = figure.bones
        self._hips = figure.bones["hips"]
        self._parents = rest_turns(figure)
        self._above = np.array([limb.above for limb in limbs])
        self._rest = _matrices(np.array([limb.rotation for limb in limbs]))
        self._scales = np.array([limb.scale for limb in limbs])
        self._places = np.array([limb.translation for limb in limbs])
        depths: list[int] = []
        for limb in limbs:
            depths.append(depths[limb.parent] + 1 if limb.parent >= 0 else 0)
        at = np.array(depths)
        parents = np.array([limb.parent for limb in limbs])
        levels = [np.flatnonzero(at == depth) for depth in range(1, max(depths) + 1)]
        self._levels = [(level, parents[level]) for level in levels]

    def limbs(self, pose: Pose) -> Doubles:
        """(limbs + 1, 4, 4) matrices in the file's frame; the last is that of what stands still."""
        count = len(self._places)
        turns = np.tile([0.0, 0.0, 0.0, 1.0], (count, 1))
        for bone, turn in pose.turns.items():
            limb = self._bones.get(bone, _STANDING)
            if limb >= 0:
                turns[limb] = -turn.x, turn.z, turn.y, turn.w
        back = self._parents.transpose(0, 2, 1)
        local = np.zeros((count, 4, 4))
        local[:, :3, :3] = back @ _matrices(turns) @ self._parents @ self._rest
        local[:, :3, :3] *= self._scales[:, None, :]
        local[:, :3, 3] = self._places
        lift = np.array([-pose.lift.x, pose.lift.z, pose.lift.y])
        local[self._hips, :3, 3] += back[self._hips] @ lift
        local[:, 3, 3] = 1.0
        found = np.concatenate([self._above @ local, np.eye(4)[None]])
        for level, parents in self._levels:
            found[level] = found[parents] @ found[level]
        return found


class Joints:
    """The joints that the vertices of one skin follow: limbs, and their inverse frames at rest."""

    def __init__(self, limbs: NDArray[np.int64], binds: Doubles) -> None:
        self.limbs, self.binds = limbs, binds

    def rows(self, limbs: Doubles, root: Doubles) -> Doubles:
        """(joints, 3, 4) rows of the matrices from our frame at rest to the set."""
        found: Doubles = (root @ in_our_frame(limbs[self.limbs] @ self.binds))[:, :3]
        return found


def root_matrix(pose: Pose) -> Doubles:
    """(4, 4) from the file, as our geometry has it, to the set: it faces -Y until it is turned."""
    c, s = -cos(pose.root.pan), -sin(pose.root.pan)
    at = pose.root.at
    return np.array([[c, -s, 0, at.x], [s, c, 0, at.y], [0, 0, 1, at.z], [0, 0, 0, 1.0]])


def _matrices(turns: Doubles) -> Doubles:
    """(n, 3, 3) rotations of quaternions (x, y, z, w), scaled to unit length."""
    x, y, z, w = (turns / np.maximum(np.linalg.norm(turns, axis=1, keepdims=True), 1e-12)).T
    rows = [
        1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
        2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
        2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
    ]  # fmt: skip
    found: Doubles = np.stack(rows, axis=1).reshape(-1, 3, 3)
    return found
