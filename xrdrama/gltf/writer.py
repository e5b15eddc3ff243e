"""Write a model to GLB: arrays to one self-contained file; equal models give equal bytes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from xrdrama.gltf.meshes import (
    Doubles,
    Floats,
    Image,
    Material,
    Model,
    Node,
    Primitive,
    Punctual,
    TextureMap,
)
from xrdrama.gltf.rig_writer import RigWriter

# glTF's number types, and the stored type of each attribute; the others are float32.
_FLOAT, _U8, _U16, _U32 = 5126, 5121, 5123, 5125
_STORED: Final = {"COLOR_0": (_U8, "<u1", 255), "_BAKE": (_U8, "<u1", 255),
                  "_SEED": (_U16, "<u2", 65535)}  # fmt: skip
_SHAPES: Final = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_VERTICES, _INDICES = 34962, 34963
_WRAPS: Final = {"repeat": 10497, "clamp": 33071, "mirror": 33648}
_FILTERS: Final = {
    "nearest": 9728, "linear": 9729, "nearest_mipmap_nearest": 9984,
    "linear_mipmap_nearest": 9985, "nearest_mipmap_linear": 9986,
}  # fmt: skip


def write_glb(model: Model, lights: Sequence[Punctual] = ()) -> bytes:
    """The bytes of a .glb file with the model, its images and the lights."""
    return _Writer(model, lights).content()


class _Writer:
    def __init__(self, model: Model, lights: Sequence[Punctual]) -> None:
        self.binary = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.textures: list[dict[str, Any]] = []
        self.samplers: list[dict[str, Any]] = []
        self.used: set[str] = set()
        nodes: list[dict[str, Any]] = []
        rig = RigWriter(model.rig, nodes, self.floats)
        for node in model.nodes:
            self.meshes.append(self.mesh(node))
            skin = {"skin": node.skin} if node.skin >= 0 else {}
            drawn = _node(node.name, node.matrix) | {"mesh": len(self.meshes) - 1} | skin
            rig.add(drawn, node.limb)
        for i, light in enumerate(lights):
            link = {"KHR_lights_punctual": {"light": i}}
            rig.add(_node(light.name, light.matrix) | {"extensions": link}, -1)
        images = [self.image(image) for image in model.images]
        materials = [self.material(material) for material in model.materials]
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0", "generator": "xrdrama"},
            "scene": 0,
            "scenes": [{"nodes": rig.roots}],
            "nodes": nodes,
            "meshes": self.meshes,
            "accessors": self.accessors,
            "materials": materials,
            "images": images,
            "textures": self.textures,
            "samplers": self.samplers,
            "skins": rig.skins,
            "animations": rig.animations,
        }
        if lights:
            self.used.add("KHR_lights_punctual")
            written = [_punctual(light) for light in lights]
            self.document["extensions"] = {"KHR_lights_punctual": {"lights": written}}
        self.document["extensionsUsed"] = sorted(self.used)
        self.document["bufferViews"] = self.views
        self.document["buffers"] = [{"byteLength": len(self.binary)}] if self.binary else []

    def content(self) -> bytes:
        # The format does not allow empty lists.
        document = {key: value for key, value in self.document.items() if value or value == 0}
        text = msgspec.json.encode(document)
        text += b" " * (-len(text) % 4)
        parts = struct.pack("<I4s", len(text), b"JSON") + text
        if self.binary:
            parts += struct.pack("<I4s", len(self.binary), b"BIN\0") + self.binary
        return struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts

    def view(self, content: bytes, target: int = 0) -> int:
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(content)}
        self.views.append(view | ({"target": target} if target else {}))
        self.binary += content + b"\0" * (-len(content) % 4)
        return len(self.views) - 1

    def accessor(self, rows: NDArray[Any], kind: int, target: int = 0, **more: Any) -> int:
        """An accessor over rows of numbers; `more` are its other keys."""
        view = self.view(rows.tobytes(), target)
        shape = _SHAPES[rows.shape[1]]
        accessor = {"bufferView": view, "componentType": kind, "count": len(rows), "type": shape}
        self.accessors.append(accessor | more)
        return len(self.accessors) - 1

    def floats(self, rows: NDArray[np.float32], **more: Any) -> int:
        """An accessor of floats; `more` are its other keys."""
        return self.accessor(rows, _FLOAT, **more)

    def mesh(self, node: Node) -> dict[str, Any]:
        primitives = [self.primitive(primitive) for primitive in node.primitives]
        names = next((list(p.morphs.names) for p in node.primitives if p.morphs), [])
        extras = {"extras": {"targetNames": names}} if names else {}
        return {"name": node.name, "primitives": primitives} | extras

    def primitive(self, primitive: Primitive) -> dict[str, Any]:
        attributes = {name: self.attribute(name, a) for name, a in primitive.attributes.items()}
        count = len(primitive.attributes["POSITION"])
        kind, dtype = (_U16, "<u2") if count < 65536 else (_U32, "<u4")
        flat = primitive.triangles.reshape(-1, 1).astype(dtype)
        written = {"attributes": attributes, "indices": self.accessor(flat, kind, _INDICES)}
        if primitive.morphs:
            both = zip(primitive.morphs.positions, primitive.morphs.normals, strict=True)
            written["targets"] = [
                {"POSITION": self.offsets(moved, bounded=True), "NORMAL": self.offsets(turned)}
                for moved, turned in both
            ]
        return written | ({"material": primitive.material} if primitive.material >= 0 else {})

    def attribute(self, name: str, values: Floats) -> int:
        if name == "JOINTS_0":
            return self.accessor(values.astype("<u2"), _U16, _VERTICES)
        if name in _STORED:
            kind, dtype, most = _STORED[name]
            rows = np.rint(np.clip(values, 0.0, 1.0) * most).astype(dtype)
            return self.accessor(rows, kind, _VERTICES, normalized=True)
        rows = values.astype("<f4")
        bounds = {}
        if name == "POSITION":
            bounds = {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        return self.accessor(rows, _FLOAT, _VERTICES, **bounds)

    def offsets(self, values: Floats, *, bounded: bool = False) -> int:
        """Offsets of a target: only the rows that move something, where those are few."""
        rows = values.astype("<f4")
        ends = {"min": rows.min(axis=0).tolist(), "max": rows.max(axis=0).tolist()}
        bounds = ends if bounded else {}
        moved = np.flatnonzero(np.any(rows != 0.0, axis=1))
        if not 0 < len(moved) < 0.7 * len(rows):
            return self.accessor(rows, _FLOAT, _VERTICES, **bounds)
        indices = {"bufferView": self.view(moved.astype("<u4").tobytes()), "componentType": _U32}
        offsets = {"bufferView": self.view(rows[moved].tobytes())}
        sparse = {"count": len(moved), "indices": indices, "values": offsets}
        kind = {"componentType": _FLOAT, "count": len(rows), "type": _SHAPES[rows.shape[1]]}
        self.accessors.append(kind | bounds | {"sparse": sparse})
        return len(self.accessors) - 1

    def image(self, image: Image) -> dict[str, Any]:
        return {"name": image.name, "mimeType": image.mime, "bufferView": self.view(image.content)}

    def material(self, material: Material) -> dict[str, Any]:
        metal: dict[str, Any] = {
            "baseColorFactor": list(material.base),
            "metallicFactor": material.metallic,
            "roughnessFactor": material.roughness,
        }
        written: dict[str, Any] = {"name": material.name, "pbrMetallicRoughness": metal}
        self.lay(material, metal, written)
        strongest = max(material.emissive)
        if strongest > 0.0:
            factor = max(1.0, strongest)
            written["emissiveFactor"] = [value / factor for value in material.emissive]
            if factor > 1.0:
                self.used.add("KHR_materials_emissive_strength")
                strength = {"KHR_materials_emissive_strength": {"emissiveStrength": factor}}
                written["extensions"] = strength
        if material.unlit:
            self.used.add("KHR_materials_unlit")
            written.setdefault("extensions", {})["KHR_materials_unlit"] = {}
        if material.alpha != "OPAQUE":
            written["alphaMode"] = material.alpha
        if material.alpha == "MASK":
            written["alphaCutoff"] = material.cutoff
        return written | ({"doubleSided": True} if material.double_sided else {})

    def lay(self, material: Material, metal: dict[str, Any], written: dict[str, Any]) -> None:
        """Write the textures of a material."""
        uses = {slot: self.texture(*found) for slot, found in material.pictures().items()}
        if "base" in uses:
            metal["baseColorTexture"] = uses["base"]
        if "rough" in uses:
            metal["metallicRoughnessTexture"] = uses["rough"]
        if "normal" in uses:
            written["normalTexture"] = uses["normal"] | {"scale": material.normal_scale}
        if "occlusion" in uses:
            written["occlusionTexture"] = uses["occlusion"] | {
                "strength": material.occlusion_strength
            }
        if "emissive" in uses:
            written["emissiveTexture"] = uses["emissive"]

    def texture(self, image: int, laid: TextureMap) -> dict[str, Any]:
        """The reference of a material to an image."""
        texture: dict[str, Any] = {"source": image}
        wraps = {"wrapS": _WRAPS[laid.wrap_s], "wrapT": _WRAPS[laid.wrap_t]}
        sampler = {key: number for key, number in wraps.items() if number != _WRAPS["repeat"]}
        if laid.magnified:
            sampler["magFilter"] = _FILTERS[laid.magnified]
        if laid.minified:
            sampler["minFilter"] = _FILTERS[laid.minified]
        if sampler:
            texture["sampler"] = _place(self.samplers, sampler)
        use: dict[str, Any] = {"index": _place(self.textures, texture)}
        if laid.texcoord:
            use["texCoord"] = laid.texcoord
        plain = TextureMap()
        moved = {
            key: value
            for key, value in (
                ("offset", laid.offset), ("rotation", laid.rotation), ("scale", laid.scale)
            )
            if value != getattr(plain, key)
        }  # fmt: skip
        if moved:
            self.used.add("KHR_texture_transform")
            use["extensions"] = {"KHR_texture_transform": moved}
        return use


def _place(things: list[dict[str, Any]], thing: dict[str, Any]) -> int:
    """The index of an element in a list, equal elements only once."""
    if thing not in things:
        things.append(thing)
    return things.index(thing)


def _node(name: str, matrix: Doubles) -> dict[str, Any]:
    node: dict[str, Any] = {"name": name}
    if not np.array_equal(matrix, np.eye(4)):
        node["matrix"] = [float(value) for value in matrix.T.reshape(-1)]
    return node


def _punctual(light: Punctual) -> dict[str, Any]:
    written: dict[str, Any] = {
        "name": light.name,
        "type": light.type,
        "color": list(light.colour),
        "intensity": light.intensity,
    }
    if light.type == "spot":
        written["spot"] = {"innerConeAngle": light.inner, "outerConeAngle": light.outer}
    return written | ({"range": light.reach} if light.reach > 0.0 else {})
