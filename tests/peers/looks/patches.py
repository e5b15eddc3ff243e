"""Patches of pictures and their colour differences; a small set of patches."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
from coloraide import Color
from numpy.typing import NDArray
from PIL import Image

from tests.gltf.gltf_files import GltfFile
from tests.peers.looks.pictures import Pixels, Shot
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3

BLOCKS = (16, 9)
"""Patches across and down of a picture of a set."""
Colours = NDArray[np.float64]

SCENE = """\
xrdrama: 1
id: patches
title: Patches
doc: Cards of known materials in known light.
params:
  glow: {kind: real, least: 0, most: 4, default: 1, doc: What shines by itself.}
  mist: {kind: real, least: 0, most: 4, default: 1, doc: Thickness of the fog.}
  dawn: {kind: real, least: 0, most: 1, default: 0, doc: The other sky.}
  stops: {kind: real, least: -4, most: 4, default: 0, doc: Exposure.}
  gone: {kind: real, least: 0, most: 1, default: 1, doc: 0 dissolves the veil.}
lights:
  key: {kind: directional, doc: Key., toward: [-0.4, 0.8, -0.5], colour: "#fff0dd", intensity: 0.9, shadow: true}
  bulb: {kind: point, doc: A bulb., at: [-1.6, 2.2, 2.6], colour: "#ff9040", intensity: 1.5, reach: 4}
environment:
  sky:
    before: {zenith: "#5070a0", middle: "#8098b8", horizon: "#b0b8c0", ground: "#504840", glow: "#604830"}
    after: {zenith: "#101830", middle: "#203050", horizon: "#804830", ground: "#181410", glow: "#a05020"}
    turned_by: dawn
  fog: {density: 0.02, height: 6, scaled_by: mist, glow: "#201008"}
  tone: {exposure: 0.3, moved_by: stops, white: 5, contrast: 0.35, lift: "#020304"}
models:
  cards: {file: cards.glb, doc: The cards.}
materials:
  lamp: {doc: Shines., glow_by: glow}
  veil: {doc: Dissolves., fade_by: gone}
