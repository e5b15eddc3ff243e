"""Models as exporters write them: what is read, what is warned of by name, and where files lie."""

from __future__ import annotations

import json
import unicodedata
from base64 import b64encode
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gltf.gltf_files import GltfFile, yard
from xrdrama.errors import AuthoringError, RemoteProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Material, Model, TextureMap
from xrdrama.gltf.references import resolve
from xrdrama.gltf.writer import write_glb
from xrdrama.scene.compiled import CompiledScene, read_sheet
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.compiling.lights import MAX_LIGHTS
from xrdrama.scene.compiling.textures import png
from xrdrama.scene.parse import parse_scene

JPEG = b"\xff\xd8\xff\xe0\0\x04ab"
PIXEL = png(np.full((2, 2, 3), 90, np.uint8))


def card() -> GltfFile:
    """A card with a picture."""
    file = GltfFile()
    texture = file.picture(PIXEL)
    file.card("card", file.material("paint", pbr={"baseColorTexture": {"index": texture}}))
    return file


def compiled(files: dict[str, bytes] | GltfFile, name: str = "a.glb", **more: Any) -> CompiledScene:
    found = {name: files.glb()} if isinstance(files, GltfFile) else files
    scene, problems = parse_scene(yard(name), "yard/scene.yaml")
    assert scene is not None, problems
    return compile_scene(scene, found, **more)


def warnings(file: GltfFile) -> list[str]:
    """What compiling warns of, as a user reads it."""
    found = compiled(file).warnings
    assert {(p.severity, p.code, p.line) for p in found} <= {("warning", "S023", 15)}
    return [problem.message for problem in found]


def test_a_plain_model_has_no_warnings() -> None:
    assert warnings(card()) == []


def everything(file: GltfFile) -> dict[str, Any]:
    found: dict[str, Any] = file.json
    return found


def test_every_extension_that_has_no_effect_is_named() -> None:
    file = card()
    file.json["extensionsUsed"] = ["KHR_xmp", "KHR_materials_clearcoat", "KHR_texture_transform"]
    file.json["materials"][0]["extensions"] = {"KHR_materials_clearcoat": {}, "ACME_paint": {}}
    found = warnings(file)
    assert any("/extensionsUsed: the extension KHR_xmp " in text for text in found)
    where = "/materials/0/extensions/"
    assert any(f"{where}KHR_materials_clearcoat: the extension" in text for text in found)
    assert any(f"{where}ACME_paint: the extension ACME_paint" in text for text in found)
    assert len(found) == 3


UNUSED = [
    (lambda f: f.update(animations=[{"name": "Walk", "channels": [{}], "samplers": [{}]}]),
     "/animations/0: the animation 'Walk' is not played"),
    (lambda f: f.update(animations=[{"channels": [], "samplers": []}]), "not played: it is empty"),
    (lambda f: f.update(cameras=[{"type": "perspective", "name": "Shot"}]), "the camera 'Shot'"),
    (lambda f: f["nodes"][0].update(weights=[1.0]), "the node 'card' has morph weights"),
    (lambda f: f["meshes"][0].update(weights=[1.0], name="Face"), "'Face'"),
    (lambda f: f["meshes"][0]["primitives"][0].update(targets=[{"POSITION": 0}]), "morph targets"),
    (lambda f: f["meshes"][0]["primitives"][0].update(mode=0), "consists of points"),
    (lambda f: f["meshes"][0]["primitives"][0].update(mode=1), "consists of lines"),
    (lambda f: f["meshes"][0]["primitives"][0]["attributes"].update(COLOR_1=0), "COLOR_1"),
    (lambda f: f["scenes"].append({"name": "Spare", "nodes": [0]}), "the scene 'Spare'"),
    (lambda f: f["asset"].update(minVersion="2.1"), "2.1"),
    (lambda f: f["accessors"][0].pop("bufferView"), "has no data; zeros"),
    (lambda f: f.update(samplers=[{"wrapS": 7}]) or f["textures"][0].update(sampler=0), "wrapS: 7"),
    (lambda f: f["meshes"][0]["primitives"][0]["attributes"].pop("TEXCOORD_0"), "no TEXCOORD_0"),
    (lambda f: f["images"].append({"name": "note", "uri": "gone.png"}), "no material uses it"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "words"), UNUSED)
