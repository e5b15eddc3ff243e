"""Lan: nine years old, padded red coat, tiger hat, hand-knit scarf, cotton shoes."""

from __future__ import annotations

import numpy as np
from making import garments, hair, hats, scarf, trims, weights
from making.cloth import Atlas, Piece, band, smooth
from making.hands import HandLook, left_hand
from making.part import Finish, Part
from making.skeleton import LAN
from making.surface import hemmed, part

RED, CREAM, INDIGO, OCHRE = (
    (0.56, 0.035, 0.022),
    (0.78, 0.66, 0.46),
    (0.045, 0.06, 0.13),
    (0.72, 0.34, 0.05),
)
TONE = (0.76, 0.50, 0.38)


def coat() -> tuple[list[Part], list[Finish]]:
    """The padded coat: body and sleeves."""
    rows = [
        (0.924, 0.058, 0.056, -0.008, 1.0, 2.0),
        (0.908, 0.062, 0.060, -0.010, 1.0, 2.0),
        (0.896, 0.084, 0.068, -0.011, 1.0, 2.1),
        (0.882, 0.108, 0.076, -0.012, 1.0, 2.3),
        (0.862, 0.122, 0.084, -0.012, 1.0, 2.5),
        (0.820, 0.130, 0.092, -0.010, 1.03, 2.5),
        (0.740, 0.136, 0.099, -0.008, 1.06, 2.4),
        (0.650, 0.148, 0.107, -0.004, 1.08, 2.3),
        (0.560, 0.164, 0.119, -0.002, 1.06, 2.2),
        (0.470, 0.184, 0.133, 0.0, 1.04, 2.2),
        (0.385, 0.202, 0.147, 0.0, 1.03, 2.15),
    ]
    torso = Piece(1.04, 0.58, 960)
    arm = Piece(0.36, 0.40, 960)
    for piece in (torso, arm):
        _padded(piece, 0.055)
    _closing(torso)
    atlas = Atlas(torso, arm)
    grid, uv = atlas.dressed(garments.body(rows, 38, 30), torso)
    grid, uv = hemmed(grid, uv, 0.014, 0.06)
    tube = garments.sleeve(
        LAN,
        [
            (0.0, 0.047, 0.062, 0.005),
            (0.2, 0.056, 0.063, 0.004),
            (0.5, 0.059, 0.062, 0.004),
            (0.75, 0.058, 0.060, 0.004),
            (0.95, 0.053, 0.054, 0.004),
        ],
        16,
        16,
        cap=0.74,
    )
    tube, arm_uv = atlas.dressed(tube, arm)
    tube, arm_uv = hemmed(tube, arm_uv, 0.010, 0.04, closed=True)
    left = part("leftSleeve", "cloth_coat", tube, weights.arm(LAN), uv=arm_uv)
    parts = [
        part("coat", "cloth_coat", grid, weights.skirt(LAN), uv=uv),
        left,
        weights.mirrored(left),
    ]
    finish = Finish(
        "cloth_coat",
        roughness=0.82,
        colour=atlas.colour(1024),
        normal=atlas.normal(1024, {0: (30, 39), 1: (21, 17)}),
    )
    return parts, [finish]


def _padded(piece: Piece, size: float) -> None:
    """Red cotton quilted in diamonds, puckered at the seams, with plum blossom printed on it."""
    n = round(piece.wide / size / 1.0)
    u = piece.x / piece.wide * n
    v = piece.y / (size * 1.25)
    a, b = (u + v) % 1.0, (u - v) % 1.0
    ridge = np.minimum(np.abs(np.sin(np.pi * a)), np.abs(np.sin(np.pi * b)))
    piece.relief += 0.0085 * (np.clip(ridge, 0, 1) ** 0.55) - 0.004
    for share in (a, b):
        off = (share - np.rint(share)) * size * 0.7
        piece.stitches(piece.y, off, length=0.0075, deep=0.0009)
        near = np.exp(-((off / 0.008) ** 2))
        piece.fine += near * 0.00045 * np.sin(piece.y * 900 + 3 * piece.noise(5, 0.01))
    piece.colour *= np.asarray(RED)
    piece.tint(1.0 + 0.05 * piece.noise(1, 0.05) + 0.035 * piece.noise(2, 0.004, (1.0, 3.0)))
    piece.tint(0.70 + 0.30 * smooth(ridge, 0.0, 0.45))
    _blossoms(piece, a, b, size)
    piece.fine += 0.00012 * (
        np.sin(piece.x * 2 * np.pi / 0.0032) * np.sin(piece.y * 2 * np.pi / 0.0032)
    )


