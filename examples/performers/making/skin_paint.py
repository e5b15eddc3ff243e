"""The pictures of a head's skin: colour and fine relief, painted by place on the face."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from making.creases import FINEST, Crease, height, ink
from making.ears import ear_uv
from making.face_grid import turns
from making.face_marks import Marks
from making.head_form import smooth
from making.head_mould import Head
from making.sculpt import hollow
from making.surfaces import drawn
from PIL import Image

SIZE = 1024
EAR_BAND = 0.13
"""Share of the picture's height, at its lower edge, that the ears have."""
_U, _V = 1.25, 1.15


@dataclass(frozen=True)
class Complexion:
    """Colours of a skin (sRGB)."""

    base: tuple[float, float, float]
    warm: tuple[float, float, float]
    """What the skin becomes where blood shows: cheeks, nose, ears, chin."""
    lips: tuple[float, float, float]
    shade: tuple[float, float, float]
    """What it becomes in hollows."""
    blush: float = 0.5
    freckles: int = 0
    spots: int = 0
    stubble: float = 0.0
    hollows: float = 0.30
    """How much of the shade there is in hollows."""
    seed: int = 1


def picture_uv(uv: np.ndarray) -> np.ndarray:
    """(n, 2) places in the picture of coordinates (u, v): the face has most of it."""
    x = 0.5 + 0.498 * np.arctan(_U * uv[:, 0]) / np.arctan(_U * np.pi)
    low, high = np.arctan(_V * (-2.0 + 0.15)), np.arctan(_V * (np.pi / 2 + 0.15))
    y = (np.arctan(_V * (uv[:, 1] + 0.15)) - low) / (high - low)
    return np.column_stack([x, (1.0 - y) * (1.0 - EAR_BAND - 0.01) + 0.002])


def ear_picture_uv() -> np.ndarray:
    """(n, 2) places in the picture of an ear's vertices."""
    size = EAR_BAND * 0.94
    return (ear_uv() * [1, -1] * 0.5 + 0.5) * size + [0.01, 1.0 - EAR_BAND + 0.004]


def skin_pictures(head: Head, skin: Complexion, creases: Sequence[Crease]) -> tuple[bytes, bytes]:
    """The colour and the relief (a normal map) of a skin, as JPEG files."""
    places = _Places(head)
    deep = [crease for crease in creases if crease.width >= FINEST]
    fine = [crease for crease in creases if crease.width < FINEST]
    relief = height(fine, places.x, places.y, places.ahead)
    colour = _face(places, skin, relief + height(deep, places.x, places.y, places.ahead),
                   ink(creases, places.x, places.y, places.ahead))  # fmt: skip
    _ears(colour, skin)
    # What is in the mesh already is not in the relief.
    return _jpeg(colour, 88), _jpeg(_normal_map(places, relief), 88)


