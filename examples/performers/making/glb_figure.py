"""Read a figure's GLB back and pose it: what the pictures and the tests look at."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

_KINDS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


@dataclass
class Piece:
    """A primitive: arrays by attribute, triangles, its material and its morphs by name."""

    mesh: str
    material: int
    rows: dict[str, np.ndarray]
    triangles: np.ndarray
    morphs: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)
    matrix: np.ndarray = field(default_factory=lambda: np.eye(4))
    """The place of its node, for a model without a skin."""


class Figure:
    """A figure as its file has it; `joints` are the indices of the nodes of its skin.

    `level` is that of the detail: "" for the full one, "1", "2".
    """

    def __init__(self, content: bytes, level: str = "") -> None:
        length, _ = struct.unpack_from("<I4s", content, 12)
        self.document = json.loads(content[20 : 20 + length])
        self.binary = content[28 + length :]
        self.nodes = self.document["nodes"]
        skin = self.document.get("skins", [{"joints": []}])[0]
        self.joints = skin["joints"]
        self.names = [self.nodes[j]["name"] for j in self.joints]
        if self.joints:
            binds = self.rows(skin["inverseBindMatrices"]).reshape(-1, 4, 4)
            self.binds = binds.transpose(0, 2, 1).astype(float)
        self.pieces = []
        for node in self.nodes:
            _, _, of = node["name"].partition("_lod")
            if "mesh" not in node or (self.joints and of != level):
                continue
            mesh = self.document["meshes"][node["mesh"]]
            for primitive in mesh["primitives"]:
                piece = self._piece(mesh, primitive)
                piece.matrix = np.array(node.get("matrix", np.eye(4).ravel())).reshape(4, 4).T
                self.pieces.append(piece)

    def _piece(self, mesh: dict, primitive: dict) -> Piece:
        rows = {name: self.rows(i) for name, i in primitive["attributes"].items()}
        names = mesh.get("extras", {}).get("targetNames", [])
        targets = [
            {name: self.rows(i) for name, i in target.items()}
            for target in primitive.get("targets", [])
        ]
        triangles = self.rows(primitive["indices"]).reshape(-1, 3)
        morphs = dict(zip(names, targets, strict=False))
        return Piece(mesh["name"], primitive["material"], rows, triangles, morphs)

    def rows(self, index: int) -> np.ndarray:
        """(n, width) values of an accessor, sparse ones too; normalised ones as floats."""
        accessor = self.document["accessors"][index]
        width, count = _WIDTHS[accessor["type"]], accessor["count"]
        kind = np.dtype(_KINDS[accessor["componentType"]])
        rows = np.zeros((count, width), kind)
        if "bufferView" in accessor:
            rows = np.frombuffer(self._view(accessor["bufferView"]), kind, count * width)
            rows = rows.reshape(count, width)
        if "sparse" in accessor:
            sparse = accessor["sparse"]
            where = np.frombuffer(
                self._view(sparse["indices"]["bufferView"]),
                _KINDS[sparse["indices"]["componentType"]], sparse["count"],
            )  # fmt: skip
            values = np.frombuffer(self._view(sparse["values"]["bufferView"]), kind)
            rows = rows.copy()
            rows[where] = values.reshape(-1, width)
        if accessor.get("normalized"):
            return rows / float(np.iinfo(kind).max)
        return rows

    def _view(self, index: int) -> bytes:
        view = self.document["bufferViews"][index]
        start = view.get("byteOffset", 0)
        return self.binary[start : start + view["byteLength"]]

    def picture(self, texture: Mapping | None) -> bytes:
        """The file of the picture of a material's texture, or nothing."""
        if texture is None:
            return b""
        source = self.document["textures"][texture["index"]]["source"]
        return self._view(self.document["images"][source]["bufferView"])

    def matrices(self, turns: Mapping[str, np.ndarray], lift: np.ndarray) -> np.ndarray:
        """(n, 4, 4) the joints under rotations (3, 3) by name and a lift of the hips."""
        parent = {c: i for i, node in enumerate(self.nodes) for c in node.get("children", [])}
        world: dict[int, np.ndarray] = {}
        for index in self.joints:
            node = self.nodes[index]
            own = np.eye(4)
            own[:3, 3] = node["translation"]
            if index not in parent:
                own[:3, 3] += lift
            own[:3, :3] = turns.get(node["name"], np.eye(3))
            world[index] = world[parent[index]] @ own if index in parent else own
        return np.stack([world[index] for index in self.joints])

    def posed(
        self,
        piece: Piece,
        matrices: np.ndarray,
        shapes: Mapping[str, float],
    ) -> tuple[np.ndarray, np.ndarray]:
        """The points and normals (n, 3) of a piece in a pose."""
        points, normals = (
            piece.rows["POSITION"].astype(float),
            piece.rows["NORMAL"].astype(float),
        )
        for name, weight in shapes.items():
            if name in piece.morphs:
                points = points + weight * piece.morphs[name]["POSITION"]
                normals = normals + weight * piece.morphs[name].get("NORMAL", 0.0)
        skin = matrices @ self.binds
        blend = np.einsum(
            "nj,njab->nab",
            piece.rows["WEIGHTS_0"],
            skin[piece.rows["JOINTS_0"].astype(int)],
        )
        points = np.einsum("nab,nb->na", blend[:, :3, :3], points) + blend[:, :3, 3]
        normals = np.einsum("nab,nb->na", blend[:, :3, :3], normals)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
        return points, normals


def turn(x: float = 0.0, y: float = 0.0, z: float = 0.0) -> np.ndarray:
    """The rotation (3, 3) about Z, then Y, then X, in degrees."""
    a, b, c = np.radians([x, y, z])
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return about_x @ about_y @ about_z
