"""What cloth and skin follow: weights of joints as smooth functions of a place at rest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from making.part import Part
from making.skeleton import SIDES, Proportions, places

Rows = dict[str, np.ndarray]


def step(x: np.ndarray, least: float, most: float) -> np.ndarray:
    """0 up to `least`, smoothly to 1 at `most`."""
    t = np.clip((x - least) / (most - least), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)


def chain(x: np.ndarray, names: list[str], borders: list[tuple[float, float]]) -> Rows:
    """Weights of joints one after the other along `x`; `borders` has a middle and half a width."""
    passed = [np.ones_like(x)]
    passed += [step(x, at - half, at + half) for at, half in borders]
    passed.append(np.zeros_like(x))
    rows: Rows = {}
    for i, name in enumerate(names):
        reach = passed[i] * 1.0
        rows[name] = rows.get(name, 0.0) + reach - np.minimum(reach, passed[i + 1])
    return rows


def trunk(measures: Proportions) -> Callable[[np.ndarray], Rows]:
    """Weights for cloth on hips, spine, chest and collar, with a share of shoulders and arms."""
    at = places(measures)
    heights = [at[n][1] for n in ("spine", "chest", "upperChest", "neck")]
    sx, sy, _ = measures.shoulder

    def follow(p: np.ndarray) -> Rows:
        names = ["hips", "spine", "chest", "upperChest"]
        gaps = np.diff([heights[0] - 0.1, *heights])
        borders = [(h, 0.42 * g) for h, g in zip(heights[:3], gaps[1:], strict=True)]
        rows = chain(p[:, 1], names, borders)
        for side, sign in SIDES.items():
            x = p[:, 0] * sign
            out = step(x, 0.38 * sx, 1.02 * sx) * step(p[:, 1], sy - 0.55 * sx, sy + 0.02)
            arm = 0.45 * step(x, 0.72 * sx, 1.12 * sx) * step(p[:, 1], sy - 0.1 * sx, sy + 0.3 * sx)
            _take(rows, f"{side}Shoulder", 0.7 * out)
            _take(rows, f"{side}UpperArm", arm)
        return rows

    return follow


def skirt(measures: Proportions, most: float = 0.92) -> Callable[[np.ndarray], Rows]:
    """The same as `trunk` above the hips; below, cloth that thighs push about."""
    above = trunk(measures)
    half, top, _ = measures.leg
    knee = measures.knee[0]

    def follow(p: np.ndarray) -> Rows:
        rows = above(p)
        down = most * step(-p[:, 1], -top - 0.03, -knee - 0.42 * (top - knee))
        for side, sign in SIDES.items():
            share = step(p[:, 0] * sign, -1.1 * half, 1.1 * half)
            _mix(rows, f"{side}UpperLeg", down * share, "hips")
        return rows

    return follow


def arm(measures: Proportions, side: str = "left", soft: float = 0.055) -> Callable[..., Rows]:
    """Weights along an arm: a sleeve, from the shoulder to the wrist."""
    at = places(measures)
    elbow, wrist = at["leftLowerArm"][0], at["leftHand"][0]

    def follow(p: np.ndarray) -> Rows:
        names = [f"{side}UpperArm", f"{side}LowerArm", f"{side}Hand"]
        return chain(np.abs(p[:, 0]), names, [(elbow, soft), (wrist + 0.012, 0.02)])

    return follow


def leg(measures: Proportions, side: str = "left", soft: float = 0.06) -> Callable[..., Rows]:
    """Weights down a leg: hips, thigh, shin, foot and toes."""
    at = places(measures)
    top, knee, ankle = (at[f"left{n}"] for n in ("UpperLeg", "LowerLeg", "Foot"))
    toes = at["leftToes"]

    def follow(p: np.ndarray) -> Rows:
        names = ["hips", f"{side}UpperLeg", f"{side}LowerLeg", f"{side}Foot"]
        rows = chain(
            -p[:, 1], names,
            [(-top[1] + 0.01, 0.05), (-knee[1], soft), (-ankle[1] - 0.01, 0.02)],
        )  # fmt: skip
        ahead = step(p[:, 2], toes[2] - 0.02, toes[2] + 0.02)
        _mix(rows, f"{side}Toes", ahead * rows[f"{side}Foot"], f"{side}Foot")
        return rows

    return follow


def _take(rows: Rows, name: str, share: np.ndarray) -> None:
    """Give a share of all weights to a joint."""
    for other in rows:
        rows[other] = rows[other] * (1.0 - share)
    rows[name] = rows.get(name, 0.0) + share


def _mix(rows: Rows, name: str, share: np.ndarray, giver: str) -> None:
    """Move a share of the weight of one joint to another."""
    given = np.minimum(rows[giver], share)
    rows[giver] = rows[giver] - given
    rows[name] = rows.get(name, 0.0) + given


def mirrored(part: Part) -> Part:
    """The same part for the other side of the body."""
    flip = np.array([-1.0, 1.0, 1.0])
    follows = {_other(name): rows for name, rows in part.follows.items()}
    return Part(
        _other(part.name), part.material, part.points * flip, part.triangles[:, ::-1], follows,
        part.normals * flip, part.uv, part.colours, grid=part.grid,
    )  # fmt: skip


def _other(name: str) -> str:
    for a, b in (("left", "right"), ("right", "left")):
        if name.startswith(a):
            return b + name[len(a) :]
    return name