def test_remark_names_what_is_not_drawn_as_the_file_says(change: Any, words: str) -> None:
    file = card()
    change(everything(file))
    found = warnings(file)
    assert any(words in text for text in found), found


def test_a_required_extension_that_is_not_supported_is_an_error_with_a_remedy() -> None:
    file = card()
    file.json["extensionsRequired"] = ["KHR_materials_unlit", "ACME_fog"]
    with pytest.raises(AuthoringError, match=r"\(ACME_fog\): switch them off"):
        compiled(file)
    file.json["extensionsRequired"] = ["KHR_materials_unlit"]
    compiled(file)


def test_unused_materials_and_images_do_not_reject_a_model() -> None:
    file = card()
    file.add("images", {"bufferView": file.view(b"II*\0 a photo"), "name": "photo"})
    file.add("textures", {"source": 1})
    file.material("spare", pbr={"baseColorTexture": {"index": 1}})
    file.material("broken", alphaMode="FOG")
    found = warnings(file)
    assert len(found) == 1 and "TIFF" in found[0]
    assert len(read_glb(file.glb()).images) == 2
    # The control: used, the same is an error that names it.
    file.json["meshes"][0]["primitives"][0]["material"] = 1
    with pytest.raises(AuthoringError, match=r"'photo'.*neither PNG nor JPEG but TIFF"):
        compiled(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PIXEL[:16] + (9000).to_bytes(4, "big") + PIXEL[20:], "9000 x 2 pixels; at most 8192"),
        (JPEG + b"\xff\xc2\0\x11\x08\x23\x28\0\x10" + bytes(9), "16 x 9000 pixels; at most 8192"),
        (JPEG, "is a truncated JPEG"),
    ],
)  # fmt: skip
def test_pictures_have_one_limit_that_says_both_sizes(content: bytes, words: str) -> None:
    file = GltfFile()
    texture = file.picture(content)
    file.card("card", file.material(pbr={"baseColorTexture": {"index": texture}}))
    with pytest.raises(RemoteProtocolError, match=words):
        read_glb(file.glb())


def test_a_picture_that_cannot_be_decoded_is_a_problem_with_its_name() -> None:
    def refuse(image: Any) -> Any:
        raise RemoteProtocolError("cannot be decoded: it ends too early")

    file = card()
    file.json["images"][0]["name"] = "bark"
    with pytest.raises(AuthoringError, match="image 'bark' cannot be decoded: it ends too early"):
        compiled(file, decode=refuse)
    # What nothing draws is not decoded.
    file.json["meshes"][0]["primitives"][0].pop("material")
    compiled(file, decode=refuse)


def linked(uri: str, where: str = "models/a.gltf") -> bytes:
    """A .gltf whose picture is a file."""
    file = card()
    file.json["images"][0] = {"uri": uri}
    body = "data:application/octet-stream;base64," + b64encode(bytes(file.binary)).decode()
    return file.text(uri=body)


