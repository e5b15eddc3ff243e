"""Figures: bones, shapes and levels of detail are read, and faults are named with a remedy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.gltf.box_man import PLACES, box_man, edited
from tests.gltf.gltf_files import GltfFile
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.complete import prepared
from xrdrama.gltf.figures import BONES, read_figure
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Morphs, Node, Primitive
from xrdrama.gltf.writer import write_glb

KNOWN = ("jawOpen", "mouthSmileLeft", "mouthSmileRight", "eyeBlinkLeft")


def test_a_figure_has_its_bones_shapes_and_offsets() -> None:
    figure = read_figure(box_man(), KNOWN)
    assert set(figure.bones) == set(PLACES)
    assert set(PLACES) <= set(BONES)
    for bone, (_, place) in PLACES.items():
        assert figure.at[bone] == pytest.approx(place, abs=1e-6)
    assert figure.shapes == ("jawOpen", "mouthSmileLeft")
    assert not figure.remarks
    head = next(node for node in figure.model.nodes if node.name == "head").primitives[0]
    assert head.morphs is not None
    wide = head.attributes["POSITION"][:, 0] > 0.05
    assert np.allclose(head.morphs.positions[0, wide], (0.2, 0.0, 0.0))
    assert not head.morphs.positions[0, ~wide].any()


def test_levels_of_detail_replace_the_parts_that_have_one() -> None:
    figure = read_figure(box_man(levels=True), KNOWN)
    names = [[node.name for node in level] for level in figure.levels]
    assert names == [["head", "body"], ["head", "body_lod1"]]


def test_a_prepared_figure_is_its_finest_level_and_reads_as_before() -> None:
    figure = read_figure(box_man(levels=True), KNOWN)
    body = figure.levels[0][1].primitives[0]
    rows = {name: body.attributes[name] for name in ("POSITION", "NORMAL")}
    rigid = Primitive(body.material, rows, body.triangles)
    lamp = Node("lamp", np.eye(4), (rigid,), limb=figure.bones["leftHand"])
    still = replace(lamp, name="still", limb=-1)
    held = replace(figure, levels=((*figure.levels[0], lamp, still),))
    model = read_figure(write_glb(prepared(held)), KNOWN).model
    assert [node.name for node in model.nodes] == ["head", "body", "lamp", "still"]
    assert all(node.skin >= 0 for node in model.nodes)
    joints = [[model.rig.limbs[i].name for i in skin.joints] for skin in model.rig.skins[1:]]
    assert joints == [["leftHand"], ["still"]]
    for node, before in zip(model.nodes, held.levels[0], strict=True):
        found, known = node.primitives[0], before.primitives[0]
        assert np.array_equal(found.attributes["POSITION"], known.attributes["POSITION"])
        assert np.allclose(found.attributes["WEIGHTS_0"].sum(axis=1), 1.0)
    head, known = model.nodes[0].primitives[0].morphs, figure.levels[0][0].primitives[0].morphs
    assert head is not None and known is not None and head.names == known.names
    assert np.array_equal(head.positions, known.positions)  # its rows are sparse in the file
    assert b'"sparse"' in write_glb(prepared(figure))


def test_targets_that_move_nothing_are_not_in_a_prepared_figure() -> None:
    figure = read_figure(box_man(), KNOWN)
    (node, *others) = figure.levels[0]
    morphs = node.primitives[0].morphs
    assert morphs is not None
    idle = Morphs(morphs.names, morphs.positions * [[[1.0]], [[0.0]]], 0.0 * morphs.normals)
    changed = replace(node, primitives=(replace(node.primitives[0], morphs=idle),))
    made = prepared(replace(figure, levels=((changed, *others),)))
    left = made.nodes[0].primitives[0].morphs
    assert left is not None and left.names == ("jawOpen",)


def test_sets_are_read_as_before_without_skins_and_morph_targets() -> None:
    model = read_glb(box_man())
    assert not model.rig.limbs
    assert all(piece.morphs is None for node in model.nodes for piece in node.primitives)
    assert any("has morph targets, which are not applied" in r.message for r in model.remarks)


def test_sparse_morph_targets_are_read() -> None:
    file = _with_target(None)
    index = file.json["meshes"][0]["primitives"][0]["targets"][0]["POSITION"]
    file.json["accessors"][index] = {
        "componentType": 5126, "count": 4, "type": "VEC3",
        "sparse": {"count": 1,
                   "indices": {"bufferView": file.view(b"\2\0\0\0"), "componentType": 5123},
                   "values": {"bufferView": file.view(np.array([0, 0.5, 0], "<f4").tobytes())}},
    }  # fmt: skip
    model = read_glb(file.glb(), figure=True)
    morphs = model.nodes[0].primitives[0].morphs
    assert morphs is not None
    assert morphs.names == ("jawOpen",)
    expected = np.zeros((1, 4, 3))
    expected[0, 2, 1] = 0.5
    assert np.allclose(morphs.positions, expected)


def _with_target(offsets: Any) -> GltfFile:
    file = GltfFile()
    file.card("face", file.material())
    rows = file.rows(np.zeros((4, 3)) if offsets is None else offsets)
    mesh = file.json["meshes"][0]
    mesh["primitives"][0]["targets"] = [{"POSITION": rows}]
    mesh["extras"] = {"targetNames": ["jawOpen"]}
    return file


WRONG = (
    (np.full((4, 3), np.nan), r"morph target 'jawOpen': POSITION has values that are NaN"),
    (np.full((4, 3), 50.0), r"'jawOpen': POSITION moves vertices by over 10 m"),
    (np.zeros((5, 3)), r"'jawOpen': POSITION has 5 rows; the primitive has 4 vertices"),
    (np.zeros((4, 2)), r"'jawOpen': POSITION has 2 numbers per vertex; expected 3"),
)


@pytest.mark.parametrize(("offsets", "words"), WRONG)
def test_a_wrong_morph_target_is_an_error_with_its_name(offsets: Any, words: str) -> None:
    with pytest.raises(RemoteProtocolError, match=words):
        read_glb(_with_target(offsets).glb(), figure=True)
    read_glb(_with_target(None).glb(), figure=True)  # the control


def test_too_many_morph_targets_are_an_error() -> None:
    file = _with_target(None)
    piece = file.json["meshes"][0]["primitives"][0]
    piece["targets"] *= 257
    with pytest.raises(RemoteProtocolError, match=r"has 257 morph targets .* at most 256"):
        read_glb(file.glb(), figure=True)


def rename(old: str, new: str) -> Any:
    def change(document: Any) -> None:
        next(node for node in document["nodes"] if node["name"] == old)["name"] = new

    return change


FAULTS = (
    (lambda d: d.pop("skins") and [n.pop("skin", 0) for n in d["nodes"]],
     "the figure has no skin: bind its mesh"),
    (rename("leftFoot", "rightFoot"), "two joints of the figure are named 'rightFoot'"),
    (rename("leftFoot", "sole"), "the figure has no joint named leftFoot: name its joints"),
    (lambda d: d["nodes"][0].update(translation=[0, 90.0, 0], scale=[100.0] * 3),
     "head is 142 m above its feet: apply its scale"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "words"), FAULTS)
def test_a_fault_of_a_figure_is_an_error_with_a_remedy(change: Any, words: str) -> None:
    with pytest.raises(RemoteProtocolError, match=words):
        read_figure(edited(box_man(), change), KNOWN)


def test_a_figure_with_300_joints_is_an_error() -> None:
    extra = 300 - len(PLACES)
    with pytest.raises(RemoteProtocolError, match="has 300 joints; at most 256 are allowed"):
        read_figure(box_man(extra_joints=extra), KNOWN)
    read_figure(box_man(extra_joints=extra - 44), KNOWN)


REMARKS = (
    (lambda d: d["meshes"][0]["extras"].update(targetNames=["jawOpne", "mouthSmileLeft"]),
     "the morph target 'jawOpne' is not a shape of ARKit", "did you mean 'jawOpen'?"),
    (lambda d: d["meshes"][0].pop("extras"), "has 2 morph targets and 0 names", "with their names"),
    (lambda d: d["meshes"][0]["extras"].update(targetNames=["jawOpen"] * 2), "two morph targets",
     "rename one"),
    (lambda d: d["materials"][0].update(alphaMode="BLEND"), "'skin' is blended", "to MASK"),
    (rename("neck", "neckk"), "the joint 'neckk' is not a bone", "did you mean 'neck'?"),
    (lambda d: d["nodes"][list(PLACES).index("leftLowerArm")].update(translation=[0, -0.5, 0]),
     "left arm is not level at rest", "T-pose"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "words", "remedy"), REMARKS)
def test_what_is_misspelt_or_does_not_move_is_a_remark(
    change: Any, words: str, remedy: str
) -> None:
    figure = read_figure(edited(box_man(), change), KNOWN)
    assert any(words in r.message and remedy in r.hint for r in figure.remarks), figure.remarks


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=9))
def test_a_damaged_figure_is_one_error(damage: list[tuple[int, int]]) -> None:
    content = bytearray(box_man())
    for at, value in damage:
        content[at % len(content)] = value
    try:
        read_figure(bytes(content), KNOWN)
    except RemoteProtocolError as error:
        assert len(str(error)) < 1000
