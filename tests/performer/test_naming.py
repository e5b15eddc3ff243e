"""Names of other programs: bones and shapes are found, and nothing is made up."""

import json
import struct

import pytest

from tests.gltf.box_man import box_man
from xrdrama.errors import RemoteProtocolError
from xrdrama.performer import SHAPES
from xrdrama.performer.naming import bone_named, shape_named
from xrdrama.tools.performers.renaming import renamed


@pytest.mark.parametrize(
    ("name", "bone"),
    [
        ("mixamorig:LeftForeArm", "leftLowerArm"), ("mixamorig:Hips", "hips"),
        ("LeftHandThumb1", "leftThumbMetacarpal"), ("RightHandPinky3", "rightLittleDistal"),
        ("thigh_l", "leftUpperLeg"), ("clavicle_r", "rightShoulder"), ("spine_02", "chest"),
        ("pelvis", "hips"), ("index_01_r", "rightIndexProximal"), ("ball_l", "leftToes"),
        ("upperChest", "upperChest"), ("leftEye", "leftEye"), ("Foot.L", "leftFoot"),
        ("hair_01", ""), ("skirt_l", ""), ("lefty", ""), ("", ""),
    ],
)  # fmt: skip
def test_joints_of_other_programs_are_bones(name: str, bone: str) -> None:
    assert bone_named(name) == bone


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("jawOpen", "jawOpen"), ("JawOpen", "jawOpen"), ("browDown_L", "browDownLeft"),
        ("eyeBlink_R", "eyeBlinkRight"), ("blendShape1.mouthSmile_L", "mouthSmileLeft"),
        ("mouth_funnel", "mouthFunnel"), ("mouthLeft", "mouthLeft"), ("Smile", ""), ("", ""),
    ],
)  # fmt: skip
def test_morph_targets_of_other_programs_are_shapes(name: str, shape: str) -> None:
    assert shape_named(name) == shape


@pytest.mark.parametrize("shape", SHAPES)
def test_arkit_names_are_their_own(shape: str) -> None:
    assert shape_named(shape) == shape


def _with(change) -> bytes:  # type: ignore[no-untyped-def]
    """The box man with a changed JSON."""
    content = box_man()
    length = struct.unpack("<I", content[12:16])[0]
    file = json.loads(content[20 : 20 + length])
    change(file)
    text = json.dumps(file).encode()
    text += b" " * (-len(text) % 4)
    rest = content[20 + length :]
    head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
    return head + struct.pack("<I4s", len(text), b"JSON") + text + rest


def test_a_mixamo_figure_gets_the_names_of_vrm() -> None:
    own = {"hips": "mixamorig:Hips", "leftUpperArm": "mixamorig:LeftArm"}

    def mixamo(file: dict) -> None:  # type: ignore[type-arg]
        for node in file["nodes"]:
            node["name"] = own.get(node.get("name", ""), node.get("name", ""))

    found = renamed(_with(mixamo))
    assert found.bones["hips"] == "mixamorig:Hips"
    assert found.bones["leftUpperArm"] == "mixamorig:LeftArm"
    assert set(found.shapes) == {"jawOpen", "mouthSmileLeft"}


def test_a_vrm_file_says_its_bones_shapes_and_licence() -> None:
    def vrm(file: dict) -> None:  # type: ignore[type-arg]
        names = [node.get("name", "") for node in file["nodes"]]
        human = {bone: {"node": names.index(bone)} for bone in ("hips", "head", "leftHand")}
        mesh = next(n for n, m in enumerate(file["meshes"]) if "targets" in m["primitives"][0])
        node = next(n for n, one in enumerate(file["nodes"]) if one.get("mesh") == mesh)
        file["meshes"][mesh]["extras"] = {"targetNames": ["Fcl_MTH_A", "Fcl_EYE_Close"]}
        for index in range(len(names)):
            file["nodes"][index]["name"] = f"J_{index}"
        file["extensions"] = {"VRMC_vrm": {
            "meta": {"licenseUrl": "https://example.org/licence"},
            "humanoid": {"humanBones": human},
            "expressions": {"preset": {
                "aa": {"morphTargetBinds": [{"node": node, "index": 0, "weight": 1.0}]},
            }},
        }}  # fmt: skip

    found = renamed(_with(vrm))
    assert {"hips", "head", "leftHand"} == set(found.bones)
    assert found.shapes == {"jawOpen": "Fcl_MTH_A"} and found.unknown == ("Fcl_EYE_Close",)
    assert found.licence == "https://example.org/licence"


@pytest.mark.parametrize("content", [b"", b"glTF", b"{}", b'{"nodes": 3}', b"glTF" + b"\0" * 40])
def test_garbage_is_refused(content: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        renamed(content)
