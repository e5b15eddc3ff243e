"""The actor's body where it is seen: head and hair, hands, and legs down to the boots.

Also the pose: where shoulders, elbows and wrists are, left first. Solids of `making.sculpt`.
"""

from __future__ import annotations

import numpy as np
from making import sculpt as s

from xrdrama.gltf.meshes import to_gltf

SHOULDERS = np.array([[-0.190, -0.010, 1.398], [0.192, 0.000, 1.412]])
ELBOWS = np.array([[-0.285, -0.055, 1.120], [0.318, 0.030, 1.165]])
WRISTS = np.array([[-0.315, 0.020, 0.885], [0.392, 0.235, 1.262]])
NECK = np.array([0.010, -0.004, 1.500])


def joints(points: np.ndarray) -> np.ndarray:
    """(n, 4): the joint about which each point turns, and how far it follows (glTF's frame).

    Positive for the head, negative for the right forearm, 0 for what stays with the trunk.
    """
    nod = _rising(points[:, 2], 1.465, 1.565)
    way = (WRISTS[1] - ELBOWS[1]) / np.linalg.norm(WRISTS[1] - ELBOWS[1])
    d = points - ELBOWS[1]
    along = d @ way
    off = np.linalg.norm(d - along[:, None] * way, axis=1)
    arm = _rising(along, -0.03, 0.09) * (off < 0.17) * (points[:, 0] > 0.24)
    pivot = np.where((arm > 0)[:, None], ELBOWS[1], NECK)
    return np.concatenate([to_gltf(pivot), (nod - arm)[:, None]], 1)


def _rising(x: np.ndarray, least: float, most: float) -> np.ndarray:
    """0 up to `least`, smoothly to 1 at `most`."""
    t = np.clip((x - least) / (most - least), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


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
        return low * (
            0.0065 * np.sin(11 * angle + 4 * p[:, 2]) + 0.0035 * np.sin(23 * angle - 9 * p[:, 2])
        )

    cap = s.melted(
        0.03,
        s.ball((0, -0.014, 0.026), (0.084, 0.104, 0.100)),
        s.ball((0, -0.045, -0.040), (0.070, 0.062, 0.070)),
        s.ball((-0.012, 0.045, 0.098), (0.055, 0.045, 0.028)),
    )
    bun = s.melted(
        0.012,
        s.ball((0.004, -0.118, 0.030), (0.047, 0.040, 0.043)),
        s.ball((0.018, -0.122, 0.052), 0.026),
    )
    loose = [
        s.bone((e * 0.070, 0.030, 0.050), (e * 0.080, 0.028, -0.050), 0.012, 0.005) for e in (-1, 1)
    ]
    window = s.ball((0, 0.105, -0.030), (0.074, 0.085, 0.098))
    hair = s.without(
        s.swollen(cap, locks),
        window,
        *[s.ball((e * 0.086, 0.0, -0.012), (0.022, 0.024, 0.034)) for e in (-1, 1)],
        k=0.012,
    )
    return skin_, turned(s.melted(0.012, hair, bun, *loose))


def hands() -> tuple[s.Solid, s.Solid]:
    """The left holds the bag, the right is half raised, palm up and open."""
    wx, wy, wz = WRISTS[0]
    grip = s.melted(
        0.012,
        s.bone(
            (wx - 0.002, wy + 0.004, wz - 0.005),
            (wx - 0.006, wy + 0.012, wz - 0.050),
            0.027,
            0.033,
            flat=0.8,
            hint=(1, 0, 0),
        ),
        *[
            s.bone(
                (wx - 0.018, wy - 0.022 + 0.021 * i, wz - 0.070),
                (wx + 0.012, wy - 0.020 + 0.021 * i, wz - 0.092),
                0.0115,
                0.0105,
            )
            for i in range(4)
        ],
        s.bone(
            (wx + 0.010, wy + 0.036, wz - 0.040),
            (wx + 0.016, wy + 0.040, wz - 0.080),
            0.0115,
            0.010,
        ),
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
    for i, (reach, bend) in enumerate(
        ((0.068, 0.018), (0.078, 0.024), (0.074, 0.034), (0.058, 0.044))
    ):
        x = -0.030 + 0.0205 * i
        knuckle = at(0.098 - 0.004 * abs(i - 1.2), x * 1.05, 0.004)
        middle = at(0.098 + 0.55 * reach, x * 1.15, 0.004 + 0.35 * bend)
        fingers += [
            s.bone(knuckle, middle, 0.0120, 0.0108),
            s.bone(middle, at(0.098 + reach, x * 1.24, 0.004 + bend), 0.0108, 0.0090),
        ]
    thumb = [
        s.bone(at(0.030, -0.032, 0.004), at(0.066, -0.062, 0.020), 0.0135, 0.0115),
        s.bone(at(0.066, -0.062, 0.020), at(0.098, -0.072, 0.030), 0.0115, 0.009),
    ]
    return grip, s.melted(0.010, palm, *fingers, *thumb)


def legs() -> s.Solid:
    """Trousers tucked into boots; the right knee is loose and that foot turned out."""
    left = s.melted(
        0.03,
        s.bone((-0.098, -0.010, 0.66), (-0.098, -0.018, 0.36), 0.082, 0.056),
        s.bone((-0.098, -0.032, 0.32), (-0.098, -0.034, 0.09), 0.052, 0.040),
        s.bone((-0.099, -0.036, 0.050), (-0.108, 0.062, 0.048), 0.044, 0.040),
        s.bone((-0.104, 0.030, 0.040), (-0.114, 0.140, 0.030), 0.044, 0.038, flat=0.72),
    )
    right = s.melted(
        0.03,
        s.bone((0.085, 0.020, 0.66), (0.108, 0.084, 0.38), 0.080, 0.056),
        s.bone((0.108, 0.072, 0.34), (0.126, 0.024, 0.09), 0.052, 0.040),
        s.bone((0.128, 0.016, 0.050), (0.164, 0.106, 0.048), 0.044, 0.040),
        s.bone((0.152, 0.078, 0.040), (0.196, 0.178, 0.030), 0.044, 0.038, flat=0.72),
    )
    shafts = [
        s.bone((-0.098, -0.036, 0.10), (-0.098, -0.022, 0.335), 0.047, 0.072),
        s.bone((0.127, 0.026, 0.10), (0.110, 0.076, 0.335), 0.047, 0.072),
    ]
    openings = [
        s.ball((-0.098, -0.018, 0.42), (0.12, 0.12, 0.045)),
        s.ball((0.108, 0.086, 0.42), (0.12, 0.12, 0.045)),
    ]
    shafts = [s.without(shaft, cut, k=0.01) for shaft, cut in zip(shafts, openings, strict=True)]
    solid = s.melted(0.010, left, right, *shafts)
    heels = [
        s.block((-0.100, -0.062, 0.018), (0.036, 0.032, 0.018), 0.006),
        s.block((0.122, -0.004, 0.018), (0.036, 0.032, 0.018), 0.006, pan=-22),
    ]
    ground = s.block((0, 0, -0.5), (2, 2, 0.5), 0.001)
    return s.without(s.melted(0.008, solid, *heels), ground, k=0.006)
