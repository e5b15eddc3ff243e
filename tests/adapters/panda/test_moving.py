"""Animated models in pictures: where they are at a time, what is culled, and their shadows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.gltf.animated import banner, shifted, sign, swing
from tests.gltf.gltf_files import GltfFile, yard
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.gltf.rig import MOST_JOINTS
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.compiling.textures import png
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

WIDTH, HEIGHT = 160, 120
Picture = NDArray[np.uint8]
SQUARE = Projection(-2 / 3, 2 / 3, -0.5, 0.5, 0.1, 50.0)


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


class Stage:
    """A set with one model three metres before the eye; a metre is 40 pixels."""

    def __init__(
        self,
        graphics: Graphics,
        file: GltfFile,
        clips: str,
        *,
        quality: Quality = "full",
        **light: Any,
    ) -> None:
        text = yard(**light).replace("doc: The model.", f"doc: The model., clips: {{{clips}}}")
        scene, problems = parse_scene(text, "yard/scene.yaml")
        assert scene is not None, problems
        compiled = compile_scene(scene, {"a.glb": file.glb()}, decode=decoded)
        assert all("is not played" in warning.message for warning in compiled.warnings)
        self.graphics = graphics
        self.set = VirtualSet(graphics, compiled, quality)
        self.target = graphics.target("moving", WIDTH, HEIGHT, "srgb8", sort=10)
        self.view = self.set.add_view(self.target)
        self.view.place(Pose(Vec3(0.0, 0.0, 1.5), Quat()), SQUARE)

    def draw(self, seconds: float = 0.0, **params: float) -> Picture:
        self.set.update(params, (), seconds)
        self.graphics.render()
        return self.graphics.picture(self.target).copy()

    def close(self) -> None:
        self.view.remove()
        self.target.set_active(False)


Make = Callable[..., Stage]


@pytest.fixture
def stage(graphics: Graphics) -> Iterator[Make]:
    made: list[Stage] = []

    def make(file: GltfFile, clips: str, **light: Any) -> Stage:
        made.append(Stage(graphics, file, clips, **light))
        return made[-1]

    yield make
    for one in made:
        one.close()


def middle(picture: Picture, channel: int) -> tuple[float, float]:
    """The middle (x, z) in metres of what is coloured by one channel; it must be seen."""
    others = np.delete(picture, channel, axis=2).max(axis=2).astype(int)
    rows, columns = np.nonzero(picture[:, :, channel].astype(int) - others > 60)
    assert len(rows) > 40
    return (columns.mean() + 0.5 - WIDTH / 2) / 40, 1.5 - (rows.mean() + 0.5 - HEIGHT / 2) / 40


def about(x: float, z: float) -> object:
    return pytest.approx((x, z), abs=0.03)


def test_a_sign_swings_with_the_seconds_of_the_show(stage: Make) -> None:
    shown = stage(sign(), "swing: {doc: It swings.}")
    half = np.sqrt(0.5)
    for seconds, place in (
        (0.0, (1.0, 1.5)), (0.25, (half, 1.5 + half)), (0.5, (0.0, 2.5)),
        (1.999, (half, 1.5 - half)), (2.25, (half, 1.5 + half)), (1002.25, (half, 1.5 + half)),
    ):  # fmt: skip
        assert middle(shown.draw(seconds), 0) == about(*place), seconds
    with pytest.raises(AssertionError):  # the control: it does not stand still
        assert middle(shown.draw(0.25), 0) == about(1.0, 1.5)


def test_a_frame_does_not_depend_on_those_before_it(stage: Make) -> None:
    shown = stage(banner(), "bend: {doc: It bends., speed: 0.5}")
    first = [shown.draw(seconds) for seconds in (0.3, 1.1, 1.7)]
    again = [shown.draw(seconds) for seconds in (1.7, 0.3, 1.1)]
    for one, other in zip(first, (again[1], again[2], again[0]), strict=True):
        assert np.array_equal(one, other)
    assert not np.array_equal(first[0], first[1])


def test_a_param_plays_a_clip_from_its_least_to_its_most_value(stage: Make) -> None:
    shown = stage(sign(), "swing: {doc: It swings., moved_by: dial}")
    assert middle(shown.draw(0.7), 0) == about(1.0, 1.5)
    assert middle(shown.draw(0.7, dial=0.25), 0) == about(0.0, 2.5)
    half = np.sqrt(0.5)
    assert middle(shown.draw(0.7, dial=1.0), 0) == about(half, 1.5 - half)
    assert middle(shown.draw(3.1, dial=0.25), 0) == about(0.0, 2.5)


def test_a_param_blends_a_clip_over_another(stage: Make) -> None:
    file = sign()
    swing(file, "up", 1, "rotation", (0.0, 1.0), [[0, 0, 1, 0], [0, 0, 1, 0]])
    shown = stage(
        file, "swing: {doc: It swings.}, up: {doc: Turned round., blend_by: dial}"
    )  # fmt: skip
    assert middle(shown.draw(0.5), 0) == about(0.0, 2.5)
    half = np.sqrt(0.5)
    assert middle(shown.draw(0.5, dial=0.5), 0) == about(-half, 1.5 + half)
    assert middle(shown.draw(0.5, dial=1.0), 0) == about(-1.0, 1.5)


def test_a_skin_bends(stage: Make) -> None:
    shown = stage(banner(), "bend: {doc: It bends.}")
    lower, _ = middle(shown.draw(0.0), 1)
    assert lower == pytest.approx(1.0, abs=0.03)
    # At 0.999 s the upper half lies to the left at 1.7 m, from x = 0.5 to -0.5.
    bent = shown.draw(0.9999)
    green = bent[:, :, 1].astype(int) - bent[:, :, 0]
    upper = green[round(HEIGHT / 2 - 0.0 * 40) - 2, :]
    assert (upper[round(WIDTH / 2 - 0.3 * 40)] > 60) and upper[round(WIDTH / 2 + 1.0 * 40)] < 60
    x, z = middle(bent, 1)
    assert x < 0.6 and z < 1.6


def test_what_moves_is_not_culled_where_it_was(stage: Make) -> None:
    """At rest both are outside the view; a clip brings them in."""
    far = sign()
    far.json["nodes"][1]["translation"] = [40.0, 1.5, 0.0]
    swing(far, "come", 1, "translation", (0.0, 1.0), [[40, 1.5, 0], [-1, 1.5, 0]])
    assert middle(stage(far, "come: {doc: It comes.}").draw(0.99999), 0) == about(0.0, 1.5)
    skinned = banner()
    swing(skinned, "come", 1, "translation", (0.0, 1.0), [[40, 0, 0], [0.0, 0, 0]])
    shown = stage(skinned, "come: {doc: It comes.}")
    assert shown.draw(0.1)[:, :, 1].max() < 140
    assert middle(shown.draw(0.99999), 1)[0] == pytest.approx(0.0, abs=0.03)


def test_what_is_scaled_to_nothing_is_not_seen(stage: Make) -> None:
    file = sign()
    swing(file, "shrink", 0, "scale", (0.0, 1.0), [[1, 1, 1], [0, 0, 0]])
    shown = stage(file, "shrink: {doc: It shrinks., moved_by: dial}")
    assert middle(shown.draw(dial=0.0), 0) == about(1.0, 1.5)
    nothing = shown.draw(dial=1.0).astype(int)
    assert (nothing[:, :, 0] - nothing[:, :, 1]).max() < 60


@pytest.mark.parametrize("make", [sign, banner])
def test_shadows_follow(stage: Make, make: Callable[[], GltfFile]) -> None:
    """A white wall half a metre behind; the light shines straight at it, from above."""
    file = make()
    plain = file.material("wall", pbr={"baseColorFactor": [1, 1, 1, 1]})
    file.card("wall", plain, at=(0.0, 1.5, -0.5), half=6.0)
    clip = "swing" if make is sign else "bend"
    shown = stage(
        file, f"{clip}: {{doc: It moves.}}", key=2.0, toward="[0, 1, -0.6]", sky="#101010"
    )

    def dark(picture: Picture) -> NDArray[np.bool_]:
        grey = np.ptp(picture.astype(int), axis=2) < 20
        return grey & (picture.max(axis=2) < 90)

    first, later = dark(shown.draw(0.0)), dark(shown.draw(0.49))
    assert first.sum() > 60 and later.sum() > 60
    assert (first & ~later).sum() > 40 and (later & ~first).sum() > 40
    assert np.array_equal(first, dark(shown.draw(0.0)))  # and back


def test_a_mirrored_model_and_uneven_scales_keep_their_sides(stage: Make) -> None:
    """Back faces are not drawn, so a turned side would be missing."""
    for scale in ([-1, 1, 1], [1, 3, 0.5]):
        file = sign()
        file.json["nodes"][1]["scale"] = scale
        shown = stage(file, "swing: {doc: It swings.}")
        assert middle(shown.draw(0.0), 0) == about(float(scale[0]), 1.5)
        file = banner()
        for material in file.json["materials"]:
            material["doubleSided"] = False
        file.json["nodes"][1]["scale"] = scale
        shown = stage(file, "bend: {doc: It bends.}")
        assert middle(shown.draw(0.0), 1)[0] == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize("quality", ["draft", "full"])
@pytest.mark.parametrize("alpha", ["OPAQUE", "MASK", "BLEND"])
def test_skins_are_drawn_with_pictures_normals_and_transparency(
    stage: Make, quality: Quality, alpha: str
) -> None:
    file = banner()
    green, level = png(solid(40, 220, 40)), png(solid(128, 128, 255))
    material = file.json["materials"][0] | {"alphaMode": alpha}
    material["pbrMetallicRoughness"]["baseColorTexture"] = {"index": file.picture(green)}
    material["pbrMetallicRoughness"]["baseColorFactor"] = [1, 1, 1, 0.8]
    material["normalTexture"] = {"index": file.picture(level)}
    file.json["materials"][0] = material
    attributes = file.json["meshes"][0]["primitives"][0]["attributes"]
    attributes["TEXCOORD_0"] = file.rows([[0, 0], [1, 0]] * 4)
    shown = stage(file, "bend: {doc: It bends.}", quality=quality, key=1.0)
    assert middle(shown.draw(0.0), 1)[0] == pytest.approx(1.0, abs=0.03)
    assert middle(shown.draw(0.9999), 1)[0] < 0.7


def test_a_skin_with_the_most_joints_is_drawn(stage: Make) -> None:
    file = banner()
    spare = [file.node(f"bone {i}") for i in range(MOST_JOINTS - 2)]
    file.json["skins"][0]["joints"] += spare
    more = np.array([shifted(0.0, 0.0), shifted(0.0, -1.5), *[np.eye(4)] * len(spare)])
    file.json["skins"][0]["inverseBindMatrices"] = file.matrices(more)
    shown = stage(file, "bend: {doc: It bends.}")
    assert middle(shown.draw(0.0), 1)[0] == pytest.approx(1.0, abs=0.03)
    assert middle(shown.draw(0.9999), 1)[0] < 0.7


def solid(*colour: int) -> NDArray[np.uint8]:
    return np.full((2, 2, 3), colour, np.uint8)
