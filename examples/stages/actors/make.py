"""Makes the stand-in actor of the through-the-lens view: one file, no input, always the same.

    python examples/stages/actors/make.py         # writes stand_in.glb (some seconds)

Somebody who came home for one night: a winter coat, a long scarf, an overnight bag not yet set
down, and a hand half raised to say a first word. 1.72 m; faces +Y, feet about the origin, Z up.
Seen mostly from behind. Base colours are the cloth's; vertex alpha is how open a place is.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "scenes" / "lantern_street"))

from making import sculpt as s  # noqa: E402
from making.mesh import Shape, joined  # noqa: E402
from making.shapes import curve, grid  # noqa: E402

from xrdrama.scene.glb_writer import write_glb  # noqa: E402
from xrdrama.scene.meshes import Material, Model, Node, Primitive, to_gltf  # noqa: E402

MATERIALS = (
    Material("coat", base=(0.030, 0.042, 0.072, 1.0), roughness=0.85, double_sided=True),
    Material("scarf", base=(0.52, 0.040, 0.018, 1.0), roughness=0.80, double_sided=True),
    Material("skin", base=(0.52, 0.31, 0.22, 1.0), roughness=0.50),
    Material("hair", base=(0.016, 0.013, 0.012, 1.0), roughness=0.45),
    Material("leather", base=(0.045, 0.026, 0.016, 1.0), roughness=0.35),
)


def bump(x: np.ndarray, at: float, width: float) -> np.ndarray:
    """1 at a place, falling to 0 over about `width`."""
    return np.exp(-(((x - at) / width) ** 2))


def folds(p: np.ndarray) -> np.ndarray:
    """How the cloth of the coat lies: metres outwards."""
    x, y, z = p.T
    angle = np.arctan2(x + 0.012, -y)
    # The skirt falls from the waist in folds that widen to the hem; the weight is on the left leg.
    skirt = np.clip((1.02 - z) / 0.55, 0.0, 1.0)
    wave = np.sin(5.0 * angle + 0.9 + 1.2 * z) + 0.55 * np.sin(9.0 * angle - 2.0 * z + 0.4)
    out = 0.016 * skirt**1.3 * wave
    body = np.abs(x) < 0.215
    # Cloth gathers above the half belt, and hangs over it a little.
    out += 0.010 * bump(z, 1.145, 0.035) - 0.007 * bump(z, 1.02, 0.025)
    strap = np.clip((0.026 - np.abs(z - 1.068)) / 0.006, 0.0, 1.0) * (np.abs(angle) < 1.15)
    out += 0.011 * strap * body
    # A seam down the back, a slit below it.
    out -= 0.006 * np.exp(-((x / 0.007) ** 2)) * (y < 0) * (z > 0.78)
    out -= 0.045 * np.exp(-(((x + 0.015) / (0.010 + 0.03 * np.clip(0.76 - z, 0, 1))) ** 2)) * (y < 0) * np.clip((0.80 - z) / 0.1, 0, 1)
    # Between the shoulders it is drawn tight towards the raised arm.
    pull = bump(z - 1.30 - 0.35 * (x - 0.02), 0.0, 0.012) + bump(z - 1.235 - 0.25 * (x - 0.05), 0.0, 0.011)
    return out + 0.005 * pull * (y < 0.02) * body


def sleeve_folds(a: np.ndarray, b: np.ndarray, at: float, turns: float) -> s.Solid:
    """Creases across a sleeve, deepest at a share of its length."""

    def by(p: np.ndarray) -> np.ndarray:
        way = b - a
        share = (p - a) @ way / (way @ way)
        slant = share + 0.10 * np.sin(6.0 * p[:, 2] + 9.0 * p[:, 0])
        return 0.0075 * np.sin(2 * np.pi * turns * slant) * np.exp(-(((share - at) / 0.45) ** 2))

    return by


SHOULDERS = np.array([[-0.190, -0.010, 1.398], [0.192, 0.000, 1.412]])
ELBOWS = np.array([[-0.285, -0.055, 1.120], [0.318, 0.030, 1.165]])
WRISTS = np.array([[-0.315, 0.020, 0.885], [0.392, 0.235, 1.262]])


def coat() -> s.Solid:
    """Coat with collar and sleeves; hips shifted to the left leg, right shoulder lifted."""
    body = s.stack(
        [(0.485, 0.262, 0.232, -0.012, -0.012), (0.62, 0.246, 0.212, -0.016, -0.010),
         (0.78, 0.229, 0.194, -0.022, -0.006), (0.92, 0.209, 0.176, -0.024, 0.000),
         (1.03, 0.182, 0.150, -0.016, 0.006), (1.10, 0.177, 0.144, -0.008, 0.008),
         (1.20, 0.188, 0.150, 0.000, 0.004), (1.30, 0.196, 0.148, 0.003, -0.004),
         (1.38, 0.186, 0.126, 0.004, -0.010), (1.43, 0.150, 0.102, 0.004, -0.008),
         (1.475, 0.096, 0.088, 0.006, 0.000), (1.53, 0.082, 0.082, 0.008, 0.008)],
        square=2.25,
    )  # fmt: skip
    yoke = s.melted(
        0.05,
        s.bone((-0.05, -0.006, 1.440), SHOULDERS[0] + (0.012, 0, -0.012), 0.058, 0.070),
        s.bone((0.06, -0.004, 1.446), SHOULDERS[1] + (-0.012, 0, -0.012), 0.058, 0.070),
    )
    solid = s.melted(0.05, s.swollen(body, folds), yoke)
    for i in (0, 1):
        upper = s.bone(SHOULDERS[i], ELBOWS[i], 0.075, 0.064)
        lower = s.bone(ELBOWS[i], WRISTS[i], 0.064, 0.055)
        upper = s.swollen(upper, sleeve_folds(SHOULDERS[i], ELBOWS[i], 0.9, 3.5))
        lower = s.swollen(lower, sleeve_folds(ELBOWS[i], WRISTS[i], 0.05, 3.0))
        cuff = s.bone(WRISTS[i] + 0.16 * (ELBOWS[i] - WRISTS[i]), WRISTS[i], 0.058, 0.058)
        solid = s.melted(0.035, solid, s.melted(0.02, upper, lower, cuff))
    # Flaps of the pockets, and an open hem to see the legs in.
    solid = s.melted(0.012, solid, s.block((-0.222, 0.045, 0.925), (0.018, 0.075, 0.030), 0.01, pan=12))
    solid = s.melted(0.012, solid, s.block((0.182, 0.060, 0.930), (0.018, 0.075, 0.030), 0.01, pan=-14))
    ends = [s.bone(WRISTS[i] + 0.02 * (WRISTS[i] - ELBOWS[i]), 2 * WRISTS[i] - ELBOWS[i], 0.044, 0.05) for i in (0, 1)]
    inside = s.stack([(0.40, 0.235, 0.205, -0.012, -0.012), (0.60, 0.205, 0.172, -0.016, -0.010)])
    return s.without(solid, inside, *ends, k=0.012)


def head() -> tuple[s.Solid, s.Solid]:
    """Skin of head, neck and throat, and the hair; the face is turned a little to the right."""
    turn = np.radians(-16.0)
    c, si = np.cos(turn), np.sin(turn)
    centre = np.array([0.012, 0.022, 1.600])

    def turned(solid: s.Solid) -> s.Solid:
        def at(p: np.ndarray) -> np.ndarray:
            d = p - centre
            # Panned to the right, and bowed by a few degrees.
            x, y = d[:, 0] * c + d[:, 1] * si, -d[:, 0] * si + d[:, 1] * c
            t = np.radians(5.0)
            y, z = y * np.cos(t) - d[:, 2] * np.sin(t), y * np.sin(t) + d[:, 2] * np.cos(t)
            return solid(np.stack([x, y, z], 1))

        return at

    skull = s.ball((0, -0.008, 0.020), (0.073, 0.092, 0.094))
    jaw = s.melted(
        0.035,
        s.bone((-0.040, 0.018, -0.055), (0.0, 0.070, -0.088), 0.030, 0.022),
        s.bone((0.040, 0.018, -0.055), (0.0, 0.070, -0.088), 0.030, 0.022),
        s.ball((0, 0.040, -0.030), (0.056, 0.050, 0.062)),
    )
    nose = s.bone((0, 0.086, 0.010), (0, 0.104, -0.024), 0.008, 0.013)
    brow = s.bone((-0.034, 0.078, 0.024), (0.034, 0.078, 0.024), 0.014, 0.014)
    lips = s.bone((-0.012, 0.090, -0.056), (0.012, 0.090, -0.056), 0.008, 0.008)
    ears = [s.ball((e * 0.076, -0.004, -0.004), (0.012, 0.020, 0.031)) for e in (-1, 1)]
    eyes = [s.ball((e * 0.031, 0.090, 0.006), (0.017, 0.012, 0.010)) for e in (-1, 1)]
    face = s.without(s.melted(0.018, s.melted(0.03, skull, jaw), nose, brow, lips), *eyes, k=0.01)
    face = s.melted(0.008, face, *ears)
    neck = s.bone((0.004, -0.012, 1.43), (0.012, 0.014, 1.56), 0.056, 0.052)
    skin_ = s.melted(0.02, turned(face), neck)

    def locks(p: np.ndarray) -> np.ndarray:
        angle = np.arctan2(p[:, 0], -p[:, 1])
        low = np.clip((0.10 - p[:, 2]) / 0.2, 0, 1)
        return low * (0.0065 * np.sin(11 * angle + 4 * p[:, 2]) + 0.0035 * np.sin(23 * angle - 9 * p[:, 2]))

    cap = s.melted(
        0.03,
        s.ball((0, -0.014, 0.026), (0.084, 0.104, 0.100)),
        s.ball((0, -0.045, -0.040), (0.070, 0.062, 0.070)),
        s.ball((-0.012, 0.045, 0.098), (0.055, 0.045, 0.028)),
    )
    bun = s.melted(0.012, s.ball((0.004, -0.118, 0.030), (0.047, 0.040, 0.043)), s.ball((0.018, -0.122, 0.052), 0.026))
    loose = [
        s.bone((e * 0.070, 0.030, 0.050), (e * 0.080, 0.028, -0.050), 0.012, 0.005) for e in (-1, 1)
    ]
    window = s.ball((0, 0.105, -0.030), (0.074, 0.085, 0.098))
    hair = s.without(s.swollen(cap, locks), window, *[s.ball((e * 0.086, 0.0, -0.012), (0.022, 0.024, 0.034)) for e in (-1, 1)], k=0.012)
    return skin_, turned(s.melted(0.012, hair, bun, *loose))


def hands() -> tuple[s.Solid, s.Solid]:
    """The left holds the bag, the right is half raised, palm up and open."""
    wx, wy, wz = WRISTS[0]
    grip = s.melted(
        0.012,
        s.bone((wx - 0.002, wy + 0.004, wz - 0.005), (wx - 0.006, wy + 0.012, wz - 0.050), 0.027, 0.033, flat=0.8, hint=(1, 0, 0)),
        *[s.bone((wx - 0.018, wy - 0.022 + 0.021 * i, wz - 0.070), (wx + 0.012, wy - 0.020 + 0.021 * i, wz - 0.092), 0.0115, 0.0105) for i in range(4)],
        s.bone((wx + 0.010, wy + 0.036, wz - 0.040), (wx + 0.016, wy + 0.040, wz - 0.080), 0.0115, 0.010),
    )
    w = WRISTS[1]
    way = (w - ELBOWS[1]) / np.linalg.norm(w - ELBOWS[1])
    side = np.cross(way, (0.25, -0.35, 0.9))
    side /= np.linalg.norm(side)
    up = np.cross(side, way)

    def at(along: float, across: float, rise: float) -> np.ndarray:
        return w + along * way + across * side + rise * up

    palm = s.bone(at(0.0, 0.0, 0.0), at(0.066, 0.0, 0.004), 0.027, 0.039, flat=0.55, hint=tuple(up))
    fingers = []
    for i, (reach, bend) in enumerate(((0.070, 0.016), (0.080, 0.022), (0.075, 0.030), (0.058, 0.038))):
        x = -0.030 + 0.0205 * i
        knuckle = at(0.098 - 0.004 * abs(i - 1.2), x * 1.05, 0.004)
        middle = at(0.098 + 0.55 * reach, x * 1.35, 0.004 + 0.35 * bend)
        fingers += [s.bone(knuckle, middle, 0.0108, 0.0098), s.bone(middle, at(0.098 + reach, x * 1.5, 0.004 + bend), 0.0098, 0.0080)]
    thumb = [s.bone(at(0.030, -0.032, 0.004), at(0.066, -0.062, 0.020), 0.0135, 0.0115), s.bone(at(0.066, -0.062, 0.020), at(0.098, -0.072, 0.030), 0.0115, 0.009)]
    return grip, s.melted(0.010, palm, *fingers, *thumb)


def legs() -> s.Solid:
    """Trousers tucked into boots; the right knee is loose and that foot turned out."""
    left = s.melted(
        0.03,
        s.bone((-0.098, -0.01, 0.66), (-0.098, -0.020, 0.34), 0.086, 0.062),
        s.bone((-0.098, -0.020, 0.40), (-0.098, -0.024, 0.09), 0.064, 0.050),
        s.bone((-0.098, -0.040, 0.045), (-0.112, 0.130, 0.036), 0.046, 0.042, flat=0.8, hint=(0, 0, 1)),
    )
    right = s.melted(
        0.03,
        s.bone((0.085, 0.02, 0.66), (0.108, 0.085, 0.36), 0.084, 0.062),
        s.bone((0.108, 0.085, 0.40), (0.128, 0.030, 0.10), 0.064, 0.049),
        s.bone((0.130, 0.020, 0.045), (0.196, 0.172, 0.036), 0.046, 0.042, flat=0.8, hint=(0, 0, 1)),
    )
    shafts = [
        s.bone((-0.098, -0.024, 0.13), (-0.098, -0.020, 0.335), 0.059, 0.070),
        s.bone((0.126, 0.036, 0.13), (0.110, 0.078, 0.335), 0.059, 0.070),
    ]
    solid = s.melted(0.012, left, right, *shafts)
    heels = [s.block((-0.100, -0.062, 0.018), (0.034, 0.030, 0.018), 0.006), s.block((0.122, -0.002, 0.018), (0.034, 0.030, 0.018), 0.006, pan=-22)]
    ground = s.block((0, 0, -0.5), (2, 2, 0.5), 0.001)
    return s.without(s.melted(0.008, solid, *heels), ground, k=0.006)


def bag() -> tuple[s.Solid, s.Solid]:
    """An overnight bag of leather, and its handles."""
    x, y, z = WRISTS[0] + (-0.003, 0.012, -0.085)
    body = s.block((x - 0.012, y, z - 0.245), (0.078, 0.190, 0.118), 0.045, pan=7)

    def sag(p: np.ndarray) -> np.ndarray:
        q = p - (x, y, z - 0.245)
        return -0.022 * bump(q[:, 2], 0.12, 0.06) * np.abs(q[:, 0]) / 0.078 + 0.010 * bump(q[:, 2], -0.06, 0.05) + 0.006 * np.clip((0.007 - np.abs(np.abs(q[:, 1]) - 0.10)) / 0.004, 0, 1)

    line = [
        (x, y - 0.085, z - 0.135), (x, y - 0.060, z - 0.040), (x, y - 0.030, z),
        (x, y + 0.030, z), (x, y + 0.060, z - 0.040), (x, y + 0.085, z - 0.135),
    ]  # fmt: skip
    ring = [s.bone(a, b, 0.009, 0.009) for a, b in pairwise(line)]
    return s.swollen(body, sag), s.melted(0.01, *ring)


def wrap() -> s.Solid:
    """The scarf's turns about the neck, slack and uneven."""
    around = np.linspace(0, 2 * np.pi, 17)
    turns = []
    for radius, z, rise, thick, phase in ((0.098, 1.478, 0.020, 0.038, 0.6), (0.090, 1.520, 0.026, 0.034, 2.2)):
        line = np.stack([
            0.008 + radius * np.cos(around), 0.006 + radius * 0.98 * np.sin(around),
            z + rise * np.sin(around + phase) + 0.008 * np.sin(3 * around + phase)], 1)  # fmt: skip
        turns += [s.bone(a, b, thick, thick) for a, b in pairwise(line)]
    solid = s.melted(0.016, *turns)

    def creases(p: np.ndarray) -> np.ndarray:
        angle = np.arctan2(p[:, 1], p[:, 0])
        return 0.0055 * np.sin(120 * p[:, 2] + 2.6 * np.sin(2 * angle + 0.5)) + 0.003 * np.sin(7 * angle + 40 * p[:, 2])

    return s.swollen(solid, creases)