def _blossoms(piece: Piece, a: np.ndarray, b: np.ndarray, size: float) -> None:
    """Five petals in the middle of every other diamond."""
    x = (a - 0.5) + (b - 0.5)
    y = (a - 0.5) - (b - 0.5)
    x, y = x * size * 0.5, y * size * 0.62
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    petal = 0.0088 * (0.62 + 0.38 * np.abs(np.cos(2.5 * angle)))
    worn = 0.88 + 0.12 * np.clip(piece.noise(3, 0.003), -1.5, 1.5)
    piece.paint(smooth(petal - r, -0.0006, 0.0006) * worn * 0.85, (0.80, 0.42, 0.30))
    piece.paint(smooth(0.0026 - r, -0.0005, 0.0005), (0.78, 0.50, 0.10))
    dots = smooth(
        0.0011 - np.hypot(r - 0.0046, (np.mod(angle * 5 / (2 * np.pi), 1) - 0.5) * 0.006),
        -0.0004,
        0.0004,
    )
    piece.paint(dots * 0.8, (0.45, 0.03, 0.03))


def _closing(piece: Piece) -> None:
    """The front laps over to her right, bound with darker braid, and a seam at each side."""
    x, y = piece.middle, piece.y
    edge = 0.012 + 0.050 * smooth(y, 0.10, 0.20)
    lap = x - edge
    piece.relief += (
        0.006 * smooth(lap, 0.001, -0.003) * smooth(lap, -0.10, -0.02) * smooth(y, 0.05, 0.10)
    )
    braid = band(lap, -0.006, 0.0055) * smooth(y, 0.06, 0.07)
    piece.paint(braid, (0.10, 0.018, 0.02))
    piece.fine += 0.0014 * braid
    piece.stitches(y, lap + 0.0135)
    for side in (-1, 1):
        off = x - side * piece.wide / 4
        piece.relief -= 0.003 * np.exp(-((off / 0.006) ** 2)) * smooth(y, 0.14, 0.18)


def fleece() -> tuple[list[Part], list[Finish]]:
    """Cuffs and hem of cream fleece."""
    made = []
    follow = weights.skirt(LAN)
    a = np.linspace(0, 2 * np.pi, 35)[:-1]
    loop = np.stack([0.203 * np.sin(a), 0.384 + 0.002 * np.sin(5 * a), -0.152 * np.cos(a)], 1)
    hem = trims.oriented(trims.roll(loop, 0.021, 0.015, sides=6))
    made.append(part("hem", "cloth_fleece", hem, follow, uv=_wool_uv(hem, 24, 1)))
    x, y, z = LAN.shoulder
    x += 0.93 * (LAN.upper_arm + LAN.lower_arm)
    b = np.linspace(0, 2 * np.pi, 15)[:-1]
    loop = np.stack([x + 0 * b, y - 0.004 - 0.052 * np.cos(b), z - 0.053 * np.sin(b)], 1)
    cuff = trims.oriented(_cuff(loop))
    left = part("leftCuff", "cloth_fleece", cuff, weights.arm(LAN), uv=_wool_uv(cuff, 9, 1))
    made += [left, weights.mirrored(left)]
    piece = Piece(0.12, 0.12, 1600)
    piece.fine += 0.0011 * piece.noise(8, 0.005) + 0.0007 * piece.noise(9, 0.0025)
    piece.tint(0.94 + 0.10 * piece.noise(8, 0.005))
    atlas = Atlas(piece)
    return made, [
        Finish(
            "cloth_fleece",
            base=CREAM,
            roughness=0.95,
            colour=atlas.colour(192),
            normal=atlas.normal(192, {}),
        )
    ]


def _cuff(loop: np.ndarray) -> np.ndarray:
    """A roll round the wrist: along the arm as high as a roll round a body is along Y."""
    centre = loop.mean(0)
    rows = []
    for point in loop:
        out = (point - centre) / np.linalg.norm(point - centre)
        a = 2 * np.pi * np.arange(8) / 7
        rows.append(
            point
            + 0.012 * np.cos(a)[:, None] * out
            + 0.020 * np.sin(a)[:, None] * np.array([1.0, 0, 0])
        )
    return np.stack([*rows, rows[0]])


def _wool_uv(points: np.ndarray, along: float, across: float) -> np.ndarray:
    rows, columns = points.shape[:2]
    s, t = np.meshgrid(np.linspace(0, across, columns), np.linspace(0, along, rows))
    return np.stack([s, t], -1)


