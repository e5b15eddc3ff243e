"""The names of ARKit's 52 face shapes; left and right are the figure's own.

Source: https://developer.apple.com/documentation/arkit/arfaceanchor/blendshapelocation
"""

from __future__ import annotations

_ONE_A_SIDE = (
    "browDown", "browOuterUp", "cheekSquint", "eyeBlink", "eyeLookDown", "eyeLookIn", "eyeLookOut",
    "eyeLookUp", "eyeSquint", "eyeWide", "mouthDimple", "mouthFrown", "mouthLowerDown",
    "mouthPress", "mouthSmile", "mouthStretch", "mouthUpperUp", "noseSneer",
)  # fmt: skip
SIDED = ("jawLeft", "jawRight", "mouthLeft", "mouthRight")
CENTRAL = (
    "browInnerUp", "cheekPuff", "jawForward", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "tongueOut",
)  # fmt: skip
NAMES = tuple(
    sorted((*(f"{n}{s}" for n in _ONE_A_SIDE for s in ("Left", "Right")), *SIDED, *CENTRAL))
)


def other_side(name: str) -> str:
    """The name of the mirrored shape; the name itself if it has none."""
    if name.endswith("Left"):
        return name[:-4] + "Right"
    return name[:-5] + "Left" if name.endswith("Right") else name
