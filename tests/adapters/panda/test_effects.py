"""The effects of the film camera and of LED walls, measured in through-the-lens pictures, against
their formulae (simulated)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import cos, log, radians, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.adapters.panda.test_slip import STAGE, Filmed
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens, falloff
from xrdrama.gltf.meshes import Material, Model, Node, Primitive
from xrdrama.show.filming import Path, SubFrame, exposed
from xrdrama.show.iris import Iris
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import load_stage
from xrdrama.stage.effects import NO_EFFECTS, Effects
from xrdrama.stage.exposure import confusion
from xrdrama.timing import NS
from xrdrama.wire.frame import ViewLens

AT = Pose(Vec3(0.0, 0.0, 1.5))
Picture = NDArray[np.float64]


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def scene(graphics: Graphics) -> Filmed:
    """A bright mark on a wall 4 m away."""
    return Filmed(graphics, load_stage(STAGE, "slip.stage.yaml"), 4.0, size=0.004)


def still(at: int) -> tuple[Pose, ViewLens | None]:
    return AT, None


def taken(scene: Filmed, pictures: Sequence[SubFrame]) -> Picture:
    """What the film camera takes of the mark, which is on the wall as seen from `AT`: its display
    values, above the floor."""
    scene.draw(AT, AT)
    if len(pictures) > 1:
        scene.lens.expose(pictures)
    else:
        scene.lens.place(pictures[0].pose)
        scene.graphics.render()
    return scene.graphics.picture(scene.lens.picture).astype(float)


def light(scene: Filmed, pictures: Sequence[SubFrame]) -> Picture:
    """The same in scene-linear light."""
    taken(scene, pictures)
    exposing = scene.lens._exposing
    target = exposing.target if exposing and len(pictures) > 1 else scene.lens.targets[1]
    found = scene.graphics.values(target)[:, :, 0].astype(float)
    found[250:] = 0.0  # the floor reflects the mark
    return found


def spread(found: Picture) -> tuple[float, float]:
    """The standard deviations of a picture's light across and down, pixels."""
    rows, columns = np.mgrid[: found.shape[0], : found.shape[1]]
    total, deviations = found.sum(), []
    for at in (columns, rows):
        mean = (found * at).sum() / total
        deviations.append(sqrt((found * (at - mean) ** 2).sum() / total))
    return deviations[0], deviations[1]


def sharp(scene: Filmed) -> tuple[float, float]:
    """The spread of the mark without blur: the mean of pictures that are shifted by parts of a
    pixel, so that the places of LEDs on pixels do not count; less what that adds."""
    shares = [(number + 0.5) / 16 - 0.5 for number in range(16)]
    parts = [
        (share / 711.1, shares[number * 5 % 16] / 711.1) for number, share in enumerate(shares)
    ]
    across, down = spread(light(scene, [SubFrame(AT, None, part) for part in parts]))
    added = sum(share**2 for share in shares) / 16
    return sqrt(across**2 - added), sqrt(down**2 - added)


def sideways(speed: float) -> Path:
    return lambda at: (Pose(Vec3(speed * at / NS, 0.0, 1.5)), None)


@pytest.mark.parametrize("angle", [90.0, 180.0, 360.0])
def test_motion_blur_is_as_long_as_the_camera_moves_during_the_exposure(
    scene: Filmed, angle: float
) -> None:
    """2 m/s sideways, 4 m from the wall: f_px * v * t / d. A streak of length l has a standard
    deviation of l / sqrt(12)."""
    camera, open_for = scene.stage.camera, round(angle / 360 / 24 * NS)
    pictures = exposed(sideways(2.0), 0, open_for, None, camera, scene.stage)
    before, after = sharp(scene), spread(light(scene, pictures))
    expected = 711.1 / 4.0 * 2.0 * open_for / NS
    measured = sqrt(12.0 * (after[0] ** 2 - before[0] ** 2))
    assert measured == pytest.approx(expected, rel=0.03, abs=0.3)
    assert after[1] == pytest.approx(before[1], abs=0.1), "only along the move"


