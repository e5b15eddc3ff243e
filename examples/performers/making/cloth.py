"""Cloth as a tailor sees it: a flat piece in metres, with relief and colour, and its pictures.

A `Piece` is painted over metres: x round the body (the seam at both ends, the front in the middle),
y down. Its relief moves the points of a garment as far as they are dense enough; what is finer
goes into the normal map. The pieces of a garment share one picture of each kind, an atlas.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import numpy as np
from making.surface import raised
from PIL import Image

Rect = tuple[float, float, float, float]


@dataclass
class Piece:
    """A flat piece of cloth; `relief` is in metres outwards, `colour` linear, `gloss` roughness."""

    wide: float
    high: float
    density: float
    """Pixels in a metre."""
    relief: np.ndarray = field(init=False)
    colour: np.ndarray = field(init=False)
    fine: np.ndarray = field(init=False)
    """Relief that only the normal map has: weave, stitches."""

    def __post_init__(self) -> None:
        shape = (round(self.high * self.density), round(self.wide * self.density))
        self.relief, self.fine = np.zeros(shape), np.zeros(shape)
        self.colour = np.ones((*shape, 3))
        self.x = (np.arange(shape[1]) + 0.5)[None] / self.density * np.ones(shape)
        self.y = (np.arange(shape[0]) + 0.5)[:, None] / self.density * np.ones(shape)

    @property
    def middle(self) -> np.ndarray:
        """Metres from the middle of the front, to the wearer's right."""
        return self.x - self.wide / 2

    def paint(self, mask: np.ndarray, colour: tuple[float, float, float] | np.ndarray) -> None:
        """Lay a colour over what a mask of 0 to 1 shows."""
        self.colour = self.colour + (np.asarray(colour) - self.colour) * mask[..., None]

    def tint(self, factor: np.ndarray) -> None:
        """Multiply the colour by (rows, columns) or (rows, columns, 3)."""
        self.colour = self.colour * (factor if factor.ndim == 3 else factor[..., None])

    def noise(
        self, seed: int, size: float, stretch: tuple[float, float] = (1.0, 1.0)
    ) -> np.ndarray:
        """Noise of mean 0 and spread 1, with spots of about `size` metres; it closes round x."""
        random = np.random.default_rng(seed)
        white = random.standard_normal(self.relief.shape)
        return _normal(blurred(white, size * self.density * 0.35 * np.asarray(stretch)))

    def stitches(self, along: np.ndarray, off: np.ndarray, *, length: float = 0.006,
                 deep: float = 0.0008) -> np.ndarray:  # fmt: skip
        """0 to 1: thread of a seam at distance `off` (metres), in stitches `along` it."""
        share = (along / length) % 1.0
        on = np.clip((0.36 - np.abs(share - 0.5)) * 6, 0, 1)
        across = np.exp(-((off / 0.0011) ** 2))
        self.fine += deep * (on * across - 0.5 * np.exp(-((off / 0.003) ** 2)))
        return on * across


def blurred(picture: np.ndarray, radius: float | np.ndarray) -> np.ndarray:
    """A Gaussian blur by pixels (or by columns and rows); it wraps round columns only."""
    rx, ry = np.broadcast_to(np.asarray(radius, float), 2)
    pad = int(min(picture.shape[0], 3 * ry + 1))
    tall = np.concatenate([picture[:pad][::-1], picture, picture[-pad:][::-1]])
    fx, fy = np.fft.rfftfreq(tall.shape[1]), np.fft.fftfreq(tall.shape[0])
    gain = np.exp(-2 * np.pi**2 * ((fx[None] * rx) ** 2 + (fy[:, None] * ry) ** 2))
    return np.fft.irfft2(np.fft.rfft2(tall) * gain, tall.shape)[pad : pad + picture.shape[0]]