class _Places:
    """What is known of each pixel: its place on the head, in heads."""

    def __init__(self, head: Head) -> None:
        self.head = head
        marks = Marks(head)
        eyes, mouth, lip = marks.shares
        grid = head.grid
        deep = np.zeros(len(mouth))
        for ring, share in zip(grid.sock, (0.3, 0.65, 0.9, 1.0), strict=True):
            deep[ring] = share
        deep[grid.sock[-1].max() + 1] = 1.0
        lids = np.zeros(len(mouth))
        for ring, share in zip((*grid.lids[0], *grid.lids[1]), (0.5, 1.0, 0.5, 1.0), strict=True):
            lids[ring] = share
        up = np.zeros(len(mouth))
        for side in (0, 1):
            for ring in grid.eyes[side]:
                up[ring] = np.sin(turns())
        normals = head.normals()
        open_ = hollow(head.form.flesh, head.points, normals, 0.10)
        rows = np.column_stack([
            head.points, normals[:, 1], eyes.min(0), mouth, lip, deep, lids, up, open_, marks.ahead,
        ])  # fmt: skip
        self.map = drawn(SIZE, picture_uv(grid.uv), head.triangles, rows)
        (self.x, self.y, self.z, self.ny, self.eye, self.mouth, self.lip, self.deep, self.lid,
         self.up, self.open, self.ahead) = np.moveaxis(self.map, 2, 0)  # fmt: skip

    def near(self, x: float, y: float, wide: float, high: float) -> np.ndarray:
        """A bell on both sides of the face."""
        bell = np.exp(-(((np.abs(self.x) - x) / wide) ** 2) - ((self.y - y) / high) ** 2)
        return bell * self.ahead

    def around(self, x: float, y: float, reach: float) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the pixels of the face near a place in front view."""
        coarse = (np.abs(self.x[::8, ::8] - x) < reach + 0.02) & (
            np.abs(self.y[::8, ::8] - y) < reach + 0.02
        )
        rows, columns = np.nonzero(coarse & (self.z[::8, ::8] > 0) & (self.ahead[::8, ::8] > 0.3))
        if not len(rows):
            return rows, columns
        top, left = max(rows.min() * 8 - 8, 0), max(columns.min() * 8 - 8, 0)
        part = np.s_[top : rows.max() * 8 + 16, left : columns.max() * 8 + 16]
        near = (np.abs(self.x[part] - x) < reach) & (np.abs(self.y[part] - y) < reach)
        found = np.nonzero(near & (self.ahead[part] > 0.3) & (self.eye[part] > 0.6))
        return found[0] + top, found[1] + left


def _mix(colour: np.ndarray, other: Sequence[float], share: np.ndarray) -> np.ndarray:
    return colour + (np.asarray(other) - colour) * np.clip(share, 0, 1)[..., None]


def _face(p: _Places, skin: Complexion, relief: np.ndarray, lines: np.ndarray) -> np.ndarray:
    eye = p.head.form.eye
    coarse, fine = _waves(p, skin.seed, 8.0, 40.0), _waves(p, skin.seed + 1, 120.0, 300.0)
    colour = np.broadcast_to(skin.base, (SIZE, SIZE, 3)).copy()
    # Yellow on the brow, warm in the middle, cool along the jaw.
    colour = _mix(colour, np.asarray(skin.base) * [1.02, 1.01, 0.94], 0.6 * smooth(0.10, 0.32, p.y))
    warm = 0.55 * p.near(0.0, -0.10, 0.06, 0.055) + skin.blush * p.near(
        0.185, eye.y - 0.165, 0.095, 0.075
    )
    warm += 0.25 * p.near(0.0, -0.36, 0.07, 0.05) + 0.18 * p.near(
        eye.x, eye.y - 0.9 * eye.radius, 0.09, 0.04
    )
    warm += 0.22 * p.near(0.04, -0.125, 0.04, 0.03) + 0.12 * p.near(
        eye.x, eye.y + 0.9 * eye.radius, 0.09, 0.05
    )
    colour = _mix(colour, skin.warm, warm * (1 + 0.18 * coarse))
    colour = _mix(colour, skin.shade, skin.hollows * smooth(0.90, 0.30, p.open))
    colour = _mix(
        colour, skin.shade, 0.20 * p.near(eye.x - 0.9 * eye.radius, eye.y + 0.1, 0.06, 0.07)
    )
    if skin.stubble:
        beard = smooth(-0.10, -0.16, p.y - 0.25 * np.maximum(0.12 - np.abs(p.x), 0)) * p.ahead
        colour = _mix(colour, (0.46, 0.42, 0.42), skin.stubble * beard * (0.8 + 0.25 * fine))
    colour *= 1 + 0.012 * coarse[..., None] * [0.6, 1.0, 1.1] + 0.012 * fine[..., None]
    colour = _speckled(colour, p, skin)
    # Creases hold shadow and blood.
    colour = _mix(colour, np.asarray(skin.shade) * 0.86, smooth(0.0, -0.012, relief) * 0.38)
    colour = _mix(colour, np.asarray(skin.shade) * 0.80, lines)
    colour = _mouth(colour, p, skin, fine)
    for x, y, z, size in p.head.form.nostrils:
        far = np.sqrt((np.abs(p.x) - x) ** 2 + (0.8 * (p.y - y)) ** 2 + (0.7 * (p.z - z)) ** 2)
        colour = _mix(
            colour, np.asarray(skin.shade) * 0.34, smooth(1.25, 0.55, far / size) * (p.ny < 0.35)
        )
    return np.clip(_lids(colour, p, skin), 0, 1)


def _mouth(colour: np.ndarray, p: _Places, skin: Complexion, fine: np.ndarray) -> np.ndarray:
    red = smooth(0.36, 0.25, p.mouth) * np.where(p.mouth > 0, 1, 1)
    upper = np.clip(p.lip, 0, 1)
    lips = np.asarray(skin.lips) * (1 - 0.10 * upper[..., None])
    corner = smooth(0.75, 1.05, np.abs(p.x) / p.head.form.mouth.width)
    colour = (
        colour
        + (lips * (1 + 0.02 * fine[..., None]) - colour) * (red * (1 - 0.35 * corner))[..., None]
    )
    line = np.exp(-(((p.mouth - 0.33) / 0.045) ** 2)) * np.abs(p.lip)
    colour = _mix(colour, np.asarray(skin.lips) * 0.80, 0.30 * line)
    colour = _mix(colour, np.asarray(skin.lips) * 0.42, smooth(0.075, 0.0, p.mouth) * 0.85)
    inside = np.asarray((0.36, 0.10, 0.10)) * (1 - 0.88 * smooth(0.2, 0.95, p.deep))[..., None]
    share = smooth(0.05, 0.3, p.deep)[..., None]
    return colour * (1 - share) + inside * share


def _lids(colour: np.ndarray, p: _Places, skin: Complexion) -> np.ndarray:
    fold = np.exp(-(((p.eye - 0.42) / 0.10) ** 2)) * smooth(0.15, 0.6, p.up)
    colour = _mix(colour, skin.shade, 0.55 * fold)
    colour = _mix(
        colour,
        np.asarray(skin.shade) * 0.62,
        0.75 * smooth(0.10, 0.0, p.eye) * smooth(-0.25, 0.3, p.up),
    )
    colour = _mix(
        colour,
        np.asarray(skin.warm) * 0.92,
        0.45 * smooth(0.09, 0.0, p.eye) * smooth(0.1, -0.3, p.up),
    )
    wet = smooth(0.1, 0.5, p.lid)
    colour = _mix(colour, (0.74, 0.44, 0.40), wet)
    return _mix(colour, (0.16, 0.09, 0.08), wet * smooth(-0.1, 0.25, p.up) * 0.8)


def _speckled(colour: np.ndarray, p: _Places, skin: Complexion) -> np.ndarray:
    random = np.random.default_rng(skin.seed + 20)
    eye = p.head.form.eye
    for kind, count in (("freckle", skin.freckles), ("spot", skin.spots)):
        for _ in range(count):
            if kind == "freckle":
                x = random.normal(0, 0.15)
                y = eye.y - 0.125 + random.normal(0, 0.030) + 0.10 * abs(x) * random.random()
                size, depth = random.uniform(0.0022, 0.0050), random.uniform(0.18, 0.5)
                tone = (0.62, 0.40, 0.28)
            else:
                x = random.choice((-1, 1)) * random.uniform(0.10, 0.30)
                y = random.choice((eye.y + 0.22, eye.y + 0.05, -0.14)) + random.normal(0, 0.06)
                size, depth = random.uniform(0.005, 0.013), random.uniform(0.15, 0.42)
                tone = (0.56, 0.40, 0.28)
            # Only the pixels near it are painted.
            rows, columns = p.around(x, y, 2 * size)
            px, py = p.x[rows, columns] - x, p.y[rows, columns] - y
            turn = 0.14 * np.sin(2 * np.arctan2(py, px) + 90 * x)
            share = depth * smooth(1.25, 0.55, np.hypot(px, py) / size / (1 + turn))
            colour[rows, columns] += (np.asarray(tone) - colour[rows, columns]) * share[:, None]
    return colour


def _ears(colour: np.ndarray, skin: Complexion) -> None:
    """Paint the ears' own square: warm at the rim, dark in the bowl."""
    size = int(EAR_BAND * SIZE)
    axis = (np.arange(size) + 0.5) / (size * 0.94) * 2 - 1
    x, y = np.meshgrid(axis, axis)
    r = np.hypot(x, y) * 1.1
    tile = np.broadcast_to(skin.base, (size, size, 3)).copy()
    tile = _mix(tile, skin.warm, 0.35 * smooth(0.6, 1.0, r) + 0.15)
    tile = _mix(
        tile,
        np.asarray(skin.shade) * 0.8,
        0.65 * smooth(0.42, 0.15, r) + 0.35 * np.exp(-(((r - 0.78) / 0.09) ** 2)),
    )
    top = SIZE - size
    colour[top:, :size] = tile
    colour[top:, size:] = skin.base


