"""A piece of a figure: surface, what it looks like, what it follows, and how it changes shape.

Frame of everything here: glTF's (metres, +Y up, the figure faces +Z, its own left is +X), in the
T-pose, feet at y = 0. `skeleton.py` has the places of the joints for each figure. Hair, hands and
clothes are made in this folder's other modules; `figure.py` joins parts and writes the GLB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class Finish:
    """A material of a figure; colours are linear factors, pictures are PNG or JPEG files.

    Names say what a renderer has before it: `skin`, `eyes`, `teeth`, `mouth`, `hair`, `leather`,
    `metal`, `wood`, `paper` or `cloth_<garment>`. `rough` holds roughness in green and metalness
    in blue, `occlusion` ambient occlusion in red. An empty picture is a missing one.
    """

    name: str
    base: tuple[float, float, float] = (1.0, 1.0, 1.0)
    roughness: float = 0.8
    metallic: float = 0.0
    colour: bytes = b""
    normal: bytes = b""
    rough: bytes = b""
    occlusion: bytes = b""
    emissive: tuple[float, float, float] = (0.0, 0.0, 0.0)
    alpha: Literal["OPAQUE", "MASK", "BLEND"] = "OPAQUE"
    cutoff: float = 0.5
    double_sided: bool = False


@dataclass
class Part:
    """Triangles of one material.

    `follows` maps names of joints to a weight for each vertex (n,) or one for all; the four largest
    of a vertex are kept and scaled to a sum of 1. `morphs` maps ARKit names (camelCase) to (n, 3)
    offsets of the points, `morph_normals` to (n, 3) offsets of the normals: those without one are
    computed from the moved surface. Triangles are counter-clockwise seen from outside.
    """

    name: str
    material: str
    points: np.ndarray
    """(n, 3) metres."""
    triangles: np.ndarray
    """(m, 3) indices of vertices."""
    follows: Mapping[str, np.ndarray | float]
    normals: np.ndarray | None = None
    """(n, 3) of length 1; computed from the triangles if left out."""
    uv: np.ndarray | None = None
    """(n, 2) from the upper left corner of the picture."""
    colours: np.ndarray | None = None
    """(n, 3) linear factors of the material's colour, 0 to 1."""
    morphs: Mapping[str, np.ndarray] = field(default_factory=dict)
    morph_normals: Mapping[str, np.ndarray] = field(default_factory=dict)

    grid: tuple[int, int] | None = None
    """Rows and columns, if the points are a grid: levels of detail then leave some of them out."""

    def __post_init__(self) -> None:
        self.points = np.asarray(self.points, np.float64).reshape(-1, 3)
        self.triangles = np.asarray(self.triangles, np.int64).reshape(-1, 3)
        count = len(self.points)
        if self.normals is None:
            self.normals = smooth_normals(self.points, self.triangles)
        self.uv = np.zeros((count, 2)) if self.uv is None else np.asarray(self.uv, np.float64)
        self.colours = (
            np.ones((count, 3)) if self.colours is None else np.asarray(self.colours, np.float64)
        )

    def painted(self, factor: Sequence[float] | np.ndarray) -> Part:
        """The same with every colour multiplied by (3,), (n, 1) or (n, 3) factors."""
        return replace(self, colours=self.colours * np.asarray(factor, np.float64))


def smooth_normals(points: np.ndarray, triangles: np.ndarray, *, weld: bool = True) -> np.ndarray:
    """(n, 3) normals of length 1, weighted by area; vertices at one place share a normal."""
    a, b, c = (points[triangles[:, i]] for i in range(3))
    across = np.cross(b - a, c - a)
    key = np.arange(len(points))
    if weld:
        # Vertices are twice at one place where texture coordinates have a seam.
        _, key = np.unique(np.rint(points * 1e5).astype(np.int64), axis=0, return_inverse=True)
        key = key.reshape(-1)
    total = np.zeros((key.max() + 1 if len(key) else 0, 3))
    for i in range(3):
        np.add.at(total, key[triangles[:, i]], across)
    total = total[key]
    length = np.linalg.norm(total, axis=1, keepdims=True)
    return np.where(length > 1e-14, total / np.maximum(length, 1e-14), [[0.0, 1.0, 0.0]])
