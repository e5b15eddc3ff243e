"""Renames the joints and morph targets of a GLB to VRM 1.0's bones and ARKit's shapes.

Only names in the JSON are changed; vertices, skins and pictures stay as they are.
"""

from __future__ import annotations

import struct
from typing import Any, Final

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.glb import split_glb
from xrdrama.performer.naming import bone_named, shape_named, shape_of_expression

_MOST_NAMED: Final = 4096
_HEADER: Final = struct.Struct("<4sII")
_CHUNK: Final = struct.Struct("<I4s")


class Renamed(msgspec.Struct, frozen=True):
    """A figure with the names that performers use."""

    content: bytes
    bones: dict[str, str]
    """Bone to the joint's own name."""
    shapes: dict[str, str]
    """Shape to the morph target's own name."""
    unknown: tuple[str, ...]
    """Morph targets whose names mean nothing: they do not move."""
    licence: str = ""
    """The licence that a VRM file states."""


def renamed(content: bytes) -> Renamed:
    """The figure with other names; RemoteProtocolError when it is not a GLB with named joints."""
    text, binary = split_glb(content)
    try:
        file = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(f"this is not valid glTF 2.0: {error}: export it again") from None
    if not isinstance(file, dict) or not isinstance(file.get("nodes"), list):
        raise RemoteProtocolError("the file has no nodes: export it again, with its armature")
    vrm = _mapping(_mapping(file.get("extensions")).get("VRMC_vrm"))
    bones = _bones(file["nodes"], vrm)
    shapes, unknown = _shapes(file, vrm)
    meta = _mapping(vrm.get("meta"))
    licence = " ".join(str(meta[key]) for key in ("licenseUrl", "otherLicenseUrl") if meta.get(key))
    return Renamed(_glb(msgspec.json.encode(file), binary), bones, shapes, unknown, licence[:300])


def _bones(nodes: list[Any], vrm: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    human = _mapping(_mapping(vrm.get("humanoid")).get("humanBones"))
    said = {_mapping(bone).get("node"): name for name, bone in human.items()}
    for index, node in enumerate(nodes[:_MOST_NAMED]):
        own = node.get("name") if isinstance(node, dict) else None
        own = own if isinstance(own, str) else ""
        bone = said.get(index) or (bone_named(own) if not said and own else "")
        if bone and bone not in found:
            found[bone] = own or f"node {index}"
            node["name"] = bone
        elif own in found or (bone and own == bone):
            node["name"] = f"{own} {index}"
    return found


def _shapes(file: dict[str, Any], vrm: dict[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    said = _expressed(file, vrm)
    found: dict[str, str] = {}
    unknown: dict[str, None] = {}
    meshes = file.get("meshes")
    for number, mesh in enumerate(meshes if isinstance(meshes, list) else []):
        primitives = mesh.get("primitives") if isinstance(mesh, dict) else None
        first = _mapping(primitives[0]) if isinstance(primitives, list) and primitives else {}
        targets = first.get("targets")
        count = len(targets) if isinstance(targets, list) else 0
        if not count:
            continue
        extras = _mapping(mesh.get("extras"))
        own = extras.get("targetNames") or _mapping(first.get("extras")).get("targetNames")
        names = [str(name)[:60] for name in own] if isinstance(own, list) else []
        names = (names + [f"target {n}" for n in range(len(names), count)])[:count]
        made = []
        for index, name in enumerate(names):
            shape = shape_named(name) or said.get((number, index), "")
            if shape and shape not in made:
                found.setdefault(shape, name)
                made.append(shape)
            else:
                unknown[name] = None
                made.append(name)
        mesh["extras"] = {**extras, "targetNames": made}
    return found, tuple(unknown)


def _expressed(file: dict[str, Any], vrm: dict[str, Any]) -> dict[tuple[int, int], str]:
    """The shape of each (mesh, morph target) that an expression of VRM moves alone."""
    found: dict[tuple[int, int], str] = {}
    preset = _mapping(_mapping(vrm.get("expressions")).get("preset"))
    for name, expression in preset.items():
        shape = shape_of_expression(name)
        binds = _mapping(expression).get("morphTargetBinds")
        if not shape or not isinstance(binds, list) or len(binds) != 1:
            continue
        bind = _mapping(binds[0])
        node, index = bind.get("node"), bind.get("index")
        if isinstance(node, int) and isinstance(index, int) and 0 <= node < len(file["nodes"]):
            mesh = _mapping(file["nodes"][node]).get("mesh")
            if isinstance(mesh, int):
                found.setdefault((mesh, index), shape)
    return found


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _glb(text: bytes, binary: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    binary += b"\0" * (-len(binary) % 4)
    chunks = _CHUNK.pack(len(text), b"JSON") + text
    if binary:
        chunks += _CHUNK.pack(len(binary), b"BIN\0") + binary
    return _HEADER.pack(b"glTF", 2, _HEADER.size + len(chunks)) + chunks
