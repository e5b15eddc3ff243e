"""The light of the sky: `look.glsl` again in numpy, for ambient light and reflections.

Directions are (n, 3) unit rows in our frame, Z up; radiances (n, 3) linear RGB. A test draws the
sky on a graphics card and compares: change `look.glsl` and this together.
"""

from __future__ import annotations

from math import pi

import numpy as np

from xrdrama.gltf.meshes import Doubles
from xrdrama.scene.compiling.textures import png
from xrdrama.scene.model import Moon, Sky, SkyColours, Walls
from xrdrama.spatial import Vec3, settle

# Widths of the levels of a reflection map: roughness 0, 1/4, 1/2, 3/4, 1.
LEVELS = (64, 32, 16, 8, 4)
_LOBE_SAMPLES = 96


def sky_radiance(directions: Doubles, colours: SkyColours, sky: Sky) -> Doubles:
    """(n, 3) radiance of the sky without moon, clouds and stars."""
    up = directions[:, 2:3]
    zenith, middle, horizon, ground, glow = (
        np.array([c.x, c.y, c.z])
        for c in (colours.zenith, colours.middle, colours.horizon, colours.ground, colours.glow)
    )
    colour = _mix(horizon, middle, _smoothstep(0.0, 0.28, up))
    colour = _mix(colour, zenith, _smoothstep(0.18, 0.85, up))
    toward = np.array([sky.glow_toward.x, sky.glow_toward.y])
    facing = np.maximum(directions[:, :2] @ toward, 0.0)[:, None]
    colour = colour + glow * facing * facing * np.exp(-6.0 * np.maximum(up, 0.0))
    return _mix(ground, colour, _smoothstep(-0.12, 0.0, up))


def moon_radiance(directions: Doubles, moon: Moon) -> Doubles:
    """(n, 3) radiance of the moon's halo without its disc, when its param is 1."""
    toward = np.array([moon.toward.x, moon.toward.y, moon.toward.z])
    near = np.maximum(directions @ toward, 0.0)[:, None]
    colour = np.array([moon.colour.x, moon.colour.y, moon.colour.z])
    return np.asarray(colour * moon.halo * (0.45 * near**300.0 + 0.10 * near**28.0))


def harmonics(directions: Doubles, radiance: Doubles) -> Doubles:
    """(9, 3) coefficients that give irradiance / pi by the nine polynomials of `look.glsl`.

    The directions must be spread evenly over the sphere (`sphere`). After Ramamoorthi and
    Hanrahan 2001: bands 0, 1, 2 of the cosine lobe weigh 1, 2/3, 1/4 once divided by pi.
    """
    x, y, z = directions.T
    basis = np.stack(
        [np.full_like(x, 0.282095), 0.488603 * y, 0.488603 * z, 0.488603 * x,
         1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1),
         1.092548 * x * z, 0.546274 * (x * x - y * y)]
    )  # fmt: skip
    scale = np.array([0.282095, 0.488603, 0.488603, 0.488603, 1.092548, 1.092548, 0.315392,
                      1.092548, 0.546274])  # fmt: skip
    lobe = np.array([1.0] + [2 / 3] * 3 + [1 / 4] * 5)
    coefficients = basis @ radiance * (4 * pi / len(directions))
    return np.asarray(coefficients * (scale * lobe)[:, None])


def sphere(count: int) -> Doubles:
    """(count, 3) directions, evenly spread (Fibonacci)."""
    i = np.arange(count) + 0.5
    z = 1.0 - 2.0 * i / count
    turn = pi * (1.0 + 5.0**0.5) * i
    across = np.sqrt(1.0 - z * z)
    return np.stack([across * np.cos(turn), across * np.sin(turn), z], axis=1)


