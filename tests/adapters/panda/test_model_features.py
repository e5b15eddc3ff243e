"""What of glTF is drawn as the file says: measured at places of pictures, each with a control."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from math import pi
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.gltf.gltf_files import GltfFile, yard
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

WIDTH, HEIGHT = 160, 120
Picture = NDArray[np.uint8]
Draw = Callable[..., Picture]


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def draw(graphics: Graphics) -> Draw:
    """Draws a file 3 m before the eye, 1.5 m up: a metre is 40 pixels, the middle is (80, 60)."""
    target = graphics.target("features", WIDTH, HEIGHT, "srgb8", sort=10)

    def drawn(
        file: GltfFile,
        *,
        quality: Quality = "full",
        params: dict[str, Any] | None = None,
        eye: Vec3 = Vec3(0.0, 0.0, 1.5),  # noqa: B008
        turn: Quat = Quat(),  # noqa: B008
        **light: Any,
    ) -> Picture:
        scene, problems = parse_scene(yard(**light), "yard/scene.yaml")
        assert scene is not None, problems
        compiled = compile_scene(scene, {"a.glb": file.glb()}, decode=decoded)
        made = VirtualSet(graphics, compiled, quality)
        view = made.add_view(target)
        view.place(Pose(eye, turn), Projection(-2 / 3, 2 / 3, -0.5, 0.5, 0.1, 50.0))
        made.update(params or {}, (), 0.0)
        graphics.render()
        picture = graphics.picture(target).copy()
        view.remove()
        return picture

    return drawn


def at(picture: Picture, x: float, z: float = 1.5) -> tuple[int, int, int]:
    """The colour where the plane three metres before the eye is (x, z), mean of 3 x 3 pixels."""
    column, row = round(WIDTH / 2 + x * 40), round(HEIGHT / 2 - (z - 1.5) * 40)
    r, g, b = picture[row - 1 : row + 2, column - 1 : column + 2].reshape(-1, 3).mean(axis=0)
    return round(r), round(g), round(b)


def is_about(one: tuple[int, ...], other: tuple[int, ...], most: int = 12) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= most


def hue(colour: tuple[int, int, int]) -> str:
    """The channels that shine: `r`, `rg` ..., `` for black."""
    most = max(colour)
    return "".join(n for n, v in zip("rgb", colour, strict=True) if v > 40 and v > most * 0.5)


def quarters(size: int = 64) -> NDArray[np.uint8]:
    """Red, green over blue, yellow."""
    made = np.zeros((size, size, 3), np.uint8)
    half = size // 2
    made[:half, :half], made[:half, half:] = (255, 0, 0), (0, 255, 0)
    made[half:, :half], made[half:, half:] = (0, 0, 255), (255, 255, 0)
    return made


def saved(pixels: Any, kind: str = "PNG", **more: Any) -> bytes:
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    to = BytesIO()
    image.save(to, kind, **more)
    return to.getvalue()


QUARTERS = saved(quarters())


def quartered(card: Picture, x: float = 0.0) -> list[str]:
    """The hues of a card's four quarters, from the upper left."""
    return [hue(at(card, x + dx, 1.5 + dz)) for dz in (0.25, -0.25) for dx in (-0.25, 0.25)]


UPRIGHT = ["r", "g", "b", "rg"]


def pictured(content: bytes = QUARTERS, sampler: Any = None, **use: Any) -> GltfFile:
    file = GltfFile()
    texture = file.picture(content, sampler)
    material = file.material(pbr={"baseColorTexture": {"index": texture} | use})
    file.card("card", material)
    return file


def grey(mode: str) -> bytes:
    """A picture that is light on its left and dark on its right, in a mode of its own."""
    row = np.where(np.arange(64) < 32, 230, 20).astype(np.uint8)
    light = np.tile(row, (64, 1))
    image = Image.fromarray(light)
    match mode:
        case "16":
            return saved(Image.fromarray(light.astype(np.uint16) * 257))
        case "1":
            return saved(image.point(lambda v: 255 if v > 128 else 0).convert("1"))
        case "LA":
            return saved(Image.merge("LA", (image, Image.new("L", image.size, 255))))
        case "P":
            return saved(image.convert("RGB").quantize(8))
        case "PA":
            palette = image.convert("RGB").quantize(8)
            return saved(palette, transparency=7)
        case "CMYK":
            return saved(image.convert("RGB").convert("CMYK"), "JPEG", quality=95)
        case "L jpeg":
            return saved(image, "JPEG", quality=95)
        case "progressive":
            return saved(image.convert("RGB"), "JPEG", quality=95, progressive=True)
        case _:
            return saved(image.convert(mode))


