"""Levels of detail: fewer triangles over the same vertices.

Of a grid, rows and columns are left out. Elsewhere
an edge collapses onto one of its ends, the one with the least loss of form first (quadric error,
Garland and Heckbert 1997), so that every vertex that stays is as it was, with its weights and
morphs. Vertices at seams of the texture and at borders stay.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np
from making.part import Part
from making.surface import grid_triangles, solid_triangles

LEVELS = {"lod1": (0.36, 0.36), "lod2": (0.13, 0.22)}
"""For each level the share of triangles of the body and of the face."""
_EVEN = 0.72
"""Parts have triangles by their count to this power, so that small ones keep their form."""


def reduced(part: Part, share: float) -> np.ndarray:
    """(m, 3) about this share of the part's triangles."""
    wanted = round(len(part.triangles) * share)
    if wanted >= len(part.triangles):
        return part.triangles
    if part.grid is not None:
        return _thinned(part, share)
    return _collapsed(part.points, part.triangles, wanted)


def _thinned(part: Part, share: float) -> np.ndarray:
    """Triangles over fewer rows and columns of a grid."""
    rows, columns = (count - 1 for count in part.grid or (1, 1))
    fewer = int(np.clip(round(columns * share**0.5), min(columns, 4), columns))
    lines = int(np.clip(round(share * rows * columns / fewer), min(rows, 2), rows))
    r = np.rint(np.linspace(0, rows, lines + 1)).astype(int)
    c = np.rint(np.linspace(0, columns, fewer + 1)).astype(int)
    index = (r[:, None] * (columns + 1) + c[None]).ravel()
    triangles = solid_triangles(part.points, index[grid_triangles(len(r), len(c))])
    a, b, d = (part.points[triangles[:, i]] for i in range(3))
    outward = np.sum(np.cross(b - a, d - a) * part.normals[triangles[:, 0]])
    return triangles if outward > 0 else triangles[:, ::-1]


def shares(parts: Sequence[Part], share: float) -> list[float]:
    """The share of each part's triangles, so that all of them together are about `share`."""
    counts = np.array([len(part.triangles) for part in parts], float)
    wanted = counts**_EVEN
    scale = share * counts.sum() / wanted.sum()
    for _ in range(20):
        scale *= share * counts.sum() / np.minimum(wanted * scale, counts).sum()
    return [float(v) for v in np.minimum(wanted * scale / counts, 1.0)]


def _collapsed(points: np.ndarray, triangles: np.ndarray, wanted: int) -> np.ndarray:
    """Fewer triangles over the same vertices."""
    fixed = _fixed(points, triangles)
    quadrics = _quadrics(points, triangles)
    corners = [list(map(int, row)) for row in triangles]
    alive = [True] * len(corners)
    around = _around(len(points), corners)
    version = [0] * len(points)
    heap: list[tuple[float, int, int, int, int]] = []

    def offer(gone: int, stays: int) -> None:
        if fixed[gone]:
            return
        place = np.append(points[stays], 1.0)
        loss = float(place @ (quadrics[gone] + quadrics[stays]) @ place)
        loss += 1e-7 * float(np.sum((points[gone] - points[stays]) ** 2))
        heapq.heappush(heap, (loss, gone, stays, version[gone], version[stays]))

    edges = {(f[i], f[i - 1]) for f in corners for i in range(3)}
    for a, b in sorted(edges | {(b, a) for a, b in edges}):
        offer(a, b)
    count = len(corners)
    while count > wanted and heap:
        _, gone, stays, vg, vs = heapq.heappop(heap)
        current = version[gone] == vg and version[stays] == vs
        if not current or not _keeps_form(gone, stays, points, corners, around):
            continue
        count -= _joined(gone, stays, corners, around, alive)
        version[gone] = -1
        version[stays] += 1
        quadrics[stays] = quadrics[stays] + quadrics[gone]
        for other in sorted({c for i in around[stays] for c in corners[i]} - {stays}):
            offer(stays, other)
            offer(other, stays)
    return np.array([row for row, lives in zip(corners, alive, strict=True) if lives])


def _around(count: int, corners: list[list[int]]) -> list[set[int]]:
    """The triangles at each vertex."""
    around: list[set[int]] = [set() for _ in range(count)]
    for i, row in enumerate(corners):
        for corner in row:
            around[corner].add(i)
    return around


def _joined(
    gone: int,
    stays: int,
    corners: list[list[int]],
    around: list[set[int]],
    alive: list[bool],
) -> int:
    """Replace a vertex by another in all its triangles; how many vanish."""
    vanished = 0
    for i in list(around[gone]):
        if stays in corners[i]:
            alive[i] = False
            vanished += 1
            for corner in corners[i]:
                around[corner].discard(i)
        else:
            corners[i][corners[i].index(gone)] = stays
            around[stays].add(i)
    return vanished


def _fixed(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """True for vertices at a border, or at a place that other vertices share."""
    edges = np.sort(np.concatenate([triangles[:, [i, i - 1]] for i in range(3)]), 1)
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    fixed = np.zeros(len(points), bool)
    fixed[unique[counts != 2].ravel()] = True
    _, inverse, number = np.unique(
        np.rint(points * 1e6).astype(np.int64),
        axis=0,
        return_inverse=True,
        return_counts=True,
    )
    return fixed | (number[inverse.reshape(-1)] > 1)


def _keeps_form(
    gone: int,
    stays: int,
    points: np.ndarray,
    corners: list[list[int]],
    around: list[set[int]],
) -> bool:
    """True if no triangle flips and no two surfaces join."""
    near_gone = {c for i in around[gone] for c in corners[i]}
    near_stays = {c for i in around[stays] for c in corners[i]}
    if len((near_gone & near_stays) - {gone, stays}) != 2:
        return False
    for i in around[gone] - around[stays]:
        a, b, c = (points[k] for k in corners[i])
        x, y, z = (points[stays if k == gone else k] for k in corners[i])
        n, m = _cross(b - a, c - a), _cross(y - x, z - x)
        if n @ m < 0.3 * np.sqrt((n @ n) * (m @ m)):
            return False
    return True


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.array(
        [
            a[1] * b[2] - a[2] * b[1],
            a[2] * b[0] - a[0] * b[2],
            a[0] * b[1] - a[1] * b[0],
        ]
    )


def _quadrics(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(n, 4, 4) sums of squared distances from the planes of each vertex's triangles."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = normal / np.maximum(area, 1e-15)
    plane = np.concatenate([normal, -np.sum(normal * a, axis=1, keepdims=True)], 1)
    each = plane[:, :, None] * plane[:, None, :] * area[:, :, None]
    total = np.zeros((len(points), 4, 4))
    for i in range(3):
        np.add.at(total, triangles[:, i], each)
    return total
