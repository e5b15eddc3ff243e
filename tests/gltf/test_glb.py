"""Models: what is read is what was written; garbage gives one error; the rest is refused."""

from __future__ import annotations

import contextlib
import json
import struct
from base64 import b64encode
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.glb import read_glb, split_glb
from xrdrama.gltf.meshes import (
    Image,
    Material,
    Model,
    Node,
    Primitive,
    Punctual,
    face_normals,
    from_gltf,
    tangents,
    to_gltf,
)
from xrdrama.gltf.writer import write_glb
from xrdrama.scene.compiling.textures import noise, png

QUAD = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)
CORNERS = np.array([[0, 1, 2], [0, 2, 3]], np.uint32)
PIXEL = png(np.full((2, 3, 3), 90, np.uint8))


def quad_model() -> Model:
    attributes = {
        "POSITION": QUAD,
        "NORMAL": np.tile(np.array([[0, 0, 1]], np.float32), (4, 1)),
        "TEXCOORD_0": QUAD[:, :2].copy(),
        "COLOR_0": np.tile(np.array([[1, 0.2, 0.4, 1]], np.float32), (4, 1)),
        "_BAKE": np.tile(np.array([[0, 0.2, 0.4, 1]], np.float32), (4, 1)),
        "_MOTION": np.tile(np.array([[5, 6, 7, 0.25]], np.float32), (4, 1)),
    }
    matrix = np.eye(4)
    matrix[:3, 3] = (1, 2, 3)
    material = Material(
        "paper", (0.5, 0.6, 0.7, 1.0), 0.25, 0.5, (4.0, 2.0, 0.5), 0, 0, 0, 0, 0.75,
        "MASK", 0.25, True,
    )  # fmt: skip
    node = Node("lantern", matrix, (Primitive(0, attributes, CORNERS),))
    return Model((node,), (material,), (Image("pixel", "image/png", PIXEL),))


def document() -> tuple[dict[str, Any], bytes]:
    text, binary = split_glb(write_glb(quad_model()))
    return json.loads(text), binary


def packed(json_part: dict[str, Any], binary: bytes) -> bytes:
    text = json.dumps(json_part).encode()
    text += b" " * (-len(text) % 4)
    parts = struct.pack("<I4s", len(text), b"JSON") + text
    parts += struct.pack("<I4s", len(binary), b"BIN\0") + binary
    return struct.pack("<4sII", b"glTF", 2, 12 + len(parts)) + parts


def test_written_model_is_read_back_equal() -> None:
    model = quad_model()
    read = read_glb(write_glb(model))
    assert read.materials == model.materials
    assert read.images == model.images
    (node,) = read.nodes
    assert node.name == "lantern"
    assert np.array_equal(node.matrix, model.nodes[0].matrix)
    (primitive,) = node.primitives
    assert np.array_equal(primitive.triangles, CORNERS)
    for name, rows in model.nodes[0].primitives[0].attributes.items():
        assert np.allclose(primitive.attributes[name], rows, atol=1 / 255), name
    assert read.triangle_count == 2


def test_equal_models_have_equal_bytes() -> None:
    assert write_glb(quad_model()) == write_glb(quad_model())


def test_lights_are_written_for_every_viewer() -> None:
    light = Punctual("moon", "point", (1.0, 0.5, 0.25), 3.0, np.eye(4), 7.0)
    written = json.loads(split_glb(write_glb(quad_model(), [light]))[0])
    assert written["extensions"]["KHR_lights_punctual"]["lights"] == [
        {"name": "moon", "type": "point", "color": [1.0, 0.5, 0.25], "intensity": 3.0, "range": 7.0}
    ]
    assert "KHR_lights_punctual" in written["extensionsUsed"]
    assert read_glb(write_glb(quad_model(), [light])).triangle_count == 2


def test_normals_are_made_where_there_are_none() -> None:
    file, binary = document()
    del file["meshes"][0]["primitives"][0]["attributes"]["NORMAL"]
    normals = read_glb(packed(file, binary)).nodes[0].primitives[0].attributes["NORMAL"]
    assert np.allclose(normals, [[0, 0, 1]] * 6)


def test_triangles_without_indices_and_short_indices_are_read() -> None:
    file, binary = document()
    primitive = file["meshes"][0]["primitives"][0]
    primitive["attributes"] = {"POSITION": primitive["attributes"]["POSITION"]}
    file["accessors"][primitive["attributes"]["POSITION"]]["count"] = 3
    del primitive["indices"]
    assert read_glb(packed(file, binary)).triangle_count == 1