@pytest.mark.parametrize(
    ("uri", "there", "warned"),
    [
        ("../textures/wood.png", "textures/wood.png", False),
        ("./x/../wood.png", "models/wood.png", False),
        ("..\\textures\\wood.png", "textures/wood.png", False),
        ("old%20wood.png", "models/old wood.png", False),
        ("old wood.png", "models/old wood.png", False),
        ("100%25.png", "models/100%.png", False),
        ("100%.png", "models/100%.png", False),
        ("a%20b.png", "models/a%20b.png", False),
        ("caf\u00e9.png", "models/cafe\u0301.png", False),
        ("cafe%CC%81.png", "models/caf\u00e9.png", False),
        ("Wood.PNG", "models/wood.png", True),
        ("../TEXTURES/wood.png", "textures/Wood.png", True),
    ],
)
def test_references_lead_to_the_file_they_mean(uri: str, there: str, warned: bool) -> None:
    made = compiled({"models/a.gltf": linked(uri), there: PIXEL}, "models/a.gltf")
    assert read_glb(made.glb).images[0].content == PIXEL
    assert bool(made.warnings) == warned
    if warned:
        assert repr(there) in made.warnings[0].message


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("../../wood.png", "is outside the set's folder"),
        ("%2e%2e/%2e%2e/wood.png", "is outside the set's folder"),
        ("..\\..\\wood.png", "is outside the set's folder"),
        ("/etc/passwd", "is outside the set's folder"),
        ("C:\\wood.png", "absolute path"),
        ("https://example.org/wood.png", "is an address"),
        ("link.png", "it is a link out"),
        ("wod.png", "does not exist in the set's folder: did you mean 'models/wood.png'"),
        ("OAK.png", "may mean 'models/Oak.png' or 'models/oak.png'"),
        ("data:image/png;base64,%%%", "not valid base64"),
    ],
)
def test_references_that_lead_nowhere_say_why(uri: str, words: str) -> None:
    files = {"models/a.gltf": linked(uri), "models/wood.png": PIXEL, "wood.png": PIXEL,
             "models/oak.png": PIXEL, "models/Oak.png": PIXEL}  # fmt: skip
    with pytest.raises(AuthoringError) as caught:
        compiled(files, "models/a.gltf", unread={"models/link.png": "it is a link out"})
    assert words in str(caught.value)


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.sampled_from(["..", ".", "a", "%2e%2e", "\\..\\", "//", "~"]), max_size=6))
def test_no_reference_leads_out_of_the_folder(parts: list[str]) -> None:
    files = {"a": b"", "m/a": b""}
    try:
        path, _ = resolve("/".join(parts), "m", files)
    except RemoteProtocolError:
        return
    assert path in files


def test_a_models_own_file_may_have_another_letter_case() -> None:
    made = compiled({"Models/A.glb": card().glb()}, "models/a.glb")
    assert "'Models/A.glb' on disk (different letter case)" in made.warnings[0].message


def test_byte_order_mark_is_accepted() -> None:
    text = linked("data:image/png;base64," + b64encode(PIXEL).decode())
    assert read_glb(b"\xef\xbb\xbf" + text).triangle_count == 2
    with pytest.raises(RemoteProtocolError, match="UTF-16 text: save it as UTF-8"):
        read_glb(text.decode().encode("utf-16"))


def positions(file: GltfFile) -> list[list[float]]:
    piece = read_glb(file.glb()).nodes[0].primitives[0]
    return piece.attributes["POSITION"][piece.triangles.reshape(-1)].round(3).tolist()


def test_sparse_rows_replace_dense_ones_and_zeros() -> None:
    file = GltfFile()
    file.card("card", file.material())
    plain = positions(file)
    accessor = file.json["accessors"][0]
    at = file.view(np.array([1, 3], "<u1").tobytes())
    values = file.view(np.array([[9, 8, 7], [6, 5, 4]], "<f4").tobytes())
    accessor["sparse"] = {
        "count": 2, "indices": {"bufferView": at, "componentType": 5121},
        "values": {"bufferView": values},
    }  # fmt: skip
    changed = positions(file)
    assert changed[1] == [9, 8, 7] and changed[5] == [6, 5, 4] and changed[2] == plain[2]
    del accessor["bufferView"]
    assert positions(file)[1] == [9, 8, 7] and positions(file)[0] == [0, 0, 0]


