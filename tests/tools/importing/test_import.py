"""`xrdrama scene import`: what is in a file is in the set, and what is not is named."""

from __future__ import annotations

import json
import struct
import sys
import time
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import DracoPy
import numpy as np
import pytest
import trimesh
from PIL import Image as Pillow

from xrdrama.cli import run
from xrdrama.errors import RemoteProtocolError, UsageError
from xrdrama.gltf.extent import extent_of
from xrdrama.gltf.meshes import face_normals, flat_normals
from xrdrama.tools.importing.making import import_set
from xrdrama.tools.importing.reading import read_model
from xrdrama.tools.importing.report import unit_warnings

POINTS = np.array([[0, 0, 0], [2, 0, 0], [2, 1, 0], [0, 1, 0]], np.float32)
FACES = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)
UV = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)


def picture(kind: str) -> bytes:
    stored = BytesIO()
    Pillow.new("RGB", (4, 2), (200, 30, 10)).save(
        stored, kind, **({"lossless": True} if kind == "WEBP" else {})
    )
    return stored.getvalue()


def ktx2(kind: int = 43, scheme: int = 0, width: int = 4, height: int = 2) -> bytes:
    pixels = bytes([200, 30, 10, 255]) * (width * height)
    data = zlib.compress(pixels) if scheme == 3 else pixels
    head = struct.pack("<9I", kind, 1, width, height, 0, 0, 1, 1, scheme)
    index = struct.pack("<4I2Q", 0, 0, 0, 0, 0, 0)
    level = struct.pack("<3Q", 104, len(data), len(pixels))
    return b"\xabKTX 20\xbb\r\n\x1a\n" + head + index + level + data


