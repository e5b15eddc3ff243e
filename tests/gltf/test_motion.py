"""Animations and skins: positions against the formulas of glTF 2.0, and faults by name."""

from __future__ import annotations

import json
import struct
from math import acos, cos, pi, sin
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gltf.animated import TIMES, TURNS, banner, shifted, sign, swing
from tests.gltf.gltf_files import GltfFile
from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.glb import read_glb
from xrdrama.gltf.meshes import Model, face_normals
from xrdrama.gltf.motion import Motion, Play, joint_matrices, slerp
from xrdrama.gltf.posing import posed, skinned
from xrdrama.gltf.rig import MOST_JOINTS
from xrdrama.gltf.writer import write_glb

SECONDS = (-1.0, 0.0, 0.2, 0.5, 0.9, 1.7, 2.0, 5.0)


def turn(angle: float) -> np.ndarray:
    """The rotation about z by an angle, as a quaternion."""
    return np.array([0.0, 0.0, sin(angle / 2), cos(angle / 2)])


def by_the_book(times: Any, values: np.ndarray, kind: str, t: float) -> np.ndarray:
    """The value of a sampler at a time: one key after another, as Appendix C writes it."""
    t = min(max(t, times[0]), times[-1])
    k = max(i for i, at in enumerate(times) if at <= t)
    if k == len(times) - 1 or kind == "STEP":
        return values[k] if values.ndim == 2 else values[k, 1]
    td = times[k + 1] - times[k]
    s = (t - times[k]) / td
    if kind == "CUBICSPLINE":
        (_, v0, b0), (a1, v1, _) = values[k], values[k + 1]
        h = (2 * s**3 - 3 * s**2 + 1, s**3 - 2 * s**2 + s, -2 * s**3 + 3 * s**2, s**3 - s**2)
        mixed = h[0] * v0 + td * h[1] * b0 + h[2] * v1 + td * h[3] * a1
        return mixed / np.linalg.norm(mixed) if len(mixed) == 4 else mixed
    one, other = values[k], values[k + 1]
    if len(one) != 4:
        return one + (other - one) * s
    d = float(one @ other)
    a = acos(min(abs(d), 1.0))
    if sin(a) < 1e-9:
        return one
    return sin((1 - s) * a) / sin(a) * one + np.sign(d) * sin(s * a) / sin(a) * other


def rotated(q: np.ndarray, p: np.ndarray) -> np.ndarray:
    """q p q*, written out."""
    u, w = q[:3], q[3]
    return 2 * (u @ p) * u + (w * w - u @ u) * p + 2 * w * np.cross(u, p)


def corners(model: Model, seconds: float) -> np.ndarray:
    """The positions of the first primitive with the first clip at a time."""
    matrices = Motion(model.rig).matrices([Play(0, seconds)])
    (node,) = model.nodes
    if node.skin >= 0:
        joints = joint_matrices(model.rig.skins[node.skin], matrices)
        return skinned(node.primitives[0], joints).attributes["POSITION"]
    found = node.primitives[0].attributes["POSITION"].astype(np.float64)
    place = matrices[node.limb] @ node.matrix
    return found @ place[:3, :3].T + place[:3, 3]


@pytest.mark.parametrize("kind", ["LINEAR", "STEP", "CUBICSPLINE"])
def test_a_node_turns_by_the_formulas_of_the_format(kind: str) -> None:
    turns = values = TURNS
    if kind == "CUBICSPLINE":
        slopes = np.array([[0, 0, 0.4, 0.1], [0, 0, -0.3, 0.2], [0, 0, 0.2, -0.5]])
        values = np.stack([slopes, turns, -slopes], axis=1)
    file = sign()
    file.json["animations"] = []
    swing(file, "swing", 1, "rotation", TIMES, values.reshape(-1, 4), interpolation=kind)
    model = read_glb(file.glb(), clips=None)
    square = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]) * 0.3
    away, up = np.array([1, 0, 0]), np.array([0, 1.5, 0])
    for seconds in SECONDS:
        q = by_the_book(TIMES, values, kind, seconds)
        expected = np.array([rotated(q, p + away) + up for p in square])
        assert np.allclose(corners(model, seconds), expected, atol=1e-6), seconds
    assert not np.allclose(corners(model, 0.2), corners(model, 0.9), atol=0.1)


