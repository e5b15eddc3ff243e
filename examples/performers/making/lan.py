"""Lan: nine years old, padded red coat, tiger hat, hand-knit scarf, cotton shoes."""

from __future__ import annotations

import numpy as np
from making import footwear, garments, hair, hats, scarf, trims, weights
from making.cloth import Atlas, Piece, smooth
from making.hands import HandLook, left_hand
from making.lan_coat import coat, fleece
from making.part import Finish, Part
from making.skeleton import LAN
from making.surface import part

RED, CREAM, INDIGO, OCHRE = (
    (0.56, 0.035, 0.022),
    (0.78, 0.66, 0.46),
    (0.055, 0.085, 0.18),
    (0.72, 0.34, 0.05),
)
TONE = (0.76, 0.50, 0.38)


def legs() -> tuple[list[Part], list[Finish]]:
    """Padded trousers, gathered at the ankle, and cotton shoes."""
    piece = Piece(0.40, 0.50, 900)
    piece.colour *= np.asarray(INDIGO)
    fold = piece.noise(21, 0.05, (2.2, 0.8))
    low = smooth(piece.y, 0.30, 0.46)
    piece.relief += (0.0026 + 0.003 * low) * fold
    piece.relief += 0.004 * low * np.sin(piece.x * 2 * np.pi / 0.40 * 9)
    # Corduroy.
    ridge = np.sin(piece.x * 2 * np.pi / 0.0050)
    piece.fine += 0.0005 * ridge
    piece.tint(1 + 0.18 * ridge + 0.10 * piece.noise(22, 0.03) + 0.12 * np.clip(fold, -1, 1))
    worn = np.exp(-((piece.middle / 0.05) ** 2) - ((piece.y - 0.27) / 0.07) ** 2)
    piece.tint(1 + 0.5 * worn)
    _knee(piece)
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
    shoes_made = footwear.tiger_shoes(shoe)
    shoes = part("leftShoe", "cloth_shoes", shoe, weights.leg(LAN), uv=shoes_made[1])
    parts = [left, weights.mirrored(left), shoes, weights.mirrored(shoes)]
    return parts, [
        Finish(
            "cloth_trousers",
            roughness=0.88,
            colour=atlas.colour(320),
            normal=atlas.normal(320, {0: (15, 13)}),
        ),
        shoes_made[0],
    ]


def _knee(piece: Piece) -> None:
    """A patch on the knee, sewn with thick yellow thread."""
    x, y = piece.middle - 0.004, piece.y - 0.275 + 0.05 * piece.middle
    inside = np.minimum(0.031 - np.abs(x), 0.034 - np.abs(y))
    mask = smooth(inside, -0.0006, 0.0006)
    check = ((np.floor(x / 0.009) + np.floor(y / 0.009)) % 2)[..., None]
    piece.paint(mask, np.array([0.30, 0.10, 0.04]) * (0.75 + 0.5 * check))
    piece.fine += 0.0014 * mask
    thread = piece.stitches(
        x * 1.1 + y,
        np.where(np.abs(inside - 0.003) < 0.004, inside - 0.003, 1.0),
        length=0.0085,
    )
    piece.paint(0.9 * thread, (0.72, 0.48, 0.10))


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
