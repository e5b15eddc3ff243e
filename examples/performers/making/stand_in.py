"""The stand-in: a film actor in a long wool coat, turtleneck, dark trousers and leather boots."""

from __future__ import annotations

import numpy as np
from making import faces, footwear, garments, hair, parted_hair, scarf, weights
from making.cloth import Atlas, Piece, band, smooth
from making.hands import HandLook, left_hand
from making.part import Finish, Part
from making.skeleton import STAND_IN
from making.stand_in_coat import SHELL, coat, gap_at
from making.surface import hemmed, part, raised, unit_uv

CAMEL, OAT, SLATE = (0.235, 0.135, 0.066), (0.50, 0.45, 0.37), (0.040, 0.045, 0.055)
LINING = (0.30, 0.10, 0.10)
TONE = (0.66, 0.43, 0.32)


def sweater() -> tuple[list[Part], list[Finish]]:
    """A ribbed turtleneck, and the buttons of the coat."""
    finish, _ = scarf.knit("cloth_knit", OAT, stitch=0.0075, size=320)
    rows = [
        (1.470, 0.070, 0.070, -0.020, 1.0, 2.0),
        (1.445, 0.108, 0.084, -0.020, 1.0, 2.1),
        (1.400, 0.150, 0.102, -0.016, 1.0, 2.3),
        (1.300, 0.164, 0.114, -0.010, 1.04, 2.4),
        (1.180, 0.158, 0.112, -0.004, 1.06, 2.3),
        (1.060, 0.156, 0.112, 0.0, 1.06, 2.3),
        (0.930, 0.166, 0.124, 0.0, 1.03, 2.3),
    ]
    y = np.linspace(1.470, 0.930, 16)[:, None] * np.ones(13)
    a = np.pi + np.linspace(-1.0, 1.0, 13)[None]
    front = raised(garments.wrapped(rows, y, a), 0.004 * np.sin(3 * a + 22 * y))
    uv = unit_uv(16, 13) * (4.5, 5.2)
    parts = [part("sweater", "cloth_knit", front, weights.trunk(STAND_IN), uv=uv)]
    around = np.linspace(0, 2 * np.pi, 25)[:-1]
    for i, (r, y0, high, deep) in enumerate(
        ((0.064, 1.487, 0.026, 0.016), (0.0605, 1.515, 0.022, 0.013))
    ):
        loop = np.stack(
            [
                r * np.sin(around),
                y0 - 0.018 * -np.cos(around) + 0 * around,
                -0.018 + 0.006 * i - r * 1.03 * np.cos(around),
            ],
            1,
        )
        parts.append(
            scarf.wound(
                f"roll neck {i}",
                "cloth_knit",
                loop,
                high,
                deep,
                {"neck": 0.6, "upperChest": 0.4},
                around=4.0,
                across=0.9,
                creases=0.0022,
                seed=5 + i,
            )
        )
    for i, height in enumerate((1.075, 0.955, 0.835)):
        at = garments.wrapped(
            SHELL, np.array(height), np.array(np.pi - gap_at(np.array(height)) - 0.13)
        )
        out = np.array([0.30, 0, 1.0])
        out /= np.linalg.norm(out)
        parts.append(
            part(
                f"button {i}",
                "buttons",
                _button(at + out * 0.0095, out, 0.0125),
                weights.skirt(STAND_IN),
                colours=np.array((0.055, 0.028, 0.015)),
            )
        )
    return parts, [finish, Finish("buttons", roughness=0.35)]


def _button(at: np.ndarray, out: np.ndarray, radius: float) -> np.ndarray:
    """A round button with a rim."""
    side = np.cross([0, 1.0, 0], out)
    side /= np.linalg.norm(side)
    up = np.cross(out, side)
    a = 2 * np.pi * np.arange(13) / 12
    rows = []
    for r, lift in (
        (0.001, 0.0022),
        (0.62, 0.0022),
        (0.78, 0.0042),
        (0.94, 0.0042),
        (1.0, 0.002),
        (1.0, -0.004),
    ):
        rows.append(
            at + radius * r * (np.cos(a)[:, None] * side + np.sin(a)[:, None] * up) + lift * out
        )
    return np.stack(rows)[:, ::-1]