def test_translation_and_scale_move_too_and_limbs_carry_limbs() -> None:
    file = sign()
    swing(file, "grow", 0, "scale", (0.0, 1.0), [[1, 1, 1], [3, 1, 1]])
    swing(file, "slide", 0, "translation", (0.0, 1.0), [[1, 0, 0], [1, 2, 0]])
    model = read_glb(file.glb(), clips=None)
    plays = [Play(0, 0.5), Play(1, 0.5), Play(2, 0.25)]
    matrices = Motion(model.rig).matrices(plays)
    place = matrices[model.nodes[0].limb]
    # A quarter turn of the arm; the card 0.5 m up its own y, twice as wide.
    assert np.allclose(place @ [0, 0, 0, 1], [-0.5, 1.5 + 1.0, 0, 1], atol=1e-6)
    assert np.allclose(place @ [1, 0, 0, 1], [-0.5, 1.5 + 3.0, 0, 1], atol=1e-6)


@given(st.floats(-3.1, 3.1), st.floats(-3.1, 3.1), st.floats(0.0, 1.0), st.booleans())
def test_quaternions_turn_by_the_shorter_way(a: float, b: float, s: float, negated: bool) -> None:
    one, other = turn(a)[None], turn(b)[None] * (-1.0 if negated else 1.0)
    found = slerp(one, other, np.array([[s]]))[0]
    way = (b - a + pi) % (2 * pi) - pi
    if abs(abs(way) - pi) > 0.01:  # both ways are as short
        assert abs(found @ turn(a + way * s)) == pytest.approx(1.0, abs=1e-7)


def test_a_step_is_reached_at_its_frame_although_keys_are_rounded() -> None:
    times = [0.0, *(k / 24 for k in range(1, 200))]
    turns = np.array([turn(0.01 * k) for k in range(200)])
    file = sign()
    file.json["animations"] = []
    swing(file, "swing", 1, "rotation", times, turns, interpolation="STEP")
    motion = Motion(read_glb(file.glb(), clips=None).rig)
    limb = next(i for i, limb in enumerate(motion.rig.limbs) if limb.name == "arm")
    for frame in range(200):
        seconds = round(frame * 1e9 / 24) / 1e9
        angle = np.arctan2(*motion.matrices([Play(0, seconds)])[limb][1::-1, 0])
        assert angle == pytest.approx(0.01 * frame, abs=1e-6), frame


def test_blending_goes_from_what_was_there_to_the_clip() -> None:
    model = read_glb(sign().glb(), clips=None)
    motion = Motion(model.rig)

    def angle(share: float) -> float:
        matrix = motion.matrices([Play(0, 0.5, share)])[model.nodes[0].limb]
        return float(np.arctan2(matrix[1, 0], matrix[0, 0]))

    assert [angle(s) for s in (0.0, 0.25, 1.0)] == pytest.approx([0.0, pi / 8, pi / 2], abs=1e-6)


def test_a_skin_bends_by_the_formula_of_the_format() -> None:
    model = read_glb(banner().glb(), clips=None)
    rows = np.array([[x, y, 0.0] for y in range(4) for x in (-0.2, 0.2)])
    root, tip = np.array([1, 0, 0]), np.array([0, 1.5, 0])
    for seconds in (0.0, 0.4, 1.0):
        q = turn(pi / 2 * seconds)
        lower = rows[:4] + root
        # From the bind pose to the joint (inverse bind), turned there, and to where it is.
        upper = np.array([rotated(q, p - tip) + root + tip for p in rows[4:]])
        expected = np.concatenate([lower, upper])
        assert np.allclose(corners(model, seconds), expected, atol=1e-6), seconds


def test_half_weights_are_half_way_between_two_joints() -> None:
    halves = [[1, 0, 0, 0]] * 4 + [[0.5, 0.5, 0, 0]] * 4
    model = read_glb(banner(weights=halves).glb(), clips=None)
    straight, turned = np.array([1.2, 3.0, 0.0]), np.array([1.0 - 1.5, 1.5 + 0.2, 0.0])
    assert np.allclose(corners(model, 1.0)[7], (straight + turned) / 2, atol=1e-6)


