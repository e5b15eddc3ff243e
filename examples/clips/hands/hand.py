"""Pose the mesh as an arm: cut it, add a forearm, skin it with numpy."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from math import cos, pi, radians, sin
from typing import NamedTuple

import numpy as np
from mesh import Array, Indices, Mesh

FINGERS = ("index-finger", "middle-finger", "ring-finger", "pinky-finger")
_SEGMENTS = ("metacarpal", "phalanx-proximal", "phalanx-intermediate", "phalanx-distal", "tip")
_SPREAD = (1.2, 0.2, -0.8, -1.8)
"""How far each finger leans when the hand is spread, in shares of the spread angle."""

CUT = -0.004
"""Height (m) at which the closed mesh is opened and the forearm begins."""
SLEEVE = 0.088
"""Bare forearm (m) below the cut: less than 6 cm costs detections (measured)."""

# Forearm below the cut: distance (m), width and depth as factors of the wrist's outline.
_FOREARM = (
    (0.006, 1.0, 1.0), (0.014, 1.01, 1.02), (0.03, 1.04, 1.08), (0.05, 1.09, 1.16),
    (0.08, 1.17, 1.28), (0.11, 1.26, 1.4), (0.15, 1.36, 1.52), (0.20, 1.46, 1.62),
    (0.30, 1.55, 1.7),
)  # fmt: skip
# The coat's cuff: an open tube around the forearm, its rim turned inwards.
_CUFF = (
    (0.004, 1.30, 1.48), (0.0, 1.40, 1.60), (0.001, 1.52, 1.74), (0.006, 1.58, 1.82),
    (0.02, 1.60, 1.86),
    (0.05, 1.66, 1.92), (0.09, 1.74, 2.0), (0.14, 1.82, 2.1), (0.22, 1.9, 2.2),
)  # fmt: skip


class Thumb(NamedTuple):
    """Degrees: flexion, abduction and twist at the base, flexion of the two other joints."""

    flex: float = 0.0
    abduct: float = 0.0
    twist: float = 0.0
    middle: float = 0.0
    tip: float = 0.0


class Shape(NamedTuple):
    """The form of a hand in degrees: flexion (MCP, PIP, DIP) of four fingers, spread, thumb."""

    curls: tuple[tuple[float, float, float], ...]
    spread: float
    thumb: Thumb

    def towards(self, other: Shape, share: float) -> Shape:
        """The form on the way to another, `share` 0 to 1."""

        def mix(a: float, b: float) -> float:
            return a + (b - a) * share

        curls = tuple(
            (mix(a[0], b[0]), mix(a[1], b[1]), mix(a[2], b[2]))
            for a, b in zip(self.curls, other.curls, strict=True)
        )
        thumb = Thumb(*(mix(a, b) for a, b in zip(self.thumb, other.thumb, strict=True)))
        return Shape(curls, mix(self.spread, other.spread), thumb)


# Straight fingers are never equally straight, nor curled ones equally curled.
_STRAIGHT = ((3.0, 5.0, 2.0), (1.0, 4.0, 2.0), (2.0, 6.0, 3.0), (4.0, 9.0, 4.0))
_CURLED = ((78.0, 93.0, 55.0), (81.0, 95.0, 55.0), (82.0, 96.0, 56.0), (80.0, 94.0, 55.0))

REST = Shape(((0.0, 0.0, 0.0),) * 4, 0.0, Thumb())
"""As the mesh is in its file."""
OPEN = Shape(_STRAIGHT, 5.0, Thumb(0.0, 2.0, 0.0, 2.0, 4.0))
FIST = Shape(_CURLED, 0.0, Thumb(21.0, 43.0, 28.0, 34.0, 73.0))
POINT = Shape((_STRAIGHT[0], *_CURLED[1:]), 0.0, Thumb(38.0, 48.0, 19.0, 21.0, 75.0))
VICTORY = Shape((*_STRAIGHT[:2], *_CURLED[2:]), 7.0, Thumb(39.0, 23.0, -30.0, 29.0, 63.0))
THREE = Shape((*_STRAIGHT[:3], _CURLED[3]), 5.0, Thumb(39.0, 23.0, -30.0, 29.0, 63.0))
RELAXED = Shape(
    ((14.0, 20.0, 10.0), (16.0, 22.0, 12.0), (20.0, 26.0, 13.0), (24.0, 28.0, 14.0)),
    3.0, Thumb(8.0, 12.0, 5.0, 8.0, 14.0),
)  # fmt: skip


class Arm:
    """The hand with forearm and cuff.

    `rest` are its points (n, 3), `triangles` (m, 3), and `cloth` (n,) says 0 skin to 1 coat.
    """

    def __init__(self, mesh: Mesh) -> None:
        self._names = mesh.names
        self._frames = np.array([mesh.rest[name] for name in mesh.names])
        self._inverse = np.linalg.inv(self._frames)
        self._parents = [_parent(name, mesh.names) for name in mesh.names]
        self._order = sorted(range(len(mesh.names)), key=self._depth)
        # A vertex is a row: its place, how much each joint moves it, how much it is cloth.
        rows, triangles, outline = _cut(*_welded(mesh))
        forearm = _tube(rows[outline, :3], [(CUT - d, w, t) for d, w, t in _FOREARM])
        cuff = _tube(rows[outline, :3], [(CUT - SLEEVE - d, w, t) for d, w, t in _CUFF])
        first, m = len(rows), len(outline)
        start = first + len(forearm)
        arm = [outline, *(list(range(at, at + m)) for at in range(first, start, m))]
        cloth = [list(range(at, at + m)) for at in range(start, start + len(cuff), m)]
        added = np.zeros((len(forearm) + len(cuff), rows.shape[1]))
        added[:, :3] = np.concatenate([forearm, cuff])
        added[:, 3 + mesh.names.index("wrist")] = 1.0
        added[len(forearm) :, -1] = 1.0
        rows, self.triangles = _subdivided(
            np.concatenate([rows, added]), np.concatenate([triangles, _quads(arm), _quads(cloth)])
        )
        self.rest: Array = rows[:, :3]
        self.cloth: Array = rows[:, -1]
        self._weights = rows[:, 3:-1]
        self._homogeneous = np.c_[self.rest, np.ones(len(self.rest))]

    def frame(self, name: str) -> Array:
        """The 4x4 rest frame of a joint."""
        return np.asarray(self._frames[self._names.index(name)])

    def posed(self, shape: Shape) -> tuple[Array, Array]:
        """Points and normals (n, 3) of the arm in a shape, wrist at 0, palm to the viewer."""
        frames = self._joint_frames(_rotations(shape)) @ self._inverse
        skin = (self._weights @ frames[:, :3].reshape(-1, 12)).reshape(-1, 3, 4)
        points = np.asarray(np.einsum("vij,vj->vi", skin, self._homogeneous))
        a, b, c = (points[self.triangles[:, corner]] for corner in range(3))
        faces = np.cross(b - a, c - a)
        normals = np.zeros_like(points)
        for corner in range(3):
            np.add.at(normals, self.triangles[:, corner], faces)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True) + 1e-12
        return points, normals

    def _joint_frames(self, rotations: Mapping[str, Array]) -> Array:
        frames = np.zeros_like(self._frames)
        for joint in self._order:
            local = np.eye(4)
            local[:3, :3] = rotations.get(self._names[joint], np.eye(3))
            parent = self._parents[joint]
            if parent < 0:
                frames[joint] = self._frames[joint] @ local
            else:
                bone = self._inverse[parent] @ self._frames[joint]
                frames[joint] = frames[parent] @ bone @ local
        return frames

    def _depth(self, joint: int) -> int:
        parent = self._parents[joint]
        return 0 if parent < 0 else 1 + self._depth(parent)


def turn(axis: tuple[float, float, float], degrees: float) -> Array:
    """The 3x3 rotation about a unit axis, right hand rule (Rodrigues)."""
    x, y, z = axis
    c, s = cos(radians(degrees)), sin(radians(degrees))
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + s * k + (1.0 - c) * (k @ k))


def _rotations(shape: Shape) -> dict[str, Array]:
    """Flexion is about a joint's own x by the negative angle; spreading about its y."""
    flex, lean = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
    rotations: dict[str, Array] = {}
    for finger, curl, share in zip(FINGERS, shape.curls, _SPREAD, strict=True):
        root = turn(lean, share * shape.spread) @ turn(flex, -curl[0])
        rotations[f"{finger}-phalanx-proximal"] = root
        rotations[f"{finger}-phalanx-intermediate"] = turn(flex, -curl[1])
        rotations[f"{finger}-phalanx-distal"] = turn(flex, -curl[2])
    thumb = shape.thumb
    rotations["thumb-metacarpal"] = (
        turn(lean, thumb.abduct) @ turn(flex, -thumb.flex) @ turn((0.0, 0.0, 1.0), thumb.twist)
    )
    rotations["thumb-phalanx-proximal"] = turn(flex, -thumb.middle)
    rotations["thumb-phalanx-distal"] = turn(flex, -thumb.tip)
    return rotations