@pytest.mark.parametrize(
    "mode", ["L", "LA", "16", "1", "P", "PA", "RGB", "RGBA", "CMYK", "L jpeg", "progressive"]
)
def test_every_kind_of_picture_is_drawn_alike(draw: Draw, mode: str) -> None:
    card = draw(pictured(grey(mode)))
    plain = draw(pictured(grey("RGB")))
    left, right = at(card, -0.25), at(card, 0.25)
    if mode != "1":
        assert is_about(left, at(plain, -0.25)) and is_about(right, at(plain, 0.25))
    assert min(left) > max(right) + 60


def interlaced() -> bytes:
    """A PNG of eight pixels squared in Adam7's seven passes: red over green."""
    import zlib

    passes = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
              (0, 1, 1, 2))  # fmt: skip
    rows = b""
    for x0, y0, dx, dy in passes:
        for y in range(y0, 8, dy):
            colour = b"\xff\0\0" if y < 4 else b"\0\xff\0"
            rows += b"\0" + colour * len(range(x0, 8, dx))

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + kind + body + check

    head = (8).to_bytes(4, "big") * 2 + bytes((8, 2, 0, 0, 1))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )  # fmt: skip


def test_interlaced_pictures_are_drawn(draw: Draw) -> None:
    assert quartered(draw(pictured(interlaced()))) == ["r", "r", "g", "g"]


def test_pictures_are_upright(draw: Draw) -> None:
    assert quartered(draw(pictured())) == UPRIGHT


@pytest.mark.parametrize(
    ("transform", "seen"),
    [
        ({"offset": [0.5, 0.0]}, ["g", "r", "rg", "b"]),
        ({"offset": [0.0, 0.5]}, ["b", "rg", "r", "g"]),
        # A quarter turn of the coordinates to the left turns the picture to the right.
        ({"rotation": pi / 2, "offset": [0.0, 1.0]}, ["b", "r", "rg", "g"]),
        ({"scale": [0.5, 0.5]}, ["r", "r", "r", "r"]),
        ({"scale": [-1.0, 1.0], "offset": [1.0, 0.0]}, ["g", "r", "rg", "b"]),
        ({}, UPRIGHT),
    ],
)
def test_texture_transforms_move_turn_and_scale(
    draw: Draw, transform: dict[str, Any], seen: list[str]
) -> None:
    file = pictured(extensions={"KHR_texture_transform": transform})
    file.json["extensionsUsed"] = ["KHR_texture_transform"]
    assert quartered(draw(file)) == seen


@pytest.mark.parametrize("by", ["texCoord", "extension"])
def test_a_texture_may_use_another_set_of_coordinates(draw: Draw, by: str) -> None:
    file = GltfFile()
    texture = file.picture(QUARTERS)
    use: dict[str, Any] = {"index": texture, "texCoord": 1}
    if by == "extension":
        use = {"index": texture, "extensions": {"KHR_texture_transform": {"texCoord": 1}}}
    material = file.material(pbr={"baseColorTexture": use})
    flipped = file.rows([[1, 1], [0, 1], [0, 0], [1, 0]])
    file.card("card", material, attributes={"TEXCOORD_1": flipped})
    assert quartered(draw(file)) == ["g", "r", "rg", "b"]


def test_pictures_of_one_material_may_be_laid_in_different_ways(draw: Draw) -> None:
    """The base picture by set 1 and tiled, the glow by set 0."""
    file = GltfFile()
    base, glow = file.picture(QUARTERS), file.picture(saved(grey_half()))
    tiled = {"index": base, "texCoord": 1,
             "extensions": {"KHR_texture_transform": {"scale": [0.5, 0.5]}}}  # fmt: skip
    material = file.material(
        pbr={"baseColorTexture": tiled}, emissiveTexture={"index": glow},
        emissiveFactor=[1.0, 1.0, 1.0],
    )  # fmt: skip
    file.card(
        "card", material, attributes={"TEXCOORD_1": file.rows([[0, 1], [1, 1], [1, 0], [0, 0]])}
    )
    card = draw(file)
    assert quartered(card)[1::2] == ["r", "r"]
    assert min(at(card, -0.25)) > 60 + min(at(card, 0.25))


def grey_half() -> NDArray[np.uint8]:
    made = np.zeros((64, 64, 3), np.uint8)
    made[:, :32] = 255
    return made


