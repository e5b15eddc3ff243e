"""Compiling: pure, whole, checked; and the real set of the drama."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from xrdrama.errors import AuthoringError, RemoteProtocolError
from xrdrama.gltf.glb import read_glb, split_glb
from xrdrama.gltf.meshes import Image, Material, Model, Node, Primitive
from xrdrama.gltf.writer import write_glb
from xrdrama.scene.compiled import LOOP, CompiledScene, Curves, read_sheet
from xrdrama.scene.compiling import sky as skies
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.compiling.textures import png
from xrdrama.scene.model import Scene
from xrdrama.scene.parse import parse_scene

LANE = Path(__file__).parents[3] / "scenes" / "lantern_street"

YARD = """\
xrdrama: 1
id: yard
title: A yard
doc: Where the test stands.
params:
  glow: {kind: real, least: 0, most: 2, default: 1, doc: A lamp.}
lights:
  moon: {kind: directional, doc: Key., toward: [0, 1, -1], colour: "#ffffff", intensity: 1, shadow: true}
  lamp: {kind: point, doc: Lamp., at: [1, 2, 3], colour: "#ff8000", intensity: 2, reach: 5}
  baked: {kind: baked, doc: Baked., channel: 2, colour: "#ff8000", intensity: 2}
environment:
  sky:
    before: {zenith: "#000000", middle: "#000010", horizon: "#101020", ground: "#000000", glow: "#000000"}
    after: {zenith: "#405080", middle: "#506090", horizon: "#a09080", ground: "#202020", glow: "#402010"}
  fog: {density: 0.05, height: 4}
models:
  near: {file: assets/quad.glb, doc: One., at: [10, 20, 5], pan: 90, scale: 2}
materials:
  paper: {doc: Paper., glow_by: glow, sway: 4}
parts:
  leaf: {doc: A leaf., turn_by: glow, degrees: 90}
particles:
  snow: {kind: snow, doc: Flakes., count: 7, least: [-1, -1, 0], most: [1, 1, 2], size: 0.02, colour: "#ffffff"}
