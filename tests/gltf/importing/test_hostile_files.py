"""Damaged and hostile models: RemoteProtocolError, and nothing else."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import RemoteProtocolError
from xrdrama.gltf.importing.ktx2 import KTX2, ktx2_pixels
from xrdrama.gltf.importing.meshopt import decode_view
from xrdrama.gltf.importing.obj import read_obj
from xrdrama.gltf.importing.plain import plain_glb
from xrdrama.gltf.meshes import Image

EXAMPLES = 700
MODES = st.sampled_from([("ATTRIBUTES", b"\xa0"), ("TRIANGLES", b"\xe1"), ("INDICES", b"\xd1")])
FILTERS = st.sampled_from(["NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "?"])
WORDS = st.sampled_from(
    [b"v", b"vt", b"vn", b"f", b"o", b"g", b"usemtl", b"mtllib", b"l", b"1", b"-1", b"2/1", b"1//1",
     b"0", b"nan", b"1e9", b"inf", b"\n", b"\n", b"#", b"\\\n", b"\xff", b"9999999999999999999999"]
)  # fmt: skip
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 70000), st.floats(), st.text(max_size=5)
)
VALUES = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=4), one)
)
KEYS = ("bufferView", "bufferViews", "buffers", "accessors", "meshes", "images", "textures",
        "materials", "extensions", "attributes", "source", "uri", "count", "mode")  # fmt: skip


def linked(name: str) -> bytes:
    if name == "a":
        return b"newmtl m\nKd x 1\nmap_Kd b\nd nan\nPr\n"
    raise RemoteProtocolError("it does not exist")


def picture(name: str, content: bytes) -> Image:
    if len(content) % 2:
        raise RemoteProtocolError("it is damaged")
    return Image(name, "image/png", content)


def unpack(content: bytes) -> tuple[dict[int, np.ndarray], np.ndarray]:
    return {0: np.zeros((3, 3), np.float32)}, np.array([[0, 1, 2]], np.uint32)


def views(examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(MODES, st.binary(max_size=120), st.integers(0, 40), st.integers(0, 300), FILTERS)
    def check(mode: tuple[str, bytes], data: bytes, count: int, stride: int, kind: str) -> None:
        with suppress(RemoteProtocolError), np.errstate(all="ignore"):
            found = decode_view(mode[1] + data, count, stride, mode[0], kind)
            assert len(found) == count * stride

    check()


def objects(examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(st.lists(WORDS, max_size=40).map(b" ".join))
    def check(data: bytes) -> None:
        with suppress(RemoteProtocolError):
            read_obj(data, linked, picture)

    check()


def pictures(examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(
        st.lists(st.sampled_from([0, 1, 3, 9, 23, 43, 104, 2**31]), min_size=9, max_size=9),
        st.binary(max_size=80),
    )
    def check(head: list[int], rest: bytes) -> None:
        with suppress(RemoteProtocolError):
            ktx2_pixels(KTX2 + struct.pack("<9I", *head) + rest)

    check()


CARD: dict[str, Any] = {
    "asset": {"version": "2.0"}, "scene": 0, "scenes": [{"nodes": [0]}], "nodes": [{"mesh": 0}],
    "buffers": [{"byteLength": 36, "uri": "data:;base64," + "A" * 48}],
    "bufferViews": [{"buffer": 0, "byteLength": 36, "extensions": {"EXT_meshopt_compression": {
        "buffer": 0, "byteLength": 36, "count": 3, "byteStride": 12, "mode": "ATTRIBUTES"}}},
        {"buffer": 0, "byteLength": 36}],
    "accessors": [{"bufferView": 1, "componentType": 5126, "count": 3, "type": "VEC3"}],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "extensions": {
        "KHR_draco_mesh_compression": {"bufferView": 1, "attributes": {"POSITION": 0}}}}]}],
    "images": [{"bufferView": 1}], "textures": [{"source": 0}],
    "materials": [{"pbrMetallicRoughness": {"baseColorTexture": {"index": 0}}}],
}  # fmt: skip


def documents(examples: int) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(st.data())
    def check(data: st.DataObject) -> None:
        document = json.loads(json.dumps(CARD))
        if data.draw(st.booleans()):
            del document["bufferViews"][0]["extensions"]
        for _ in range(data.draw(st.integers(1, 3))):
            place: Any = document
            while isinstance(place, (dict, list)) and place:
                keys = list(place) if isinstance(place, dict) else list(range(len(place)))
                key = data.draw(st.sampled_from(keys))
                if data.draw(st.integers(0, 3)) == 0 or not isinstance(place[key], (dict, list)):
                    place[key] = data.draw(VALUES)
                    break
                place = place[key]
        text = json.dumps(document).encode()
        with suppress(RemoteProtocolError):
            plain_glb(text, linked, unpack=unpack, picture=picture)

    check()


@pytest.mark.parametrize("fuzz", [views, objects, pictures, documents])
def test_hostile_files_raise_the_one_error(fuzz: Any) -> None:
    fuzz(100 if fuzz is documents else EXAMPLES)  # documents are slow to draw


@pytest.mark.soak
@pytest.mark.parametrize("fuzz", [views, objects, pictures, documents])
def test_many_more_hostile_files(fuzz: Any) -> None:
    fuzz(10_000 if fuzz is documents else 250_000)


def test_octahedral_and_exponential_filters_follow_their_formulae() -> None:
    # One row: last = the row itself, one group of zeros for each of the four or eight bytes.
    def stored(row: bytes) -> bytes:
        return b"\xa0" + b"\x00" * len(row) + bytes(32 - len(row)) + row

    plus_z = decode_view(stored(bytes([0, 0, 127, 7])), 1, 4, "ATTRIBUTES", "OCTAHEDRAL")
    assert plus_z == bytes([0, 0, 127, 7])
    plus_x = decode_view(stored(bytes([127, 0, 127, 0])), 1, 4, "ATTRIBUTES", "OCTAHEDRAL")
    assert plus_x == bytes([127, 0, 0, 0])
    minus_z = decode_view(stored(bytes([127, 127, 127, 0])), 1, 4, "ATTRIBUTES", "OCTAHEDRAL")
    assert minus_z == bytes([0, 0, 129, 0])
    three = struct.pack("<i", (-2 << 24) | 12)  # 12 x 2^-2
    assert decode_view(stored(three), 1, 4, "ATTRIBUTES", "EXPONENTIAL") == struct.pack("<f", 3.0)
    identity = struct.pack("<4h", 0, 0, 0, (511 << 2) | 3)  # the largest component is w
    assert decode_view(stored(identity), 1, 8, "ATTRIBUTES", "QUATERNION") == struct.pack(
        "<4h", 0, 0, 0, 32767
    )