def _normal_map(p: _Places, relief: np.ndarray) -> np.ndarray:
    """(SIZE, SIZE, 3) normals of the relief, with the grain of a cast and painted skin."""
    grain = 0.00012 * _waves(p, 41, 170.0, 330.0) + 0.00022 * _waves(p, 42, 50.0, 130.0)
    lips = smooth(0.34, 0.2, p.mouth) * np.abs(p.lip)
    grain = grain + lips * 0.0007 * np.sin(p.x * 420 + 3 * np.sin(p.x * 90))
    tall = relief + grain * (0.35 + 0.65 * p.ahead)
    place = p.map[..., :3]
    along, down = np.gradient(place, axis=1), np.gradient(place, axis=0)
    wide, high = (np.linalg.norm(v, axis=2) for v in (along, down))
    # At the rims of the painted area neighbours are not neighbours on the head.
    valid = (wide > 1e-6) & (wide < 0.02) & (high > 1e-6) & (high < 0.02)
    dx = np.where(valid, np.gradient(tall, axis=1) / np.maximum(wide, 1e-6), 0.0)
    dy = np.where(valid, np.gradient(tall, axis=0) / np.maximum(high, 1e-6), 0.0)
    n = np.stack([-np.clip(dx, -1.5, 1.5), np.clip(dy, -1.5, 1.5), np.ones_like(dx)], -1)
    return n / np.linalg.norm(n, axis=-1, keepdims=True) * 0.5 + 0.5


def _waves(p: _Places, seed: int, low: float, high: float, count: int = 18) -> np.ndarray:
    """(SIZE, SIZE) noise of spread 1 by place on the head; frequencies in radians a head."""
    random = np.random.default_rng(seed)
    way = random.standard_normal((count, 3))
    way *= (random.uniform(low, high, count) / np.linalg.norm(way, axis=1))[:, None]
    x, y, z = (part.astype(np.float32) for part in (p.x, p.y, p.z))
    total = np.zeros((SIZE, SIZE), np.float32)
    for (a, b, c), phase in zip(way, random.uniform(0, 2 * np.pi, count), strict=True):
        total += np.cos(
            np.float32(a) * x + np.float32(b) * y + np.float32(c) * z + np.float32(phase)
        )
    return total * np.sqrt(2.0 / count)


def _jpeg(picture: np.ndarray, quality: int) -> bytes:
    out = io.BytesIO()
    array = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    Image.fromarray(array).save(out, "JPEG", quality=quality, optimize=True, subsampling=0)
    return out.getvalue()
