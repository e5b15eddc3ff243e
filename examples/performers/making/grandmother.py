"""Grandmother: padded jacket of dark plum, calico apron, oversleeves, cotton shoes, a white bun."""

from __future__ import annotations

import numpy as np
from making import footwear, garments, hair, parted_hair, scarf, trims, weights
from making.apron import apron
from making.cloth import Atlas, Piece, smooth
from making.ears import ear
from making.faces import FORMS, middle
from making.grandmother_jacket import SHELL, jacket, sleeves
from making.hands import HandLook, left_hand
from making.head_form import Form
from making.part import Finish, Part
from making.skeleton import GRANDMOTHER
from making.surface import cord, hemmed, part

PLUM, INDIGO, WHITE = (0.085, 0.040, 0.055), (0.030, 0.050, 0.135), (0.72, 0.74, 0.74)
PARTING = parted_hair.Parting(
    roots=((0, 80), (0, 65), (0, 51), (0, 39.5), (16, 37.5), (32, 31), (46, 19), (56, 6),
           (66, -4), (80, -6), (98, -14), (118, -30), (142, -38), (180, -40)),
    parted=3,
    bun=(180, 22),
)  # fmt: skip
TONE = (0.62, 0.40, 0.29)


def neck() -> tuple[list[Part], list[Finish]]:
    """A small knitted kerchief in the collar, and the frogs of the jacket."""
    finish, _ = scarf.knit("cloth_scarf", (0.42, 0.15, 0.045), stitch=0.008, size=320)
    a = np.linspace(0, 2 * np.pi, 25)[:-1]
    loop = np.stack(
        [
            0.070 * np.sin(a),
            1.240 + 0.020 * np.cos(a) + 0.003 * np.sin(3 * a),
            0.016 - 0.068 * np.cos(a),
        ],
        1,
    )
    parts = [
        scarf.wound(
            "kerchief",
            "cloth_scarf",
            loop,
            0.024,
            0.017,
            {"neck": 0.35, "upperChest": 0.65},
            around=4,
            across=1.0,
            creases=0.003,
            seed=4,
        )
    ]
    for i, (y, x) in enumerate(((1.165, -0.035), (1.115, -0.110))):
        at = garments.wrapped(SHELL, np.array(y), np.array(np.pi + abs(x) / 0.15))
        out = at - np.array([0, y, -0.03])
        parts += trims.frog(
            at + 0.006 * out / np.linalg.norm(out),
            out,
            half=0.030,
            thick=0.0042,
            name=f"frog {i}",
            material="cloth_plain",
            follow=weights.trunk(GRANDMOTHER),
            colour=(0.40, 0.22, 0.05),
            tilt=0.3,
        )
    return parts, [finish]


def bun() -> tuple[list[Part], list[Finish]]:
    """White hair combed back into a bun with a jade pin; a few loose wisps."""
    m = GRANDMOTHER
    head = {"head": 1.0}
    form = FORMS[m.id]()
    parts = [parted_hair.drawn_back(form, PARTING, m.head, middle(m))]
    at = middle(m) + m.head * np.array([0.0, 0.27, -0.53])
    coil = []
    for i in range(46):
        t = i / 45
        angle, r = 2 * np.pi * 2.6 * t, 0.038 * (1 - 0.80 * t)
        coil.append(at + np.array([r * np.cos(angle), r * np.sin(angle), -0.030 * t + 0.004]))
    tube = cord(
        np.array(coil),
        np.interp(np.linspace(0, 1, 46), [0, 0.06, 0.8, 1], [0.010, 0.0165, 0.015, 0.008]),
        7,
        up=(0, 0, -1),
    )
    s, v = np.meshgrid(np.linspace(0, 0.8, tube.shape[1]), np.linspace(0.02, 0.98, tube.shape[0]))
    parts.append(part("bun", "hair", tube, head, uv=np.stack([s, v], -1)))
    core = trims.ball(at + np.array([0, 0, 0.004]), (0.040, 0.040, 0.026), 12, 8)
    parts.append(part("bun core", "hair", core, head, colours=np.array([0.7] * 3)))
    pin = np.array([at + np.array([-0.066, 0.020, -0.012]), at + np.array([0.062, -0.014, -0.016])])
    parts.append(
        part(
            "pin",
            "metal",
            cord(pin, np.array([0.0026, 0.0020]), 6, up=(0, 1, 0)),
            head,
            colours=np.array((0.75, 0.72, 0.66)),
        )
    )
    parts.append(
        part(
            "jade",
            "jade",
            trims.ball(pin[0] + np.array([-0.003, 0.001, 0]), 0.0085, 9, 6),
            head,
        )
    )
    parts += earrings(form)
    return parts, [
        hair.finish((0.70, 0.68, 0.645), grey=0.5, roughness=0.62, contrast=0.40),
        Finish("metal", roughness=0.3, metallic=1.0),
        Finish("jade", base=(0.10, 0.42, 0.26), roughness=0.2),
    ]


