"""Figures as solids: rounded forms that melt into each other, then skinned with few triangles.

A `Solid` is a function from (n, 3) points to signed distances (metres, negative inside), nearly
true close to its surface. `skin` cuts space into cubes and lays a surface through them (surface
nets), `thinned` collapses what is flat (quadric error), and normals and hollows are asked of the
solid itself, so that few triangles still carry folds.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

import numpy as np
from making.mesh import Shape

Solid = Callable[[np.ndarray], np.ndarray]
Point = Sequence[float]


def ball(centre: Point, radii: float | Point) -> Solid:
    """A ball, or an ellipsoid along the axes."""
    c, r = np.asarray(centre, float), np.broadcast_to(np.asarray(radii, float), 3)

    def at(p: np.ndarray) -> np.ndarray:
        q = (p - c) / r
        near = np.linalg.norm(q, axis=1)
        slope = np.linalg.norm(q / r, axis=1)
        return near * (near - 1.0) / np.maximum(slope, 1e-9)

    return at


def bone(
    a: Point, b: Point, ra: float, rb: float, *, flat: float = 1.0, hint: Point = (0, 0, 1)
) -> Solid:
    """A rod with round ends whose radius runs from ra to rb; `flat` thins it along `hint`."""
    a, b, h = (np.asarray(v, float) for v in (a, b, hint))
    along = b - a
    long = along @ along
    across = h - along * (h @ along) / max(long, 1e-12)
    across /= max(np.linalg.norm(across), 1e-9)

    def at(p: np.ndarray) -> np.ndarray:
        d = p - a
        share = np.clip(d @ along / max(long, 1e-12), 0.0, 1.0)
        off = d - share[:, None] * along
        off += (off @ across)[:, None] * across * (1.0 / flat - 1.0)
        return (np.linalg.norm(off, axis=1) - (ra + (rb - ra) * share)) * min(flat, 1.0)

    return at


def stack(rings: Sequence[Sequence[float]], *, square: float = 2.0) -> Solid:
    """Ovals over each other: rows (z, half width, half depth, x, y); `square` above 2 flattens."""
    rows = np.asarray(rings, float)
    z = rows[:, 0]

    def at(p: np.ndarray) -> np.ndarray:
        rx, ry, cx, cy = (np.interp(p[:, 2], z, rows[:, i]) for i in range(1, 5))
        qx, qy = np.abs(p[:, 0] - cx) / rx, np.abs(p[:, 1] - cy) / ry
        near = (qx**square + qy**square) ** (1.0 / square)
        side = (near - 1.0) * np.minimum(rx, ry)
        return np.maximum(side, np.maximum(z[0] - p[:, 2], p[:, 2] - z[-1]))

    return at


def block(centre: Point, half: Point, edge: float, *, pan: float = 0.0) -> Solid:
    """A box with rounded edges, panned by degrees."""
    c, h, t = np.asarray(centre, float), np.asarray(half, float) - edge, np.radians(pan)
    turn = np.array([[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0], [0, 0, 1]])

    def at(p: np.ndarray) -> np.ndarray:
        q = np.abs((p - c) @ turn) - h
        return np.linalg.norm(np.maximum(q, 0.0), axis=1) + np.minimum(q.max(1), 0.0) - edge

    return at


def melted(k: float, *solids: Solid) -> Solid:
    """Several solids as one, run together over about k metres."""

    def at(p: np.ndarray) -> np.ndarray:
        total = solids[0](p)
        for solid in solids[1:]:
            other = solid(p)
            h = np.clip(0.5 + 0.5 * (other - total) / k, 0.0, 1.0)
            total = other + (total - other) * h - k * h * (1.0 - h)
        return total

    return at


def without(solid: Solid, *cuts: Solid, k: float = 0.01) -> Solid:
    """A solid with others cut out of it."""

    def at(p: np.ndarray) -> np.ndarray:
        total = solid(p)
        for cut in cuts:
            other = -cut(p)
            h = np.clip(0.5 - 0.5 * (other - total) / k, 0.0, 1.0)
            total = other + (total - other) * h + k * h * (1.0 - h)
        return total

    return at


def swollen(solid: Solid, by: Callable[[np.ndarray], np.ndarray]) -> Solid:
    """A solid whose surface is moved outwards by `by(points)` metres: folds, seams, quilting."""
    return lambda p: solid(p) - by(p)


def skin(solid: Solid, low: Point, high: Point, cell: float) -> Shape:
    """The surface of a solid within a box, in quads of about `cell` metres cut into triangles."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    counts = np.ceil((high - low) / cell).astype(int) + 1
    axes = [low[i] + cell * np.arange(counts[i]) for i in range(3)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), -1)
    field = solid(nodes.reshape(-1, 3)).reshape(tuple(counts))
    total = np.zeros((*(counts - 1), 3))
    hits = np.zeros(tuple(counts - 1))
    crossings = []
    for axis in range(3):
        first, second = [slice(None)] * 3, [slice(None)] * 3
        first[axis], second[axis] = slice(None, -1), slice(1, None)
        a, b = field[tuple(first)], field[tuple(second)]
        crosses = (a < 0) != (b < 0)
        crossings.append((axis, crosses, a < 0))
        share = np.where(crosses, a / np.where(crosses, a - b, 1.0), 0.0)
        where = nodes[tuple(first)].copy()
        where[..., axis] += share * cell
        others = [i for i in range(3) if i != axis]
        # Each edge of the lattice belongs to the four cubes around it.
        for i in (0, 1):
            for j in (0, 1):
                source, goal = [slice(None)] * 3, [slice(None)] * 3
                for o, shift in zip(others, (i, j), strict=True):
                    source[o] = slice(1, None) if shift else slice(None, -1)
                    goal[o] = slice(None)
                edge = crosses[tuple(source)]
                total[tuple(goal)] += where[tuple(source)] * edge[..., None]
                hits[tuple(goal)] += edge
    kept = hits > 0
    number = np.full(kept.shape, -1)
    number[kept] = np.arange(kept.sum())
    points = total[kept] / hits[kept][:, None]
    return _settled(solid, points, _quads(number, crossings), cell)