def _normal(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / max(values.std(), 1e-12)


def smooth(x: np.ndarray, least: float, most: float) -> np.ndarray:
    """0 up to `least`, smoothly to 1 at `most`; falling if `most` is less."""
    t = np.clip((x - least) / (most - least), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def band(x: np.ndarray, at: float, half: float, soft: float = 0.0015) -> np.ndarray:
    """1 within `half` metres of a place, 0 beyond."""
    return smooth(half - np.abs(x - at), -soft, soft)


class Atlas:
    """The pieces of a garment, one below the other in a picture of each kind."""

    def __init__(self, *pieces: Piece) -> None:
        self.pieces = pieces
        self.width = max(p.relief.shape[1] for p in pieces)
        self.starts = np.cumsum([0, *(p.relief.shape[0] + 8 for p in pieces)])
        self.height = int(self.starts[-1])

    def rect(self, piece: Piece) -> Rect:
        """The part of the picture that a piece has: left, top, right, bottom, 0 to 1."""
        at = next(i for i, each in enumerate(self.pieces) if each is piece)
        rows, columns = piece.relief.shape
        top = self.starts[at] + 4
        return (0.5 / self.width, (top + 0.5) / self.height, (columns - 0.5) / self.width,
                (top + rows - 0.5) / self.height)  # fmt: skip

    def dressed(
        self, points: np.ndarray, piece: Piece, *, carve: float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """A grid with the relief of its piece, and its texture coordinates."""
        rows, columns = points.shape[:2]
        left, top, right, bottom = self.rect(piece)
        s, t = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
        uv = np.stack([left + s * (right - left), top + t * (bottom - top)], -1)
        relief = sampled(self._coarse(piece, rows, columns), s, t)
        if np.allclose(points[:, 0], points[:, -1]):
            # Both sides of the seam of a tube are at one place.
            relief[:, 0] = relief[:, -1] = (relief[:, 0] + relief[:, -1]) / 2
        return raised(points, carve * relief), uv

    @staticmethod
    def _coarse(piece: Piece, rows: int, columns: int) -> np.ndarray:
        """The relief that a grid of so many points can carry."""
        spacing = np.array(piece.relief.shape[::-1]) / (columns - 1, rows - 1)
        return blurred(piece.relief, 0.42 * spacing)

    def colour(self, size: int, quality: int = 86) -> bytes:
        """The JPEG of the colours, its longer side of so many pixels."""
        whole = self._laid([p.colour for p in self.pieces])
        whole = np.clip(whole, 0, 1) ** (1 / 2.2)
        return jpeg(whole, size, quality)

    def normal(self, size: int, grids: dict[int, tuple[int, int]], strength: float = 1.0,
               quality: int = 88) -> bytes:  # fmt: skip
        """The JPEG of the normals; `grids` has the rows and columns of the mesh of each piece."""
        maps = []
        for i, piece in enumerate(self.pieces):
            rest = piece.relief
            if i in grids:
                rest = rest - self._coarse(piece, *grids[i])
            height = (rest + piece.fine) * piece.density * strength
            dx = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) / 2
            dy = np.gradient(height, axis=0)
            n = np.stack([-dx, dy, np.ones_like(dx)], -1)
            maps.append(n / np.linalg.norm(n, axis=-1, keepdims=True) * 0.5 + 0.5)
        return jpeg(self._laid(maps, (0.5, 0.5, 1.0)), size, quality)

    def _laid(self, maps: list[np.ndarray], ground: tuple[float, ...] = (0.5,) * 3) -> np.ndarray:
        whole = np.ones((self.height, self.width, 3)) * ground
        for start, rows in zip(self.starts, maps, strict=False):
            padded = np.pad(rows, ((4, 4), (0, 0), (0, 0)), mode="edge")
            whole[start : start + len(padded), : rows.shape[1]] = padded
            whole[start : start + len(padded), rows.shape[1] : rows.shape[1] + 4] = padded[:, -1:]
        return whole


def sampled(picture: np.ndarray, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Values of a picture at shares of its width and height, between its pixels."""
    x = s * (picture.shape[1] - 1)
    y = t * (picture.shape[0] - 1)
    i, j = np.minimum(x.astype(int), picture.shape[1] - 2), np.minimum(
        y.astype(int), picture.shape[0] - 2)  # fmt: skip
    f, g = x - i, y - j
    return (
        picture[j, i] * (1 - f) * (1 - g) + picture[j, i + 1] * f * (1 - g)
        + picture[j + 1, i] * (1 - f) * g + picture[j + 1, i + 1] * f * g
    )  # fmt: skip


def jpeg(picture: np.ndarray, size: int, quality: int = 88) -> bytes:
    """The JPEG file of a picture of 0 to 1, its longer side of at most `size` pixels."""
    image = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    share = size / max(image.size)
    if share < 1:
        wanted = tuple(max(4, round(side * share / 4) * 4) for side in image.size)
        image = image.resize(wanted, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, subsampling=0, optimize=True)
    return out.getvalue()
