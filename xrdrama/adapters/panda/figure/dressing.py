"""How the materials of a figure are drawn, by their names: skin, eyes, hair, cloth and others."""

from __future__ import annotations

from typing import Final

from panda3d.core import CullFaceAttrib, LVecBase4f, NodePath

from xrdrama.adapters.panda.figure.body import Body
from xrdrama.adapters.panda.figure.morphing import MOST_ACTIVE
from xrdrama.adapters.panda.figure.pieces import Piece
from xrdrama.adapters.panda.set.materials import Materials
from xrdrama.gltf.meshes import Material

KINDS: Final = {
    "skin": "SKIN", "eyes": "EYES", "teeth": "WET", "mouth": "WET", "hair": "HAIR",
    "cloth": "CLOTH", "leather": "GLOSS", "metal": "GLOSS", "wood": "GLOSS", "paper": "CLOTH",
}  # fmt: skip
"""The kind of a material by the first word of its name; any other is drawn as gloss."""
_INPUTS: Final = {
    "base": ("base_picture", "BASE_PICTURE"), "normal": ("normal_picture", "NORMALS"),
    "rough": ("rough_picture", "ROUGH_PICTURE"), "occlusion": ("occlusion_picture", "OCCLUSION"),
}  # fmt: skip


def kind_of(material: Material) -> str:
    """The define of a material's kind."""
    first = material.name.lower().replace("-", "_").split("_")[0]
    return KINDS.get(first, "GLOSS")


class Dressing:
    """The textures of a body, loaded once, and the shaders that draw it in one set."""

    def __init__(self, body: Body, textures: Materials) -> None:
        self._body, self._textures = body, textures

    def dress(self, path: NodePath, piece: Piece, materials: Materials) -> None:
        """Give a piece of the body its shader, from those of a set, and its pictures."""
        body, primitive = self._body, piece.primitive
        index = primitive.material
        material = body.figure.model.materials[index] if index >= 0 else Material("plain")
        defines = [kind_of(material), f"JOINTS {body.joints_of(piece)}"]
        defines += ["GLOWS"] if max(material.emissive) > 0.0 else []
        defines += ["TWO_SIDED"] if material.double_sided else []
        defines += ["MASKED"] if material.alpha != "OPAQUE" else []
        pictures = material.pictures() if "TEXCOORD_0" in primitive.attributes else {}
        full = materials.quality == "full"
        left_out = {"emissive"} if full else {"emissive", "rough", "occlusion"}
        for slot, (image, laid) in pictures.items():
            if slot in left_out or (slot == "normal" and "TANGENT" not in primitive.attributes):
                continue
            name, define = _INPUTS[slot]
            defines += [define, "PICTURES"]
            made = self._textures.texture(image, encoded=slot == "base", laid=laid)
            path.set_shader_input(name, made)
        morphing = body.morphings.get(id(piece))
        if morphing and morphing.where == "shader":
            defines.append(f"MORPHS {MOST_ACTIVE + 1}")
            morphing.dress(path)
        shader = materials.shader(
            "figure.vert", "figure.frag", sorted(set(defines)), ("gleam.glsl",)
        )
        path.set_shader(shader)
        path.set_shader_inputs(
            joint_rows=body.rows[piece.skin],
            behaviour=body.behaviour,
            base_factor=LVecBase4f(*material.base),
            finish=LVecBase4f(material.roughness, material.metallic, material.normal_scale, 0.0),
            emission=LVecBase4f(*material.emissive, 0.0),
            alpha=LVecBase4f(
                material.cutoff if material.alpha == "MASK" else 0.5,
                material.occlusion_strength, 0.0, 0.0,
            ),
        )  # fmt: skip
        path.set_bin("set solid", 0)
        if material.double_sided:
            path.set_attrib(CullFaceAttrib.make(CullFaceAttrib.M_cull_none))
