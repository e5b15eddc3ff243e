"""The light that a set brings to who is in it, from what it brings to its own surfaces.

The light of baked lights is stored at the vertices of the set. Who is between them gets the
same: from each of six directions the mean of the surfaces nearby that face this way.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from xrdrama.adapters.panda.set.lighting import BAKED
from xrdrama.gltf.meshes import Doubles, Model, Node, from_gltf

_CELL: Final = 0.35
"""Metres; vertices in a cell that face the same way are one sample."""
_NEAR: Final = 1.0
"""Metres within which a surface counts most."""
_AWAY: Final = 0.02
"""How much one further away counts."""
_BEFORE: Final = 1.0
"""Metres over which surfaces before a point lose their weight."""
DIRECTIONS: Final = np.array(
    [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], np.float64
)


class Surroundings:
    """Samples of the baked light and of the open sky of one set."""

    def __init__(self, model: Model, left_out: Iterable[str] = ()) -> None:
        """`left_out` are the names of materials that are not surfaces."""
        names = set(left_out)
        rows = []
        for node in model.nodes:
            if node.limb < 0 and node.skin < 0:
                rows += [
                    found
                    for found in _samples(node, model, names)
                    if len(found)
                ]  # fmt: skip
        every = np.concatenate(rows) if rows else np.zeros((0, 6 + BAKED + 1))
        merged = _merged(every)
        self._at, self._faces = merged[:, :3], merged[:, 3:6]
        self._light = merged[:, 6:]

    def at(self, point: tuple[float, float, float]) -> Doubles:
        """(6, baked lights + 1) shares of the light and of the sky from each direction."""
        if not len(self._at):
            return np.tile([*[0.0] * BAKED, 1.0], (6, 1))
        way = self._at - point
        far2 = np.sum(way**2, axis=1)
        near = np.exp(-far2 / (2.0 * _NEAR**2)) + _AWAY / (1.0 + far2) ** 2
        facing = np.maximum(self._faces @ DIRECTIONS.T, 0.0) ** 2
        # Light from a direction goes past the point to what is behind; what is before it and faces
        # the same may be the other side of a wall.
        behind = np.clip(0.5 - way @ DIRECTIONS.T / _BEFORE, _AWAY, 1.0)
        weights = near[:, None] * facing * behind + 1e-12
        found: Doubles = (weights / weights.sum(axis=0)).T @ self._light
        return found


def _samples(node: Node, model: Model, left_out: set[str]) -> Iterable[Doubles]:
    """(n, 11) place, normal, baked shares and open sky of the vertices of a node's pieces."""
    for piece in node.primitives:
        rows = piece.attributes
        material = model.materials[piece.material] if piece.material >= 0 else None
        if "_BAKE" not in rows or "_SIZE" in rows or "_SEED" in rows:
            continue
        if material is None or material.name in left_out or material.alpha != "OPAQUE":
            continue
        matrix = node.matrix
        at = rows["POSITION"].astype(np.float64) @ matrix[:3, :3].T + matrix[:3, 3]
        faces = rows["NORMAL"].astype(np.float64) @ np.linalg.inv(matrix[:3, :3])
        count = len(at)
        sky = rows["COLOR_0"][:, 3:4] if "COLOR_0" in rows else np.ones((count, 1))
        turned = [from_gltf(each.astype(np.float32)) for each in (at, faces)]
        length = np.maximum(np.linalg.norm(turned[1], axis=1, keepdims=True), 1e-9)
        baked = rows["_BAKE"].astype(np.float64) ** 2
        yield np.concatenate([turned[0], turned[1] / length, baked, sky], axis=1)


def _merged(rows: Doubles) -> Doubles:
    """The mean of the samples in each cell that face the same of six ways."""
    if not len(rows):
        return rows
    way = np.argmax(np.abs(rows[:, 3:6]), axis=1)
    sign = np.take_along_axis(rows[:, 3:6], way[:, None], axis=1)[:, 0] < 0.0
    cells = np.floor(rows[:, :3] / _CELL).astype(np.int64)
    key = np.concatenate([cells, (2 * way + sign)[:, None]], axis=1)
    _, index, count = np.unique(key, axis=0, return_inverse=True, return_counts=True)
    total = np.zeros((len(count), rows.shape[1]))
    np.add.at(total, index.reshape(-1), rows)
    return total / count[:, None]