def legs() -> tuple[list[Part], list[Finish]]:
    """Straight trousers with a crease, and leather boots."""
    piece = Piece(0.48, 0.95, 460)
    piece.colour *= np.asarray(SLATE)
    fold = piece.noise(21, 0.06, (2.2, 0.7))
    knee, low = band(piece.y, 0.47, 0.07, 0.08), smooth(piece.y, 0.78, 0.93)
    piece.relief += (0.0012 + 0.004 * knee + 0.006 * low) * fold
    piece.relief += 0.004 * np.exp(-((piece.middle / 0.01) ** 2))
    piece.tint(1 + 0.12 * piece.noise(22, 0.03) + 0.10 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.005)
    atlas = Atlas(piece)
    tube = garments.leg(
        STAND_IN,
        [
            (0.990, 0.094, 0.118, 0.0),
            (0.900, 0.094, 0.115, 0.0),
            (0.760, 0.088, 0.102, 0.004),
            (0.520, 0.070, 0.078, 0.006),
            (0.330, 0.066, 0.072, -0.006),
            (0.160, 0.062, 0.072, -0.012),
            (0.075, 0.060, 0.076, -0.006),
        ],
        14,
        20,
    )
    tube, uv = atlas.dressed(tube, piece)
    tube, uv = hemmed(tube, uv, 0.006, 0.04)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(STAND_IN), uv=uv)
    shoe = garments.shoe(STAND_IN, wide=0.052, high=0.084, shaft=0.046, sole=0.026, toe=0.008)
    finish, shoe_uv = footwear.boots(shoe)
    shoes = part("leftShoe", "leather", shoe, weights.leg(STAND_IN), uv=shoe_uv)
    trousers = Finish(
        "cloth_trousers",
        roughness=0.9,
        colour=atlas.colour(384),
        normal=atlas.normal(384, {0: (20, 15)}),
    )
    made = [left, weights.mirrored(left), shoes, weights.mirrored(shoes)]
    return made, [trousers, finish]


def hands() -> tuple[list[Part], list[Finish]]:
    """An adult's hands."""
    made = left_hand(STAND_IN, HandLook(thick=0.98, bony=0.5, tone=TONE))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.55)]


CUT = parted_hair.Parting(
    roots=((0, 44), (18, 43), (34, 38), (46, 28), (55, 15), (63, 2), (71, -12), (77, -12),
           (82, 2), (87, 14), (95, 19), (103, 14), (109, -4), (115, -24), (130, -36), (152, -42),
           (180, -44)),
    parted=0, bun=(180, 62), thick=0.042, falls=0.0,
)  # fmt: skip


def cut() -> tuple[list[Part], list[Finish]]:
    """Dark hair, parted at the left, brushed up from the brow and back over the crown."""
    m = STAND_IN
    middle = np.array([0, m.chin + 0.60 * m.head, m.head_joint[2] - 0.004])
    radii = np.array(
        [0.5 * m.head_width + 0.007, 0.40 * m.head + 0.010, 0.5 * m.head_depth + 0.006]
    )
    head = {"head": 1.0}
    parts = [
        parted_hair.drawn_back(
            faces.FORMS[m.id](), CUT, m.head, faces.middle(m), columns=28, rows=10, over_ears=False
        )
    ]

    def over(x: float, angle: float, lift: float) -> np.ndarray:
        """A place over the skull: share to the left, degrees up and back from the front."""
        a, w = np.radians(angle), np.sqrt(1 - x * x)
        way = np.array([x, np.sin(a) * w, np.cos(a) * w])
        return middle + way * (radii + lift)

    random = np.random.default_rng(4)
    for row, (first, last, high) in enumerate(
        ((20, 112, 0.022), (62, 150, 0.019), (98, 178, 0.012))
    ):
        for k, x in enumerate(np.linspace(-0.80, 0.72, 9 if row < 2 else 7)):
            jitter = random.uniform(-1, 1, 4)
            # From the parting the hair falls to both sides.
            drift = 0.16 if x > 0.42 else -0.20
            volume = high * (1 - 0.95 * x * x) + 0.003 * jitter[0]
            start = first + 6 * abs(x) + 3 * jitter[1]
            end = last + 9 * jitter[2]
            at = [
                (x, start, -0.002),
                (x + 0.15 * drift, start + 0.25 * (end - start), 0.72 * volume),
                (x + 0.55 * drift, start + 0.62 * (end - start), 0.95 * volume),
                (x + drift, end, 0.001),
            ]
            line = [over(float(np.clip(u, -0.97, 0.97)), a, lift) for u, a, lift in at]
            outs = np.array([p - middle for p in line])
            outs /= np.linalg.norm(outs, axis=1, keepdims=True)
            parts.append(
                hair.lock(
                    f"lock {row} {k}",
                    line,
                    [0.012, 0.0185, 0.017, 0.003],
                    outs,
                    head,
                    rows=8,
                    thick=0.34,
                    shade=0.82 + 0.18 * random.random(),
                )
            )
    return parts, [hair.finish((0.046, 0.031, 0.022), roughness=0.60, contrast=0.7)]


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (coat(), sweater(), legs(), hands(), cut()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
