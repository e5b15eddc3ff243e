"""Triangles of the set: shapes in metres, Z up, grouped by material and chunk.

A `Shape` is a piece of surface with everything but its place; `Mesh` collects placed shapes.
Faces are counter-clockwise seen from outside.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from xrdrama.gltf.meshes import Node, Primitive, to_gltf

# Where the set is mostly seen from.
EYE = np.array([0.0, -1.5, 1.5])


@dataclass
class Shape:
    """Vertices (n, 3), triangles (m, 3), and per vertex a normal, a uv and a colour."""

    points: np.ndarray
    triangles: np.ndarray
    normals: np.ndarray | None = None
    uv: np.ndarray | None = None
    colour: np.ndarray | None = None

    def __post_init__(self) -> None:
        self.points = np.asarray(self.points, np.float64).reshape(-1, 3)
        self.triangles = np.asarray(self.triangles, np.int64).reshape(-1, 3)
        if self.normals is None:
            self.normals = smooth_normals(self.points, self.triangles)
        if self.uv is None:
            self.uv = np.zeros((len(self.points), 2))
        if self.colour is None:
            self.colour = np.ones((len(self.points), 3))

    def painted(self, colour: tuple[float, float, float]) -> Shape:
        """The same with every colour multiplied."""
        return replace(self, colour=self.colour * np.asarray(colour))

    def moved(self, matrix: np.ndarray) -> Shape:
        """The same under a (4, 4) matrix of a rotation, a scale and a shift."""
        turn = matrix[:3, :3]
        normals = self.normals @ np.linalg.inv(turn)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        triangles = self.triangles
        if np.linalg.det(turn) < 0:
            triangles = triangles[:, ::-1]
        return replace(
            self, points=self.points @ turn.T + matrix[:3, 3], normals=normals, triangles=triangles
        )

    def at(self, x: float = 0.0, y: float = 0.0, z: float = 0.0, *, pan: float = 0.0,
           scale: float | tuple[float, float, float] = 1.0) -> Shape:  # fmt: skip
        """The same scaled, turned about Z by `pan` degrees, then shifted."""
        return self.moved(placed(x, y, z, pan=pan, scale=scale))

    def flat(self) -> Shape:
        """The same with a normal of its own for each triangle: hard edges."""
        index = self.triangles.reshape(-1)
        points = self.points[index]
        a, b, c = points[0::3], points[1::3], points[2::3]
        normals = np.cross(b - a, c - a)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        triangles = np.arange(len(points)).reshape(-1, 3)
        return Shape(
            points, triangles, np.repeat(normals, 3, 0), self.uv[index], self.colour[index]
        )


def smooth_normals(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """(n, 3) unit normals, by area."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(points)
    for i in range(3):
        np.add.at(total, triangles[:, i], across)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-12, total / np.maximum(length, 1e-12), [[0.0, 0.0, 1.0]])