def legs() -> tuple[list[Part], list[Finish]]:
    """Padded trousers, gathered at the ankle, and cotton shoes."""
    piece = Piece(0.40, 0.50, 640)
    piece.colour *= np.asarray(INDIGO)
    fold = piece.noise(21, 0.05, (2.2, 0.8))
    low = smooth(piece.y, 0.30, 0.46)
    piece.relief += (0.0022 + 0.003 * low) * fold + 0.004 * low * np.sin(
        piece.x * 2 * np.pi / 0.40 * 9
    )
    piece.tint(1 + 0.12 * piece.noise(22, 0.03) + 0.10 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.004)
    atlas = Atlas(piece)
    rows = [
        (0.560, 0.070, 0.085, 0.0),
        (0.500, 0.068, 0.082, 0.0),
        (0.420, 0.066, 0.074, 0.002),
        (0.300, 0.060, 0.064, 0.004),
        (0.200, 0.060, 0.062, -0.002),
        (0.135, 0.058, 0.060, -0.008),
        (0.100, 0.046, 0.050, -0.010),
        (0.084, 0.040, 0.044, -0.010),
    ]
    tube, uv = atlas.dressed(garments.leg(LAN, rows, 12, 15), piece)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(LAN), uv=uv)
    shoe = garments.shoe(LAN, wide=0.041, high=0.062, shaft=0.037, sole=0.017, toe=0.008)
    tone = np.ones((*shoe.shape[:2], 3)) * (0.035, 0.028, 0.03)
    tone[7:] = (0.72, 0.66, 0.54)
    shoes = part("leftShoe", "cloth_shoes", shoe, weights.leg(LAN), colours=tone)
    parts = [left, weights.mirrored(left), shoes, weights.mirrored(shoes)]
    return parts, [
        Finish(
            "cloth_trousers",
            roughness=0.88,
            colour=atlas.colour(320),
            normal=atlas.normal(320, {0: (15, 13)}),
        ),
        Finish("cloth_shoes", roughness=0.75),
    ]


def hands() -> tuple[list[Part], list[Finish]]:
    """A child's hands: short and round."""
    made = left_hand(LAN, HandLook(thick=1.12, bony=0.0, tone=TONE))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.55)]


def hair_and_hat() -> tuple[list[Part], list[Finish]]:
    """The tiger hat, a fringe below it, and two braids."""
    parts, finishes = hats.tiger_hat(LAN)
    head = {"head": 1.0}
    y0, z0 = LAN.chin + 0.60 * LAN.head, LAN.head_joint[2]
    skull = np.array([0, y0, z0 - 0.006])
    edge = [(0, 0.62), (60, 0.3), (74, -0.20), (88, -0.55), (120, -0.95), (180, -1.06)]
    parts.append(
        hair.cap(
            "nape",
            skull,
            (0.100, 0.100, 0.110),
            edge,
            head,
            columns=26,
            rows=6,
            narrow=0.20,
        )
    )
    for i, x in enumerate(np.linspace(-0.062, 0.062, 9)):
        around = x / 0.0935
        z = z0 + 0.094 * np.sqrt(1 - around**2)
        drop = 0.020 + 0.008 * np.sin(2.4 * i + 1) - 0.010 * abs(around)
        way = np.array([around, 0.15, np.sqrt(1 - around**2)])
        out = way / np.linalg.norm(way)
        base = np.array([x, y0 + 0.050, z - 0.010])
        middle = np.array([x * 1.03, y0 + 0.030, z + 0.004])
        tip = np.array([x * 1.02 + 0.004 * np.sin(5.0 * i), y0 + 0.030 - drop, z + 0.005])
        parts.append(
            hair.lock(
                f"fringe {i}",
                [base, middle, tip],
                [0.010, 0.0115, 0.002],
                out,
                head,
                rows=5,
                shade=0.9 + 0.1 * (i % 2),
            )
        )
    for side in (-1, 1):
        start = np.array([side * 0.082, y0 + 0.02, z0 + 0.040])
        points = [
            start,
            start + np.array([side * 0.012, -0.045, 0.006]),
            start + np.array([side * 0.004, -0.105, 0.010]),
        ]
        parts.append(
            hair.lock(
                f"side lock {side}",
                points,
                [0.012, 0.014, 0.003],
                (side * 0.8, 0.0, 0.6),
                head,
                rows=7,
            )
        )
        line = [
            (side * 0.076, 0.985, -0.030),
            (side * 0.090, 0.935, -0.010),
            (side * 0.096, 0.885, 0.055),
            (side * 0.090, 0.830, 0.092),
            (side * 0.088, 0.765, 0.106),
        ]
        follow = _braid_weights
        parts += hair.braid(f"braid {side}", line, [0.017, 0.019, 0.017, 0.012], (0, 0, 1), follow)
        knot = trims.ball((side * 0.088, 0.768, 0.106), (0.014, 0.009, 0.014), 9, 6)
        parts.append(
            part(
                f"ribbon {side}",
                "cloth_ribbon",
                knot,
                follow,
                colours=np.array((0.62, 0.03, 0.03)),
            )
        )
        tuft = [
            (side * 0.088, 0.766, 0.106),
            (side * 0.087, 0.748, 0.110),
            (side * 0.085, 0.725, 0.110),
        ]
        parts.append(
            hair.lock(
                f"tuft {side}",
                tuft,
                [0.009, 0.012, 0.002],
                (0, 0, 1),
                follow,
                rows=6,
                thick=0.8,
            )
        )
    finishes += [
        hair.finish((0.022, 0.016, 0.015)),
        Finish("cloth_ribbon", roughness=0.5),
        Finish("cloth_hat_plain", roughness=0.9),
    ]
    return parts, finishes