def _parent(name: str, names: list[str]) -> int:
    """The joints are flat in the file; their names say how they hang together."""
    if name == "wrist":
        return -1
    finger = "thumb" if name.startswith("thumb") else name[: name.index("finger") + 6]
    chain = [s for s in _SEGMENTS if finger != "thumb" or s != "phalanx-intermediate"]
    place = chain.index(name[len(finger) + 1 :])
    return names.index("wrist" if place == 0 else f"{finger}-{chain[place - 1]}")


def _welded(mesh: Mesh) -> tuple[Array, Indices]:
    """Rows and triangles with one vertex a place: the seams of the texture are of no use here."""
    places: dict[tuple[float, ...], int] = {}
    index = np.array([places.setdefault(tuple(np.round(p, 5)), len(places)) for p in mesh.points])
    rows = np.zeros((len(places), 3 + len(mesh.names) + 1))
    rows[index, :3] = mesh.points
    for column in range(4):
        # A joint may be named twice with weight 0, so only what carries weight is written.
        used = mesh.weights[:, column] > 0.0
        rows[index[used], 3 + mesh.joints[used, column]] = mesh.weights[used, column]
    triangles = index[mesh.triangles]
    a, b, c = triangles.T
    return rows, triangles[(a != b) & (b != c) & (a != c)]


