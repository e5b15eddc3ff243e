"""Figures: skinned models with the bones of a human body, and the shapes of a face.

    figure = read_figure(content, SHAPES)     # or RemoteProtocolError, and nothing else

At rest a figure is in a T-pose and faces +Z, its left at +X, feet at y = 0, metres. Its joints are
named as the bones of VRM 1.0's humanoid, its morph targets as ARKit's shapes. Where less detail is
seen, a node named `NAME_lod1`, further away `NAME_lod2` ..., is drawn instead of `NAME`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

import msgspec
import numpy as np

from xrdrama.document.wording import nearest, suggestion
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Doubles, Model, Node, Remark, TextureMap
from xrdrama.gltf.motion import Motion
from xrdrama.gltf.rig import MOST_JOINTS

_FINGERS: Final = ("Index", "Middle", "Ring", "Little")
_LIMBS: Final = (
    "Eye", "Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot", "Toes",
    "ThumbMetacarpal", "ThumbProximal", "ThumbDistal",
    *(f"{finger}{part}" for finger in _FINGERS for part in ("Proximal", "Intermediate", "Distal")),
)  # fmt: skip
BONES: Final = (
    "hips", "spine", "chest", "upperChest", "neck", "head", "jaw",
    *(f"{side}{limb}" for side in ("left", "right") for limb in _LIMBS),
)  # fmt: skip
"""VRM 1.0's humanoid bones."""
_NEEDED: Final = (
    "hips", "head",
    *(f"{side}{limb}" for side in ("left", "right") for limb in ("UpperLeg", "LowerLeg", "Foot")),
)  # fmt: skip
TALLEST: Final = 4.0
"""Metres of height over which a file is taken to have other units."""
MOST_LEVELS: Final = 4
_LEVEL: Final = re.compile(r"(.+)_lod([1-9])")


class Figure(msgspec.Struct, frozen=True):
    """A figure: its model with rig, skins and morph targets, and what its parts are called.

    `bones` has the limb of the rig for each bone, `at` where it is at rest (glTF's frame).
    `levels` are the nodes by level of detail, the finest first; each level is a whole figure.
    """

    model: Model
    bones: Mapping[str, int]
    at: Mapping[str, tuple[float, float, float]]
    shapes: tuple[str, ...]
    levels: tuple[tuple[Node, ...], ...]
    remarks: tuple[Remark, ...] = ()


def read_figure(content: bytes, shapes: Collection[str]) -> Figure:
    """The figure in the bytes of a GLB; `shapes` are the names that a face may have.

    RemoteProtocolError if it cannot be read, has no skin, too many joints, or lacks bones. What is
    misspelt, or is not used, is in its remarks.
    """
    model = read_glb(content, figure=True)
    rig = model.rig
    if not rig.skins:
        raise RemoteProtocolError(
            "the figure has no skin: bind its mesh to a skeleton in the modelling program, then "
            "export it with the skin"
        )
    for index, skin in enumerate(rig.skins):
        if len(skin.joints) > MOST_JOINTS:
            raise RemoteProtocolError(
                f"skin {index} of the figure has {len(skin.joints)} joints; at most {MOST_JOINTS} "
                "are allowed: remove joints that no vertex follows"
            )
    remarks = list(model.remarks)
    bones = _bones(model, remarks)
    places = Motion(rig).matrices()[:, :3, 3]
    at = {bone: _place(places[limb]) for bone, limb in bones.items()}
    _check_rest(model, at, remarks)
    _check_maps(model, remarks)
    found = _shapes(model, shapes, remarks)
    return Figure(model, bones, at, found, _levels(model.nodes), tuple(dict.fromkeys(remarks)))


def _bones(model: Model, remarks: list[Remark]) -> dict[str, int]:
    """The limbs that are bones, by name."""
    bones: dict[str, int] = {}
    for index, limb in enumerate(model.rig.limbs):
        if limb.name not in BONES:
            continue
        if limb.name in bones:
            raise RemoteProtocolError(
                f"two joints of the figure are named {limb.name!r}: rename one of them"
            )
        bones[limb.name] = index
    absent = [bone for bone in BONES if bone not in bones]
    for limb in model.rig.limbs:
        meant = nearest(limb.name, absent) if limb.name not in BONES else ""
        # Joints of cloth and hair have names of their own.
        if meant and abs(len(meant) - len(limb.name)) <= 2 and meant[:3] == limb.name[:3]:
            remarks.append(Remark(
                "/nodes", f"the joint {limb.name!r} is not a bone of VRM 1.0's humanoid",
                f"did you mean {meant!r}?",
            ))  # fmt: skip
    missing = [bone for bone in _NEEDED if bone not in bones]
    if missing:
        more = f" and {len(missing) - 6} more" if len(missing) > 6 else ""
        raise RemoteProtocolError(
            f"the figure has no joint named {', '.join(missing[:6])}{more}: name its joints as the "
            "bones of VRM 1.0's humanoid"
        )
    return bones


def _place(point: Doubles) -> tuple[float, float, float]:
    x, y, z = point.tolist()
    return x, y, z