def test_what_no_clip_moves_is_drawn_at_rest_without_a_rig() -> None:
    for file in (sign(), banner()):
        still = read_glb(file.glb())
        assert still.rig.limbs == () and still.nodes[0].limb == still.nodes[0].skin == -1
        moving = read_glb(file.glb(), clips=None)
        rest = still.nodes[0].primitives[0].attributes["POSITION"] @ still.nodes[0].matrix[:3, :3].T
        assert np.allclose(rest + still.nodes[0].matrix[:3, 3], corners(moving, 0.0), atol=1e-6)
        assert np.array_equal(posed(moving).nodes[0].matrix, still.nodes[0].matrix)
        assert any("is not played" in remark.message for remark in still.remarks)


def test_what_is_written_moves_as_what_was_read() -> None:
    for file in (sign(), banner()):
        model = read_glb(file.glb(), clips=None)
        again = read_glb(write_glb(model), clips=None)
        for seconds in SECONDS:
            assert np.allclose(corners(model, seconds), corners(again, seconds), atol=1e-6)
        assert write_glb(again) == write_glb(model)


def remarks(file: GltfFile) -> list[str]:
    return [remark.message for remark in read_glb(file.glb(), clips=None).remarks]


def test_the_four_strongest_joints_are_kept() -> None:
    shares = np.array([[0.0, 0.3, 0.2, 0.1]] * 8), np.array([[0.1, 0.3, 0.0, 0.0]] * 8)
    first, second = [[0, 1, 0, 1]] * 8, [[0, 1, 0, 0]] * 8
    file = banner(weights=shares[0], joints=first)
    primitive = file.json["meshes"][0]["primitives"][0]
    primitive["attributes"] |= {
        "JOINTS_1": file.rows(second, "<u1"), "WEIGHTS_1": file.rows(shares[1]),
    }  # fmt: skip
    model = read_glb(file.glb(), clips=None)
    assert "8 vertices follow more than 4 joints" in model.remarks[0].message
    kept = model.nodes[0].primitives[0].attributes["WEIGHTS_0"]
    assert np.allclose(kept, np.array([0.3, 0.3, 0.2, 0.1]) / 0.9, atol=1e-6)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([[2, 0, 0, 0]] * 8, "8 vertices have weights whose sum is not 1"),
        ([[0, 0, 0, 0]] * 8, "8 vertices have no weights"),
    ],
)
def test_weights_are_normalised_with_a_remark(weights: Any, words: str) -> None:
    file = banner(weights=weights)
    assert any(words in text for text in remarks(file))
    model = read_glb(file.glb(), clips=None)
    shares = model.nodes[0].primitives[0].attributes["WEIGHTS_0"]
    assert np.allclose(shares.sum(axis=1), 1.0)


def sampler(**changes: Any) -> GltfFile:
    file = sign()
    file.json["animations"][0]["samplers"][0] |= {
        key: file.rows(value) if isinstance(value, list) else value
        for key, value in changes.items()
    }
    return file


NOT_PLAYED = [
    (sampler(input=999), "accessor 999 does not exist"),
    (sampler(input=[0.0, 0.5, 0.5]), "its key times do not increase"),
    (sampler(input=[0.5, 0.0, 2.0]), "its key times do not increase"),
    (sampler(input=[-1.0, 0.0, 2.0]), "its key times do not increase"),
    (sampler(input=[0.0, float("nan"), 2.0]), "NaN or infinite"),
    (sampler(input=[0.0, 1.0]), "that do not fit"),
    (sampler(output=[[0, 0, 0]] * 3), "that do not fit"),
    (sampler(output=[[0, 0, 0, 0]] * 3), "a rotation of length zero"),
    (sampler(output=[[0, 0, float("inf"), 1]] * 3), "NaN or infinite"),
    (sampler(interpolation="SPLINE"), "SPLINE"),
    (sampler(interpolation="CUBICSPLINE"), "that do not fit"),
    (sampler(output=-3), "output"),
]


@pytest.mark.parametrize(("file", "words"), NOT_PLAYED)
def test_an_animation_with_a_fault_is_named_and_not_played(file: GltfFile, words: str) -> None:
    model = read_glb(file.glb(), clips=None)
    assert model.rig.clips == ()
    (remark,) = model.remarks
    assert remark.pointer == "/animations/0"
    assert remark.message.startswith("the animation 'swing' is not played: ")
    assert words in remark.message


def target(**changes: Any) -> GltfFile:
    file = sign()
    file.json["animations"][0]["channels"][0]["target"] |= changes
    return file