def _quads(number: np.ndarray, crossings: list[tuple[int, np.ndarray, np.ndarray]]) -> np.ndarray:
    """Two triangles for every edge of the lattice that leaves the solid."""
    found = []
    for axis, crosses, inside in crossings:
        u, v = (axis + 1) % 3, (axis + 2) % 3
        index = np.argwhere(crosses)
        index = index[(index[:, u] > 0) & (index[:, v] > 0)]
        index = index[(index[:, u] < number.shape[u]) & (index[:, v] < number.shape[v])]
        out = inside[tuple(index.T)]
        corners = []
        for du, dv in ((-1, -1), (0, -1), (0, 0), (-1, 0)):
            cube = index.copy()
            cube[:, u] += du
            cube[:, v] += dv
            corners.append(number[tuple(cube.T)])
        a, b, c, d = corners
        b, d = np.where(out, b, d), np.where(out, d, b)
        found += [np.stack([a, b, c], 1), np.stack([a, c, d], 1)]
    triangles = np.concatenate(found)
    return triangles[(triangles >= 0).all(1)]


def _settled(solid: Solid, points: np.ndarray, triangles: np.ndarray, cell: float) -> Shape:
    """Vertices moved onto the surface, with the surface's own normals."""
    for _ in range(3):
        step = solid(points)[:, None] * normals_of(solid, points, cell * 0.25)
        points = points - np.clip(step, -0.5 * cell, 0.5 * cell)
    return Shape(points, triangles, normals_of(solid, points, 0.006))


def normals_of(solid: Solid, points: np.ndarray, reach: float) -> np.ndarray:
    """(n, 3) directions out of a solid, measured over `reach` metres to each side."""
    slope = np.stack(
        [solid(points + reach * axis) - solid(points - reach * axis) for axis in np.eye(3)], 1
    )
    return slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-12)


def hollow(
    solid: Solid, points: np.ndarray, normals: np.ndarray, reach: float = 0.09
) -> np.ndarray:
    """(n,) how open each place is, 1 in the open and 0 in a crease, felt over `reach` metres."""
    open_ = np.zeros(len(points))
    shares = (0.25, 0.5, 1.0)
    for share in shares:
        far = reach * share
        open_ += np.clip(solid(points + normals * far) / far, 0.0, 1.0)
    return open_ / len(shares)