"""  # noqa: E501


def quad(node: str = "wall", *, picture: bool = True) -> bytes:
    # In glTF's frame: a wall of one metre that faces +Z.
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], np.float32)
    attributes = {
        "POSITION": points,
        "NORMAL": np.tile(np.array([[0, 0, 1]], np.float32), (4, 1)),
        "TEXCOORD_0": points[:, :2].copy(),
        "_MOTION": np.tile(np.array([[0.5, 1, 0, 0.25]], np.float32), (4, 1)),
    }
    pixel = Image("pixel", "image/png", png(np.full((2, 2, 3), 90, np.uint8)))
    material = Material("paper", normal_image=0) if picture else Material("paper")
    leaf = Node("leaf", np.eye(4), ())
    primitive = Primitive(0, attributes, np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
    wall = Node(node, np.eye(4), (primitive,))
    return write_glb(Model((wall, leaf), (material,), (pixel,) if picture else ()))


def scene(text: str = YARD) -> Scene:
    found, problems = parse_scene(text, "yard/scene.yaml")
    assert found is not None, problems
    return found


def compiled(text: str = YARD, **files: bytes) -> CompiledScene:
    return compile_scene(scene(text), {"assets/quad.glb": files.get("quad") or quad()})


def problems_of(text: str, files: dict[str, bytes]) -> list[tuple[int, str, str]]:
    with pytest.raises(AuthoringError) as caught:
        compile_scene(scene(text), files)
    return [(p.line, p.code, f"{p.message} {p.hint}") for p in caught.value.problems]


def test_equal_scenes_have_equal_bytes_and_others_have_not() -> None:
    first, second = compiled(), compiled()
    assert first == second
    assert len(first.hash) == 32
    other = compiled(YARD.replace("intensity: 1,", "intensity: 2,"))
    assert other.hash != first.hash


def test_models_are_brought_into_the_sets_frame() -> None:
    model = read_glb(compiled().glb)
    wall = next(node for node in model.nodes if node.name == "wall")
    assert np.array_equal(wall.matrix, np.eye(4))
    attributes = wall.primitives[0].attributes
    # Our (10, 20, 5) is glTF's (10, 5, -20); panned 90 degrees to the left, the wall of two metres
    # runs along our +y and faces our +x.
    assert np.allclose(attributes["POSITION"][0], [10, 5, -20], atol=1e-5)
    assert np.allclose(attributes["POSITION"][2], [10, 7, -22], atol=1e-5)
    assert np.allclose(attributes["NORMAL"], [[1, 0, 0]] * 4, atol=1e-6)
    assert np.allclose(attributes["_MOTION"][0], [10, 7, -21, 0.25], atol=1e-5)
    assert np.allclose(np.abs(attributes["TANGENT"][:, 2]), 1.0, atol=1e-6)


def test_a_part_keeps_its_frame() -> None:
    model = read_glb(compiled(quad=quad("leaf")).glb)
    leaf = next(node for node in model.nodes if node.name == "leaf")
    assert np.allclose(leaf.primitives[0].attributes["POSITION"][2], [1, 1, 0])
    assert np.allclose(leaf.matrix[:3, 3], [10, 5, -20])


def test_unused_attributes_are_left_out() -> None:
    wall = read_glb(compiled(quad=quad(picture=False)).glb).nodes[0]
    assert set(wall.primitives[0].attributes) == {"POSITION", "NORMAL", "_MOTION"}


def test_particles_are_quads_in_their_box() -> None:
    model = read_glb(compiled().glb)
    node = next(node for node in model.nodes if node.name == "particles snow")
    attributes = node.primitives[0].attributes
    assert len(attributes["POSITION"]) == 28
    low, high = attributes["POSITION"].min(0), attributes["POSITION"].max(0)
    assert (low >= [-1, 0, -1]).all() and (high <= [1, 2, 1]).all()
    assert attributes["_SEED"].min() >= 0 and attributes["_SEED"].max() <= 1
    assert len(np.unique(attributes["_SEED"], axis=0)) == 7


def test_the_sheet_says_what_a_renderer_needs() -> None:
    made = compiled()
    sheet = read_sheet(made.scene_json)
    assert sheet.id == "yard" and sheet.params["glow"].most == 2
    assert sheet.materials["paper"].glow_by == "glow"
    assert sheet.parts["leaf"].degrees == 90
    model = read_glb(made.glb)
    assert model.images[sheet.noise].name == "noise"
    assert model.images[sheet.reflections.before].name == "reflections before"
    assert len(sheet.ambient.after) == 9
    lights = json.loads(split_glb(made.glb)[0])["extensions"]["KHR_lights_punctual"]["lights"]
    assert [light["name"] for light in lights] == ["light moon", "light lamp"]


def test_looping_curves_fit_into_the_loop() -> None:
    curves = Curves()
    # Sway turns at half its frequency too.
    for wave in (*curves.flicker, *curves.sway, curves.gust):
        turns = wave.hertz * LOOP / 2
        assert turns == pytest.approx(round(turns), abs=1e-6)
    for waves in (curves.flicker, curves.sway):
        assert sum(wave.share for wave in waves) == pytest.approx(1.0)


def test_another_version_is_refused_by_name() -> None:
    made = compiled()
    sheet = json.loads(made.scene_json)
    sheet["version"] = 9
    with pytest.raises(RemoteProtocolError, match="version 9"):
        read_sheet(json.dumps(sheet).encode())
    sheet["format"] = "glTF"
    with pytest.raises(RemoteProtocolError, match="not a compiled scene"):
        read_sheet(json.dumps(sheet).encode())


GARBAGE = [
    b"",
    b"[]",
    b'{"format": "\xff"}',
    b"{" * 9000,
    b'{"format": "xrdrama-scene", "version": 2}',
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_broken_sheet_is_a_remote_protocol_error(garbage: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        read_sheet(garbage)


def test_a_missing_model_is_named_at_its_place() -> None:
    ((line, code, words),) = problems_of(YARD, {"assets/quat.glb": b""})
    assert (line, code) == (17, "S020")
    assert "did you mean 'assets/quat.glb'" in words


def test_a_broken_model_is_named_at_its_place() -> None:
    ((line, code, words),) = problems_of(YARD, {"assets/quad.glb": quad()[:40]})
    assert (line, code) == (17, "S020")
    assert "is truncated" in words


def test_unknown_materials_and_parts_are_named() -> None:
    text = YARD.replace("  paper: {", "  papre: {").replace("  leaf: {", "  leef: {")
    found = problems_of(text, {"assets/quad.glb": quad()})
    lines = text.splitlines()
    expected = [
        (lines.index(line) + 1, "S021")
        for line in lines
        if line.startswith(("  papre: {", "  leef: {"))
    ]
    assert [(line, code) for line, code, _ in found] == expected
    assert any("'paper'" in words for *_, words in found)
    assert any("'leaf'" in words for *_, words in found)


def test_a_model_may_use_files_beside_it_but_none_outside_the_folder() -> None:
    file = json.loads(split_glb(quad(picture=False))[0])
    binary = split_glb(quad(picture=False))[1]
    file["buffers"][0]["uri"] = "quad.bin"
    text = YARD.replace("quad.glb", "quad.gltf")
    content = json.dumps(file).encode()
    made = compile_scene(scene(text), {"assets/quad.gltf": content, "assets/quad.bin": binary})
    assert read_glb(made.glb).triangle_count == 2 + 14
    file["buffers"][0]["uri"] = "../quad.bin"
    inside = {"assets/quad.gltf": json.dumps(file).encode(), "quad.bin": binary}
    assert read_glb(compile_scene(scene(text), inside).glb).triangle_count == 2 + 14
    file["buffers"][0]["uri"] = "../../quad.bin"
    found = problems_of(text, {"assets/quad.gltf": json.dumps(file).encode(), "quad.bin": binary})
    assert "is outside the set's folder" in found[0][2]


def test_harmonics_of_an_even_sky_are_even() -> None:
    directions = skies.sphere(4096)
    rows = skies.harmonics(directions, np.ones((4096, 3)))
    assert np.allclose(rows[0], 1.0, atol=1e-3)
    assert np.abs(rows[1:]).max() < 2e-3


def test_harmonics_are_the_irradiance_that_they_stand_for() -> None:
    lane = scene((LANE / "scene.yaml").read_text("utf-8"))
    sky = lane.environment.sky
    directions = skies.sphere(20_000)
    radiance = skies.sky_radiance(directions, sky.after, sky)
    rows = skies.harmonics(directions, radiance)

    def error(axes: list[int]) -> float:
        """Of nine bands against the integral, as a share of the brightest direction."""
        found = []
        for n in skies.sphere(40):
            cosine = np.maximum(directions @ n, 0.0)[:, None]
            wanted = (radiance * cosine).sum(0) / cosine.sum()
            x, y, z = n[axes]
            terms = np.array([1, y, z, x, x * y, y * z, 3 * z * z - 1, x * z, x * x - y * y])
            found.append(np.abs(terms @ rows - wanted).max())
        return float(np.max(found) / radiance.max())

    assert error([0, 1, 2]) < 0.04
    # Negative control: another order of axes is seen.
    assert error([0, 2, 1]) > 0.12


def test_reflections_blur_as_they_grow_rough() -> None:
    lane = scene((LANE / "scene.yaml").read_text("utf-8"))
    sky = lane.environment.sky
    levels = skies.reflections(sky.after, sky, None)
    spreads = []
    row = 0
    for width in skies.LEVELS:
        spreads.append(levels[row : row + width, :width].std())
        row += width
    assert spreads == sorted(spreads, reverse=True)
    mirror = skies.sky_radiance(skies.octahedral(64), sky.after, sky).reshape(64, 64, 3)
    assert np.abs(levels[:64] - mirror).max() < 0.02


@pytest.fixture(scope="module")
def lane() -> tuple[Scene, CompiledScene]:
    found, problems = parse_scene((LANE / "scene.yaml").read_text("utf-8"), "scene.yaml")
    assert found is not None, problems
    assets = {f"assets/{path.name}": path.read_bytes() for path in (LANE / "assets").iterdir()}
    return found, compile_scene(found, assets)


def test_the_lane_keeps_its_budget(lane: tuple[Scene, CompiledScene]) -> None:
    _, made = lane
    model = read_glb(made.glb)
    assert model.triangle_count <= 35_000
    assert len(made.glb) <= 3_000_000
    primitives = [one for node in model.nodes for one in node.primitives]
    assert sum(len(one.attributes["POSITION"]) for one in primitives) < 45_000


def test_the_lane_has_its_controls(lane: tuple[Scene, CompiledScene]) -> None:
    found, _ = lane
    ranges = {id: (p.least, p.most, p.default) for id, p in found.params.items()}
    assert ranges == {
        "lantern_glow": (0, 2, 1), "thirteenth": (0, 3, 1), "windows": (0, 1.5, 1),
        "moon": (0, 2, 1), "fog": (0, 1, 0.35), "snow": (0, 1, 0.15), "wind": (0, 1, 0.3),
        "girl": (0, 1, 1), "grandmother": (0, 1, 1), "taper": (0, 1, 0),
        "door_light": (0, 1.5, 0), "sky_lanterns": (0, 1, 0), "fireworks": (0, 1, 0),
        "dawn": (0, 1, 0), "exposure": (-2, 2, 0),
    }  # fmt: skip
    assert set(found.cues) == {
        "thirteenth_wakes", "thirteenth_dims", "lanterns_low", "lanterns_up", "street_dark",
        "girl_comes", "girl_goes", "grandmother_turns", "taper_lit", "door_opens", "snow_begins",
        "wind_rises", "wind_falls", "midnight", "sky_lanterns_rise", "first_light", "all_home",
        "before_midnight", "lantern_carried_in", "lanterns_steady", "her_light_ember",
        "her_light_low", "her_light_steady", "her_light_full", "rockets", "both_go",
    }  # fmt: skip
    assert set(found.looks) == {"night", "wall_camera", "safe", "day_check"}
