"""The stage floor of wet stone below the actor, lit by the walls.

For objects between them, walls are a few glowing rectangles: their colours come from the
small mipmaps of the canvas, read once a vertex.
"""

from __future__ import annotations

from itertools import pairwise
from math import log2
from typing import Final

import numpy as np
from numpy.typing import NDArray
from panda3d.core import (
    Geom,
    GeomNode,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    GeomVertexWriter,
    LVecBase4f,
    PTA_LVecBase4f,
    SamplerState,
    Texture,
)

from xrdrama.spatial import ORIGIN, Vec3
from xrdrama.stage import Facet, Stage, Wall
from xrdrama.stage.facets import Piece
from xrdrama.stage.meshes import mean_normal

PATCHES: Final = 16
REACH: Final = 14.0
"""Half the width of the floor, metres."""
_STEP: Final = 1.0
_HANGS: Final = 0.6


class Patches:
    """The walls as a few glowing rectangles, for shaders that include `lit.glsl`."""

    def __init__(self, stage: Stage) -> None:
        self.at, self.out, self.uv, self.size = (
            PTA_LVecBase4f.empty_array(PATCHES) for _ in range(4)
        )
        share = max(1, PATCHES // len(stage.walls))
        runs = [facets for wall in stage.walls for facets in _runs(wall, share)]
        for number, facets in enumerate(runs[:PATCHES]):
            self._set(number, facets, stage.canvas)

    def _set(self, number: int, facets: tuple[Piece, ...], canvas: tuple[int, int]) -> None:
        area = sum(f.area for f in facets)
        boxes = [f.canvas for f in facets]
        left, top = (min(box[i] for box in boxes) for i in (0, 1))
        right, bottom = (max(box[i] + box[i + 2] for box in boxes) for i in (0, 1))
        height = bottom - top
        level = max(0.0, log2(max(1.0, min(right - left, height))))
        u, v = (left + right) / 2 / canvas[0], 1.0 - (top + bottom) / 2 / canvas[1]
        foot = 1.0 - (top + height * 0.94) / canvas[1]
        middle = facets[len(facets) // 2]
        centre, out = middle.centre, middle.normal
        if not isinstance(middle, Facet):
            centre, out = _balance(facets), mean_normal(facets)[0]
        stands = min(middle.corners[0].z, middle.corners[1].z) < _HANGS and _is_upright(facets)
        detail = max(0.0, log2(max(1.0, height * 0.10))) if stands else -1.0
        self.at.set_element(number, LVecBase4f(centre.x, centre.y, centre.z, area))
        self.out.set_element(number, LVecBase4f(out.x, out.y, out.z, level))
        self.uv.set_element(number, LVecBase4f(u, v, foot, detail))
        ups = [corner.z for facet in facets for corner in facet.corners]
        up = max((max(ups) - min(ups)) / 2, 0.1 * area**0.5)
        self.size.set_element(number, LVecBase4f(area / (4 * up), up, 0.0, 0.0))


def _is_upright(facets: tuple[Piece, ...]) -> bool:
    """True where the lower part of the facets on the canvas is their foot on the stage."""
    return all(
        isinstance(f, Facet) and not f.turned and f.upper_left.z - f.lower_left.z > 0.0
        for f in facets
    )


def _balance(facets: tuple[Piece, ...]) -> Vec3:
    """The mean position of the facets, weighted by area."""
    total = ORIGIN
    for facet in facets:
        total = total + facet.centre * facet.area
    return total * (1.0 / sum(facet.area for facet in facets))


def _runs(wall: Wall, most: int) -> list[tuple[Piece, ...]]:
    """The facets in at most `most` runs of even length; a single large facet stays whole."""
    facets = wall.facets
    if not isinstance(facets[0], Facet):  # triangles are in the order of their file
        facets = tuple(sorted(facets, key=lambda piece: piece.canvas[0] + piece.canvas[2] / 2))
    size = -(-len(facets) // most)
    return [facets[i : i + size] for i in range(0, len(facets), size)]


def floor() -> GeomNode:
    """A level floor about the origin, in cells that light can vary over."""
    rows = GeomVertexData("floor", GeomVertexFormat.get_v3(), Geom.UH_static)
    vertex = GeomVertexWriter(rows, "vertex")
    count = round(2 * REACH / _STEP) + 1
    for j in range(count):
        for i in range(count):
            vertex.add_data3(i * _STEP - REACH, j * _STEP - REACH, 0.0)
    triangles = GeomTriangles(Geom.UH_static)
    for j in range(count - 1):
        for i in range(count - 1):
            a = j * count + i
            triangles.add_vertices(a, a + 1, a + count + 1)
            triangles.add_vertices(a, a + count + 1, a + count)
    laid = Geom(rows)
    laid.add_primitive(triangles)
    node = GeomNode("floor")
    node.add_geom(laid)
    return node


def stones(size: int = 512) -> Texture:
    """Slabs in broken courses: tone (mean 0.5), wet, and lean along x and y (level 0.5)."""
    joint, tone, tilt = _slabs(size, np.random.default_rng(7))
    grain, cloud, hollow = (
        noise(size, *at) for at in ((1, 20, 170, 0.7), (2, 2, 9, 1.0), (3, 1, 5, 1.3))
    )
    wet = 1.0 / (1.0 + np.exp(-2.4 * (hollow * 1.1 - 0.1 + 0.9 * (1.0 - joint))))
    shade = (0.5 + 0.10 * tone + 0.05 * cloud + 0.05 * grain) * (0.45 + 0.55 * joint)
    shade *= 0.5 / shade.mean()
    rough = (1.0 - wet)[..., None] * np.stack(
        [noise(size, 4, 12, 90, 0.8), noise(size, 5, 12, 90, 0.8)], -1
    )
    lean = 0.5 + 0.06 * tilt + 0.05 * rough
    return packed("stones", shade, wet, lean)


def packed(
    name: str, tone: NDArray[np.float64], wet: NDArray[np.float64], lean: NDArray[np.float64]
) -> Texture:
    """A texture that repeats, with what the floor's shader reads: `tone` and `wet` (size, size)
    from 0 to 1, `lean` (size, size, 2) with level 0.5."""
    channels = np.stack([lean[..., 0], wet, tone, lean[..., 1]], -1)  # blue, green, red, alpha
    stored = np.rint(np.clip(channels, 0.0, 1.0) * 255.0).astype(np.uint8)
    made = Texture(name)
    made.setup_2d_texture(len(tone), len(tone), Texture.T_unsigned_byte, Texture.F_rgba)
    made.set_ram_image(stored.tobytes())
    made.set_wrap_u(SamplerState.WM_repeat)
    made.set_wrap_v(SamplerState.WM_repeat)
    made.set_minfilter(SamplerState.FT_linear_mipmap_linear)
    made.set_magfilter(SamplerState.FT_linear)
    return made


def _slabs(
    size: int, random: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """0 in joints and 1 on stones, the tone of each (size, size), its tilt (size, size, 2)."""
    y, x = np.mgrid[0:size, 0:size] / size
    joint = np.ones((size, size))
    tone, tilt = np.zeros((size, size)), np.zeros((size, size, 2))
    edges = (np.arange(8) + np.append(random.uniform(-0.12, 0.12, 7), 0.0)) / 7.0
    edges[0], edges[-1] = 0.0, 1.0
    for low, high in pairwise(edges):
        row = (y >= low) & (y < high)
        starts = np.sort(
            (np.arange(4) + random.uniform(-0.25, 0.25, 4) + random.uniform()) / 4 % 1.0
        )
        turned = (x[:, :, None] - starts) % 1.0
        stone = turned.argmin(-1)
        wide = (np.roll(starts, -1) - starts) % 1.0
        along = turned.min(-1)
        d = np.minimum.reduce([y - low, high - y, along, wide[stone] - along])
        joint = np.where(row, np.clip(d / 0.010, 0.0, 1.0), joint)
        tone = np.where(row, random.uniform(-1, 1, 4)[stone], tone)
        tilt = np.where(row[..., None], random.uniform(-1, 1, (4, 2))[stone], tilt)
    return joint * joint * (3.0 - 2.0 * joint), tone, tilt


def noise(size: int, seed: int, low: float, high: float, slope: float) -> NDArray[np.float64]:
    """(size, size) of noise that repeats, between `low` and `high` waves a tile; deviation 1."""
    random = np.random.default_rng(seed)
    waves = np.hypot(*np.meshgrid(np.fft.fftfreq(size, 1 / size), np.fft.fftfreq(size, 1 / size)))
    kept = (waves >= low) & (waves <= high)
    spectrum = np.where(kept, np.maximum(waves, 1.0) ** -slope, 0.0) * np.fft.fft2(
        random.standard_normal((size, size))
    )
    field: NDArray[np.float64] = np.real(np.fft.ifft2(spectrum))
    field /= field.std()
    return field