def _cut(rows: Array, triangles: Indices) -> tuple[Array, Indices, list[int]]:
    """What is above the cut, and the new vertices around it, by angle."""
    above = rows[:, 1] >= CUT
    grown = list(rows)
    made: dict[tuple[int, int], int] = {}

    def crossing(a: int, b: int) -> int:
        high, low = (a, b) if above[a] else (b, a)
        if (high, low) not in made:
            share = (rows[high, 1] - CUT) / (rows[high, 1] - rows[low, 1])
            made[high, low] = len(grown)
            grown.append(rows[high] + (rows[low] - rows[high]) * share)
        return made[high, low]

    kept: list[tuple[int, int, int]] = []
    for triangle in triangles:
        corners: list[int] = []
        for a, b in zip(triangle, np.roll(triangle, -1), strict=True):
            if above[a]:
                corners.append(int(a))
            if above[a] != above[b]:
                corners.append(crossing(int(a), int(b)))
        kept += [(corners[0], corners[i], corners[i + 1]) for i in range(1, len(corners) - 1)]
    ring = np.array([grown[i][:3] for i in made.values()])
    centre = ring.mean(axis=0)
    angles = np.arctan2(ring[:, 2] - centre[2], ring[:, 0] - centre[0])
    order = np.array(list(made.values()))[np.argsort(angles)]
    return np.array(grown), np.array(kept), [int(i) for i in order]


def _subdivided(rows: Array, triangles: Indices) -> tuple[Array, Indices]:
    """The mesh with four triangles for one, rounded (C. Loop's rule, weights and all)."""
    sides = np.sort(
        np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    )
    edges, of_side = np.unique(sides, axis=0, return_inverse=True)
    opposite = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    shared = np.bincount(of_side, minlength=len(edges))
    across = np.zeros((len(edges), rows.shape[1]))
    np.add.at(across, of_side, rows[opposite])
    ends = rows[edges[:, 0]] + rows[edges[:, 1]]
    inner = (shared == 2)[:, None]
    middle = np.where(inner, 0.375 * ends + 0.125 * across, 0.5 * ends)
    around = np.zeros_like(rows)
    count = np.zeros(len(rows))
    rim = np.zeros(len(rows), dtype=bool)
    for here, there in ((0, 1), (1, 0)):
        np.add.at(around, edges[:, here], rows[edges[:, there]])
        np.add.at(count, edges[:, here], 1.0)
        rim[edges[shared == 1, here]] = True
    beta = (0.625 - (0.375 + 0.25 * np.cos(2.0 * pi / np.maximum(count, 3.0))) ** 2)[:, None]
    smooth = rows * (1.0 - beta) + around * (beta / np.maximum(count, 1.0)[:, None])
    corners = np.where(rim[:, None] | (count == 0.0)[:, None], rows, smooth)
    n, m = len(rows), len(triangles)
    ab, bc, ca = (n + of_side[i * m : (i + 1) * m] for i in range(3))
    a, b, c = triangles.T
    finer = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return np.concatenate([corners, middle]), np.concatenate([np.stack(t, axis=1) for t in finer])


def _tube(outline: Array, rows: list[tuple[float, float, float]]) -> Array:
    """Rings below an outline; the farther they are, the more they are an even ellipse."""
    centre = (outline.max(axis=0) + outline.min(axis=0)) / 2.0
    half = (outline.max(axis=0) - outline.min(axis=0)) / 2.0
    angle = np.arctan2((outline[:, 2] - centre[2]) / half[2], (outline[:, 0] - centre[0]) / half[0])
    even = np.c_[half[0] * np.cos(angle), half[2] * np.sin(angle)]
    rings = []
    for height, width, depth in rows:
        share = min(1.0, (CUT - height) / 0.05)
        share = 0.5 - 0.5 * cos(pi * share)
        flat = (outline[:, [0, 2]] - centre[[0, 2]]) * (1.0 - share) + even * share
        x, z = centre[0] + flat[:, 0] * width, centre[2] + flat[:, 1] * depth
        rings.append(np.c_[x, np.full(len(outline), height), z])
    return np.concatenate(rings)


def _quads(rows: list[list[int]]) -> Indices:
    triangles = []
    for upper, lower in pairwise(rows):
        for i in range(len(upper)):
            k = (i + 1) % len(upper)
            triangles += [(upper[i], upper[k], lower[i]), (upper[k], lower[k], lower[i])]
    return np.array(triangles)
