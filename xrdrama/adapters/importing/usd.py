"""Read the meshes and materials of a USD stage (.usd, .usda, .usdc, .usdz)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xrdrama.adapters.importing.usd_motion import Transforms
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.meshes import (
    Floats,
    Image,
    Material,
    Model,
    Node,
    Primitive,
    Remark,
    flat_normals,
    unshared,
)
from xrdrama.gltf.pieces import MAX_TRIANGLES

Picture = Callable[[str, bytes], Image]
_SCALARS = {"roughness": 0.5, "metallic": 0.0, "opacity": 1.0}
_COLOURS = {"diffuseColor": (0.18, 0.18, 0.18), "emissiveColor": (0.0, 0.0, 0.0)}


def read_usd(file: Path, picture: Picture) -> Model:
    """The model of a USD stage in glTF's frame: metres, Y up, as the stage's metadata says.

    Prims that are not drawn and references that are missing are in the remarks, by their path.
    RemoteProtocolError when it cannot be opened, has no meshes or the library is not installed.
    """
    try:
        from pxr import Tf, Usd
    except ImportError:
        raise RemoteProtocolError(
            "reading USD needs the package usd-core: pip install 'xrdrama[import]', or export the "
            "model as .glb"
        ) from None
    try:
        stage = Usd.Stage.Open(str(file))
    except Tf.ErrorException as error:
        reason = str(error).strip().splitlines()[-1][:160]
        raise RemoteProtocolError(f"the USD stage cannot be opened: {reason}") from None
    return _Reader(stage, file, picture).model()


class _Reader:
    def __init__(self, stage: Any, file: Path, picture: Picture) -> None:
        from pxr import UsdGeom

        self.stage, self.file, self.picture = stage, file, picture
        self.remarks: dict[Remark, None] = {}
        self.materials: dict[str, Material] = {"": Material("plain")}
        self.images: list[Image] = []
        self.image_at: dict[str, int] = {}
        self.triangles = 0
        metres = UsdGeom.GetStageMetersPerUnit(stage)
        self.root = np.diag([metres, metres, metres, 1.0])
        if UsdGeom.GetStageUpAxis(stage) == UsdGeom.Tokens.z:
            turn = np.eye(4)
            turn[1:3, 1:3] = [[0.0, 1.0], [-1.0, 0.0]]
            self.root = self.root @ turn
        self.transforms = Transforms(stage, self.root, self.remark)

    def model(self) -> Model:
        from pxr import Usd, UsdGeom

        self.missing()
        nodes = []
        for prim in self.stage.Traverse(Usd.TraverseInstanceProxies()):
            if prim.IsA(UsdGeom.Imageable) and (
                UsdGeom.Imageable(prim).ComputeVisibility() == UsdGeom.Tokens.invisible
            ):
                continue
            if prim.IsA(UsdGeom.Mesh):
                node = self.mesh(prim)
                nodes += [node] if node.primitives else []
            else:
                self.unused(prim)
        if not nodes:
            missing = "; ".join(r.message for r in self.remarks if "does not exist" in r.message)
            raise RemoteProtocolError(
                "the USD stage has no visible meshes"
                + (f" ({missing[:300]})" if missing else "")
                + ": export its geometry as meshes"
            )
        return Model(
            tuple(nodes), tuple(self.materials.values()), tuple(self.images), (),
            tuple(self.remarks), self.transforms.rig(),
        )  # fmt: skip

    def remark(self, where: str, what: str, hint: str = "") -> None:
        self.remarks[Remark(where, what, hint)] = None

    def missing(self) -> None:
        """A remark for every layer and file that the stage refers to and that does not exist."""
        from pxr import UsdUtils

        _, _, unresolved = UsdUtils.ComputeAllDependencies(str(self.file))
        for path in sorted({str(path) for path in unresolved}):
            self.remark(path, f"the reference {path!r} does not exist", "put the file in its place")

    def unused(self, prim: Any) -> None:
        """A remark for a prim that is seen in other programs and not here."""
        kind = str(prim.GetTypeName())
        hints = {
            "Camera": "write its position under `places:` in scene.yaml",
            "PointInstancer": "make the instances meshes before the export",
            "SkelRoot": "bake the skeleton's pose before the export",
        }
        silent = ("", "Xform", "Scope", "Material", "Shader", "NodeGraph", "GeomSubset",
                  "SkelRoot", "Skeleton", "BlendShape", "SkelAnimation")  # fmt: skip
        if kind in ("SkelRoot", "SkelAnimation", "BlendShape"):
            self.remark(str(prim.GetPath()), f"the {kind} is not carried over", hints["SkelRoot"])
        elif kind.endswith("Light"):
            self.remark(
                str(prim.GetPath()), f"the {kind} is not carried over",
                "write it under `lights:` in scene.yaml",
            )  # fmt: skip
        elif kind not in silent:
            hint = hints.get(kind, "convert it to a mesh")
            self.remark(str(prim.GetPath()), f"the {kind} is not carried over", hint)

    def mesh(self, prim: Any) -> Node:
        """The primitives of a mesh, one for each material; polygons divided from their corner."""
        from pxr import UsdGeom, UsdShade

        mesh, path = UsdGeom.Mesh(prim), str(prim.GetPath())
        points = np.array(mesh.GetPointsAttr().Get() or [], np.float32).reshape(-1, 3)
        counts = np.array(mesh.GetFaceVertexCountsAttr().Get() or [], np.int64)
        corners = np.array(mesh.GetFaceVertexIndicesAttr().Get() or [], np.int64)
        if not len(counts) or counts.sum() != len(corners) or counts.min() < 0 or (
            len(corners) and not 0 <= corners.min() <= corners.max() < len(points)
        ):  # fmt: skip
            self.remark(path, "the mesh is empty or its indices are invalid", "export it again")
            return Node(path[-64:], np.eye(4), ())
        if mesh.GetPointsAttr().ValueMightBeTimeVarying():
            self.remark(path, "the moving points of the mesh are not carried over")
        if str(mesh.GetSubdivisionSchemeAttr().Get()) not in ("none", ""):
            self.remark(path, "the mesh is drawn without subdivision", "subdivide before export")
        at, face = _fans(counts)
        self.triangles += len(at)
        if self.triangles > MAX_TRIANGLES:
            raise RemoteProtocolError(f"there are more than {MAX_TRIANGLES:,} triangles: reduce it")
        if str(mesh.GetOrientationAttr().Get()) == "leftHanded":
            at = at[:, ::-1]
        rows = self.rows(prim, mesh, points, corners)
        owner = np.zeros(len(counts), np.int64)
        bound = [UsdShade.MaterialBindingAPI(prim).ComputeBoundMaterial()[0]]
        for subset in UsdShade.MaterialBindingAPI(prim).GetMaterialBindSubsets():
            faces = np.array(subset.GetIndicesAttr().Get() or [], np.int64)
            owner[faces[(faces >= 0) & (faces < len(counts))]] = len(bound)
            binding = UsdShade.MaterialBindingAPI(subset.GetPrim())
            bound.append(binding.ComputeBoundMaterial()[0])
        primitives = []
        for i, material in enumerate(bound):
            chosen = at[owner[face] == i]
            if len(chosen):
                primitives.append(_primitive(rows, chosen, self.material(material)))
        limb, matrix = self.transforms.place(prim)
        return Node(prim.GetName()[:64], matrix, tuple(primitives), limb)

    def rows(
        self, prim: Any, mesh: Any, points: Floats, corners: NDArray[Any]
    ) -> dict[str, Floats]:
        """The attributes of each corner of the mesh's polygons."""
        from pxr import UsdGeom

        rows = {"POSITION": points[corners]}
        variables = UsdGeom.PrimvarsAPI(prim)
        for name in ("st", "UVMap", "st0"):
            found = _each_corner(variables.GetPrimvar(name), corners)
            if found is not None and found.shape[1] == 2:
                rows["TEXCOORD_0"] = np.stack([found[:, 0], 1.0 - found[:, 1]], axis=1)
                break
        normals = _each_corner(variables.GetPrimvar("normals"), corners)
        if normals is None and mesh.GetNormalsAttr().Get():
            own = np.array(mesh.GetNormalsAttr().Get(), np.float32)
            normals = own if len(own) == len(corners) else None
            if normals is None and len(own) == len(points):
                normals = own[corners]
        if normals is not None and normals.shape[1] == 3:
            length = np.linalg.norm(normals, axis=1, keepdims=True)
            rows["NORMAL"] = (normals / np.maximum(length, 1e-12)).astype(np.float32)
        colours = _each_corner(variables.GetPrimvar("displayColor"), corners)
        if colours is not None and colours.shape[1] == 3 and len(np.unique(colours, axis=0)) > 1:
            rows["COLOR_0"] = np.concatenate([colours, np.ones_like(colours[:, :1])], axis=1)
        return rows

    def material(self, material: Any) -> int:
        """The index of a material; a plain one for none."""
        path = str(material.GetPath()) if material else ""
        if path not in self.materials:
            self.materials[path] = self.surface(material, path)
        return list(self.materials).index(path)

    def surface(self, material: Any, path: str) -> Material:
        shader = material.ComputeSurfaceSource()[0]
        name = path.rpartition("/")[2][:64]
        if not shader or shader.GetIdAttr().Get() != "UsdPreviewSurface":
            self.remark(
                path, "the material is not a UsdPreviewSurface and is drawn grey",
                "export the materials as UsdPreviewSurface",
            )  # fmt: skip
            return Material(name)
        values: dict[str, Any] = {}
        for key, default in {**_SCALARS, **_COLOURS}.items():
            source = shader.GetInput(key)
            connected = source.GetConnectedSource() if source else None
            if connected:
                values[f"{key} picture"] = self.texture(connected[0], path, key)
                values[key] = default
            else:
                values[key] = source.Get() if source and source.Get() is not None else default
        red, green, blue = (float(c) for c in values["diffuseColor"])
        base = values.get("diffuseColor picture", -1)
        for key in ("roughness", "metallic", "opacity"):
            if values.get(f"{key} picture", -1) >= 0:
                self.remark(path, f"the picture of {key} is not carried over", "export as .glb")
        opaque = float(values["opacity"])
        return Material(
            name,
            (1.0, 1.0, 1.0, opaque) if base >= 0 else (red, green, blue, opaque),
            float(values["metallic"]),
            float(values["roughness"]),
            tuple(float(c) for c in values["emissiveColor"]),  # type: ignore[arg-type]
            base_image=base,
            emissive_image=values.get("emissiveColor picture", -1),
            alpha="BLEND" if opaque < 1.0 else "OPAQUE",
        )

    def texture(self, source: Any, path: str, key: str) -> int:
        """The index of the picture of a UsdUVTexture, or -1."""
        from pxr import Ar, UsdShade

        shader = UsdShade.Shader(source)
        file = shader.GetInput("file").Get() if shader.GetInput("file") else None
        if file is None:
            self.remark(path, f"{key} is not a picture and is not carried over")
            return -1
        resolved = file.resolvedPath or file.path
        if resolved not in self.image_at:
            self.image_at[resolved] = -1
            asset = Ar.GetResolver().OpenAsset(Ar.ResolvedPath(resolved))
            if asset is None:
                self.remark(path, f"the picture {file.path!r} does not exist", "put it there")
                return -1
            try:
                self.images.append(self.picture(Path(file.path).name, bytes(asset.GetBuffer())))
            except RemoteProtocolError as error:
                self.remark(path, f"the picture {file.path!r} is not carried over: {error}")
                return -1
            self.image_at[resolved] = len(self.images) - 1
        return self.image_at[resolved]