@pytest.mark.parametrize(
    ("wrap", "beyond"), [(10497, ["r", "g"]), (33071, ["g", "g"]), (33648, ["g", "r"])]
)
def test_wraps_are_followed(draw: Draw, wrap: int, beyond: list[str]) -> None:
    """The picture is on the left half of a card, its repetition on the right."""
    file = GltfFile()
    texture = file.picture(QUARTERS, {"wrapS": wrap, "wrapT": 33071})
    material = file.material(pbr={"baseColorTexture": {"index": texture}})
    twice = file.rows([[0, 1], [2, 1], [2, 0], [0, 0]])
    file.card("card", material, attributes={"TEXCOORD_0": twice})
    card = draw(file)
    seen = [hue(at(card, x, 1.75)) for x in (-0.375, -0.125, 0.125, 0.375)]
    assert seen == ["r", "g", *beyond]


def test_filters_are_followed(draw: Draw) -> None:
    two = saved(np.array([[[255, 255, 255], [0, 0, 0]]], np.uint8))
    clamp = {"wrapS": 33071, "wrapT": 33071}
    smooth = draw(pictured(two, clamp))
    sharp = draw(pictured(two, clamp | {"magFilter": 9728, "minFilter": 9728}))
    assert min(at(sharp, -0.1)) > 60 + min(at(smooth, -0.1)) - 60 > 0
    assert max(at(sharp, 0.1)) < 12 < max(at(smooth, 0.1))


def before_a_wall(material: dict[str, Any], **card: Any) -> GltfFile:
    """A card in some material half a metre before a red wall."""
    file = GltfFile()
    red = file.material("wall", pbr={"baseColorFactor": [1.0, 0.0, 0.0, 1.0]})
    file.card("wall", red, at=(0, 1.5, -0.5), half=3.0)
    if "picture" in card:
        texture = file.picture(card.pop("picture"))
        material.setdefault("pbr", {})["baseColorTexture"] = {"index": texture}
    file.card("card", file.material("card", **material), **card)
    return file


def ring() -> bytes:
    """Green, opaque but for a hole in the middle."""
    made = np.zeros((64, 64, 4), np.uint8)
    made[..., 1], made[..., 3] = 255, 255
    made[16:48, 16:48, 3] = 0
    return saved(made)


def test_masked_material_has_holes(draw: Draw) -> None:
    card = draw(before_a_wall({"alphaMode": "MASK"}, picture=ring()))
    assert hue(at(card, 0.0)) == "r" and hue(at(card, 0.4)) == "g"
    solid = draw(before_a_wall({}, picture=ring()))
    assert hue(at(solid, 0.0)) == "g"


@pytest.mark.parametrize(("cutoff", "seen"), [(0.3, "g"), (0.7, "r")])
def test_alpha_cutoff_decides_what_is_cut_out(draw: Draw, cutoff: float, seen: str) -> None:
    half = {"pbr": {"baseColorFactor": [0.0, 1.0, 0.0, 0.5]}}
    card = draw(before_a_wall({"alphaMode": "MASK", "alphaCutoff": cutoff} | half))
    assert hue(at(card, 0.0)) == seen


@pytest.mark.parametrize("quality", ["full", "draft"])
@pytest.mark.parametrize("by", ["factor", "picture", "corner"])
def test_glass_is_seen_through(draw: Draw, by: str, quality: Quality) -> None:
    more: dict[str, Any] = {}
    pbr: dict[str, Any] = {"baseColorFactor": [0.0, 1.0, 0.0, 0.5 if by == "factor" else 1.0]}
    if by == "picture":
        more["picture"] = saved(np.full((4, 4, 4), (255, 255, 255, 128), np.uint8))
    file = before_a_wall({"alphaMode": "BLEND", "pbr": pbr}, **more)
    if by == "corner":
        colours = file.rows([[1, 1, 1, 0.5]] * 4)
        file.json["meshes"][1]["primitives"][0]["attributes"]["COLOR_0"] = colours
    card = draw(file, quality=quality)
    red, green, _ = at(card, 0.0)
    wall = at(card, 1.0)[0]
    assert 40 < red < wall - 10 and green > 40


def test_blend_without_any_alpha_is_solid(draw: Draw) -> None:
    """Exporters write it for everything; it must hide what is behind, in any order."""
    file = before_a_wall({"alphaMode": "BLEND", "pbr": {"baseColorFactor": [0.0, 1.0, 0.0, 1.0]}})
    file.json["scenes"][0]["nodes"].reverse()
    assert hue(at(draw(file), 0.0)) == "g"


