"""A figure on the graphics card: its pieces, joints and shapes, shared by all sets and views."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from panda3d.core import LVecBase4f, PTA_LVecBase4f

from xrdrama.adapters.panda.figure.morphing import Morphing, Where
from xrdrama.adapters.panda.figure.pieces import Piece
from xrdrama.adapters.panda.figure.posing import Joints, Posing, root_matrix
from xrdrama.adapters.panda.set.visitors import Appearance, Box
from xrdrama.gltf.complete import complete
from xrdrama.gltf.figures import Figure
from xrdrama.gltf.meshes import Doubles, Node, Primitive, from_gltf

_MARGIN: Final = 0.02
"""Metres by which the box of a figure is larger than that of its joints."""


_Reach = tuple[int, NDArray[np.int64], Doubles]
"""A skin, its joints that vertices follow, and (joints, 8, 4) corners of the boxes around these."""


class Body:
    """A figure with its pieces; `pose` moves it for all sets that show it."""

    def __init__(self, figure: Figure, where: Where) -> None:
        self.figure = figure
        self.where = where
        self.behaviour = PTA_LVecBase4f.empty_array(1)
        self._posing = Posing(figure)
        self._joints: list[Joints] = []
        self.rows: list[PTA_LVecBase4f] = []
        """The rows of the matrices of each skin's joints, as a uniform."""
        self._reaches: list[_Reach] = []
        self.morphings: dict[int, Morphing] = {}
        """By the identity of the piece that they move."""
        made: dict[int, tuple[Piece, ...]] = {}
        for level in figure.levels:
            for node in level:
                if id(node) not in made:
                    made[id(node)] = self._pieces(node)
        self.levels = tuple(
            tuple(piece for node in level for piece in made[id(node)]) for level in figure.levels
        )
        # One box for each joint of all levels: they are transformed in every frame.
        self._reaches = _joined(self._reaches)
        self.appearance: Appearance | None = None
        self.box = Box((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        self.feet: tuple[tuple[float, float, float], ...] = ()
        """Where the joints of its feet are, in the set's frame."""
        self._feet_at_rest = [figure.bones[f"{side}Foot"] for side in ("left", "right")]
        rest = [figure.at[f"{side}Foot"][1] for side in ("left", "right")]
        self.ankle = min(rest)
        """Height of the feet's joints at rest, metres."""
        self.height = figure.at["head"][1] - self.ankle

    def joints_of(self, piece: Piece) -> int:
        """How many joints a piece may follow."""
        return len(self._joints[piece.skin].limbs)

    def pose(self, appearance: Appearance) -> None:
        """Move it; nothing is done while it appears as before."""
        if appearance == self.appearance:
            return
        self.appearance = appearance
        pose = appearance.pose
        self.behaviour.set_element(0, LVecBase4f(1.0, appearance.presence, 0.0, 0.0))
        limbs, root = self._posing.limbs(pose), root_matrix(pose)
        ends = []
        found = [joints.rows(limbs, root) for joints in self._joints]
        for array, rows in zip(self.rows, found, strict=True):
            array.set_data(np.ascontiguousarray(rows, np.float32).tobytes())
        for skin, used, corners in self._reaches:
            ends.append(np.einsum("jkl,jcl->jck", found[skin][used], corners).reshape(-1, 3))
        every = np.concatenate(ends)
        low, high = every.min(axis=0) - _MARGIN, every.max(axis=0) + _MARGIN
        self.box = Box(_triple(low), _triple(high))
        self.feet = tuple(
            _triple(root[:3, :3] @ from_gltf(limbs[limb][None, :3, 3])[0] + root[:3, 3])
            for limb in self._feet_at_rest
        )
        for morphing in self.morphings.values():
            morphing.show(pose.shapes)

    def _pieces(self, node: Node) -> tuple[Piece, ...]:
        skin = self._skin(node)
        found = []
        for primitive in node.primitives:
            piece = Piece(complete(primitive, self.figure.model.materials), skin)
            morphing = Morphing(piece, self.where) if primitive.morphs else None
            rows = morphing.rows() if morphing and self.where == "shader" else None
            piece.build(rows)
            if morphing:
                self.morphings[id(piece)] = morphing
            self._reaches.append((skin, *_reach(piece.primitive)))
            found.append(piece)
        return tuple(found)

    def _skin(self, node: Node) -> int:
        """The index of the joints that a node follows: those of its skin, or its one limb."""
        rig = self.figure.model.rig
        if node.skin >= 0:
            skin = rig.skins[node.skin]
            joints = Joints(np.array(skin.joints), skin.binds)
        else:
            joints = Joints(np.array([node.limb]), node.matrix[None])
        for index, known in enumerate(self._joints):
            if np.array_equal(known.limbs, joints.limbs) and np.array_equal(
                known.binds, joints.binds
            ):
                return index
        self._joints.append(joints)
        self.rows.append(PTA_LVecBase4f.empty_array(3 * len(joints.limbs)))
        return len(self._joints) - 1


def _reach(primitive: Primitive) -> tuple[NDArray[np.int64], Doubles]:
    """The joints that vertices follow, and (joints, 8, 4) corners of the boxes around these."""
    attributes = primitive.attributes
    points = from_gltf(attributes["POSITION"]).astype(np.float64)
    used, shares = attributes["JOINTS_0"].astype(np.int64), attributes["WEIGHTS_0"]
    joints, boxes = np.unique(used[shares > 0.0]), []
    far = 0.0
    if primitive.morphs is not None:
        far = float(np.abs(primitive.morphs.positions).max(initial=0.0))
    for joint in joints.tolist():
        mine = points[np.any((used == joint) & (shares > 0.0), axis=1)]
        boxes.append(_corners(np.array([mine.min(axis=0) - far, mine.max(axis=0) + far])))
    return joints, np.array(boxes)


def _joined(reaches: list[_Reach]) -> list[_Reach]:
    """For each skin one box for each joint, around those of all its pieces."""
    found: dict[int, dict[int, list[Doubles]]] = {}
    for skin, joints, corners in reaches:
        for joint, box in zip(joints.tolist(), corners, strict=True):
            found.setdefault(skin, {}).setdefault(joint, []).append(box[:, :3])
    return [
        (
            skin,
            np.array(list(boxes)),
            np.array([_corners(np.concatenate(b)) for b in boxes.values()]),
        )
        for skin, boxes in found.items()
    ]


def _corners(points: Doubles) -> Doubles:
    """(8, 4) corners of the box around points, as homogeneous coordinates."""
    ends = np.array([points.min(axis=0), points.max(axis=0)])
    return np.array([
        [*ends[[i, j, k], [0, 1, 2]], 1.0] for i in (0, 1) for j in (0, 1) for k in (0, 1)
    ])  # fmt: skip


def _triple(point: Doubles) -> tuple[float, float, float]:
    x, y, z = point.tolist()
    return x, y, z