def test_interleaved_rows_are_read() -> None:
    rows = np.zeros((4, 8), np.float32)
    rows[:, :3], rows[:, 3:6] = QUAD, (0, 0, 1)
    file, _ = document()
    file["bufferViews"] = [
        {"buffer": 0, "byteOffset": 0, "byteLength": 128, "byteStride": 32},
        {"buffer": 0, "byteOffset": 128, "byteLength": 12},
    ]
    file["accessors"] = [
        {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3"},
        {"bufferView": 0, "byteOffset": 12, "componentType": 5126, "count": 4, "type": "VEC3"},
        {"bufferView": 1, "componentType": 5123, "count": 6, "type": "SCALAR"},
    ]
    file["meshes"] = [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2}]}]
    for key in ("materials", "images", "textures"):
        file.pop(key)
    binary = rows.tobytes() + np.array([0, 1, 2, 0, 2, 3], np.uint16).tobytes()
    file["buffers"] = [{"byteLength": len(binary)}]
    primitive = read_glb(packed(file, binary)).nodes[0].primitives[0]
    assert np.array_equal(primitive.attributes["POSITION"], QUAD)
    assert np.array_equal(primitive.triangles, CORNERS)


def test_a_tree_of_nodes_becomes_frames_in_the_model() -> None:
    file, binary = document()
    half = 0.5**0.5
    file["nodes"] = [
        {"translation": [0, 0, 5], "rotation": [0, half, 0, half], "children": [1]},
        {"name": "leaf", "mesh": 0, "translation": [1, 0, 0], "scale": [2, 2, 2]},
    ]
    (node,) = read_glb(packed(file, binary)).nodes
    corner = node.matrix @ np.array([1.0, 0.0, 0.0, 1.0])
    assert np.allclose(corner[:3], [0, 0, 5 - 3])


def test_a_gltf_with_files_beside_it_is_read() -> None:
    file, binary = document()
    file["buffers"][0]["uri"] = "sub/../quad.bin"
    text = json.dumps(file).encode()
    assert read_glb(text, {"quad.bin": binary}).triangle_count == 2
    file["buffers"][0]["uri"] = "data:application/octet-stream;base64," + b64encode(binary).decode()
    assert read_glb(json.dumps(file).encode()).triangle_count == 2


def piece(file: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = file["meshes"][0]["primitives"][0]
    return found


def mode(number: int) -> Any:
    return lambda f: piece(f).update(mode=number)


def sparse(rows: int = 1, kind: int = 5121) -> dict[str, Any]:
    indices = {"bufferView": 0, "componentType": kind}
    return {"count": rows, "indices": indices, "values": {"bufferView": 0}}


REFUSED = [
    (mode(9), "mode 9: export it again"),
    (lambda f: piece(f).update(extensions={"KHR_draco_mesh_compression": {}}), "Draco"),
    (lambda f: f.update(extensionsRequired=["EXT_meshopt_compression"]), "EXT_meshopt_compression"),
    (lambda f: f["meshes"][0]["primitives"][0]["attributes"].pop("POSITION"), "attribute POSITION"),
    (lambda f: f["accessors"][0].update(count=5000), "beyond the end of its buffer"),
    (lambda f: f["accessors"][0].update(count=90_000_000), "90,000,000 rows"),
    (lambda f: f["accessors"][0].update(sparse={}), "sparse"),
    (lambda f: f["accessors"][0].update(sparse=sparse(rows=9)), "do not exist"),
    (lambda f: f["accessors"][0].update(sparse=sparse(kind=5126)), "do not exist"),
    (lambda f: f["accessors"][0].update(componentType=7), "unknown type"),
    (lambda f: f["accessors"][1].update(count=3), "NORMAL has 3 rows, POSITION has 4"),
    (lambda f: f["bufferViews"][0].update(byteOffset=2**31), "beyond the end of its buffer"),
    (lambda f: f["buffers"][0].update(byteLength=2**31), "expected 2147483648"),
    (lambda f: f["buffers"][0].update(uri="../secrets.bin"), "is outside the set's folder"),
    (lambda f: f["buffers"][0].update(uri="/etc/passwd"), "is outside the set's folder"),
    (lambda f: f["buffers"][0].update(uri="file:///etc/passwd"), "absolute path"),
    (lambda f: f["buffers"][0].update(uri="%2e%2e/secrets.bin"), "is outside the set's folder"),
    (lambda f: f["buffers"][0].update(uri="quad.bin"), "does not exist in the set's folder"),
    (lambda f: f["buffers"][0].update(uri="data:;base64,%%%"), "base64"),
    (lambda f: f["scenes"][0].update(nodes=[7]), "node 7 does not exist (count: 1)"),
    (lambda f: f["nodes"][0].update(children=[0]), "has a cycle"),
    (lambda f: f["nodes"][0].update(mesh=3), "mesh 3 does not exist"),
    (lambda f: f["nodes"][0].update(scale=[1e9, 1, 1], matrix=None), "NaN, infinite or over"),
    (lambda f: f.pop("scenes"), "no scene"),
    (lambda f: f["asset"].update(version="1.0"), "1.0"),
    (lambda f: f["materials"][0].update(alphaMode="FOG"), "FOG"),
    (lambda f: f["textures"][0].pop("source"), "no PNG or JPEG image"),
    (lambda f: f["images"][0].update(bufferView=0), "neither PNG nor JPEG"),
    (lambda f: f["meshes"][0]["primitives"][0].update(material=4), "material 4 does not exist"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "words"), REFUSED)
def test_unsupported_content_is_refused_by_name(damage: Any, words: str) -> None:
    file, binary = document()
    damage(file)
    with pytest.raises(RemoteProtocolError) as caught:
        read_glb(packed(file, binary))
    assert words in str(caught.value)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 3e38])
