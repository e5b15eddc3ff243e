"""The extent of a model in our frame."""

from __future__ import annotations

import numpy as np

from xrdrama.gltf.meshes import Model

Point = tuple[float, float, float]


def extent_of(model: Model, scale: float = 1.0) -> tuple[Point, Point]:
    """The lowest and highest corner of a model's box in our frame (Z up), times `scale`.

    Both are zero for a model without vertices.
    """
    least, most = np.full(3, np.inf), np.full(3, -np.inf)
    for node in model.nodes:
        for primitive in node.primitives:
            used = primitive.attributes["POSITION"]
            if len(used):
                points = used @ node.matrix[:3, :3].T + node.matrix[:3, 3]
                least = np.minimum(least, points.min(axis=0))
                most = np.maximum(most, points.max(axis=0))
    if not np.isfinite(least).all():
        return (0.0, 0.0, 0.0), (0.0, 0.0, 0.0)
    low, high = (least * scale).tolist(), (most * scale).tolist()
    return (low[0], -high[2], low[1]), (high[0], -low[2], high[1])
