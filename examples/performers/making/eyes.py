"""Eyeballs with cornea and iris, the light in them, and lashes on the upper lid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from making import noise
from making.head_form import smooth
from making.head_mould import Head, aperture, closing, on_ball
from making.part import Finish, Part
from making.surfaces import globe, joined, lattice

SIZE = 256
_ALONG = 43


@dataclass(frozen=True)
class Iris:
    """Colours of an eye (sRGB), and the radius of the pupil as a share of the iris."""

    inner: tuple[float, float, float]
    outer: tuple[float, float, float]
    white: tuple[float, float, float] = (0.93, 0.92, 0.89)
    pupil: float = 0.42
    clouded: float = 0.0
    """A pale ring round the iris, as old eyes have one."""


def eye_picture(iris: Iris, share: float) -> np.ndarray:
    """(SIZE, SIZE, 3) sRGB of the front of an eyeball; `share` is the iris' radius in its own."""
    axis = (np.arange(SIZE) + 0.5) / SIZE * 2 - 1
    x, y = np.meshgrid(axis, -axis)
    r, a = np.hypot(x, y), np.arctan2(y, x)
    t = r / share
    grain = noise.field(SIZE, 11, 2, 24, 1.0)
    rays = 0.5 + 0.30 * np.sin(a * 23 + 2.0 * np.sin(a * 5)) + 0.20 * np.sin(a * 41 + 1.3)
    white = np.asarray(iris.white) * (1 - 0.16 * smooth(0.6, 1.0, r)[..., None] * [0.4, 1.0, 1.0])
    white = white - 0.012 * grain[..., None] * [0.2, 1, 1]
    depth = smooth(0.30, 1.0, t)
    # Light falls through the cornea onto the far side of the iris.
    crescent = smooth(0.1, -0.9, y / share) * smooth(0.35, 0.8, t)
    colour = (
        np.asarray(iris.inner) * (1 - depth[..., None]) + np.asarray(iris.outer) * depth[..., None]
    )
    colour = colour * (0.78 + 0.34 * rays * smooth(0.4, 0.75, t) + 0.42 * crescent)[..., None]
    colour = colour * (1 - 0.70 * smooth(0.80, 1.0, t))[..., None]
    colour = colour * (1 - 0.45 * smooth(0.05, 0.95, y / share))[..., None]
    pupil = smooth(iris.pupil + 0.05, iris.pupil - 0.05, t)[..., None]
    colour = colour * (1 - pupil) + np.array([0.012, 0.010, 0.012]) * pupil
    ring = iris.clouded * np.exp(-(((t - 0.93) / 0.09) ** 2))[..., None]
    colour = colour * (1 - ring) + np.array([0.62, 0.66, 0.68]) * ring
    rim = smooth(1.04, 0.95, t)[..., None]
    shaded = 1 - 0.22 * smooth(0.15, 0.75, y)[..., None]
    return (white * (1 - rim) + colour * rim) * shaded


def eyeballs(head: Head, scale: float, origin: np.ndarray) -> list[Part]:
    """The two balls, each following its own joint."""
    eye = head.form.eye
    unit, triangles = globe(12, 20, 1.3)
    polar = np.arccos(np.clip(unit[:, 2], -1, 1))
    rim = np.arcsin(eye.iris)
    # The cornea stands out of the ball; the iris seems to be inside it.
    swell = 1.0 + 0.045 * smooth(rim * 1.15, 0.0, polar)
    flat = np.where(
        unit[:, 2:] > 0,
        unit[:, :2],
        unit[:, :2] / np.maximum(np.linalg.norm(unit[:, :2], axis=1, keepdims=True), 1e-9),
    )
    uv = 0.5 + 0.5 * flat * [1, -1]
    found = []
    for side, sign in (("left", 1.0), ("right", -1.0)):
        centre = origin + scale * eye.centre * [sign, 1, 1]
        points = centre + scale * eye.radius * unit * swell[:, None]
        found.append(Part(f"{side} eye", "eyes", points, triangles, {f"{side}Eye": 1.0},
                          normals=unit.copy(), uv=uv))  # fmt: skip
    return found