def test_positions_must_be_finite_and_near(bad: float) -> None:
    file, binary = document()
    start = file["bufferViews"][file["accessors"][0]["bufferView"]]["byteOffset"]
    damaged = bytearray(binary)
    damaged[start : start + 4] = struct.pack("<f", bad)
    with pytest.raises(RemoteProtocolError, match=r"finite|beyond"):
        read_glb(packed(file, bytes(damaged)))


def test_a_corner_beyond_the_vertices_is_refused() -> None:
    model = quad_model()
    wrong = Primitive(0, model.nodes[0].primitives[0].attributes, CORNERS + 2)
    content = write_glb(Model((Node("n", np.eye(4), (wrong,)),), model.materials, model.images))
    with pytest.raises(RemoteProtocolError, match="index 5 is out of range"):
        read_glb(content)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "neither"),
        (b"glTF", "truncated within its header"),
        (struct.pack("<4sII", b"glTF", 1, 20) + bytes(8), "version 1"),
        (struct.pack("<4sII", b"glTF", 2, 99) + bytes(8), "is truncated"),
        (struct.pack("<4sII", b"glTF", 2, 20) + struct.pack("<I4s", 50, b"JSON"), "longer than"),
        (struct.pack("<4sII", b"glTF", 2, 20) + struct.pack("<I4s", 0, b"BIN\0"), "no JSON"),
        (b'{"asset": {"version": "2.0"}', "not valid glTF"),
        (b'{"asset": "\xff"}', "not valid glTF"),
        (b'{"asset": ' + b"[" * 5000, "not valid glTF"),
    ],
)
def test_broken_files_say_how_they_are_broken(content: bytes, words: str) -> None:
    with pytest.raises(RemoteProtocolError, match=words):
        read_glb(content)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=200), framed=st.booleans())
def test_garbage_is_a_remote_protocol_error_and_nothing_else(content: bytes, framed: bool) -> None:
    if framed:
        head = struct.pack("<4sIII4s", b"glTF", 2, 20 + len(content), len(content), b"JSON")
        content = head + content
    with pytest.raises(RemoteProtocolError):
        read_glb(content)


WHOLE = write_glb(quad_model())


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_a_damaged_model_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(damaged)))
    content = bytes(damaged[:cut] if data.draw(st.booleans()) else damaged)
    try:
        model = read_glb(content)
    except RemoteProtocolError:
        return
    for node in model.nodes:
        for primitive in node.primitives:
            assert np.isfinite(primitive.attributes["POSITION"]).all()
            assert primitive.triangles.max(initial=0) < len(primitive.attributes["POSITION"])


numbers = st.one_of(
    st.integers(-5, 10), st.integers(0, 2**34), st.floats(), st.none(), st.text(max_size=3)
)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_extreme_numbers_in_the_json_are_read_or_refused(data: st.DataObject) -> None:
    file, binary = document()
    thing = file[
        data.draw(st.sampled_from(["accessors", "bufferViews", "buffers", "nodes", "materials"]))
    ]
    row = thing[data.draw(st.integers(0, len(thing) - 1))]
    key = data.draw(
        st.sampled_from([*row, "byteStride", "byteOffset", "children", "scale", "matrix"])
    )
    row[key] = data.draw(st.one_of(numbers, st.lists(numbers, max_size=16)))
    with contextlib.suppress(RemoteProtocolError):
        read_glb(packed(file, binary))


def test_axes_turn_and_turn_back() -> None:
    ours = np.array([[1.0, 2.0, 3.0, 0.5]], np.float32)
    assert to_gltf(ours).tolist() == [[1.0, 3.0, -2.0, 0.5]]
    assert np.array_equal(from_gltf(to_gltf(ours)), ours)


def test_tangents_run_along_u_and_green_points_up_the_picture() -> None:
    # v runs down the picture, so the upper edge of this wall has v = 0.
    uv = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)
    attributes = {"POSITION": QUAD, "TEXCOORD_0": uv, "NORMAL": face_normals(QUAD, CORNERS)}
    found = tangents(attributes, CORNERS)
    assert np.allclose(found, [[1, 0, 0, 1]] * 4)
    attributes["TEXCOORD_0"] = uv * (-1, 1)
    mirrored = tangents(attributes, CORNERS)
    assert np.allclose(mirrored, [[-1, 0, 0, -1]] * 4)


def test_noise_tiles() -> None:
    field = noise(64, 1).astype(int)
    seam = np.abs(field[:, 0] - field[:, -1]).mean()
    inside = np.abs(field[:, 30] - field[:, 31]).mean()
    assert seam < inside * 1.6
    assert np.array_equal(field, noise(64, 1))
