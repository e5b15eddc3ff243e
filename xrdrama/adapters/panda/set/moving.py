"""Animations of a set's models: limbs, and joints of skins, as functions of params and seconds.

Skins are applied in the vertex shaders. What is culled follows: a skinned piece has the box
around the boxes of its joints, which no vertex leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from panda3d.core import (
    BoundingBox,
    GeomNode,
    LMatrix4f,
    LPoint3f,
    LVecBase4f,
    NodePath,
    PTA_LVecBase4f,
)

from xrdrama.adapters.panda.set.geometry import in_our_frame
from xrdrama.adapters.panda.set.lighting import Levels
from xrdrama.gltf.meshes import Doubles, Node, from_gltf
from xrdrama.gltf.motion import Motion, Play, joint_matrices
from xrdrama.gltf.rig import Rig
from xrdrama.scene.compiled import SceneSheet

_SMALLEST: Final = 1e-5
"""A limb that is scaled to nothing has this scale: a renderer inverts its matrices."""
_SAMPLES: Final = 48
"""Times of each clip at which the reach of what moves is measured."""
_MARGIN: Final = 0.05
"""The share of its size by which the measured reach is extended, for what is between samples."""


class Moving:
    """What clips move in one set."""

    def __init__(self, sheet: SceneSheet, rig: Rig) -> None:
        self._sheet, self._rig = sheet, rig
        self._motion = Motion(rig)
        index = {clip.name: i for i, clip in enumerate(rig.clips)}
        self._clips = [(index[clip.name], clip) for clip in sheet.clips if clip.name in index]
        scaled = [c.limb for clip in rig.clips for c in clip.channels if c.path == "scale"]
        self._scaled = set(scaled)
        self._limbs: list[tuple[int, Doubles, NodePath]] = []
        self._skins: dict[int, _Joints] = {}
        self._boxes: list[tuple[int, Doubles]] = []
        self.state: tuple[float, ...] = ()
        """The time and share of each clip; another one when something moved."""

    def follow(self, node: Node, path: NodePath) -> None:
        """Let a node of the set follow its limb."""
        self._limbs.append((node.limb, node.matrix, path))
        for piece in node.primitives:
            points = piece.attributes["POSITION"].astype(np.float64)
            self._boxes.append((node.limb, _corners(points) @ node.matrix.T))

    def is_uneven(self, node: Node) -> bool:
        """Whether its normals need more care: clips scale it, or its skin may."""
        limb = node.limb
        while limb >= 0:
            if limb in self._scaled:
                return True
            limb = self._rig.limbs[limb].parent
        return node.skin >= 0

    def joints_of(self, node: Node) -> int:
        """The number of joints that a node's vertices follow, 0 for none."""
        return len(self._rig.skins[node.skin].joints) if node.skin >= 0 else 0

    def wear(self, node: Node, index: int, path: NodePath) -> None:
        """Let the piece `index` of a node with a skin follow the joints."""
        skin = self._skins.setdefault(node.skin, _Joints(self.joints_of(node)))
        path.set_shader_input("joint_rows", skin.array)
        attributes = node.primitives[index].attributes
        points = from_gltf(attributes["POSITION"]).astype(np.float64)
        used, shares = attributes["JOINTS_0"].astype(np.int64), attributes["WEIGHTS_0"]
        boxes = {}
        for joint in np.unique(used[shares > 0.0]).tolist():
            mine = np.any((used == joint) & (shares > 0.0), axis=1)
            boxes[joint] = _corners(points[mine])
        geom_node = path.node()
        assert isinstance(geom_node, GeomNode)
        skin.pieces.append((geom_node, np.array(list(boxes)), np.array(list(boxes.values()))))

    def update(self, levels: Levels, seconds: float) -> None:
        """Move everything to its place at a time, independent of earlier frames."""
        if not self._clips:
            return
        plays = list(self._plays(levels, seconds))
        state = tuple(value for play in plays for value in play[1:])
        if state == self.state:
            return
        self.state = state
        self._pose(self._motion.matrices(plays))

    def reach(self) -> list[LPoint3f]:
        """Two corners of the box that what moves stays in, or nothing.

        It is measured at times of each clip, while the others are at their beginning.
        """
        if not (self._limbs or self._skins):
            return []
        found: list[Doubles] = []
        for clip, _ in self._clips:
            duration = self._rig.clips[clip].duration
            for step in range(_SAMPLES + 1):
                found.append(self._extent([Play(clip, duration * step / _SAMPLES)]))
        if not found:
            return []
        both = np.array(found)
        low, high = both[:, 0].min(axis=0), both[:, 1].max(axis=0)
        margin = (high - low) * _MARGIN
        return [LPoint3f(*(low - margin).tolist()), LPoint3f(*(high + margin).tolist())]

    def _plays(self, levels: Levels, seconds: float) -> Iterator[Play]:
        for index, clip in self._clips:
            duration = self._rig.clips[index].duration
            share = min(max(levels.of(clip.blend_by), 0.0), 1.0)
            if clip.moved_by:
                param = self._sheet.params[clip.moved_by]
                done = (levels.of(clip.moved_by) - param.least) / (param.most - param.least)
                yield Play(index, done * duration, share)
            else:
                at = seconds * clip.speed
                yield Play(index, at % duration if duration > 0.0 else 0.0, share)

    def _pose(self, limbs: Doubles) -> None:
        for limb, matrix, path in self._limbs:
            ours = in_our_frame(limbs[limb] @ matrix)
            turn = ours[:3, :3]
            if abs(np.linalg.det(turn)) < _SMALLEST**3:
                ours[:3, :3] = np.eye(3) * _SMALLEST
            path.set_mat(LMatrix4f(*ours.T.reshape(-1).tolist()))
        for index, skin in self._skins.items():
            skin.pose(in_our_frame(joint_matrices(self._rig.skins[index], limbs)))

    def _extent(self, plays: list[Play]) -> Doubles:
        """(2, 3) lowest and highest point in our frame."""
        limbs = self._motion.matrices(plays)
        points = [corners @ limbs[limb].T for limb, corners in self._boxes]
        ends = [from_gltf(part[:, :3].astype(np.float32)) for part in points]
        for index, skin in self._skins.items():
            matrices = in_our_frame(joint_matrices(self._rig.skins[index], limbs))
            ends += [np.array(skin.box(matrices, used, boxes)) for _, used, boxes in skin.pieces]
        every = np.concatenate(ends)
        return np.array([every.min(axis=0), every.max(axis=0)])