def test_targets_that_cannot_move_are_named() -> None:
    assert "node 99 does not exist" in remarks(target(node=99))[0]
    assert "moves morph weights, which are not applied (arm)" in remarks(target(path="weights"))[0]
    assert "moves 'pointer', which is unknown" in remarks(target(path="pointer"))[0]
    file = sign()
    del file.json["nodes"][1]["translation"]
    file.json["nodes"][1]["matrix"] = np.eye(4).reshape(-1).tolist()
    assert "nodes/1, which has a matrix" in remarks(file)[0]
    file = sign()
    animation = file.json["animations"][0]
    animation["channels"] *= 2
    assert "moves the rotation of nodes/1 twice" in remarks(file)[0]


def test_animation_that_cannot_play_says_why_even_if_it_is_not_chosen() -> None:
    file = sign()
    swing(file, "blink", 0, "weights", (0.0, 1.0), [[0], [1]])
    file.add("animations", {"name": "nothing", "channels": [], "samplers": []})
    file.json["animations"][0]["samplers"][0]["input"] = 999
    model = read_glb(file.glb())
    messages = [remark.message for remark in model.remarks]
    assert messages == [
        "the animation 'swing' is not played: accessor 999 does not exist (count: 8)",
        "the animation 'blink' is not played: it moves morph weights, which are not applied (card)",
        "the animation 'nothing' is not played: it is empty",
    ]
    assert list(model.unplayable) == ["swing", "blink", "nothing"]
    # The negative control: one that could play is only not chosen.
    still = read_glb(sign().glb())
    assert (
        not still.unplayable and still.remarks[0].message == "the animation 'swing' is not played"
    )
    assert "clips:" in still.remarks[0].hint


def test_channels_without_a_node_and_in_other_scenes_are_named() -> None:
    file = sign()
    other = file.node("far")
    file.json["scenes"][0]["nodes"].remove(other)
    file.json["scenes"].append({"nodes": [other]})
    channels = file.json["animations"][0]["channels"]
    channels.append({"sampler": 0, "target": {"node": other, "path": "rotation"}})
    channels.append({"sampler": 0, "target": {"path": "rotation"}})
    model = read_glb(file.glb(), clips=None)
    assert [clip.name for clip in model.rig.clips] == ["swing"]
    assert [r.message for r in model.remarks if r.pointer == "/animations/0"] == [
        "the animation 'swing' moves nodes that are not in the drawn scene (far)",
        "the animation 'swing' has channels without a node, which have no effect (channel 2)",
    ]
    del channels[0]
    model = read_glb(file.glb(), clips=None)
    assert "not in the drawn scene (far)" in model.unplayable["swing"].message
    assert model.rig.clips == ()


def test_faults_of_a_skin_that_is_not_drawn_do_not_reject_the_model() -> None:
    file = banner()
    drawn = file.card("card", 0)
    file.json["scenes"] = [{"nodes": [drawn]}, {"nodes": [1, 2]}]
    file.json["skins"][0]["joints"] = []
    assert [node.name for node in read_glb(file.glb(), clips=None).nodes] == ["card"]
    file.json["scenes"][0]["nodes"] += [1, 2]
    with pytest.raises(RemoteProtocolError, match="skin 0 has no joints"):
        read_glb(file.glb(), clips=None)
    file.json["nodes"][2]["extensions"] = {"KHR_node_visibility": {"visible": False}}
    assert len(read_glb(file.glb(), clips=None).nodes) == 1


def test_mirrored_skin_at_rest_faces_outwards_and_mirrors_its_picture() -> None:
    file = banner()
    primitive = file.json["meshes"][0]["primitives"][0]
    primitive["attributes"]["TANGENT"] = file.rows([[1, 0, 0, 1]] * 8)
    plain = read_glb(file.glb()).nodes[0].primitives[0]
    file.json["nodes"][1]["scale"] = [-1, 1, 1]
    mirrored = read_glb(file.glb()).nodes[0].primitives[0]
    for drawn, handed in ((plain, 1.0), (mirrored, -1.0)):
        normals = face_normals(drawn.attributes["POSITION"], drawn.triangles)
        assert (normals[:, 2] > 0.9).all() and (drawn.attributes["NORMAL"][:, 2] > 0.9).all()
        assert (drawn.attributes["TANGENT"][:, 3] == handed).all()