def octahedral(width: int) -> Doubles:
    """(width * width, 3) directions of the texels of an octahedral map, rows from the top."""
    at = (np.arange(width) + 0.5) / width * 2.0 - 1.0
    u, v = (part.reshape(-1) for part in np.meshgrid(at, at))
    z = 1.0 - np.abs(u) - np.abs(v)
    x = np.where(z < 0.0, (1.0 - np.abs(v)) * np.where(u < 0.0, -1.0, 1.0), u)
    y = np.where(z < 0.0, (1.0 - np.abs(u)) * np.where(v < 0.0, -1.0, 1.0), v)
    d = np.stack([x, y, z], axis=1)
    return np.asarray(d / np.linalg.norm(d, axis=1, keepdims=True))


def reflections(colours: SkyColours, sky: Sky, walls: Walls | None) -> Doubles:
    """(sum of widths, 64, 3) radiance: the levels of an octahedral map, one below the other."""
    picture = np.zeros((sum(LEVELS), LEVELS[0], 3))
    row = 0
    for level, width in enumerate(LEVELS):
        around = octahedral(width)
        roughness = level / (len(LEVELS) - 1)
        lobe = _lobe(around, max(roughness, 0.03))
        seen = _surroundings(lobe.reshape(-1, 3), colours, sky, walls)
        mean = seen.reshape(width * width, _LOBE_SAMPLES, 3).mean(axis=1)
        picture[row : row + width, :width] = mean.reshape(width, width, 3)
        row += width
    return picture


def _surroundings(d: Doubles, colours: SkyColours, sky: Sky, walls: Walls | None) -> Doubles:
    seen = sky_radiance(d, colours, sky)
    if walls is None:
        return seen
    distance = walls.half_width / np.maximum(np.abs(d[:, :1]), 1e-3)
    height = d[:, 2:3] * distance
    hidden = 1.0 - _smoothstep(walls.height - 0.7, walls.height + 0.7, height)
    # Far along the lane, fog brightens the rows of houses to the colour of the sky.
    hidden = hidden * np.exp(-distance / 60.0) * (d[:, 2:3] > 0.0)
    wall = np.array([walls.colour.x, walls.colour.y, walls.colour.z])
    return _mix(seen, wall, hidden)


def _lobe(around: Doubles, roughness: float) -> Doubles:
    """(n, samples, 3) mirror directions of a view along `around` off GGX microfacets."""
    i = np.arange(_LOBE_SAMPLES)
    u = (i + 0.5) / _LOBE_SAMPLES
    turn = 2.0 * pi * np.mod(i * 0.6180339887498949, 1.0)
    alpha = roughness * roughness
    cos = np.sqrt((1.0 - u) / (1.0 + (alpha * alpha - 1.0) * u))
    sin = np.sqrt(1.0 - cos * cos)
    side = np.cross(around, np.where(np.abs(around[:, 2:]) < 0.9, [[0.0, 0, 1]], [[1.0, 0, 0]]))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(around, side)
    half = (
        side[:, None] * (sin * np.cos(turn))[None, :, None]
        + other[:, None] * (sin * np.sin(turn))[None, :, None]
        + around[:, None] * cos[None, :, None]
    )
    cos_half = np.sum(half * around[:, None], axis=2, keepdims=True)
    return np.asarray(2.0 * cos_half * half - around[:, None])


def _smoothstep(low: float, high: float, x: Doubles) -> Doubles:
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def _mix(a: Doubles, b: Doubles, share: Doubles) -> Doubles:
    return a + (b - a) * share


def coefficients(directions: Doubles, radiance: Doubles) -> tuple[Vec3, ...]:
    """The nine harmonics of a sky, rounded as scene.json has them."""
    rows = harmonics(directions, radiance)
    return tuple(Vec3(settle(float(r)), settle(float(g)), settle(float(b))) for r, g, b in rows)


def encoded(radiance: Doubles, scale: float) -> bytes:
    """The PNG file of a reflection map: a byte b means (b / 255)^2 * scale."""
    share = np.sqrt(np.clip(radiance / scale, 0.0, 1.0))
    return png((share * 255.0 + 0.5).astype(np.uint8))
