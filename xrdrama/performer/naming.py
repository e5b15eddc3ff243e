"""Names that other programs give to bones and face shapes, as VRM 1.0's bones and ARKit's shapes.

Known: VRM 1.0 itself, Mixamo, Unreal's mannequin, and common spellings of all of them. Unknown
names stay as they are: joints of hair and cloth have names of their own.
"""

from __future__ import annotations

import re
from typing import Final

from xrdrama.performer.shapes import SHAPES

_MIDDLE: Final = {
    "hips": "hips pelvis", "spine": "spine spine01", "chest": "chest spine1 spine02",
    "upperChest": "upperchest spine2 spine03", "neck": "neck neck01 neck1", "head": "head",
    "jaw": "jaw",
}  # fmt: skip
_SIDED: Final = {
    "Eye": "eye", "Shoulder": "shoulder clavicle", "UpperArm": "upperarm arm",
    "LowerArm": "lowerarm forearm", "Hand": "hand", "UpperLeg": "upperleg upleg thigh",
    "LowerLeg": "lowerleg leg calf shin", "Foot": "foot", "Toes": "toes toebase ball toe",
    "ThumbMetacarpal": "thumbmetacarpal handthumb1 thumb01 thumb1",
    "ThumbProximal": "thumbproximal handthumb2 thumb02 thumb2",
    "ThumbDistal": "thumbdistal handthumb3 thumb03 thumb3",
    **{
        f"{finger}{part}": f"{finger.lower()}{part.lower()} hand{finger.lower()}{n} "
        f"{finger.lower()}0{n} {finger.lower()}{n}"
        for finger in ("Index", "Middle", "Ring", "Little")
        for n, part in enumerate(("Proximal", "Intermediate", "Distal"), 1)
    },
}  # fmt: skip
_PINKY: Final = re.compile("pinky")
_PREFIX: Final = re.compile(r"^(mixamorig\d*|armature|bip001|character\d*|def)[:_\-. ]*", re.I)
_SIDE: Final = re.compile(r"^(left|right|l|r)[_\-. ]|[_\-. ](left|right|l|r)$", re.I)
_EXPRESSIONS: Final = {
    "aa": "jawOpen", "ou": "mouthPucker", "oh": "mouthFunnel", "ih": "mouthStretchLeft",
    "ee": "mouthSmileLeft", "blinkLeft": "eyeBlinkLeft", "blinkRight": "eyeBlinkRight",
    "blink": "eyeBlinkLeft", "happy": "mouthSmileRight", "sad": "mouthFrownLeft",
    "angry": "browDownLeft", "surprised": "browInnerUp",
}  # fmt: skip
"""The ARKit shape that comes nearest to each expression of VRM 1.0."""


def bone_named(name: str) -> str:
    """The VRM 1.0 bone that a joint's name means; "" for none."""
    plain = _PREFIX.sub("", name.strip())
    side, rest = _sided(plain)
    word = _PINKY.sub("little", re.sub(r"[^a-z0-9]", "", rest.lower()))
    if side:
        found = next((bone for bone, known in _SIDED.items() if word in known.split()), "")
        return side + found if found else ""
    return next((bone for bone, known in _MIDDLE.items() if word in known.split()), "")


def shape_named(name: str) -> str:
    """The ARKit shape that a morph target's name means; "" for none."""
    side, rest = _sided(name.rpartition(".")[2].strip())
    word = re.sub(r"[^a-z]", "", rest.lower())
    for shape in SHAPES:
        if word == shape.lower() or (side and word + side == shape.lower()):
            return shape
    return ""


def shape_of_expression(name: str) -> str:
    """The ARKit shape nearest to an expression of VRM 1.0; "" for one without."""
    return _EXPRESSIONS.get(name, "")


def _sided(name: str) -> tuple[str, str]:
    """The side that a name begins or ends with, and the name without it."""
    match = _SIDE.search(name)
    if match:
        letter = (match[1] or match[2])[0].lower()
        rest = name[: match.start()] + name[match.end() :]
        return ("left" if letter == "l" else "right"), rest
    for word in ("left", "right"):
        if name.lower().startswith(word):
            return word, name[len(word) :]
    return "", name