def test_animations_of_one_name_get_different_names() -> None:
    file = sign()
    file.json["animations"] = [file.json["animations"][0] | {"name": n} for n in ("a", "a", "\n ")]
    model = read_glb(file.glb(), clips=None)
    assert model.animations == ("a", "a 2", "animation 2")
    assert [clip.name for clip in read_glb(file.glb(), clips=["a 2"]).rig.clips] == ["a 2"]


def test_skins_with_faults_are_refused_by_name() -> None:
    def refused(change: Any, words: str, **more: Any) -> None:
        file = banner(**more)
        change(file.json)
        with pytest.raises(RemoteProtocolError, match=words):
            read_glb(file.glb(), clips=None)

    refused(lambda j: None, "joint 7 is out of range", joints=[[7, 1, 0, 0]] * 8)
    refused(lambda j: None, "negative weights", weights=[[2, -1, 0, 0]] * 8)
    refused(lambda j: None, "NaN or infinite", binds=[np.full((4, 4), np.nan)] * 2)
    refused(lambda j: None, "are not 2 matrices", binds=[shifted(0, 0)])
    refused(lambda j: j["skins"][0].update(joints=[77]), "node 77 does not exist")
    refused(lambda j: j["skins"][0].update(joints=[]), "skin 0 has no joints")
    refused(lambda j: j["nodes"][2].update(skin=4), "skin 4 does not exist")
    refused(lambda j: j["scenes"][0].update(nodes=[2]), "is not in the scene")
    refused(lambda j: j["nodes"][0].update(children=[1]), "has two parents|has a cycle")
    refused(lambda j: j["meshes"][0]["primitives"][0]["attributes"].pop("JOINTS_0"), "no JOINTS_0")


def test_skins_with_too_many_joints_stand_still_with_a_remark() -> None:
    file = banner()
    extra = [file.node(f"bone {i}") for i in range(MOST_JOINTS)]
    file.json["skins"][0]["joints"] += extra
    file.json["skins"][0].pop("inverseBindMatrices")
    model = read_glb(file.glb(), clips=None)
    assert model.nodes[0].skin == -1
    assert any("more than 256 joints" in remark.message for remark in model.remarks)


def changed(content: bytes, at: int, byte: int) -> bytes:
    damaged = bytearray(content)
    damaged[at % len(damaged)] = byte
    return bytes(damaged)


@settings(max_examples=150, deadline=None)
@given(st.booleans(), st.lists(st.tuples(st.integers(20, 9999), st.integers(0, 255)), max_size=6))
def test_damaged_files_are_read_or_refused(has_skin: bool, changes: list[tuple[int, int]]) -> None:
    content = (banner() if has_skin else sign()).glb()
    for at, byte in changes:
        content = changed(content, at, byte)
    try:
        model = read_glb(content, clips=None)
    except RemoteProtocolError:
        return
    for clip in range(len(model.rig.clips)):
        assert np.isfinite(Motion(model.rig).matrices([Play(clip, 0.7)])).all()


PARTS = st.sampled_from(["input", "output", "sampler", "node", "path", "joints", "skin",
                         "inverseBindMatrices", "children", "channels",
                         "interpolation"])  # fmt: skip
VALUES = st.one_of(
    st.none(), st.integers(-2, 12), st.floats(allow_nan=False), st.text(max_size=3),
    st.lists(st.integers(0, 9), max_size=4), st.just(4294967295),
)  # fmt: skip


def with_value(thing: Any, key: str, value: Any) -> Any:
    """JSON with each occurrence of a key replaced."""
    if isinstance(thing, dict):
        return {k: value if k == key else with_value(v, key, value) for k, v in thing.items()}
    return [with_value(v, key, value) for v in thing] if isinstance(thing, list) else thing


@settings(max_examples=150, deadline=None)
@given(st.booleans(), PARTS, VALUES)
def test_senseless_values_are_read_or_refused(has_skin: bool, key: str, value: Any) -> None:
    file = banner() if has_skin else sign()
    file.json = with_value(file.json, key, value)
    try:
        model = read_glb(file.glb(), clips=None)
    except RemoteProtocolError as error:
        assert ":" in str(error)
        return
    assert isinstance(msgspec.structs.asdict(model), dict)
    json.dumps([r.message for r in model.remarks])
    assert struct.unpack_from("<4s", write_glb(model))[0] == b"glTF"
