"""The 52 shapes of a face (ARKit's blend shapes), by name and in one fixed order.

Source: Apple, ARKit, `ARFaceAnchor.BlendShapeLocation`; glTF files name them in camelCase in
`mesh.extras.targetNames`. Left and right are the performer's own. Values are 0 to 1.
"""

from __future__ import annotations

from typing import Final

SHAPES: Final = (
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight",
    "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight", "eyeLookInLeft",
    "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight",
    "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight",
    "mouthFunnel", "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft",
    "mouthPressRight", "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper",
    "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft", "mouthSmileRight",
    "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip
"""The names, sorted: the order of quantised values in frames and events."""
SIDED: Final = frozenset(name.removesuffix("Left") for name in SHAPES if name.endswith("Left")) - {
    "jaw",
    "mouth",
}
"""Names without their side, which stand for both sides in gesture files: `mouthSmile`."""


def both_sides(name: str) -> tuple[str, ...]:
    """The shapes that a name of a gesture file stands for; () for an unknown one."""
    if name in SIDED:
        return f"{name}Left", f"{name}Right"
    return (name,) if name in SHAPES else ()