def glints(head: Head, scale: float, origin: np.ndarray) -> Part:
    """The light in the eyes: it stays where the light is when the eyes turn.

    It sinks into the ball as a lid comes down over it.
    """
    eye = head.form.eye
    pieces, sides = [], []
    for number, sign in enumerate((1.0, -1.0)):
        for az, el, size in ((-13.0 * sign - 4, 14.0, 0.140), (11.0 * sign + 6, -12.0, 0.066)):
            a = np.linspace(0, 2 * np.pi, 13)[:-1]
            ring = on_ball(
                eye,
                az * sign + np.degrees(size) * np.cos(a),
                el + np.degrees(size) * 1.1 * np.sin(a),
                eye.radius * 1.034,
            )
            middle = on_ball(eye, np.array([az * sign]), np.array([el]), eye.radius * 1.044)
            points = np.concatenate([ring, middle]) * [sign, 1, 1]
            faces = np.array([(i, (i + 1) % 12, 12) for i in range(12)])
            pieces.append((points, faces if sign > 0 else faces[:, ::-1]))
            sides.append(np.full(len(points), number))
    points, triangles = joined(pieces)
    side = np.concatenate(sides)
    morphs = {}
    for number, (name, sign) in enumerate((("Left", 1.0), ("Right", -1.0))):
        sunk = (eye.centre * [sign, 1, 1] - points) * (side == number)[:, None]
        for shape, share in (("eyeBlink", 0.13), ("eyeLookDown", 0.06)):
            morphs[shape + name] = scale * share * sunk
    return Part("glints", "glints", origin + scale * points, triangles, {"head": 1.0},
                morphs=morphs)  # fmt: skip


def lashes(
    head: Head, scale: float, origin: np.ndarray, shapes: dict[str, np.ndarray], length: float,
    colour: tuple[float, float, float], thick: float = 0.036,
) -> Part:  # fmt: skip
    """A dark ribbon along the upper lids that ends in tufts; it follows the lids' edge.

    `length` and `thick` are in radii of the eyeball, `colour` is linear.
    """
    eye = head.form.eye
    upper = np.arange(15)
    az, el = (values[upper] for values in aperture(eye))
    fine = np.linspace(0, 14, _ALONG)
    faz, fel = np.interp(fine, upper, az), np.interp(fine, upper, el)
    share = np.clip((fine / 14), 0, 1)
    # Ring angles run from the outer corner (0) to the inner one (14).
    tuft = 0.30 + 0.70 * (1 - np.abs(np.arange(_ALONG) % 4 / 2.0 - 1)) ** 1.3
    reach = length * np.sin(np.pi * np.clip(share * 0.86 + 0.16, 0, 1)) ** 0.7 * tuft
    reach *= smooth(1.02, 0.55, share)
    shell = eye.lid * 1.012

    def rows(fel: np.ndarray, droop: np.ndarray) -> np.ndarray:
        out = np.radians(34.0 * (1 - 1.5 * share))
        root_up = on_ball(eye, faz, fel + np.degrees(thick), eye.radius * shell)
        root = on_ball(eye, faz, fel - 1.0, eye.radius * (shell - 0.004))
        # Lashes rise from an open eye and point down from a closed one.
        lift = np.radians(20.0) - droop
        way = np.column_stack([
            np.sin(np.radians(faz) + out), np.sin(lift),
            np.cos(np.radians(faz) + out) * np.cos(lift),
        ])  # fmt: skip
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        tip = root + eye.radius * reach[:, None] * way
        return np.concatenate([root_up, root, tip])

    zero = np.zeros(_ALONG)
    rest = rows(fel, zero)
    goal = np.interp(fine, upper, closing(eye, az))
    triangles = lattice(3, _ALONG)
    moved: dict[str, np.ndarray] = {}
    for name, amount in (("eyeBlink", 1.0), ("eyeLookDown", 0.42), ("eyeSquint", 0.22),
                         ("eyeWide", -0.26), ("eyeLookUp", -0.20)):  # fmt: skip
        to = rows(
            fel + amount * (goal - fel), np.full(_ALONG, np.radians(62.0) * max(amount, -0.3))
        )
        moved[name] = to - rest
    return _both_sides(rest, moved, triangles, scale, origin, colour)


def _both_sides(
    rest: np.ndarray, moved: dict[str, np.ndarray], triangles: np.ndarray, scale: float,
    origin: np.ndarray, colour: tuple[float, float, float],
) -> Part:  # fmt: skip
    n = len(rest)
    flip = np.array([-1.0, 1.0, 1.0])
    points, faces = joined([(rest, triangles[:, ::-1]), (rest * flip, triangles)])
    morphs = {}
    for name, offsets in moved.items():
        for number, side in enumerate(("Left", "Right")):
            both = np.zeros((2 * n, 3))
            both[number * n : (number + 1) * n] = offsets if number == 0 else offsets * flip
            morphs[name + side] = scale * both
    return Part("lashes", "lashes", origin + scale * points, faces, {"head": 1.0},
                colours=np.tile(colour, (2 * n, 1)), morphs=morphs)  # fmt: skip


def finishes(iris: Iris, share: float) -> list[Finish]:
    """The materials of eyes, glints and lashes."""
    return [
        Finish("eyes", roughness=0.12, colour=noise.png(eye_picture(iris, share))),
        Finish("glints", base=(0.0, 0.0, 0.0), roughness=1.0, emissive=(0.75, 0.75, 0.74)),
        Finish("lashes", roughness=0.9, double_sided=True),
    ]