def placed(x: float, y: float, z: float, *, pan: float = 0.0, tilt: float = 0.0, roll: float = 0.0,
           scale: float | tuple[float, float, float] = 1.0) -> np.ndarray:  # fmt: skip
    """The matrix that scales, rolls about Y, tilts about X, pans about Z (degrees), then shifts."""
    p, t, r = np.radians([pan, tilt, roll])
    cp, sp, ct, st, cr, sr = np.cos(p), np.sin(p), np.cos(t), np.sin(t), np.cos(r), np.sin(r)
    turn = (
        np.array([[cp, -sp, 0], [sp, cp, 0], [0, 0, 1]])
        @ np.array([[1, 0, 0], [0, ct, -st], [0, st, ct]])
        @ np.array([[cr, 0, sr], [0, 1, 0], [-sr, 0, cr]])
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * np.broadcast_to(np.asarray(scale, float), 3)
    matrix[:3, 3] = (x, y, z)
    return matrix


def nearest_first(
    shape: Shape, attributes: dict[str, np.ndarray]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Triangles in the order of their distance from the stage, and vertices in that of their use.

    What is near is then drawn before what it hides, which no longer has to be shaded.
    """
    middle = shape.points[shape.triangles].mean(1) - EYE
    order = np.argsort(np.linalg.norm(middle, axis=1), kind="stable")
    flat = shape.triangles[order].reshape(-1)
    used, first, inverse = np.unique(flat, return_index=True, return_inverse=True)
    rank = np.argsort(first, kind="stable")
    number = np.empty(len(used), np.uint32)
    number[rank] = np.arange(len(used))
    triangles = number[inverse].reshape(-1, 3)
    return triangles, {name: rows[used[rank]] for name, rows in attributes.items()}


def joined(*shapes: Shape) -> Shape:
    """Several shapes as one."""
    starts = np.cumsum([0, *(len(s.points) for s in shapes)])
    return Shape(
        np.concatenate([s.points for s in shapes]),
        np.concatenate([s.triangles + start for s, start in zip(shapes, starts, strict=False)]),
        np.concatenate([s.normals for s in shapes]),
        np.concatenate([s.uv for s in shapes]),
        np.concatenate([s.colour for s in shapes]),
    )


@dataclass
class Group:
    """The shapes with one material, chunk and part."""

    shapes: list[Shape] = field(default_factory=list)
    motions: list[np.ndarray] = field(default_factory=list)
    bakes: list[np.ndarray] = field(default_factory=list)
    sizes: list[np.ndarray] = field(default_factory=list)
    shades: list[np.ndarray] = field(default_factory=list)


class Mesh:
    """All of a set, by (chunk or part, material)."""

    def __init__(self) -> None:
        self.groups: dict[tuple[str, str], Group] = {}
        self.pivots: dict[str, np.ndarray] = {}
        # What shines, for the bake: windows as (centre, width, height, brightness, side of lane),
        # lanterns as (centre, channel, strength).
        self.lit_windows: list[tuple[np.ndarray, float, float, float, int]] = []
        self.lamps: list[tuple[np.ndarray, int, float]] = []

    def add(self, shape: Shape, material: str, chunk: str, *,
            motion: tuple[float, float, float, float] | None = None,
            bake: np.ndarray | None = None, size: tuple[float, float] | None = None,
            shade: np.ndarray | None = None) -> None:  # fmt: skip
        """Add a placed shape; `motion` is pivot and phase, `bake` four shares, `shade` alpha."""
        group = self.groups.setdefault((chunk, material), Group())
        count = len(shape.points)
        group.shapes.append(shape)
        group.motions.append(np.tile(motion if motion else (0, 0, 0, 0), (count, 1)))
        group.bakes.append(
            np.zeros((count, 4)) if bake is None else np.broadcast_to(bake, (count, 4))
        )
        group.sizes.append(np.tile(size if size else (0, 0), (count, 1)))
        group.shades.append(np.ones(count) if shade is None else np.broadcast_to(shade, count))

    def part(self, name: str, pivot: tuple[float, float, float]) -> None:
        """A chunk of this name becomes a node that turns about `pivot`."""
        self.pivots[name] = np.asarray(pivot, float)

    def triangle_count(self) -> int:
        """Triangles of everything."""
        return sum(len(s.triangles) for g in self.groups.values() for s in g.shapes)

    def nodes(self, materials: list[str], *, moving: set[str], cards: set[str]) -> list[Node]:
        """The nodes of a model; `moving` and `cards` name materials with motion and size."""
        chunks: dict[str, list[Primitive]] = {}
        for (chunk, material), group in sorted(self.groups.items()):
            shape = joined(*group.shapes)
            pivot = self.pivots.get(chunk, np.zeros(3))
            alpha = np.concatenate(group.shades)[:, None]
            attributes = {
                "POSITION": to_gltf((shape.points - pivot).astype(np.float32)),
                "NORMAL": to_gltf(shape.normals.astype(np.float32)),
                "TEXCOORD_0": shape.uv.astype(np.float32),
                "COLOR_0": np.clip(np.concatenate([shape.colour, alpha], 1), 0, 1).astype(
                    np.float32
                ),
                "_BAKE": np.concatenate(group.bakes).astype(np.float32),
            }
            if material in moving:
                attributes["_MOTION"] = to_gltf(np.concatenate(group.motions).astype(np.float32))
            if material in cards:
                attributes["_SIZE"] = np.concatenate(group.sizes).astype(np.float32)
            triangles, attributes = nearest_first(shape, attributes)
            primitive = Primitive(materials.index(material), attributes, triangles)
            chunks.setdefault(chunk, []).append(primitive)
        nodes = []
        for chunk, primitives in chunks.items():
            matrix = np.eye(4)
            if chunk in self.pivots:
                matrix[:3, 3] = to_gltf(self.pivots[chunk][None].astype(np.float32))[0]
            nodes.append(Node(chunk, matrix, tuple(primitives)))
        return nodes
