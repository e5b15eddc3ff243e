"""The models of the digital performers: the rig that everybody poses, and how they are made."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from xrdrama.gltf import gltf
from xrdrama.gltf.figures import read_figure
from xrdrama.gltf.glb import read_glb, split_glb
from xrdrama.gltf.rows import Rows
from xrdrama.performer.shapes import SHAPES

ROOT = Path(__file__).resolve().parents[2]
PERFORMERS = ROOT / "examples" / "performers"
FIGURES = ("lan", "grandmother", "stand_in")
LARGEST = 3_000_000
MOST_TRIANGLES = 25_000

_FINGERS = [f"{finger}{bone}" for finger in ("Index", "Middle", "Ring", "Little")
            for bone in ("Proximal", "Intermediate", "Distal")]  # fmt: skip
_SIDED = ["Eye", "Shoulder", "UpperArm", "LowerArm", "Hand", "ThumbMetacarpal", "ThumbProximal",
          "ThumbDistal", *_FINGERS, "HandGrip", "UpperLeg", "LowerLeg", "Foot", "Toes"]  # fmt: skip
BONES = {"hips", "spine", "chest", "upperChest", "neck", "head", "jaw"} | {
    side + bone for side in ("left", "right") for bone in _SIDED
}


def model(name: str) -> bytes:
    return (PERFORMERS / name / "assets" / f"{name}.glb").read_bytes()


def attributes(content: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every primitive of a model: its mesh, and its attributes as rows."""
    text, binary = split_glb(content)
    file = msgspec.json.decode(text, type=gltf.File)
    rows = Rows(file, bytes(binary), {}, "", {})
    for mesh in json.loads(text)["meshes"]:
        for primitive in mesh["primitives"]:
            named = primitive["attributes"].items()
            yield mesh["name"], {name: rows.floats(index, name) for name, index in named}


def rig_faults(content: bytes) -> list[str]:
    """What is wrong with the rig of a figure's model."""
    document = json.loads(split_glb(content)[0])
    read_glb(content)
    faults = []
    joints = [document["nodes"][i] for i in document["skins"][0]["joints"]]
    faults += [f"no bone {bone}" for bone in sorted(BONES - {joint["name"] for joint in joints})]
    turned = [j["name"] for j in joints if {"rotation", "scale", "matrix"} & set(j)]
    faults += [f"{name} is turned at rest" for name in turned]
    points = []
    for label, rows in attributes(content):
        if not all(np.isfinite(values).all() for values in rows.values()):
            faults.append(f"{label}: NaN")
        if np.abs(rows["WEIGHTS_0"].sum(1) - 1.0).max() > 1e-4:
            faults.append(f"{label}: weights do not sum to 1")
        if np.abs(np.linalg.norm(rows["NORMAL"], axis=1) - 1.0).max() > 1e-3:
            faults.append(f"{label}: normals are not of length 1")
        points.append(rows["POSITION"])
    if not -0.002 <= float(np.concatenate(points)[:, 1].min()) <= 0.002:
        faults.append("the feet are not at y = 0")
    return faults


@pytest.mark.parametrize("name", FIGURES)
def test_figure_has_a_complete_rig_in_t_pose(name: str) -> None:
    content = model(name)
    assert rig_faults(content) == []
    assert len(content) <= LARGEST


def edited(content: bytes, change: Any) -> bytes:
    text, binary = split_glb(content)
    document = json.loads(text)
    binary = change(document, bytearray(binary)) or binary
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sII", b"glTF", 2, 28 + len(text) + len(binary))
    return (head + struct.pack("<I4s", len(text), b"JSON") + text
            + struct.pack("<I4s", len(binary), b"BIN\0") + bytes(binary))  # fmt: skip


def _renamed(document: dict[str, Any], _binary: bytearray) -> None:
    next(n for n in document["nodes"] if n["name"] == "leftHand")["name"] = "LeftHand"


def _turned(document: dict[str, Any], _binary: bytearray) -> None:
    document["nodes"][2]["rotation"] = [0.0, 0.1, 0.0, 0.995]


def _lighter(document: dict[str, Any], binary: bytearray) -> bytearray:
    index = document["meshes"][0]["primitives"][0]["attributes"]["WEIGHTS_0"]
    view = document["bufferViews"][document["accessors"][index]["bufferView"]]
    binary[view["byteOffset"] : view["byteOffset"] + 2] = b"\0\0"
    return binary


def _higher(document: dict[str, Any], binary: bytearray) -> bytearray:
    pieces = [p for mesh in document["meshes"] for p in mesh["primitives"]]
    for index in {piece["attributes"]["POSITION"] for piece in pieces}:
        accessor = document["accessors"][index]
        at = document["bufferViews"][accessor["bufferView"]]["byteOffset"]
        rows = np.frombuffer(binary, "<f4", accessor["count"] * 3, at).reshape(-1, 3) + 0.05
        binary[at : at + rows.nbytes] = rows.astype("<f4").tobytes()
        del accessor["min"], accessor["max"]
    return binary


@pytest.mark.parametrize(
    ("change", "fault"),
    [(_renamed, "no bone leftHand"), (_turned, "turned at rest"),
     (_lighter, "weights do not sum to 1"), (_higher, "the feet are not at y = 0")],
)  # fmt: skip
def test_damaged_rig_is_found(change: Any, fault: str) -> None:
    assert any(fault in found for found in rig_faults(edited(model("lan"), change)))


@pytest.mark.parametrize("name", ["lan", "k1"])
def test_making_a_figure_again_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, str(PERFORMERS / name / "make.py"), str(tmp_path)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert (tmp_path / f"{name}.glb").read_bytes() == model(name)


@pytest.mark.parametrize("name", FIGURES)
def test_levels_of_detail_are_whole_figures_with_fewer_triangles(name: str) -> None:
    figure = read_figure(model(name), SHAPES)
    counts = [
        sum(len(piece.triangles) for node in level for piece in node.primitives)
        for level in figure.levels
    ]
    assert len(counts) == 3
    assert 0.25 * counts[0] <= counts[1] <= 0.42 * counts[0]
    assert 0.10 * counts[0] <= counts[2] <= 0.22 * counts[0]
    assert counts[0] <= MOST_TRIANGLES
    assert {len(level) for level in figure.levels} == {2}
    for level in figure.levels:
        for piece in (p for node in level for p in node.primitives):
            used = np.unique(piece.triangles)
            assert len(used) == len(piece.attributes["POSITION"])
            if piece.morphs is not None:
                assert piece.morphs.positions.shape[1:] == (len(used), 3)
    assert set(BONES) - {"leftHandGrip", "rightHandGrip"} <= set(figure.bones)
    assert not [r for r in figure.remarks if not r.pointer.startswith("/materials")]


def test_props_have_nodes_where_they_hang() -> None:
    for name, wanted in (("lantern", {"pole", "lantern"}), ("taper", {"taper", "wick"})):
        found = read_glb((PERFORMERS / "props" / "assets" / f"{name}.glb").read_bytes())
        assert {node.name for node in found.nodes} == wanted
        assert found.remarks == ()