def _check_rest(
    model: Model, at: Mapping[str, tuple[float, float, float]], remarks: list[Remark]
) -> None:
    """Remarks for units, facing and a pose at rest that are not as a figure has them."""
    height = at["head"][1] - min(at["leftFoot"][1], at["rightFoot"][1])
    if not 0.05 < height < TALLEST:
        raise RemoteProtocolError(
            f"the figure's head is {height:.3g} m above its feet: apply its scale in metres, and "
            "let it stand upright along +Y"
        )
    if at["leftUpperLeg"][0] <= at["rightUpperLeg"][0]:
        remarks.append(Remark(
            "/skins/0", "the figure's left leg is on its right: it does not face +Z",
            "turn it to face +Z, and apply the rotation",
        ))  # fmt: skip
    for side, sign in (("left", 1.0), ("right", -1.0)):
        if f"{side}Hand" not in at or f"{side}UpperArm" not in at:
            continue
        arm = np.subtract(at[f"{side}Hand"], at[f"{side}UpperArm"])
        length = float(np.linalg.norm(arm))
        if length > 0.0 and sign * arm[0] / length < 0.94:
            remarks.append(Remark(
                "/skins/0", f"the figure's {side} arm is not level at rest: it is not in a T-pose, "
                "and its arms turn too far", "set its rest pose to a T-pose",
            ))  # fmt: skip
    loose = [node.name for node in model.nodes if node.skin < 0 and node.limb < 0]
    if loose:
        remarks.append(Remark(
            "/nodes", f"the mesh {loose[0]!r} does not follow the skeleton and stays at rest",
            "bind it to the skeleton, or make it a child of a joint",
        ))  # fmt: skip


def _check_maps(model: Model, remarks: list[Remark]) -> None:
    """Remarks for pictures that a figure does not show as its file says."""
    plain = TextureMap()
    for index, material in enumerate(model.materials):
        for slot, (_, laid) in material.pictures().items():
            what = "" if laid.coordinates == plain.coordinates else "other texture coordinates"
            what = "an emissive picture" if slot == "emissive" else what
            if what:
                remarks.append(Remark(
                    f"/materials/{index}", f"material {material.name!r} has {what} ({slot}), which "
                    "figures do not use",
                    "lay its pictures by the first UV map, without a transform"
                    if slot != "emissive" else "paint it into the base colour",
                ))  # fmt: skip
        if material.alpha == "BLEND":
            remarks.append(Remark(
                f"/materials/{index}", f"material {material.name!r} is blended; figures draw it "
                "opaque where it is over half opaque", "set its alpha mode to MASK",
            ))  # fmt: skip


def _shapes(model: Model, known: Collection[str], remarks: list[Remark]) -> tuple[str, ...]:
    """The known shapes that the figure has, and remarks for the others."""
    pieces = [piece for node in model.nodes for piece in node.primitives]
    names = dict.fromkeys(name for p in pieces if p.morphs for name in p.morphs.names)
    absent = [name for name in known if name not in names]
    for name in names:
        if name not in known:
            hint = suggestion(name, absent) or "use ARKit's names, such as jawOpen"
            remarks.append(Remark(
                "/meshes", f"the morph target {name!r} is not a shape of ARKit and does not move",
                hint,
            ))  # fmt: skip
    found = tuple(name for name in known if name in names)
    if not found:
        remarks.append(Remark(
            "/meshes", "the figure has no morph targets of ARKit: its face does not move",
            "add shape keys with ARKit's names",
        ))  # fmt: skip
    return found


def _levels(nodes: tuple[Node, ...]) -> tuple[tuple[Node, ...], ...]:
    """The nodes of each level of detail; where a level has no node of its own for a part, the
    finer one is drawn."""
    parts: dict[str, dict[int, list[Node]]] = {}
    for node in nodes:
        match = _LEVEL.fullmatch(node.name)
        name, level = (match[1], int(match[2])) if match else (node.name, 0)
        parts.setdefault(name, {}).setdefault(min(level, MOST_LEVELS - 1), []).append(node)
    most = max((level for found in parts.values() for level in found), default=0)
    levels = []
    for level in range(most + 1):
        chosen: list[Node] = []
        for found in parts.values():
            finer = [each for each in found if each <= level]
            chosen += found[max(finer)] if finer else found[min(found)]
        levels.append(tuple(chosen))
    return tuple(levels)


def rest_turns(figure: Figure) -> Doubles:
    """(limbs, 3, 3) rotation of each limb's parent frame at rest, in glTF's frame."""
    rig = figure.model.rig
    matrices = Motion(rig).matrices()
    found = np.tile(np.eye(3), (len(rig.limbs), 1, 1))
    for index, limb in enumerate(rig.limbs):
        above = (matrices[limb.parent] if limb.parent >= 0 else np.eye(4)) @ limb.above
        turn = above[:3, :3]
        found[index] = turn / np.maximum(np.linalg.norm(turn, axis=0, keepdims=True), 1e-12)
    return found