@pytest.mark.parametrize("order", [1, -1])
def test_panes_are_drawn_from_the_farthest(draw: Draw, order: int) -> None:
    file = GltfFile()
    near = file.material("near", alphaMode="BLEND", pbr={"baseColorFactor": [0, 1, 0, 0.8]})
    far = file.material("far", alphaMode="BLEND", pbr={"baseColorFactor": [1, 0, 0, 0.8]})
    for name, material, z in (("near", near, 0.5), ("far", far, -0.5))[::order]:
        file.card(name, material, at=(0, 1.5, z), half=1.0)
    assert hue(at(draw(file), 0.0)) == "g"


def test_the_far_side_of_a_glass_is_drawn_before_its_near_side(draw: Draw) -> None:
    """A box whose front is written first, of double-sided glass."""
    file = GltfFile()
    pane = file.material(
        alphaMode="BLEND", doubleSided=True, pbr={"baseColorFactor": [1, 1, 1, 0.8]}
    )
    front = [[-1, -1, 1], [1, -1, 1], [1, 1, 1], [-1, 1, 1]]
    back = [[1, -1, -1], [-1, -1, -1], [-1, 1, -1], [1, 1, -1]]
    mesh = file.mesh(
        {
            "POSITION": file.rows(np.array(front + back) * 0.5),
            "NORMAL": file.rows([[0, 0, 1]] * 4 + [[0, 0, -1]] * 4),
            "COLOR_0": file.rows([[0, 1, 0]] * 4 + [[1, 0, 0]] * 4),
        },
        indices=file.rows([0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7], "<u1"),
        material=pane,
    )
    file.node("box", mesh=mesh, translation=[0, 1.5, 0])
    assert hue(at(draw(file), 0.0)) == "g"


def test_leaves_cast_shadows_with_holes_and_glass_casts_none(draw: Draw) -> None:
    light = {"key": 2.0, "toward": "[0, 1, 0]", "sky": "#000000"}
    leaf = before_a_wall({"alphaMode": "MASK"}, picture=ring(), at=(0, 1.5, 1.0))
    # The eye looks past the leaf, at the wall where its shadow falls.
    aside = {"eye": Vec3(1.6, 0.0, 1.5), "turn": Quat.from_angles(pan=25.0)}

    def lit(file: GltfFile) -> float:
        return float((draw(file, **light, **aside)[..., 0] > 60).mean())

    solid = before_a_wall({}, picture=ring(), at=(0, 1.5, 1.0))
    pane = before_a_wall(
        {"alphaMode": "BLEND", "pbr": {"baseColorFactor": [1, 1, 1, 0.01]}}, at=(0, 1.5, 1.0)
    )
    assert lit(solid) + 0.01 < lit(leaf) < lit(pane) - 0.01


def test_missing_normals_are_flat(draw: Draw) -> None:
    """A roof of two slopes that share the vertices of their ridge."""
    file = GltfFile()
    points = [[-0.5, -0.5, -0.5], [0, -0.5, 0], [0, 0.5, 0], [-0.5, 0.5, -0.5], [0.5, -0.5, -0.5],
              [0.5, 0.5, -0.5]]  # fmt: skip
    indices = file.rows([0, 1, 2, 0, 2, 3, 1, 4, 5, 1, 5, 2], "<u4")
    mesh = file.mesh({"POSITION": file.rows(points)}, indices=indices, material=file.material())
    file.node("roof", mesh=mesh, translation=[0, 1.5, 0])
    picture = draw(file, key=2.0, toward="[1, 1, 0]", sky="#202020")
    left = [at(picture, x)[0] for x in (-0.4, -0.1)]
    right = [at(picture, x)[0] for x in (0.1, 0.4)]
    assert abs(left[0] - left[1]) < 6 and abs(right[0] - right[1]) < 6
    assert left[0] > right[0] + 60


