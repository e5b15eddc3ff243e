"""A figure of boxes for tests: VRM's bones in a T-pose, and a head with two shapes."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from xrdrama.gltf.boxes import boxes_node
from xrdrama.gltf.meshes import Material, Model, Morphs, Node, Primitive
from xrdrama.gltf.rig import Limb, Rig, Skin
from xrdrama.gltf.writer import write_glb

PLACES: dict[str, tuple[str, tuple[float, float, float]]] = {
    "hips": ("", (0.0, 0.90, 0.0)), "spine": ("hips", (0.0, 1.00, 0.0)),
    "chest": ("spine", (0.0, 1.15, 0.0)), "neck": ("chest", (0.0, 1.40, 0.0)),
    "head": ("neck", (0.0, 1.50, 0.0)),
    **{
        f"{side}{bone}": (f"{side}{above}" if above in ("UpperArm", "LowerArm", "UpperLeg",
                                                        "LowerLeg") else above, (sign * x, y, 0.0))
        for side, sign in (("left", 1.0), ("right", -1.0))
        for bone, above, x, y in (
            ("UpperArm", "chest", 0.18, 1.35), ("LowerArm", "UpperArm", 0.45, 1.35),
            ("Hand", "LowerArm", 0.70, 1.35), ("UpperLeg", "hips", 0.10, 0.88),
            ("LowerLeg", "UpperLeg", 0.10, 0.48), ("Foot", "LowerLeg", 0.10, 0.08),
        )
    },
}  # fmt: skip
"""Bones with the bone above each and their places, in glTF's frame."""
BOXES = {
    "hips": ((-0.15, -0.10, 0.82), (0.15, 0.10, 1.0)),
    "chest": ((-0.18, -0.1, 1.0), (0.18, 0.1, 1.4)),
    "head": ((-0.10, -0.10, 1.48), (0.10, 0.10, 1.72)),
    "leftUpperArm": ((0.18, -0.04, 1.31), (0.45, 0.04, 1.39)),
    "rightUpperArm": ((-0.45, -0.04, 1.31), (-0.18, 0.04, 1.39)),
    "leftLowerArm": ((0.45, -0.04, 1.31), (0.75, 0.04, 1.39)),
    "rightLowerArm": ((-0.75, -0.04, 1.31), (-0.45, 0.04, 1.39)),
    "leftUpperLeg": ((0.04, -0.06, 0.48), (0.16, 0.06, 0.88)),
    "rightUpperLeg": ((-0.16, -0.06, 0.48), (-0.04, 0.06, 0.88)),
    "leftLowerLeg": ((0.04, -0.06, 0.0), (0.16, 0.06, 0.48)),
    "rightLowerLeg": ((-0.16, -0.06, 0.0), (-0.04, 0.06, 0.48)),
}  # fmt: skip
"""Boxes of bones by their corners, x to the figure's left, y back, z up: our frame of a set."""
COLOURS = {"skin": (0.8, 0.1, 0.1, 1.0), "cloth_coat": (0.1, 0.7, 0.1, 1.0)}
Change = Callable[[dict[str, Any]], object]


def box_man(
    *, extra_joints: int = 0, shapes: tuple[str, str] = ("jawOpen", "mouthSmileLeft"),
    levels: bool = False,
) -> bytes:  # fmt: skip
    """The GLB. `jawOpen` widens the head to its left by 0.2 m, `mouthSmileLeft` raises its top by
    0.3 m. With `levels` a coarser figure is in the file, whose legs are one box."""
    limbs, names = _limbs(extra_joints)
    places = {name: np.array(PLACES[name][1]) for name in names if name in PLACES}
    binds = np.tile(np.eye(4), (len(limbs), 1, 1))
    for index, name in enumerate(names):
        binds[index, :3, 3] = -places.get(name, places["head"])
    rig = Rig(limbs, (), (Skin(tuple(range(len(limbs))), binds),))
    skin, coat = (Material(name, base, roughness=0.9) for name, base in COLOURS.items())
    nodes = [
        _drawn("head", ["head"], names, 0, shapes),
        _drawn("body", [name for name in BOXES if name != "head"], names, 1),
    ]
    if levels:
        nodes.append(_drawn("body_lod1", ["hips", "chest"], names, 1))
    return write_glb(Model(tuple(nodes), (skin, coat), (), rig=rig))


def edited(content: bytes, change: Change) -> bytes:
    """The GLB with its JSON changed."""
    length = struct.unpack_from("<I", content, 12)[0]
    document = json.loads(content[20 : 20 + length])
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = content[20 + length :]
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + rest


def _limbs(extra: int) -> tuple[tuple[Limb, ...], list[str]]:
    limbs, names = [], list(PLACES)
    for above, place in PLACES.values():
        parent = names.index(above) if above else -1
        start = PLACES[above][1] if above else (0.0, 0.0, 0.0)
        x, y, z = (float(a - b) for a, b in zip(place, start, strict=True))
        limbs.append(Limb(names[len(limbs)], parent, np.eye(4), (x, y, z)))
    for index in range(extra):
        names.append(f"ribbon_{index}")
        limbs.append(Limb(names[-1], names.index("head"), np.eye(4)))
    return tuple(limbs), names


def _drawn(
    name: str, parts: list[str], names: list[str], material: int, shapes: tuple[str, ...] = ()
) -> Node:
    rows: dict[str, list[np.ndarray]] = {}
    triangles, count = [], 0
    for part in parts:
        piece = boxes_node(part, [BOXES[part]], material, cell=0.1).primitives[0]
        size = len(piece.attributes["POSITION"])
        joints = np.tile(np.array([names.index(part), 0, 0, 0], np.float32), (size, 1))
        weights = np.tile(np.array([1, 0, 0, 0], np.float32), (size, 1))
        found = {**piece.attributes, "JOINTS_0": joints, "WEIGHTS_0": weights}
        for key, values in found.items():
            rows.setdefault(key, []).append(values)
        triangles.append(piece.triangles + np.uint32(count))
        count += size
    attributes = {key: np.concatenate(values) for key, values in rows.items()}
    morphs = None
    if shapes:
        at = attributes["POSITION"]
        moved = np.zeros((2, count, 3), np.float32)
        moved[0, at[:, 0] > 0.05, 0] = 0.2
        moved[1, at[:, 1] > 1.70, 1] = 0.3
        morphs = Morphs(shapes, moved, np.zeros_like(moved))
    piece = Primitive(material, attributes, np.concatenate(triangles), morphs)
    return Node(name, np.eye(4), (piece,), skin=0)
