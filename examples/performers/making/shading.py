"""How much of its surroundings each place of a figure sees, darkened into its colours.

The figure is posed as it mostly stands, cut into small cubes, and short rays march through them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from making.part import Part
from making.skeleton import Joint

CELL = 0.011
_STEPS = np.array([0.016, 0.026, 0.038, 0.052, 0.070, 0.092, 0.120])


def shaded(
    parts: Sequence[Part],
    bones: Sequence[Joint],
    turns: Mapping[str, np.ndarray],
    strength: float = 0.62,
) -> list[Part]:
    """The parts with colours multiplied by how open their places are in a pose."""
    posed = [_posed(part, bones, turns) for part in parts]
    everything = np.concatenate([points for points, _ in posed])
    low = everything.min(0) - 0.15
    size = np.ceil((everything.max(0) + 0.15 - low) / CELL).astype(int)
    solid = np.zeros(size, bool)
    for part, (points, _) in zip(parts, posed, strict=True):
        for p in _covered(points, part.triangles):
            solid[tuple(np.floor((p - low) / CELL).astype(int).T)] = True
    made = []
    for part, (points, normals) in zip(parts, posed, strict=True):
        seen = _openness(points, normals, solid, low)
        shade = 1.0 - strength * (1.0 - np.clip(seen * 1.35, 0, 1))
        # Light that was in cloth or skin before comes back warmer.
        warm = shade[:, None] ** np.array([0.92, 1.0, 1.04])
        made.append(replace(part, colours=part.colours * warm))
    return made


def _posed(
    part: Part, bones: Sequence[Joint], turns: Mapping[str, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    world: dict[str, np.ndarray] = {}
    rest: dict[str, np.ndarray] = {}
    for joint in bones:
        own = np.eye(4)
        own[:3, :3] = turns.get(joint.name, np.eye(3))
        own[:3, 3] = joint.at - rest.get(joint.parent, np.zeros(3))
        rest[joint.name] = joint.at
        world[joint.name] = world[joint.parent] @ own if joint.parent else own
    points = np.zeros_like(part.points)
    normals = np.zeros_like(part.points)
    total = np.zeros((len(points), 1))
    for name, rows in part.follows.items():
        weight = np.broadcast_to(rows, len(points))[:, None]
        turn = world[name][:3, :3]
        points += weight * ((part.points - rest[name]) @ turn.T + world[name][:3, 3])
        normals += weight * (part.normals @ turn.T)
        total += weight
    points /= np.maximum(total, 1e-9)
    return points, normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)


def _covered(points: np.ndarray, triangles: np.ndarray) -> list[np.ndarray]:
    """Points over all triangles, no further apart than a cell."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    long = np.sqrt(np.maximum.reduce([np.sum((a - b) ** 2, 1), np.sum((b - c) ** 2, 1),
                                      np.sum((c - a) ** 2, 1)]))  # fmt: skip
    found = []
    for n in range(1, 9):
        which = np.ceil(long / CELL).clip(1, 8).astype(int) == n
        if not which.any():
            continue
        i, j = np.meshgrid(np.arange(n + 1), np.arange(n + 1))
        u, v = (k[i + j <= n] / n for k in (i, j))
        p = a[which, None] + u[:, None] * (b - a)[which, None] + v[:, None] * (c - a)[which, None]
        found.append(p.reshape(-1, 3))
    return found


def _openness(
    points: np.ndarray,
    normals: np.ndarray,
    solid: np.ndarray,
    low: np.ndarray,
    rays: int = 20,
) -> np.ndarray:
    """(n,) the share of rays that meet nothing, weighted by their cosine."""
    i = np.arange(rays)
    z = np.sqrt(1 - (i + 0.5) / rays)
    angle = 2 * np.pi * ((i * 0.6180339887) % 1)
    lobe = np.stack([np.sqrt(1 - z * z) * np.cos(angle), np.sqrt(1 - z * z) * np.sin(angle), z], 1)
    side = np.cross(normals, np.where(np.abs(normals[:, 1:2]) < 0.9, [[0.0, 1, 0]], [[1.0, 0, 0]]))
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    other = np.cross(normals, side)
    way = (
        lobe[None, :, :1] * side[:, None] + lobe[None, :, 1:2] * other[:, None]
        + lobe[None, :, 2:] * normals[:, None]
    )  # fmt: skip
    start = points + normals * 1.3 * CELL
    light = np.ones((len(points), rays))
    for far in _STEPS:
        cell = np.floor((start[:, None] + way * far - low) / CELL).astype(int)
        cell = np.clip(cell, 0, np.array(solid.shape) - 1)
        hit = solid[cell[..., 0], cell[..., 1], cell[..., 2]]
        # What is further away darkens less.
        light = np.minimum(light, np.where(hit, far / 0.16, 1.0))
    return light.mean(1)