@pytest.mark.parametrize(
    ("mode", "corners"),
    [(4, [0, 1, 2, 2, 1, 3]), (5, [0, 1, 2, 3]), (6, [0, 1, 3, 2])],
)
@pytest.mark.parametrize("kind", ["<u1", "<u2", "<u4"])
def test_strips_and_fans_are_triangles_of_one_winding(
    mode: int, corners: list[int], kind: str
) -> None:
    file = GltfFile()
    square = file.rows([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]])
    mesh = file.mesh({"POSITION": square}, indices=file.rows(corners, kind), mode=mode)
    file.node("square", mesh=mesh)
    piece = read_glb(file.glb()).nodes[0].primitives[0]
    assert len(piece.triangles) == 2
    assert np.allclose(piece.attributes["NORMAL"], [0, 0, 1])


def test_normalised_integers_are_fractions_and_strides_are_followed() -> None:
    file = GltfFile()
    rows = np.zeros((3, 8), "<i2")
    rows[:, :3] = [[0, 0, 0], [32767, 0, 0], [0, -32768, 0]]
    view = file.view(rows.tobytes(), byteStride=16)
    accessor = {"bufferView": view, "componentType": 5122, "count": 3, "type": "VEC3",
                "normalized": True}  # fmt: skip
    file.node("n", mesh=file.mesh({"POSITION": file.add("accessors", accessor)}))
    assert positions(file) == [[0, 0, 0], [1, 0, 0], [0, -1, 0]]


def test_instances_become_one_piece_unless_they_are_a_part() -> None:
    file = card()
    rows = file.rows([[0, 0, 0], [1, 0, 0], [2, 0, 0]])
    instancing = {"attributes": {"TRANSLATION": rows, "_ID": rows}}
    file.json["nodes"][0]["extensions"] = {"EXT_mesh_gpu_instancing": instancing}
    made = compiled(file)
    (node,) = read_glb(made.glb).nodes
    assert len(node.primitives[0].triangles) == 6
    assert "_ID of the instances has no effect" in made.warnings[0].message
    scene, _ = parse_scene(yard(more="parts: {card: {doc: Parts.}}\n"), "yard/scene.yaml")
    assert scene is not None
    apart = compile_scene(scene, {"a.glb": file.glb()})
    assert len(read_glb(apart.glb).nodes) == 3


def test_panes_that_are_instances_stay_apart_to_be_sorted() -> None:
    file = GltfFile()
    file.card("pane", file.material(alphaMode="BLEND", pbr={"baseColorFactor": [1, 1, 1, 0.5]}))
    rows = file.rows([[0, 0, 0], [0, 0, 1]])
    instancing = {"attributes": {"TRANSLATION": rows}}
    file.json["nodes"][0]["extensions"] = {"EXT_mesh_gpu_instancing": instancing}
    assert len(read_glb(compiled(file).glb).nodes) == 2


def test_names_may_be_in_any_script() -> None:
    file = card()
    file.json["nodes"][0]["name"] = "灯笼"
    file.json["materials"][0]["name"] = unicodedata.normalize("NFD", "Café 1")
    more = "materials: {Café 1: {doc: Paint.}}\nparts: {灯笼: {doc: A lantern.}}\n"
    scene, problems = parse_scene(yard(more=more), "yard/scene.yaml")
    assert scene is not None, problems
    compile_scene(scene, {"a.glb": file.glb()})


def lamps(count: int, **more: Any) -> GltfFile:
    file = card()
    made = [{"type": "point", "intensity": 1.0 + i} | more for i in range(count)]
    file.json["extensions"] = {"KHR_lights_punctual": {"lights": made}}
    for i in range(count):
        file.node(f"lamp {i}", extensions={"KHR_lights_punctual": {"light": i}})
    return file