def _braid_weights(p: np.ndarray) -> weights.Rows:
    """Hair that hangs from the head down to the coat."""
    free = weights.step(-p[:, 1], -0.975, -0.90)
    rows = weights.trunk(LAN)(p)
    return {"head": 1 - free} | {name: row * free for name, row in rows.items()}


def neck() -> tuple[list[Part], list[Finish]]:
    """The scarf, wound once and a half."""
    finish, _ = scarf.knit("cloth_scarf", (0.80, 0.68, 0.48), stripe=(0.10, 0.20, 0.22))
    a = np.linspace(0, 2 * np.pi, 27)[:-1]
    follow = _scarf_weights
    low = np.stack(
        [
            0.086 * np.sin(a),
            0.904 - 0.016 * -np.cos(a) + 0.006 * np.sin(2 * a),
            -0.006 - 0.084 * np.cos(a),
        ],
        1,
    )
    top = np.stack(
        [
            0.070 * np.sin(a),
            0.940 - 0.010 * -np.cos(a + 0.5) + 0.004 * np.sin(3 * a),
            -0.004 - 0.068 * np.cos(a),
        ],
        1,
    )
    parts = [
        scarf.wound(
            "scarf low",
            "cloth_scarf",
            low,
            0.031,
            0.027,
            follow,
            around=5,
            across=1.3,
            seed=1,
        ),
        scarf.wound(
            "scarf top",
            "cloth_scarf",
            top,
            0.027,
            0.024,
            follow,
            around=4.2,
            across=1.2,
            seed=2,
        ),
    ]
    line = np.array(
        [
            (0.036, 0.915, 0.084),
            (0.034, 0.885, 0.114),
            (0.030, 0.82, 0.122),
            (0.026, 0.74, 0.127),
            (0.028, 0.655, 0.133),
        ]
    )
    out = np.array([(0.3, 0.6, 0.8), (0.2, 0.1, 1.0), (0.1, 0, 1.0), (0.1, 0, 1)])
    parts += scarf.tail(
        "scarf tail",
        "cloth_scarf",
        line,
        0.036,
        out,
        weights.trunk(LAN),
        long=2.3,
        wide=0.75,
    )
    return parts, [finish]


def _scarf_weights(p: np.ndarray) -> weights.Rows:
    up = 0.55 * weights.step(p[:, 1], 0.90, 0.965)
    return {"neck": up, "upperChest": 1 - up}


def frogs() -> tuple[list[Part], list[Finish]]:
    """Knotted buttons down the edge of the closing."""
    made: list[Part] = []
    for i, y in enumerate((0.815, 0.725, 0.635, 0.545)):
        x = -0.050
        z = np.interp(y, [0.47, 0.56, 0.65, 0.74, 0.82], [0.139, 0.126, 0.116, 0.106, 0.093])
        z = z * np.sqrt(1 - (x / 0.17) ** 2) + 0.006
        made += trims.frog(
            np.array([x, y, z]),
            np.array([-0.28, 0.05, 1.0]),
            half=0.026,
            thick=0.0045,
            name=f"frog {i}",
            material="cloth_ribbon",
            follow=weights.trunk(LAN),
            colour=(0.62, 0.40, 0.12),
        )
    return made, []


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (coat(), fleece(), neck(), frogs(), legs(), hands(), hair_and_hat()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
