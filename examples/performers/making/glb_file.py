"""The file of a figure, built array by array: nodes of joints, meshes, morphs, materials."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
from making.levels import LEVELS, reduced, shares
from making.part import Finish, Part, smooth_normals
from making.skeleton import Joint

_FLOAT, _U8, _U16, _U32 = 5126, 5121, 5123, 5125
_SHAPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
LEAST_MOVE = 2e-5
"""Metres; a morph does not move what it would move by less."""


def bound(part: Part, numbers: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """(n, 4) joints and (n, 4) weights in 65535ths, the largest first, with that sum."""
    count = len(part.points)
    names = list(part.follows)
    rows = np.stack([np.broadcast_to(part.follows[n], count) for n in names], 1).astype(float)
    rows = np.concatenate([np.maximum(rows, 0.0), np.zeros((count, 4))], 1)
    index = np.array([numbers[n] for n in names] + [0, 0, 0, 0])
    order = np.argsort(-rows, axis=1, kind="stable")[:, :4]
    kept = np.take_along_axis(rows, order, 1)
    kept[kept < 0.004 * kept.sum(1, keepdims=True)] = 0.0
    total = kept.sum(1, keepdims=True)
    if (total <= 0).any():
        raise ValueError(f"{part.name}: a vertex follows no joint")
    whole = np.rint(kept / total * 65535).astype(np.int64)
    whole[:, 0] += 65535 - whole.sum(1)
    return np.where(whole > 0, index[order], 0), whole


class FigureFile:
    """A GLB with one skin."""

    def __init__(self, bones: Sequence[Joint]) -> None:
        self.binary = bytearray()
        self.views: list[dict[str, Any]] = []
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.images: list[dict[str, Any]] = []
        self.materials: list[dict[str, Any]] = []
        self.pictures: dict[bytes, int] = {}
        self.still: dict[int, int] = {}
        self.number = {bone.name: i for i, bone in enumerate(bones)}
        self.nodes: list[dict[str, Any]] = []
        for bone in bones:
            above = bones[self.number[bone.parent]].at if bone.parent else np.zeros(3)
            place = [round(float(v), 6) for v in bone.at - above]
            self.nodes.append({"name": bone.name, "translation": place})
        for i, bone in enumerate(bones):
            if bone.parent:
                self.nodes[self.number[bone.parent]].setdefault("children", []).append(i)
        # Places as the nodes have them after rounding, so that the rest pose is exact.
        rest: list[np.ndarray] = []
        for bone, node in zip(bones, self.nodes, strict=True):
            above = rest[self.number[bone.parent]] if bone.parent else np.zeros(3)
            rest.append(above + np.array(node["translation"]))
        binds = np.tile(np.eye(4), (len(bones), 1, 1))
        binds[:, :3, 3] = -np.array(rest)
        self.binds = binds.transpose(0, 2, 1).reshape(-1, 16)
        self.roots = [0]

    def mesh(
        self,
        name: str,
        groups: list[list[Part]],
        known: dict[str, int],
        targets: tuple[str, ...],
    ) -> None:
        """Add a mesh and its levels of detail, and their nodes."""
        primitives = [self._primitive(group, known, targets) for group in groups]
        self._drawn(name, primitives, targets)
        for level, (body, face) in LEVELS.items():
            each = iter(
                shares([part for group in groups for part in group], face if targets else body)
            )
            fewer = [
                primitive | {"indices": self._indices(group, [next(each) for _ in group])}
                for group, primitive in zip(groups, primitives, strict=True)
            ]
            self._drawn(f"{name}_{level}", fewer, targets)

    def _drawn(self, name: str, primitives: list[dict[str, Any]], targets: tuple[str, ...]) -> None:
        mesh: dict[str, Any] = {"name": name, "primitives": primitives}
        if targets:
            mesh |= {
                "weights": [0.0] * len(targets),
                "extras": {"targetNames": list(targets)},
            }
        self.meshes.append(mesh)
        self.nodes.append({"name": name, "mesh": len(self.meshes) - 1, "skin": 0})
        self.roots.append(len(self.nodes) - 1)

    def _indices(self, group: list[Part], share: list[float] | None = None) -> int:
        """The triangles of a group, or a share of those of each part."""
        starts = np.cumsum([0, *(len(part.points) for part in group)])
        some = share or [1.0] * len(group)
        each = [reduced(part, one) for part, one in zip(group, some, strict=True)]
        triangles = np.concatenate([t + s for t, s in zip(each, starts, strict=False)])
        wide = int(starts[-1]) > 65535
        index = triangles.reshape(-1, 1).astype("<u4" if wide else "<u2")
        return self._rows(index, _U32 if wide else _U16, target=34963)

    def _primitive(
        self, group: list[Part], known: dict[str, int], targets: tuple[str, ...]
    ) -> dict[str, Any]:
        links = [bound(part, self.number) for part in group]
        colours = np.concatenate([np.clip(part.colours, 0, 1) for part in group])
        colours = np.c_[np.rint(colours * 255), np.full(len(colours), 255)]
        points = np.concatenate([part.points for part in group]).astype("<f4")
        normals = np.concatenate([part.normals for part in group]).astype("<f4")
        attributes = {
            "POSITION": self._rows(points, bounds=True),
            "NORMAL": self._rows(normals),
            "TEXCOORD_0": self._rows(np.concatenate([p.uv for p in group]).astype("<f4")),
            "COLOR_0": self._rows(colours.astype("u1"), _U8, normalized=True),
            "JOINTS_0": self._rows(np.concatenate([j for j, _ in links]).astype("u1"), _U8),
            "WEIGHTS_0": self._rows(
                np.concatenate([w for _, w in links]).astype("<u2"),
                _U16,
                normalized=True,
            ),
        }
        primitive: dict[str, Any] = {
            "attributes": attributes,
            "indices": self._indices(group),
            "material": known[group[0].material],
        }
        if targets:
            primitive["targets"] = [self._target(group[0], name) for name in targets]
        return primitive

    def _target(self, part: Part, name: str) -> dict[str, int]:
        """Sparse offsets of points and normals for one morph."""
        moves = part.morphs.get(name)
        if moves is None:
            moves = np.zeros_like(part.points)
        moves = np.where(np.abs(moves).max(1, keepdims=True) < LEAST_MOVE, 0.0, moves)
        turns = part.morph_normals.get(name)
        if turns is None:
            turns = np.zeros_like(moves)
            if moves.any():
                before = smooth_normals(part.points, part.triangles)
                turns = smooth_normals(part.points + moves, part.triangles) - before
        turns = np.where(np.abs(turns).max(1, keepdims=True) < 0.01, 0.0, turns)
        return {
            "POSITION": self._sparse(moves, bounds=True),
            "NORMAL": self._sparse(turns),
        }

    def _sparse(self, rows: np.ndarray, *, bounds: bool = False) -> int:
        rows = rows.astype("<f4")
        index = np.flatnonzero(rows.any(1))
        if not len(index):
            return self._zeros(len(rows))
        accessor: dict[str, Any] = {"componentType": _FLOAT, "count": len(rows), "type": "VEC3"}
        if bounds:
            accessor |= {"min": rows.min(0).tolist(), "max": rows.max(0).tolist()}
        self._filled(accessor, index, rows[index])
        return len(self.accessors) - 1

    def _zeros(self, count: int) -> int:
        """One accessor for all morphs that do not move a mesh of so many vertices."""
        if count not in self.still:
            accessor = {"componentType": _FLOAT, "count": count, "type": "VEC3",
                        "min": [0.0] * 3, "max": [0.0] * 3}  # fmt: skip
            self._filled(accessor, np.zeros(1), np.zeros((1, 3), "<f4"))
            self.still[count] = len(self.accessors) - 1
        return self.still[count]

    def _filled(self, accessor: dict[str, Any], index: np.ndarray, rows: np.ndarray) -> None:
        """Add an accessor whose rows are zero but for some."""
        kind, code = ("<u2", _U16) if accessor["count"] <= 65535 else ("<u4", _U32)
        indices = {"bufferView": self._view(index.astype(kind).tobytes()), "componentType": code}
        values = {"bufferView": self._view(rows.tobytes())}
        accessor["sparse"] = {"count": len(index), "indices": indices, "values": values}
        self.accessors.append(accessor)

    def _rows(self, rows: np.ndarray, kind: int = _FLOAT, *, normalized: bool = False,
              bounds: bool = False, target: int = 34962) -> int:  # fmt: skip
        accessor: dict[str, Any] = {
            "bufferView": self._view(rows.tobytes(), target), "componentType": kind,
            "count": len(rows), "type": _SHAPES[rows.shape[1]],
        }  # fmt: skip
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor |= {"min": rows.min(0).tolist(), "max": rows.max(0).tolist()}
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def _view(self, content: bytes, target: int = 0) -> int:
        self.binary += b"\0" * (-len(self.binary) % 4)
        view = {"buffer": 0, "byteOffset": len(self.binary), "byteLength": len(content)}
        self.views.append(view | ({"target": target} if target else {}))
        self.binary += content
        return len(self.views) - 1

    def _picture(self, content: bytes) -> dict[str, int]:
        if content not in self.pictures:
            mime = "image/png" if content[:4] == b"\x89PNG" else "image/jpeg"
            self.images.append({"mimeType": mime, "bufferView": self._view(content)})
            self.pictures[content] = len(self.images) - 1
        return {"index": self.pictures[content]}

    def material(self, finish: Finish) -> int:
        """Add a material; its index."""
        surface: dict[str, Any] = {
            "baseColorFactor": [*finish.base, 1.0],
            "metallicFactor": finish.metallic,
            "roughnessFactor": finish.roughness,
        }
        made: dict[str, Any] = {"name": finish.name, "pbrMetallicRoughness": surface}
        if finish.colour:
            surface["baseColorTexture"] = self._picture(finish.colour)
        if finish.rough:
            surface["metallicRoughnessTexture"] = self._picture(finish.rough)
        if finish.normal:
            made["normalTexture"] = self._picture(finish.normal)
        if finish.occlusion:
            made["occlusionTexture"] = self._picture(finish.occlusion)
        if any(finish.emissive):
            made["emissiveFactor"] = list(finish.emissive)
        if finish.alpha != "OPAQUE":
            made["alphaMode"] = finish.alpha
            if finish.alpha == "MASK":
                made["alphaCutoff"] = finish.cutoff
        if finish.double_sided:
            made["doubleSided"] = True
        self.materials.append(made)
        return len(self.materials) - 1

    def content(self) -> bytes:
        """The bytes of the file."""
        bind = self._rows(self.binds.astype("<f4"), target=0)
        skin = {
            "inverseBindMatrices": bind,
            "joints": list(range(len(self.number))),
            "skeleton": 0,
        }
        document = {
            "asset": {"version": "2.0", "generator": "xrdrama"},
            "scene": 0, "scenes": [{"nodes": self.roots}], "nodes": self.nodes,
            "meshes": self.meshes, "skins": [skin], "materials": self.materials,
            "accessors": self.accessors, "images": self.images,
            "textures": [{"source": i, "sampler": 0} for i in range(len(self.images))],
            "samplers": [{"magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497}],
            "bufferViews": self.views, "buffers": [{"byteLength": len(self.binary)}],
        }  # fmt: skip
        if not self.images:
            for key in ("images", "textures", "samplers"):
                del document[key]
        text = json.dumps(document, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        binary = bytes(self.binary) + b"\0" * (-len(self.binary) % 4)
        length = 12 + 8 + len(text) + 8 + len(binary)
        return (
            struct.pack("<4sII", b"glTF", 2, length)
            + struct.pack("<I4s", len(text), b"JSON") + text
            + struct.pack("<I4s", len(binary), b"BIN\0") + binary
        )  # fmt: skip
