"""Face shapes of mouth, jaw, cheeks and nose, as offsets of a head's skin in heads."""

from __future__ import annotations

import numpy as np
from making.face_marks import Marks
from making.head_form import smooth

MEETS = 0.28
"""Share of the jaw's way at which the lips meet when the jaw is open and the mouth closes."""


def shapes(marks: Marks) -> dict[str, np.ndarray]:
    """All of them; of shapes with a side, the left one."""
    return {**_jaw(marks), **_corners(marks), **_lips(marks), **_round(marks), **_cheeks(marks)}


def _jaw(marks: Marks) -> dict[str, np.ndarray]:
    share = marks.jaw
    lips = marks.lips
    narrow = marks.slid(-0.10 * marks.x * lips, 0 * lips)
    turned = marks.jaw_turned(1.0)
    side = share * 0.045
    # Where jaw and mouth close together, both lips meet on the way.
    _, _, lip = marks.shares
    close = (MEETS - share)[:, None] * turned * (lips * marks.depth * np.abs(lip))[:, None]
    return {
        "jawOpen": share[:, None] * turned + narrow,
        "mouthClose": close,
        "jawForward": np.column_stack([0 * share, 0.004 * share, 0.036 * share]),
        "jawLeft": np.column_stack([side, 0 * share, -0.1 * side]),
    }


def _corners(marks: Marks) -> dict[str, np.ndarray]:
    mouth = marks.head.form.mouth
    w = mouth.width
    corner = marks.near(w * 1.05, mouth.y + mouth.curve, 0.80 * w, 0.070)
    cheek = marks.near(w + 0.055, mouth.y + 0.110, 0.075, 0.065)
    fold = marks.near(w + 0.035, mouth.y + 0.035, 0.026, 0.060)
    chin = marks.near(0.0, mouth.y - 0.10, 0.08, 0.045)
    tight = marks.near(w * 1.05, mouth.y + mouth.curve, 0.62 * w, 0.065)
    n = marks.normals
    raised = n * (cheek * 0.022 - fold * 0.006)[:, None]
    whole = marks.near(0.0, mouth.y, 1.5 * w, 0.085)
    return {
        "mouthSmileLeft": marks.slid(corner * 0.045 + cheek * 0.006, corner * 0.048 + cheek * 0.020)
        + raised,
        "mouthFrownLeft": marks.slid(tight * 0.012, tight * -0.056) + n * (chin * 0.006)[:, None],
        "mouthDimpleLeft": marks.slid(corner * 0.024, corner * 0.004)
        - n * (corner * 0.014)[:, None],
        "mouthStretchLeft": marks.slid(corner * 0.052, corner * -0.016),
        "mouthLeft": marks.slid(whole * 0.050 + corner * 0.006, corner * 0.006),
    }


def _lips(marks: Marks) -> dict[str, np.ndarray]:
    mouth = marks.head.form.mouth
    w = mouth.width
    _, t, lip = marks.shares
    upper, lower = (lip > 0) * 1.0, (lip < 0) * 1.0
    lips, zero = marks.lips, np.zeros(len(t))
    half = marks.near(0.40 * w, mouth.y, 0.58 * w, 0.12)
    middle = np.clip(1 - (np.abs(marks.x) / (1.02 * w)) ** 4, 0, 1)
    up, low = upper * half * lips, lower * half * lips
    above, below = upper * lips * middle, lower * lips * middle
    edge = np.clip(1 - t / 0.32, 0, 1)
    chin = marks.near(0.0, mouth.y - 0.105, 0.085, 0.060) * (lip <= 0)
    snub = marks.near(0.5 * w, mouth.y + 0.075, 0.5 * w, 0.05) * (lip >= 0)
    flat = (
        np.where(lip > 0, -mouth.upper, mouth.lower) * np.clip(t / 0.32, 0, 1) * lips * np.abs(lip)
    )
    press = half * flat * 0.50
    return {
        "mouthUpperUpLeft": marks.slid(zero, up * 0.038 + snub * 0.012, up * 0.004),
        "mouthLowerDownLeft": marks.slid(zero, low * -0.042, low * 0.003),
        "mouthRollUpper": marks.slid(
            zero,
            above * (-0.012 - 0.006 * edge),
            -above * (0.010 + 0.022 * edge),
        ),
        "mouthRollLower": marks.slid(
            zero,
            below * (0.016 + 0.012 * edge),
            -below * (0.010 + 0.024 * edge),
        ),
        "mouthShrugLower": marks.slid(
            zero,
            below * 0.022 + chin * 0.026,
            below * 0.012 + chin * 0.014,
        ),
        "mouthShrugUpper": marks.slid(zero, above * 0.020, above * 0.012),
        "mouthPressLeft": marks.slid(half * 0.004, press, -half * lips * 0.008),
    }


def _round(marks: Marks) -> dict[str, np.ndarray]:
    mouth = marks.head.form.mouth
    w = mouth.width
    _, t, lip = marks.shares
    bell = marks.near(0.0, mouth.y, 1.9 * w, 0.105)
    core = bell * marks.lips
    tall = np.where(lip > 0, mouth.upper, -mouth.lower) * np.clip(t / 0.32, 0, 1) * np.abs(lip)
    middle = np.clip(1 - (np.abs(marks.x) / w) ** 2, 0, 1)
    up, low = (lip > 0) * middle * marks.lips, (lip < 0) * middle * marks.lips
    line = marks.y - mouth.y
    even = -line * 0.25 * core * (np.abs(lip) < 0.5)
    return {
        "mouthPucker": marks.slid(
            -0.52 * marks.x * bell, 0.30 * tall * core + even, 0.046 * core + 0.010 * bell
        ),
        "mouthFunnel": marks.slid(
            -0.34 * marks.x * bell, 0.026 * up - 0.034 * low + even, 0.040 * core + 0.008 * bell
        ),
    }


def _cheeks(marks: Marks) -> dict[str, np.ndarray]:
    mouth, n = marks.head.form.mouth, marks.normals
    w = mouth.width
    _, _, lip = marks.shares
    puff = sum(marks.near(s * (w + 0.075), mouth.y + 0.015, 0.095, 0.095) for s in (1, -1))
    puff = puff * (1 - marks.lips) * smooth(0.05, 0.12, np.abs(marks.x))
    rim = marks.near(0.0, mouth.y, 1.3 * w, 0.08)
    wing = marks.near(0.048, mouth.y + 0.105, 0.034, 0.040) * (lip >= 0)
    lift = marks.near(0.045, mouth.y + 0.050, 0.05, 0.04) * (lip >= 0)
    bridge = marks.near(0.03, marks.head.form.eye.y + 0.02, 0.03, 0.05)
    return {
        "cheekPuff": n * (puff * 0.052 + rim * 0.010)[:, None],
        "noseSneerLeft": marks.slid(
            wing * 0.004, wing * 0.022 + lift * 0.016 - bridge * 0.006, wing * 0.006
        ),
    }