def _fans(counts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(n, 3) corners of triangles of polygons with `counts` corners, and the polygon of each."""
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    number = np.maximum(counts - 2, 0)
    face = np.repeat(np.arange(len(counts)), number)
    step = np.arange(len(face)) - np.repeat(np.cumsum(number) - number, number)
    start = first[face]
    return np.stack([start, start + step + 1, start + step + 2], axis=1), face


def _each_corner(variable: Any, corners: NDArray[Any]) -> Floats | None:
    """The value of a primvar at each corner, or None when it has no such values."""
    if not variable or not variable.HasValue():
        return None
    values: Floats = np.array(variable.ComputeFlattened() or [], np.float32)
    if values.ndim != 2:
        return None
    kind = str(variable.GetInterpolation())
    if kind == "faceVarying" and len(values) == len(corners):
        return values
    if kind in ("vertex", "varying") and len(values) > int(corners.max()):
        chosen: Floats = values[corners]
        return chosen
    return None


def _primitive(rows: dict[str, Floats], corners: NDArray[Any], material: int) -> Primitive:
    """The triangles of one material, equal corners only once."""
    flat = corners.reshape(-1)
    attributes = {name: np.ascontiguousarray(values[flat]) for name, values in rows.items()}
    if "NORMAL" in attributes:
        joined = np.ascontiguousarray(np.concatenate(list(attributes.values()), axis=1))
        key = joined.view(np.dtype((np.void, joined.dtype.itemsize * joined.shape[1]))).reshape(-1)
        _, kept, index = np.unique(key, return_index=True, return_inverse=True)
        attributes = {name: values[kept] for name, values in attributes.items()}
        return Primitive(material, attributes, index.astype(np.uint32).reshape(-1, 3))
    triangles = np.arange(len(flat), dtype=np.uint32).reshape(-1, 3)
    attributes = unshared(attributes, triangles)
    attributes["NORMAL"] = flat_normals(attributes["POSITION"])
    return Primitive(material, attributes, triangles)
