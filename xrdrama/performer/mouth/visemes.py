"""The 15 visemes of a speaking mouth, and the face shapes that make each of them.

Source of the set: Meta, "Viseme Reference" (Oculus LipSync), which groups the phones of English by
what is visible of them. The shapes are our own, on ARKit's names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

VISEMES: Final = (
    "sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou",
)  # fmt: skip
"""In the order in which a frame's pairs of index and weight count them."""
VOWELS: Final = frozenset(("aa", "E", "ih", "oh", "ou"))
CLOSURES: Final = frozenset(("PP", "FF"))
"""The lips (or lip and teeth) touch, whatever comes before or after: p b m and f v."""


def _both(**shapes: float) -> dict[str, float]:
    """The shapes with `_` at the end of their name on both sides of the face."""
    found: dict[str, float] = {}
    for name, value in shapes.items():
        sides = ("Left", "Right") if name.endswith("_") else ("",)
        found.update({name.removesuffix("_") + side: value for side in sides})
    return found


SHAPES_OF_VISEME: Final[Mapping[str, Mapping[str, float]]] = {
    "sil": {},
    "PP": _both(mouthPress_=0.45, mouthRollLower=0.22, mouthRollUpper=0.16),
    "FF": _both(mouthRollLower=0.55, mouthUpperUp_=0.26, jawOpen=0.06, mouthShrugLower=0.12),
    "TH": _both(jawOpen=0.17, mouthLowerDown_=0.16, mouthUpperUp_=0.08, tongueOut=0.22),
    "DD": _both(jawOpen=0.16, mouthLowerDown_=0.2, mouthStretch_=0.08, mouthUpperUp_=0.06),
    "kk": _both(jawOpen=0.2, mouthLowerDown_=0.14, mouthUpperUp_=0.08, mouthStretch_=0.06),
    "CH": _both(jawOpen=0.12, mouthFunnel=0.5, mouthPucker=0.22, mouthLowerDown_=0.12),
    "SS": _both(jawOpen=0.06, mouthStretch_=0.26, mouthSmile_=0.12, mouthLowerDown_=0.2),
    "nn": _both(jawOpen=0.15, mouthLowerDown_=0.14, mouthUpperUp_=0.06),
    "RR": _both(jawOpen=0.17, mouthFunnel=0.28, mouthPucker=0.24),
    "aa": _both(jawOpen=0.64, mouthLowerDown_=0.26, mouthUpperUp_=0.14, mouthStretch_=0.06),
    "E": _both(jawOpen=0.42, mouthStretch_=0.2, mouthSmile_=0.16, mouthLowerDown_=0.2),
    "ih": _both(jawOpen=0.26, mouthSmile_=0.2, mouthStretch_=0.18, mouthLowerDown_=0.16),
    "oh": _both(jawOpen=0.46, mouthFunnel=0.42, mouthPucker=0.16),
    "ou": _both(jawOpen=0.22, mouthPucker=0.56, mouthFunnel=0.3),
}


def shapes_of(mouth: tuple[int, ...]) -> dict[str, float]:
    """ARKit shapes (0 to 1) of a frame's mouth: pairs of a viseme's index and its weight (0 to
    255). A viseme that does not exist moves nothing."""
    shapes: dict[str, float] = {}
    for index, weight in zip(mouth[::2], mouth[1::2], strict=False):
        if index < len(VISEMES):
            for name, value in SHAPES_OF_VISEME[VISEMES[index]].items():
                shapes[name] = shapes.get(name, 0.0) + value * weight / 255.0
    return {name: min(1.0, value) for name, value in shapes.items()}