def test_the_strongest_lights_are_drawn_and_the_others_named() -> None:
    made = compiled(lamps(MAX_LIGHTS + 2))
    assert len(read_sheet(made.scene_json).model_lights) == MAX_LIGHTS
    messages = [problem.message for problem in made.warnings]
    assert len(messages) == 2
    assert "'lamp 0' is not drawn" in messages[0] and "'lamp 1' is not drawn" in messages[1]


def test_a_light_stands_and_points_as_its_node_does() -> None:
    file = lamps(1, range=5.0)
    half = 0.5**0.5
    # Turned so that its -Z looks down.
    file.json["nodes"][1] |= {"translation": [1, 2, 3], "rotation": [-half, 0, 0, half]}
    (light,) = read_sheet(compiled(file).scene_json).model_lights
    # The yard sets the model three metres into the wall.
    assert (light.at.x, light.at.y, light.at.z) == pytest.approx((1, 0, 2))
    assert (light.direction.x, light.direction.y, light.direction.z) == pytest.approx((0, 0, -1))
    assert light.reach == 5.0


def test_maps_are_written_as_they_were_read() -> None:
    laid = TextureMap(2, (0.5, 0.25), 1.0, (2.0, 3.0), "clamp", "mirror", "nearest", "linear")
    file = card()
    image = read_glb(file.glb()).images[0]
    material = Material(
        "m", base_image=0, base_map=laid, occlusion_image=0, occlusion_strength=0.5, unlit=True
    )
    model = Model((), (material,), (image,))
    assert read_glb(write_glb(model), every_image=True).materials == (material,)


WHOLE = lamps(2)
WHOLE.json["nodes"][0]["extensions"] = {
    "EXT_mesh_gpu_instancing": {"attributes": {"TRANSLATION": WHOLE.rows([[0, 0, 0], [1, 1, 1]])}}
}
WHOLE.json["materials"][0]["normalTexture"] = {
    "index": 0, "extensions": {"KHR_texture_transform": {"rotation": 1, "scale": [2, 2]}}
}  # fmt: skip
WHOLE.json["accessors"][0]["sparse"] = {
    "count": 1, "indices": {"bufferView": 0, "componentType": 5121}, "values": {"bufferView": 1}
}  # fmt: skip
BYTES = WHOLE.glb()


def attempt(content: bytes) -> None:
    """Compiles or is refused, and nothing else; what compiles is whole."""
    try:
        made = compiled({"a.glb": content})
    except AuthoringError:
        return
    for node in read_glb(made.glb, every_image=True).nodes:
        for piece in node.primitives:
            assert np.isfinite(piece.attributes["POSITION"]).all()
            assert piece.triangles.max(initial=0) < max(len(piece.attributes["POSITION"]), 1)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_flipped_bits_are_read_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(BYTES)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    attempt(bytes(damaged))


WILD = st.one_of(
    st.integers(-3, 9), st.integers(0, 2**33), st.floats(), st.none(), st.booleans(),
    st.text(max_size=3), st.lists(st.integers(-2, 3), max_size=4),
    st.dictionaries(st.sampled_from(["light", "attributes", "index"]), st.integers(-1, 3)),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, each in inner:
        found.append((*path, key))
        if isinstance(each, (dict, list)):
            found += places(each, (*path, key))
    return found


PLACES = places(WHOLE.json)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_any_value_may_be_extreme(data: st.DataObject) -> None:
    file = GltfFile()
    file.json, file.binary = json.loads(json.dumps(WHOLE.json)), WHOLE.binary
    *path, last = data.draw(st.sampled_from(PLACES))
    inner: Any = file.json
    for key in path:
        inner = inner[key]
    if data.draw(st.booleans()):
        inner[last] = data.draw(WILD)
    else:
        del inner[last]
    try:
        content = file.glb()
    except (TypeError, ValueError):
        return
    attempt(content)


def test_names_are_compared_in_one_form() -> None:
    name = unicodedata.normalize("NFD", "café.png")
    assert resolve("café.png", "", {name}) == (name, "")