def bumped(scale: list[float], *, tangents: bool, rotation: float = 0.0) -> GltfFile:
    """A card whose normal map leans up everywhere, in a node that may be mirrored."""
    file = GltfFile()
    texture = file.picture(saved(np.full((4, 4, 3), (128, 218, 218), np.uint8)))
    use = {"index": texture, "extensions": {"KHR_texture_transform": {"rotation": rotation}}}
    material = file.material(normalTexture=use)
    more = {"TANGENT": file.rows([[1, 0, 0, 1]] * 4)} if tangents else {}
    file.card("card", material, attributes=more, scale=scale)
    return file


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize("tangents", [False, True])
@pytest.mark.parametrize("scale", [[-1, 1, 1], [1, 1, -1], [-1, -1, -1], [1, 1, 1]])
def test_mirrored_bumps_are_lit_from_the_same_side(
    draw: Draw, scale: list[float], tangents: bool, part: bool
) -> None:
    more = "parts:\n  card: {doc: A part., turn_by: dial, degrees: 30}\n" if part else ""
    file = bumped(scale, tangents=tangents)
    file.json["materials"][0]["doubleSided"] = True
    picture = draw(file, key=2.0, toward="[0, 1, -1]", sky="#101010", more=more)
    below = draw(file, key=2.0, toward="[0, 1, 1]", sky="#101010", more=more)
    # Upside down they lean down, and seen from behind they are dents.
    up = (scale[1] > 0) == (scale[2] > 0)
    lit, unlit = (picture, below) if up else (below, picture)
    assert at(lit, 0.0)[0] > at(unlit, 0.0)[0] + 60


@pytest.mark.parametrize("part", [False, True])
def test_mirrored_faces_are_seen_from_the_front(draw: Draw, part: bool) -> None:
    more = "parts:\n  card: {doc: A part., turn_by: dial, degrees: 30}\n" if part else ""
    file = pictured()
    file.json["nodes"][0]["scale"] = [-1, 1, 1]
    assert quartered(draw(file, more=more)) == ["g", "r", "rg", "b"]


def test_a_mirrored_part_turns_in_its_own_frame(draw: Draw) -> None:
    """A card at the side of its origin swings away where an unmirrored one swings near."""
    more = "parts:\n  card: {doc: A part., turn_by: dial, degrees: 60}\n"

    def side(scale: float) -> float:
        file = GltfFile()
        file.card("inner", file.material(doubleSided=True), at=(0, 0, 0))
        inner = file.json["nodes"].pop()
        file.json["meshes"][0]["primitives"][0]["attributes"]["POSITION"] = file.rows(
            [[0, -0.5, 0], [1, -0.5, 0], [1, 0.5, 0], [0, 0.5, 0]]
        )
        file.json["scenes"][0]["nodes"] = []
        file.node("card", mesh=inner["mesh"], translation=[0, 1.5, 0], scale=[scale, 1, 1])
        light = {"sky": "#000000", "key": 2.0, "toward": "[0, 1, 0]"}
        drawn = draw(file, more=more, params={"dial": 1.0}, **light)
        columns = np.flatnonzero((drawn[60] > 30).all(axis=1))
        return float(columns.mean()) - WIDTH / 2

    assert side(1.0) > 2 and abs(side(1.0) + side(-1.0)) < 2


def test_a_turned_picture_of_bumps_turns_its_light(draw: Draw) -> None:
    """Half a turn of the normal map: what leaned up leans down, tangents in the file or not."""
    for tangents in (True, False):
        picture = draw(
            bumped([1, 1, 1], tangents=tangents, rotation=pi), key=2.0, toward="[0, 1, -1]",
            sky="#101010",
        )  # fmt: skip
        plain = draw(
            bumped([1, 1, 1], tangents=tangents), key=2.0, toward="[0, 1, -1]", sky="#101010"
        )
        assert at(plain, 0.0)[0] > at(picture, 0.0)[0] + 60


def test_a_double_sided_sheet_is_lit_from_behind_too(draw: Draw) -> None:
    file = GltfFile()
    file.card("sheet", file.material(doubleSided=True), rotation=[0, 1, 0, 0])
    lit = draw(file, key=2.0, toward="[0, 1, 0]", sky="#000000")
    assert min(at(lit, 0.0)) > 100


def test_unlit_is_drawn_in_its_own_colour(draw: Draw) -> None:
    made = np.full((8, 8, 3), (200, 100, 40), np.uint8)
    file = pictured(saved(made))
    file.json["materials"][0]["extensions"] = {"KHR_materials_unlit": {}}
    dark = {"sky": "#000000", "key": 0.0}
    assert is_about(at(draw(file, **dark), 0.0), (200, 100, 40), 3)
    del file.json["materials"][0]["extensions"]
    assert max(at(draw(file, **dark), 0.0)) < 12


def test_metal_shows_what_it_reflects(draw: Draw) -> None:
    file = GltfFile()
    file.card("metal", file.material(pbr={"metallicFactor": 1.0, "roughnessFactor": 1.0}))
    assert min(at(draw(file, sky="#808080"), 0.0)) > 40