def test_a_mean_of_equal_pictures_is_the_picture(scene: Filmed) -> None:
    """In light to 1 in 1000, which is the precision of a half float; so the mean is linear."""
    one, many = light(scene, (SubFrame(AT),)), light(scene, [SubFrame(AT)] * 12)
    assert np.abs(one - many).max() < 1e-3 * one.max()
    assert np.abs(taken(scene, (SubFrame(AT),)) - taken(scene, [SubFrame(AT)] * 12)).max() <= 1.0


def test_a_closed_shutter_and_a_closed_iris_blur_nothing(scene: Filmed) -> None:
    """The negative controls: no motion blur with shutter 0, no defocus at f/1000000, nor of a wall
    that is in focus."""
    camera, stage = scene.stage.camera, scene.stage
    plain = taken(scene, (SubFrame(AT),))
    for path, iris in (
        (sideways(2.0), None), (still, Iris(1e6, 2.0)), (still, Iris(1.4, 4.0)),
    ):  # fmt: skip
        assert np.array_equal(taken(scene, exposed(path, 0, 0, iris, camera, stage)), plain)


@pytest.mark.parametrize(("aperture", "focus"), [(1.4, 2.0), (2.8, 1.5), (1.0, 1e9)])
def test_defocus_is_the_circle_of_confusion(scene: Filmed, aperture: float, focus: float) -> None:
    """A disc of diameter c has a standard deviation of c / 4 in each direction."""
    camera = scene.stage.camera
    pictures = exposed(still, 0, 0, Iris(aperture, focus), camera, scene.stage)
    before, after = sharp(scene), spread(light(scene, pictures))
    expected = confusion(4.0, 0.04, aperture, focus) * 640 / 0.036
    for was, now in zip(before, after, strict=True):
        assert 4.0 * sqrt(now**2 - was**2) == pytest.approx(expected, rel=0.05, abs=0.2)
    assert light(scene, pictures).sum() == pytest.approx(
        light(scene, (SubFrame(AT),)).sum(), rel=0.03
    )


def test_defocus_lowers_the_contrast_of_the_leds(graphics: Graphics) -> None:
    """What moire needs: lines of one LED, in focus and out of focus."""
    scene = Filmed(graphics, load_stage(STAGE, "slip.stage.yaml"), 4.0)
    scene.wall.patterns.show({"main": "grid"}, 0)

    def contrast(pictures: Sequence[SubFrame]) -> float:
        found = light(scene, pictures)[60:200, 200:440]
        return float(np.diff(found).std() / found.mean())

    plain = contrast((SubFrame(AT),))
    iris = Iris(1.4, 2.0)
    blurred = contrast(exposed(still, 0, 0, iris, scene.stage.camera, scene.stage))
    assert blurred < 0.5 * plain
    scene.wall.patterns.show({}, 0)


def test_leds_fall_off_with_the_viewing_angle_by_the_model(graphics: Graphics) -> None:
    """A white wall, seen at 55 degrees: each colour by its own power; straight on, nothing."""
    text = STAGE.replace(
        "pixels: [1600, 640]}}", "pixels: [1600, 640], viewing_angle: [120, 150, 160]}}"
    )
    stage = load_stage(text, "slip.stage.yaml")
    assert falloff(stage.walls[0])[0] == pytest.approx(1.0), "half the light at 60 degrees: cosine"
    scene = Filmed(graphics, stage, 4.0, size=5.0)
    for turned in (0.0, 55.0):
        seen = Pose(Vec3(4.0 * np.tan(radians(turned)), 0.0, 1.5), Quat.from_angles(pan=turned))
        found = {}
        for effects in (NO_EFFECTS, Effects(off_angle=True)):
            scene.lens.simulate(effects)
            scene.draw(AT, seen, inner=True)
            values = scene.graphics.values(scene.lens.targets[1])
            found[effects] = values[178:182, 318:322, :3].mean(axis=(0, 1)).astype(float)
        ratios = found[Effects(off_angle=True)] / found[NO_EFFECTS]
        for ratio, angle in zip(ratios, (120, 150, 160), strict=True):
            power = log(0.5) / log(cos(radians(angle / 2)))
            assert ratio == pytest.approx(cos(radians(turned)) ** power, abs=0.004)
    scene.lens.simulate(NO_EFFECTS)