"""  # noqa: E501
COLUMNS, ROWS, DISTANCE = 8, 4, 3.0
EYE = Vec3(0.0, 0.0, 1.5)


def mean_colours(picture: Pixels, boxes: list[tuple[int, int, int, int]]) -> Colours:
    """(n, 3) sRGB 0 to 1 of boxes (left, top, right, bottom): means of the light."""
    x = picture / 255.0
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    means = np.array([light[y0:y1, x0:x1].mean(axis=(0, 1)) for x0, y0, x1, y1 in boxes])
    return np.where(means <= 0.0031308, means * 12.92, 1.055 * means ** (1 / 2.4) - 0.055)


def differences(one: Colours, other: Colours) -> NDArray[np.float64]:
    """CIEDE2000 of each pair of colours."""
    pairs = zip(one, other, strict=True)
    found = [
        Color("srgb", a.tolist()).delta_e(Color("srgb", b.tolist()), method="2000")
        for a, b in pairs
    ]
    return np.array(found)


def block_boxes(picture: Pixels) -> list[tuple[int, int, int, int]]:
    """The whole picture in blocks."""
    height, width = picture.shape[:2]
    xs = np.linspace(0, width, BLOCKS[0] + 1).astype(int).tolist()
    ys = np.linspace(0, height, BLOCKS[1] + 1).astype(int).tolist()
    return [
        (left, top, right, bottom) for top, bottom in pairwise(ys)
        for left, right in pairwise(xs)
    ]  # fmt: skip


def block_differences(one: Pixels, other: Pixels) -> NDArray[np.float64]:
    """CIEDE2000 of the blocks of two pictures."""
    boxes = block_boxes(one)
    return differences(mean_colours(one, boxes), mean_colours(other, boxes))


def patch_set() -> Shot:
    """Cards before the eye: greys, colours, metals, a picture, lamps, glass, holes, and depth."""
    file = GltfFile()
    finishes: list[dict[str, Any]] = [
        *({"pbr": {"baseColorFactor": [v, v, v, 1.0]}} for v in np.linspace(0.02, 0.95, 8)),
        *({"pbr": {"baseColorFactor": [*rgb, 1.0]}} for rgb in (
            (0.6, 0.02, 0.02), (0.02, 0.5, 0.03), (0.02, 0.05, 0.6), (0.5, 0.45, 0.02),
            (0.02, 0.4, 0.5), (0.5, 0.05, 0.4), (0.55, 0.33, 0.25), (0.2, 0.12, 0.08),
        )),
        *({"pbr": {"baseColorFactor": [0.8, 0.6, 0.3, 1.0], "metallicFactor": m,
                   "roughnessFactor": r}}
          for m, r in ((1.0, 0.1), (1.0, 0.4), (1.0, 0.8), (0.5, 0.3), (0.0, 0.1), (0.0, 0.3))),
        {"emissiveFactor": [0.9, 0.3, 0.1], "name": "lamp"},
        {"emissiveFactor": [0.1, 0.3, 0.9]},
        {"pbr": {"baseColorFactor": [0.9, 0.2, 0.2, 0.5]}, "alphaMode": "BLEND"},
        {"pbr": {"baseColorFactor": [0.2, 0.9, 0.3, 0.2]}, "alphaMode": "BLEND",
         "doubleSided": True},
        {"pbr": {"baseColorTexture": {"index": file.picture(_stripes())}}},
        {"pbr": {"baseColorTexture": {"index": 0}}, "alphaMode": "MASK"},
        {"pbr": {"baseColorFactor": [0.25, 0.5, 0.75, 1.0]},
         "extensions": {"KHR_materials_unlit": {}}},
        {"pbr": {"baseColorFactor": [0.5, 0.5, 0.5, 1.0]}, "doubleSided": True},
        {"pbr": {"baseColorFactor": [0.7, 0.7, 0.6, 1.0]}, "name": "veil"},
        {"pbr": {"baseColorFactor": [0.3, 0.6, 0.3, 1.0]}},
    ]  # fmt: skip
    file.json["extensionsUsed"] = ["KHR_materials_unlit"]
    for i, finish in enumerate(finishes[: COLUMNS * ROWS]):
        material = file.material(**({"name": f"paint {i}"} | finish))
        x, y = _place(i)
        file.card(f"card {i}", material, at=(x, y, -DISTANCE), half=0.15)
    ground = file.material("ground", pbr={"baseColorFactor": [0.4, 0.36, 0.3, 1.0]})
    corners = np.array([[-40, 0, 5], [40, 0, 5], [40, 0, -90], [-40, 0, -90]], float)
    flat = {
        "POSITION": file.rows(corners), "NORMAL": file.rows([[0, 1, 0]] * 4),
        "TEXCOORD_0": file.rows([[0, 1], [1, 1], [1, 0], [0, 0]]),
    }  # fmt: skip
    indices = file.rows([0, 1, 2, 0, 2, 3], "<u2")
    file.node("ground", mesh=file.mesh(flat, indices=indices, material=ground))
    for i, distance in enumerate((8.0, 16.0, 32.0, 60.0)):
        grey = file.material(f"far {i}", pbr={"baseColorFactor": [0.6, 0.1, 0.1, 1.0]})
        at = (-0.75 * distance + 0.5 * distance * i, 0.3 * distance, -distance)
        file.card(f"far {i}", grey, at=at, half=0.15 * distance)
    scene, problems = parse_scene(SCENE, "patches/scene.yaml")
    assert scene is not None, problems
    compiled = compile_scene(scene, {"cards.glb": file.glb()}, decode=decoded)
    params = {name: param.default for name, param in scene.params.items()}
    return Shot(scene, compiled, params, Pose(EYE, Quat()))


def card_boxes(picture: Pixels, shot: Shot) -> list[tuple[int, int, int, int]]:
    """Where the middle of each card is in a picture."""
    height, width = picture.shape[:2]
    p = shot.projection
    boxes = []
    for i in range(COLUMNS * ROWS):
        x, z = _place(i)
        u = (x / DISTANCE - p.left) / (p.right - p.left) * width
        v = (1.0 - ((z - EYE.z) / DISTANCE - p.bottom) / (p.top - p.bottom)) * height
        half = 0.1 / DISTANCE / (p.right - p.left) * width
        boxes.append((round(u - half), round(v - half), round(u + half), round(v + half)))
    return boxes


def _place(i: int) -> tuple[float, float]:
    """x and height of a card, metres: the lens sees 2.84 by 1.6 m there."""
    column, row = i % COLUMNS, i // COLUMNS
    return (column - (COLUMNS - 1) / 2) * 0.35, EYE.z + 0.6 - row * 0.4


def _stripes() -> bytes:
    """A picture with four greys, and a hole in its lower half."""
    made = np.zeros((64, 64, 4), np.uint8)
    for i, value in enumerate((30, 90, 160, 240)):
        made[:, 16 * i : 16 * i + 16] = (value, value // 2, 255 - value, 255)
    made[32:, 24:40, 3] = 0
    to = BytesIO()
    Image.fromarray(made).save(to, "PNG")
    return to.getvalue()