class _Joints:
    """The matrices of a skin's joints as a uniform, and the pieces that follow them."""

    def __init__(self, count: int) -> None:
        self.array = PTA_LVecBase4f.empty_array(3 * count)
        self.pieces: list[tuple[GeomNode, Doubles, Doubles]] = []

    def pose(self, matrices: Doubles) -> None:
        rows = matrices[:, :3].reshape(-1, 4)
        for i, row in enumerate(rows.tolist()):
            self.array.set_element(i, LVecBase4f(*row))
        for node, used, boxes in self.pieces:
            low, high = self.box(matrices, used, boxes)
            node.set_bounds(BoundingBox(LPoint3f(*low.tolist()), LPoint3f(*high.tolist())))
            node.set_final(True)

    @staticmethod
    def box(matrices: Doubles, used: Doubles, boxes: Doubles) -> tuple[Doubles, Doubles]:
        """The box around the boxes of the joints; vertices are between points in them."""
        moved = np.einsum("jkl,jcl->jck", matrices[used][:, :3], boxes).reshape(-1, 3)
        return moved.min(axis=0) - 1e-3, moved.max(axis=0) + 1e-3


def _corners(points: Doubles) -> Doubles:
    """(8, 4) corners of the box around points, as rows (x, y, z, 1)."""
    ends = np.array([points.min(axis=0), points.max(axis=0)])
    return np.array([[*ends[[i, j, k], [0, 1, 2]], 1.0] for i in (0, 1) for j in (0, 1)
                     for k in (0, 1)])  # fmt: skip