def test_roughness_is_green_and_metalness_blue(draw: Draw) -> None:
    """Left without metal, right all metal, in a red material under a white light."""
    made = np.zeros((4, 4, 3), np.uint8)
    made[..., 1] = 255
    made[:, 2:, 2] = 255
    file = GltfFile()
    texture = file.picture(saved(made), {"magFilter": 9728, "minFilter": 9728})
    pbr = {"metallicFactor": 1.0, "baseColorFactor": [1, 0, 0, 1],
           "metallicRoughnessTexture": {"index": texture}}  # fmt: skip
    file.card("card", file.material(pbr=pbr))
    card = draw(file, sky="#000000", key=2.0, toward="[0, 1, 0]")
    assert at(card, -0.25)[0] > at(card, 0.25)[0] + 40


def test_occlusion_darkens_what_the_sky_lights(draw: Draw) -> None:
    made = np.full((4, 4, 3), 255, np.uint8)
    made[:, 2:, 0] = 0
    file = GltfFile()
    texture = file.picture(saved(made), {"magFilter": 9728, "minFilter": 9728})
    file.card("card", file.material(occlusionTexture={"index": texture, "strength": 0.8}))
    card = draw(file, sky="#808080")
    assert at(card, -0.25)[0] > at(card, 0.25)[0] + 30 > 45


def test_vertex_colours_are_used_and_alpha_of_opaque_materials_is_not(draw: Draw) -> None:
    file = GltfFile()
    colours = file.rows([[0, 255, 0, 0]] * 4, "<u1", normalized=True)
    file.card("card", file.material(), attributes={"COLOR_0": colours})
    assert hue(at(draw(file, sky="#808080"), 0.0)) == "g"


@pytest.mark.parametrize("kind", ["point", "spot", "directional"])
@pytest.mark.parametrize("quality", ["full", "draft"])
def test_lights_of_models_shine_at_each_pixel(draw: Draw, kind: str, quality: Quality) -> None:
    """A light a metre before a wall: a point light's spot is brightest at its middle."""
    file = GltfFile()
    file.card("wall", file.material(), half=2.0)
    light: dict[str, Any] = {"type": kind, "intensity": 6.0, "color": [1.0, 0.5, 0.0]}
    if kind == "spot":
        light["spot"] = {"innerConeAngle": 0.1, "outerConeAngle": 0.4}
    file.json["extensions"] = {"KHR_lights_punctual": {"lights": [light]}}
    link = {"KHR_lights_punctual": {"light": 0}}
    file.node("lamp", extensions=link, translation=[0, 1.5, 1.0])
    wall = draw(file, sky="#000000", quality=quality)
    middle, edge = at(wall, 0.0), at(wall, 1.2)
    assert middle[0] > middle[1] > middle[2] and middle[0] > 100
    if kind == "directional":
        assert is_about(middle, edge)
    else:
        assert edge[0] < middle[0] - 40
    if kind == "spot":
        assert max(edge) < 6 and max(at(wall, 0.6)) < 6 < min(at(wall, 0.2)[:2])


def test_instances_are_all_drawn_and_hidden_nodes_are_not(draw: Draw) -> None:
    file = GltfFile()
    file.card("post", file.material(), half=0.2)
    places = file.rows([[-1, 0, 0], [0, 0, 0], [1, 0, 0]])
    turns = file.rows([[0, 0, 0, 127]] * 3, "<i1", normalized=True)
    sizes = file.rows([[1, 1, 1], [1, 1, 1], [1, 3, 1]])
    file.json["nodes"][0]["extensions"] = {"EXT_mesh_gpu_instancing": {
        "attributes": {"TRANSLATION": places, "ROTATION": turns, "SCALE": sizes}}}  # fmt: skip
    file.card("hidden", 0, at=(0, 2.4, 0))
    file.json["nodes"][1]["extensions"] = {"KHR_node_visibility": {"visible": False}}
    picture = draw(file, sky="#a0a0a0", key=2.0)
    empty = at(picture, -0.5)
    for x in (-1.0, 0.0, 1.0):
        assert not is_about(at(picture, x), empty, 30)
    assert not is_about(at(picture, 1.0, 2.0), empty, 30) and is_about(
        at(picture, 0.0, 2.0), at(picture, -1.0, 2.0), 8
    )
    assert is_about(at(picture, 0.0, 2.4), at(picture, -0.6, 2.4), 8)