def tail() -> Shape:
    """The end of the scarf over the left shoulder and down the back, lifted by a breeze."""
    line = curve(
        [(-0.060, 0.075, 1.500), (-0.095, 0.020, 1.520), (-0.100, -0.075, 1.485), (-0.092, -0.142, 1.390),
         (-0.100, -0.172, 1.270), (-0.128, -0.196, 1.150), (-0.176, -0.232, 1.045), (-0.222, -0.262, 0.965), (-0.262, -0.268, 0.890)],
        30,
    )  # fmt: skip
    share = np.linspace(0, 1, len(line))
    half = np.interp(share, [0, 0.15, 0.35, 0.6, 1.0], [0.052, 0.062, 0.078, 0.092, 0.100])
    ahead = np.gradient(line, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    out = np.array([-0.25, -1.0, 0.25]) * np.ones((len(line), 1))
    out[:5] = np.linspace((0.0, 0.15, 1.0), (-0.15, -0.7, 0.6), 5)
    side = np.cross(ahead, out)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    out = np.cross(side, ahead)
    across = np.linspace(-1, 1, 9)
    # Wool lies in two or three long folds, which open towards the end.
    fold = 0.020 * np.sin(2.3 * np.pi * across + 0.4) * (1.15 - share[:, None]) + 0.012 * np.sin(9 * share[:, None] + 2 * across)
    curl = 0.016 * across**2 * share[:, None]
    middle = line[:, None] + side[:, None] * (half[:, None, None] * across[None, :, None]) + out[:, None] * (fold - curl)[..., None]
    thick = 0.007
    front, back = middle + out[:, None] * thick, middle - out[:, None] * thick
    sheet = joined(grid(front), grid(back[:, ::-1]))
    tone = np.where((share > 0.86) & (share < 0.90) | (share > 0.925) & (share < 0.965), 0.35, 1.0)
    sheet.colour = sheet.colour * np.tile(np.repeat(tone, 9), 2)[:, None]
    strands = []
    for i, end in enumerate(middle[-1]):
        drop = ahead[-1] * 0.075 + out[-1] * 0.018 * np.sin(2.1 * i) + side[-1] * 0.010 * np.cos(1.7 * i)
        width = side[-1] * 0.0075
        strands.append(grid(np.array([[end - width, end + width], [end + drop - 0.6 * width, end + drop + 0.6 * width]])))
    return joined(sheet, *strands)


def main() -> None:
    """Write stand_in.glb."""
    skin_, hair = head()
    left, right = hands()
    leather, handles = bag()
    # Solid, its material, the box that holds it, size of the cubes, triangles that are kept.
    pieces: list[tuple[s.Solid, str, tuple[float, ...], tuple[float, ...], float, int]] = [
        (coat(), "coat", (-0.44, -0.34, 0.44), (0.52, 0.36, 1.58), 0.017, 2300),
        (legs(), "leather", (-0.20, -0.13, -0.02), (0.27, 0.24, 0.60), 0.016, 560),
        (skin_, "skin", (-0.11, -0.13, 1.46), (0.13, 0.18, 1.73), 0.0085, 560),
        (hair, "hair", (-0.14, -0.18, 1.44), (0.16, 0.17, 1.76), 0.0085, 620),
        (left, "skin", (-0.38, -0.05, 0.76), (-0.27, 0.10, 0.90), 0.006, 200),
        (right, "skin", (0.34, 0.18, 1.20), (0.56, 0.50, 1.42), 0.0055, 420),
        (wrap(), "scarf", (-0.17, -0.17, 1.40), (0.19, 0.19, 1.61), 0.011, 620),
        (leather, "leather", (-0.45, -0.22, 0.40), (-0.22, 0.27, 0.76), 0.014, 220),
        (handles, "leather", (-0.36, -0.10, 0.64), (-0.28, 0.15, 0.82), 0.007, 120),
    ]
    clothed = s.melted(0.01, *(piece[0] for piece in pieces))
    groups: dict[str, list[Shape]] = {material.name: [] for material in MATERIALS}
    for solid, material, low, high, cell, wanted in pieces:
        groups[material].append(s.thinned(s.skin(solid, low, high, cell), wanted, solid))
    groups["scarf"].append(tail())
    primitives = []
    for index, material in enumerate(MATERIALS):
        shape = joined(*groups[material.name])
        open_ = s.hollow(clothed, shape.points, shape.normals)
        colour = np.concatenate([shape.colour, np.clip(0.25 + 0.75 * open_, 0, 1)[:, None]], 1)
        attributes = {
            "POSITION": to_gltf(shape.points.astype(np.float32)),
            "NORMAL": to_gltf(shape.normals.astype(np.float32)),
            "COLOR_0": colour.astype(np.float32),
        }
        primitives.append(Primitive(index, attributes, shape.triangles.astype(np.uint32)))
    model = Model((Node("stand_in", np.eye(4), tuple(primitives)),), MATERIALS, ())
    content = write_glb(model)
    (Path("/tmp/set") / "stand_in.glb").write_bytes(content)
    print(f"stand_in.glb: {len(content):,} bytes, {model.triangle_count:,} triangles")


if __name__ == "__main__":
    main()