def thinned(shape: Shape, triangles: int, solid: Solid) -> Shape:
    """The same surface with about so many triangles, and the solid's normals at what is left."""
    points, faces = _collapsed(shape.points, shape.triangles, triangles)
    return Shape(points, faces, normals_of(solid, points, 0.006))


def _collapsed(points: np.ndarray, faces: np.ndarray, wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """Collapse edges one by one, the one with the least loss of form first."""
    points = points.copy()
    quadrics = _quadrics(points, faces)
    alive = [True] * len(faces)
    corners = [list(map(int, face)) for face in faces]
    around: list[set[int]] = [set() for _ in points]
    for i, face in enumerate(corners):
        for corner in face:
            around[corner].add(i)
    version = [0] * len(points)
    heap: list[tuple[float, int, int, int, int]] = []

    def offer(a: int, b: int) -> None:
        q = quadrics[a] + quadrics[b]
        middle = np.append((points[a] + points[b]) / 2, 1.0)
        # A little for length keeps the triangles well shaped.
        loss = middle @ q @ middle + 2e-6 * float(np.sum((points[a] - points[b]) ** 2))
        heapq.heappush(heap, (float(loss), a, b, version[a], version[b]))

    for a, b in {tuple(sorted((f[i], f[i - 1]))) for f in corners for i in range(3)}:
        offer(a, b)
    count = len(faces)
    while count > wanted and heap:
        _, a, b, va, vb = heapq.heappop(heap)
        if version[a] != va or version[b] != vb or not _foldless(a, b, points, corners, around):
            continue
        points[a] = (points[a] + points[b]) / 2
        quadrics[a] = quadrics[a] + quadrics[b]
        count -= _joined_at(a, b, corners, around, alive)
        version[b] = -1
        version[a] += 1
        for other in {c for i in around[a] for c in corners[i]} - {a}:
            offer(a, other)
    left = np.array([face for face, lives in zip(corners, alive, strict=True) if lives])
    used, inverse = np.unique(left, return_inverse=True)
    return points[used], inverse.reshape(-1, 3)


def _joined_at(
    a: int, b: int, corners: list[list[int]], around: list[set[int]], alive: list[bool]
) -> int:
    """Give vertex b's triangles to vertex a; how many vanish between them."""
    gone = 0
    for i in list(around[b]):
        if a in corners[i]:
            alive[i] = False
            gone += 1
            for corner in corners[i]:
                around[corner].discard(i)
        else:
            corners[i][corners[i].index(b)] = a
            around[a].add(i)
    around[b].clear()
    return gone


def _foldless(
    a: int, b: int, points: np.ndarray, corners: list[list[int]], around: list[set[int]]
) -> bool:
    """True if an edge may collapse: no triangle flips, no separate surfaces join."""
    shared = around[a] & around[b]
    near_a = {c for i in around[a] for c in corners[i]}
    near_b = {c for i in around[b] for c in corners[i]}
    if len(shared) != 2 or len((near_a & near_b) - {a, b}) != 2:
        return False
    middle = (points[a] + points[b]) / 2
    for i in (around[a] | around[b]) - shared:
        before = [points[c] for c in corners[i]]
        after = [middle if c in (a, b) else points[c] for c in corners[i]]
        n, m = (np.cross(t[1] - t[0], t[2] - t[0]) for t in (before, after))
        if n @ m < 0.25 * np.linalg.norm(n) * np.linalg.norm(m):
            return False
    return True


def _quadrics(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(n, 4, 4) sums of squared distances from the planes of each vertex's triangles."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    normal = np.cross(b - a, c - a)
    area = np.linalg.norm(normal, axis=1, keepdims=True)
    normal = normal / np.maximum(area, 1e-12)
    plane = np.concatenate([normal, -np.sum(normal * a, axis=1, keepdims=True)], 1)
    each = plane[:, :, None] * plane[:, None, :] * area[:, :, None]
    total = np.zeros((len(points), 4, 4))
    for i in range(3):
        np.add.at(total, faces[:, i], each)
    return total