def earrings(form: Form) -> list[Part]:
    """A small jade bead at each lobe."""
    lobe = min(ear(form), key=lambda place: place[1]) + np.array([0.0, -0.012, 0.012])
    beads = []
    for side in (1.0, -1.0):
        at = middle(GRANDMOTHER) + GRANDMOTHER.head * (lobe * [side, 1, 1])
        beads.append(part("earring", "jade", trims.ball(at, (0.0058, 0.0066, 0.0058), 9, 6),
                          {"head": 1.0}))  # fmt: skip
    return beads


def legs() -> tuple[list[Part], list[Finish]]:
    """Wide padded trousers and black cotton shoes."""
    piece = Piece(0.50, 0.72, 520)
    piece.colour *= np.asarray((0.052, 0.050, 0.060))
    fold = piece.noise(21, 0.06, (2.2, 0.7))
    low = smooth(piece.y, 0.45, 0.70)
    piece.relief += (0.003 + 0.004 * low) * fold
    piece.tint(1 + 0.15 * piece.noise(22, 0.03) + 0.12 * np.clip(fold, -1, 1))
    piece.fine += 0.0002 * np.sin((piece.x + piece.y) * 2 * np.pi / 0.004)
    atlas = Atlas(piece)
    tube = garments.leg(
        GRANDMOTHER,
        [
            (0.790, 0.090, 0.115, -0.010),
            (0.700, 0.090, 0.112, -0.010),
            (0.560, 0.086, 0.100, -0.004),
            (0.410, 0.078, 0.086, 0.002),
            (0.270, 0.074, 0.080, -0.008),
            (0.160, 0.072, 0.078, -0.014),
            (0.105, 0.066, 0.072, -0.014),
        ],
        16,
        20,
    )
    tube, uv = atlas.dressed(tube, piece)
    tube, uv = hemmed(tube, uv, 0.008, 0.04)
    left = part("leftLeg", "cloth_trousers", tube, weights.leg(GRANDMOTHER), uv=uv)
    shoe = garments.shoe(GRANDMOTHER, wide=0.048, high=0.068, shaft=0.044, sole=0.018, toe=0.006)
    finish, shoe_uv = footwear.padded_shoes(shoe)
    shoes = part("leftShoe", "cloth_shoes", shoe, weights.leg(GRANDMOTHER), uv=shoe_uv)
    return [left, weights.mirrored(left), shoes, weights.mirrored(shoes)], [
        Finish(
            "cloth_trousers",
            roughness=0.92,
            colour=atlas.colour(320),
            normal=atlas.normal(320, {0: (19, 15)}),
        ),
        finish,
    ]


def hands() -> tuple[list[Part], list[Finish]]:
    """Old hands: thin, with large joints."""
    made = left_hand(GRANDMOTHER, HandLook(thick=0.95, bony=1.0, tone=TONE, flush=1.1))
    return made + [weights.mirrored(p) for p in made], [Finish("skin_hands", roughness=0.6)]


def outfit() -> tuple[list[Part], list[Finish]]:
    """Everything but the head."""
    parts: list[Part] = []
    finishes: list[Finish] = []
    for made in (jacket(), apron(), sleeves(), neck(), legs(), hands(), bun()):
        parts += made[0]
        finishes += made[1]
    return parts, finishes