def _post() -> Model:
    """A stand-in of one thin post, 1.8 m high."""
    corners = np.array([[-0.02, 0, 0], [0.02, 0, 0], [0.02, 0, 1.8], [-0.02, 0, 1.8]], np.float32)
    post = Primitive(
        0,
        {
            "POSITION": corners,
            "NORMAL": np.tile(np.array([0, -1, 0], np.float32), (4, 1)),
        },
        np.array([[0, 1, 2], [0, 2, 3]], np.uint32),
    )
    return Model((Node("post", np.eye(4), (post,)),), (Material("post"),), ())


@pytest.fixture(scope="module")
def floor(graphics: Graphics) -> ThroughTheLens:
    """A floor before a white wall, 4 m away, with a post on it, seen from above."""
    text = STAGE.replace(
        "camera: {focal_mm: 40", "stand_in: {model: post.glb, at: [0, 1, 0]}\ncamera: {focal_mm: 18"
    )
    scene = Filmed(graphics, load_stage(text, "slip.stage.yaml"), 4.0, size=5.0)
    lens = ThroughTheLens(graphics, scene.stage, scene.wall.canvas, actor=_post())
    scene.draw(AT, AT)
    return lens


ABOVE = Pose(Vec3(0.0, -1.5, 4.0), Quat.from_angles(tilt=-55.0))


def seen_floor(graphics: Graphics, lens: ThroughTheLens, effects: Effects) -> Picture:
    lens.simulate(effects)
    lens.place(ABOVE)
    with graphics.only(*lens.targets):
        graphics.render()
    return graphics.values(lens.targets[1])[:, :, 1].astype(float)


def place_of(lens: ThroughTheLens, point: Vec3) -> tuple[int, int]:
    at = ABOVE.inverse().apply(point)
    left, right, bottom, top = lens.camera.lens.edges
    across, down = lens.camera.picture
    x = (at.x / at.y - left) / (right - left) * across
    y = (top - at.z / at.y) / (top - bottom) * down
    return round(y), round(x)


def test_the_stand_in_throws_a_shadow_away_from_the_wall(
    graphics: Graphics, floor: ThroughTheLens
) -> None:
    """Behind the post the floor gets less of the wall's light; beside it and before it, as much."""
    plain = seen_floor(graphics, floor, NO_EFFECTS)
    shaded = seen_floor(graphics, floor, Effects(shadow=True))
    share = {}
    for name, point in {
        "behind": Vec3(0.0, -1.0, 0.0),
        "beside": Vec3(2.5, 0.9, 0.0),
        "before": Vec3(0.0, 2.0, 0.0),
    }.items():
        y, x = place_of(floor, point)
        part = np.s_[y - 2 : y + 3, x - 2 : x + 3]
        share[name] = shaded[part].mean() / plain[part].mean()
    assert 0.7 < share["behind"] < 0.95
    assert share["beside"] == pytest.approx(1.0, abs=0.03)
    assert share["before"] == pytest.approx(1.0, abs=0.03)


def test_shadow_and_off_angle_change_nothing_when_they_are_off(
    graphics: Graphics, floor: ThroughTheLens
) -> None:
    before = seen_floor(graphics, floor, NO_EFFECTS)
    seen_floor(graphics, floor, Effects(shadow=True, off_angle=True))
    assert np.array_equal(seen_floor(graphics, floor, NO_EFFECTS), before)


def test_a_frame_is_drawn_without_effects_by_default(scene: Filmed) -> None:
    """An exposure of one picture needs no further targets."""
    fresh = Filmed(scene.graphics, scene.stage, 4.0)
    fresh.draw(AT, AT)
    assert fresh.lens._exposing is None
