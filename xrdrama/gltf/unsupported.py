"""Remarks for the parts of a glTF file that have no effect, one for each."""

from __future__ import annotations

from typing import Any, Final

from xrdrama.gltf import gltf
from xrdrama.gltf.meshes import Remark

SUPPORTED: Final = frozenset({
    "KHR_lights_punctual", "KHR_materials_emissive_strength", "KHR_materials_unlit",
    "KHR_mesh_quantization", "KHR_node_visibility", "KHR_texture_transform",
    "EXT_mesh_gpu_instancing",
})  # fmt: skip
"""The extensions that are supported."""

_HINTS: Final = {
    "KHR_materials_pbrSpecularGlossiness":
        "convert the materials to metallic-roughness: their colours are not read",
    "KHR_materials_transmission": "use alphaMode BLEND for glass",
    "KHR_materials_volume": "use alphaMode BLEND for glass",
    "KHR_materials_variants": "export the variant that you want",
    "KHR_texture_basisu": "export the images as PNG or JPEG",
    "EXT_texture_webp": "export the images as PNG or JPEG",
    "EXT_texture_avif": "export the images as PNG or JPEG",
    "MSFT_texture_dds": "export the images as PNG or JPEG",
    "MSFT_lod": "export without levels of detail; the most detailed level is drawn",
}  # fmt: skip


def extensions_unsupported(file: gltf.File, document: Any) -> list[Remark]:
    """A remark for every extension that is used, or declared as used, and not supported."""
    found = _pointers(document)
    names = dict.fromkeys([*file.extensionsUsed, *found])
    remarks = []
    for name in names:
        if name in SUPPORTED:
            continue
        places = found.get(name, [])
        pointer = places[0] if places else "/extensionsUsed"
        more = f" ({len(places)} places)" if len(places) > 1 else ""
        message = f"the extension {name[:60]} is not supported and has no effect{more}"
        remarks.append(Remark(pointer, message, _HINTS.get(name, "export the model without it")))
    return remarks


def _pointers(document: Any) -> dict[str, list[str]]:
    """The JSON pointers of each extension, by its name."""
    found: dict[str, list[str]] = {}
    pending = [("", document)]
    while pending:
        pointer, value = pending.pop()
        if isinstance(value, list):
            pending += [(f"{pointer}/{i}", each) for i, each in enumerate(value)]
        elif isinstance(value, dict):
            for key, each in value.items():
                inner = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
                if key == "extras":
                    continue
                if key == "extensions" and isinstance(each, dict):
                    for name in each:
                        found.setdefault(name, []).append(f"{inner}/{name}")
                pending.append((inner, each))
    return {name: sorted(places) for name, places in found.items()}


def core_unsupported(file: gltf.File) -> list[Remark]:
    """A remark for every camera, additional scene and later version."""
    remarks = []
    for i, camera in enumerate(file.cameras):
        message = f"the camera {_name(camera, i)} is not used"
        remarks.append(
            Remark(f"/cameras/{i}", message, "write its position under `places:` in scene.yaml")
        )
    drawn = file.scene or 0
    for i, scene in enumerate(file.scenes):
        if i != drawn and scene.nodes:
            message = f"the scene {scene.name[:60] or i!r} is not drawn; only scene {drawn} is"
            remarks.append(Remark(f"/scenes/{i}", message, "export it to a separate file"))
    least = str(file.asset.get("minVersion", "2.0"))
    if least != "2.0":
        message = f"the file requires glTF {least[:20]}; it is read as 2.0"
        remarks.append(Remark("/asset/minVersion", message, "export it as glTF 2.0"))
    return remarks


def _name(thing: Any, index: int) -> str:
    name = thing.get("name") if isinstance(thing, dict) else None
    return repr(name[:60]) if isinstance(name, str) and name else str(index)