class Gltf:
    """A .gltf document with its parts in files beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, b""
        self.document: dict[str, Any] = {
            "asset": {"version": "2.0"}, "scenes": [{"nodes": [0]}], "scene": 0,
            "nodes": [{"mesh": 0, "name": "card"}], "bufferViews": [], "accessors": [],
            "meshes": [{"primitives": [{"attributes": {}, "material": 0}]}],
            "materials": [{"name": "paint"}],
        }  # fmt: skip
        self.primitive = self.document["meshes"][0]["primitives"][0]

    def view(self, data: bytes, **more: Any) -> int:
        view = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data), **more}
        self.document["bufferViews"].append(view)
        self.data += data + b"\0" * (-len(data) % 4)
        return len(self.document["bufferViews"]) - 1

    def accessor(self, rows: np.ndarray, kind: int, shape: str, **where: int) -> int:
        found = {"componentType": kind, "count": len(rows), "type": shape, **where}
        self.document["accessors"].append(found)
        return len(self.document["accessors"]) - 1

    def plain_card(self) -> None:
        for name, rows, shape in (("POSITION", POINTS, "VEC3"), ("TEXCOORD_0", UV, "VEC2")):
            at = self.accessor(rows, 5126, shape, bufferView=self.view(rows.tobytes()))
            self.primitive["attributes"][name] = at
        flat = FACES.reshape(-1)
        view = self.view(flat.tobytes())
        self.primitive["indices"] = self.accessor(flat, 5125, "SCALAR", bufferView=view)

    def textured(self, name: str, data: bytes | None, extension: str = "") -> None:
        texture: dict[str, Any] = {"source": 0}
        if extension:
            texture = {"extensions": {extension: {"source": 0}}}
            self.document["extensionsUsed"] = [extension]
            self.document["extensionsRequired"] = [extension]
        self.document |= {"textures": [texture], "images": [{"uri": name}]}
        metal = {"baseColorTexture": {"index": 0}}
        self.document["materials"][0]["pbrMetallicRoughness"] = metal
        if data is not None:
            (self.folder / name).write_bytes(data)

    def write(self) -> Path:
        self.document["buffers"] = [{"byteLength": len(self.data), "uri": "parts.bin"}]
        (self.folder / "parts.bin").write_bytes(self.data)
        file = self.folder / "card.gltf"
        file.write_text(json.dumps(self.document))
        return file


def corners(file: Path) -> np.ndarray:
    """(6, 3) positions of the corners of the two triangles that a file has."""
    (node,) = read_model(file).model.nodes
    (piece,) = node.primitives
    found: np.ndarray = piece.attributes["POSITION"][piece.triangles.reshape(-1)]
    return found


def test_draco_is_decoded(tmp_path: Path) -> None:
    made = Gltf(tmp_path)
    packed = DracoPy.encode(POINTS, FACES, quantization_bits=0, preserve_order=True)
    view = made.view(packed)
    at = made.accessor(POINTS, 5126, "VEC3")
    made.primitive |= {
        "attributes": {"POSITION": at},
        "indices": made.accessor(FACES.reshape(-1), 5125, "SCALAR"),
        "extensions": {
            "KHR_draco_mesh_compression": {"bufferView": view, "attributes": {"POSITION": 0}}
        },
    }
    made.document["extensionsRequired"] = ["KHR_draco_mesh_compression"]
    file = made.write()
    assert read_model(file).decoded == ("Draco",)
    expected = POINTS[FACES.reshape(-1)]
    assert np.allclose(sorted(corners(file).tolist()), sorted(expected.tolist()), atol=1e-4)
    made.data = made.data.replace(packed, packed[:20] + b"\xff" * (len(packed) - 20))
    with pytest.raises(RemoteProtocolError, match="mesh 0: the Draco data is damaged"):
        read_model(made.write())


def test_meshopt_is_decoded(tmp_path: Path) -> None:
    made = Gltf(tmp_path)
    # Mode ATTRIBUTES with every delta stored (mode 3): 12 byte planes of one group of 16.
    rows = POINTS.view(np.uint8).reshape(4, 12).astype(int)
    deltas = np.diff(rows, axis=0, prepend=rows[:1]) % 256
    signed = np.where(deltas > 127, deltas - 256, deltas)
    zigzag = np.where(signed < 0, -2 * signed - 1, 2 * signed).astype(np.uint8)
    planes = b"".join(b"\x03" + zigzag[:, k].tobytes() + bytes(12) for k in range(12))
    packed = b"\xa0" + planes + bytes(20) + rows[0].astype(np.uint8).tobytes()
    # Mode TRIANGLES: 0 1 2 are new (code f0, its table's first entry 0); 0 2 3 shares the edge 2 0.
    indices = b"\xe1" + b"\xf0\x00" + bytes(16)
    for data, mode, count, stride in (
        (packed, "ATTRIBUTES", 4, 12), (indices, "TRIANGLES", 6, 4),
    ):  # fmt: skip
        extension = {
            "buffer": 0, "byteOffset": len(made.data), "byteLength": len(data),
            "byteStride": stride, "mode": mode, "count": count,
        }  # fmt: skip
        made.view(data, extensions={"EXT_meshopt_compression": extension})
        made.document["bufferViews"][-1] |= {"buffer": 1, "byteLength": count * stride}
    made.primitive |= {
        "attributes": {"POSITION": made.accessor(POINTS, 5126, "VEC3", bufferView=0)},
        "indices": made.accessor(FACES.reshape(-1), 5125, "SCALAR", bufferView=1),
    }
    made.document["extensionsRequired"] = ["EXT_meshopt_compression"]
    file = made.write()
    assert read_model(file).decoded == ("meshopt",)
    faces = {tuple(sorted(map(tuple, tri))) for tri in corners(file).reshape(2, 3, 3).tolist()}
    assert faces == {tuple(sorted(map(tuple, POINTS[f].tolist()))) for f in FACES}


@pytest.mark.parametrize(
    ("name", "data", "extension", "decoded"),
    [
        ("p.png", picture("PNG"), "", ()),
        ("p.webp", picture("WEBP"), "EXT_texture_webp", ("WebP",)),
        ("p.ktx2", ktx2(), "KHR_texture_basisu", ("KTX2",)),
        ("p.ktx2", ktx2(scheme=3), "KHR_texture_basisu", ("KTX2",)),
        ("p.tiff", picture("TIFF"), "", ()),
    ],
)
def test_pictures_become_png(
    tmp_path: Path, name: str, data: bytes, extension: str, decoded: tuple[str, ...]
) -> None:
    made = Gltf(tmp_path)
    made.plain_card()
    made.textured(name, data, extension)
    brought = read_model(made.write())
    assert (brought.decoded, brought.remarks) == (decoded, ())
    (image,) = brought.model.images
    with Pillow.open(BytesIO(image.content), formats=("PNG",)) as opened:
        assert opened.size == (4, 2)
        assert opened.convert("RGB").getpixel((3, 1)) == (200, 30, 10)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (ktx2(kind=0, scheme=2), "Basis Universal .UASTC.: export the model with PNG or JPEG"),
        (ktx2(kind=0, scheme=1), "Basis Universal .ETC1S.: export the model with PNG or JPEG"),
        (ktx2(kind=145), "Vulkan format 145: export the model with PNG or JPEG"),
        (ktx2()[:110], "damaged or cut short"),
        (b"not a picture", "unknown format: export the model with PNG or JPEG"),
        (None, "does not exist"),
    ],
)
def test_picture_that_cannot_be_read_is_left_out_by_name(
    tmp_path: Path, data: bytes | None, reason: str
) -> None:
    import re

    made = Gltf(tmp_path)
    made.plain_card()
    made.textured("p.ktx2", data)
    brought = read_model(made.write())
    (remark,) = [r for r in brought.remarks if re.search(reason, r.message)]
    assert "'p.ktx2'" in remark.message and "paint" in remark.message
    assert brought.model.materials[0].pictures() == {}


def test_file_far_from_the_model_is_not_read(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "p.png").write_bytes(picture("PNG"))
    made = Gltf(inner)
    made.plain_card()
    made.textured("../../p.png", None)
    (remark,) = read_model(made.write()).remarks
    assert "far from the model" in remark.message


def test_obj_with_materials_and_pictures(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(picture("PNG"))
    (tmp_path / "card.mtl").write_text(
        "newmtl paint\nKd 1 0.5 0\nPr 0.25\nmap_Kd p.png\nmap_Ks gone.png\n"
        "newmtl glass\nKd 0.2 0.2 0.2\nd 0.5\n"
    )
    file = tmp_path / "card.obj"
    file.write_text(
        "mtllib card.mtl\no card\nv 0 0 0\nv 2 0 0\nv 2 1 0\nv 0 1 0\n"
        "vt 0 0\nvt 1 0\nvt 1 1\nvt 0 1\n"
        "usemtl paint\nf 1/1 2/2 3/3 4/4\nusemtl glass\nf -4 -3 -2\nusemtl gone\nf 1 2 3\nl 1 2\n"
    )
    brought = read_model(file)
    materials = {m.name: m for m in brought.model.materials}
    assert materials["paint"].base_image == 0 and materials["paint"].roughness == 0.25
    assert materials["glass"].alpha == "BLEND" and materials["glass"].base[3] == 0.5
    assert brought.model.triangle_count == 4
    assert extent_of(brought.model) == ((0.0, 0.0, 0.0), (2.0, 0.0, 1.0))
    messages = " ".join(remark.message for remark in brought.remarks)
    assert all(word in messages for word in ("map_Ks", "'gone'", "lines"))
    uv = brought.model.nodes[0].primitives[0].attributes["TEXCOORD_0"]
    assert uv.min() == 0.0 and uv.max() == 1.0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("v 0 0\n", "line 1: 'v 0 0' is not valid OBJ"),
        ("v 0 0 0\nf 1 2 3\n", "line 2: index 2 is out of range"),
        ("v 0 0 0\nf 1 1\n", "line 2: a polygon has 2 corners"),
        ("v 0 0 0\n", "no polygons"),
        ("v nan 0 0\nf 1 1 1\n", "NaN"),
    ],
)
def test_invalid_obj_is_refused_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.obj").write_text(text)
    with pytest.raises(RemoteProtocolError, match=reason):
        read_model(tmp_path / "a.obj")


USD = """#usda 1.0
(
    upAxis = "Z"
    metersPerUnit = 0.01
)
def Xform "set" {
    def Mesh "card" {
        point3f[] points = [(0, 0, 0), (200, 0, 0), (200, 0, 100), (0, 0, 100)]
        int[] faceVertexCounts = [4]
        int[] faceVertexIndices = [0, 1, 2, 3]
        rel material:binding = </set/paint>
        uniform token subdivisionScheme = "none"
    }
    def Material "paint" {
        token outputs:surface.connect = </set/paint/surface.outputs:surface>
        def Shader "surface" {
            uniform token info:id = "UsdPreviewSurface"
            color3f inputs:diffuseColor = (1, 0.5, 0.25)
            float inputs:roughness = 0.25
            token outputs:surface
        }
    }
    def Camera "cam" {}
    def SphereLight "bulb" {}
    def "chair" (references = @chairs/gone.usda@) {}
}
"""


def test_usd_in_centimetres_and_z_up(tmp_path: Path) -> None:
    (tmp_path / "a.usda").write_text(USD)
    brought = read_model(tmp_path / "a.usda")
    least, most = extent_of(brought.model)
    assert np.allclose(least, (0, 0, 0), atol=1e-6) and np.allclose(most, (2, 0, 1), atol=1e-6)
    paint = next(m for m in brought.model.materials if m.name == "paint")
    assert paint.base == (1.0, 0.5, 0.25, 1.0) and paint.roughness == 0.25
    found = {remark.pointer: remark.message for remark in brought.remarks}
    assert "Camera" in found["/set/cam"] and "SphereLight" in found["/set/bulb"]
    (missing,) = [where for where in found if where.endswith("gone.usda")]
    assert "does not exist" in found[missing]


def test_usd_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.usda").write_text("not usd")
    with pytest.raises(RemoteProtocolError, match="cannot be opened"):
        read_model(tmp_path / "a.usda")


def test_unit_warning_names_the_scale() -> None:
    assert unit_warnings((20.0, 30.0, 4.0), 1.0) == ()
    assert "--scale 0.01" in unit_warnings((2000.0, 1000.0, 300.0), 1.0)[0]
    assert "--scale 0.001" in unit_warnings((20000.0, 1000.0, 300.0), 1.0)[0]
    assert "--scale 1" in unit_warnings((2000.0, 1000.0, 300.0), 100.0)[0]
    assert "--scale 100" in unit_warnings((0.2, 0.1, 0.03), 1.0)[0]


def test_imported_set_is_accepted_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = trimesh.Scene()
    box = trimesh.creation.box((200.0, 100.0, 600.0))
    material = trimesh.visual.material.PBRMaterial(name="wall\n: {", baseColorFactor=[9, 9, 9, 255])
    box.visual = trimesh.visual.TextureVisuals(material=material)
    scene.add_geometry(box, node_name="box")
    scene.export(tmp_path / "hall.glb")
    monkeypatch.chdir(tmp_path)
    assert run(["scene", "import", "hall.glb", "-o", "hall", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["triangles"], found["size_m"], found["problems"]) == (12, [200, 600, 100], [])
    assert "--scale 0.01" in found["warnings"][0]
    written = json.loads((tmp_path / "scenes/hall/import_report.json").read_text())
    assert {key: found[key] for key in written} == written
    assert run(["scene", "check", "hall", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["triangles"] == 12
    assert run(["scene", "import", "hall.glb", "-o", "hall"]) == 2
    assert "exists already" in capsys.readouterr().err


def test_failed_import_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.glb").write_bytes(b"glTF")
    with pytest.raises(UsageError, match=r"a\.glb: the GLB is truncated"):
        import_set(tmp_path / "a.glb", tmp_path / "scenes" / "a")
    assert list((tmp_path / "scenes").iterdir()) == []
    with pytest.raises(UsageError, match="not a model that can be imported"):
        import_set(Path(__file__), tmp_path / "scenes" / "a")


def test_flat_normals_are_those_of_the_faces() -> None:
    random = np.random.default_rng(4)
    rows = random.normal(size=(30, 3)).astype(np.float32)
    rows[3:6] = rows[3]  # a triangle without area
    triangles = np.arange(30, dtype=np.uint32).reshape(-1, 3)
    assert np.array_equal(flat_normals(rows), face_normals(rows, triangles))


@pytest.mark.soak
def test_million_triangles_are_imported_and_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    side = 708
    x, y = np.meshgrid(np.linspace(-40, 40, side), np.linspace(4, 84, side))
    height = np.sin(x * 0.5) * np.cos(y * 0.4) * 0.6 - 0.5
    at = np.arange(side * side).reshape(side, side)
    a, b, c, d = at[:-1, :-1], at[:-1, 1:], at[1:, 1:], at[1:, :-1]
    faces = np.stack([np.stack([a, b, c], -1), np.stack([a, c, d], -1)]).reshape(-1, 3)
    points = np.stack([x, height, -y], -1).reshape(-1, 3)
    trimesh.Trimesh(points, faces, process=False).export(tmp_path / "hills.glb")
    monkeypatch.chdir(tmp_path)
    began = time.process_time()
    arrays = trimesh.load(tmp_path / "hills.glb", process=False)
    reference = time.process_time() - began
    began = time.process_time()
    brought = read_model(tmp_path / "hills.glb")
    taken = time.process_time() - began
    with capsys.disabled():
        ratio = taken / max(reference, 1e-3)
        sys.stdout.write(
            f"\na million triangles: {taken:.2f} s, trimesh {reference:.2f} s, {ratio:.0f} times\n"
        )
    assert arrays is not None and brought.model.triangle_count == 2 * 707 * 707
    assert run(["scene", "import", "hills.glb", "-o", "hills"]) == 0
    assert run(["scene", "picture", "hills", "--out", "hills.png", "--size", "320x180"]) == 0
    with Pillow.open(tmp_path / "hills.png") as opened:
        pixels = np.asarray(opened.convert("L"), float)
    assert pixels[120:].mean() > pixels[:60].mean() + 20  # bright hills below a darker sky
