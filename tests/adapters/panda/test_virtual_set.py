"""A set's picture: the golden one, what every param does to it, and what it must not depend on."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from math import inf, nan
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from panda3d.core import Texture
from PIL import Image

from xrdrama import content
from xrdrama.adapters.panda.graphics import Graphics, Target, open_graphics
from xrdrama.adapters.panda.set.developing import Developed
from xrdrama.adapters.panda.set.view import SetView
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.processes.sets import scene_files
from xrdrama.scene.compiled import CompiledScene
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.model import ParamValue
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

GOLDEN = Path(__file__).parents[2] / "goldens" / "lantern_street.png"
SIZE = (320, 180)
STANDPOINT = Pose(Vec3(0.0, -2.5, 1.55), Quat())
LENS = Projection(-0.47, 0.47, -0.264, 0.264, 0.1, 500.0)
# Everything at once, so that the golden picture holds all that the set can show.
STATE: dict[str, ParamValue] = {
    "lantern_glow": 0.8, "thirteenth": 1.6, "windows": 0.9, "moon": 1.2, "fog": 0.4, "snow": 0.35,
    "wind": 0.5, "girl": 1.0, "grandmother": 1.0, "taper": 0.8, "door_light": 0.6,
    "sky_lanterns": 0.6, "fireworks": 0.5, "dawn": 0.1, "exposure": 0.2,
}  # fmt: skip
SECONDS = 12.5
PRESENCES = ["girl", "grandmother"]
"""Params that say how much performers are there: a set alone has none."""
# Drivers round differently and meet edges differently, so both gates are means: over the whole
# picture, and over the worst of its blocks, which holds what is small (the flame).
MEAN_OFF, BLOCK_OFF, BLOCK = 1.0, 5.0, 20
# A channel that differs by this is seen to differ.
SEEN = 24

Picture = NDArray[np.uint8]
Draw = Callable[[Mapping[str, ParamValue], float], Picture]


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def compiled() -> CompiledScene:
    folder = content.find("scene", "lantern_street").parent
    scene, problems = parse_scene((folder / "scene.yaml").read_text("utf-8"), "scene.yaml")
    assert scene is not None, problems
    return compile_scene(scene, scene_files(folder))


@pytest.fixture(scope="module")
def lane(graphics: Graphics, compiled: CompiledScene) -> VirtualSet:
    return VirtualSet(graphics, compiled)


@pytest.fixture(scope="module")
def draw(graphics: Graphics, lane: VirtualSet) -> Draw:
    target = graphics.target("lane", *SIZE, "srgb8", sort=10)
    lane.add_view(target).place(STANDPOINT, LENS)

    def drawn(params: Mapping[str, ParamValue], seconds: float) -> Picture:
        lane.update(params, (), seconds)
        graphics.render()
        return graphics.picture(target)

    return drawn


def _off(one: Picture, other: Picture) -> NDArray[np.int16]:
    """How far each channel is off, in steps of 255."""
    return np.abs(one.astype(np.int16) - other.astype(np.int16))


def _is_golden(picture: Picture) -> bool:
    off = _off(picture, np.asarray(Image.open(GOLDEN).convert("RGB")))
    height, width, _ = off.shape
    blocks = off.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3).mean((1, 3, 4))
    return bool(off.mean() < MEAN_OFF and blocks.max() < BLOCK_OFF)


def test_the_picture_is_the_golden_one(draw: Draw, tmp_path: Path) -> None:
    """When a change is meant: look at the picture that the failure names, and copy it over."""
    picture = draw(STATE, SECONDS)
    drawn = tmp_path / GOLDEN.name
    Image.fromarray(picture).save(drawn)
    assert GOLDEN.is_file(), f"there is no golden picture; this was drawn: {drawn}"
    assert _is_golden(picture), f"this was drawn: {drawn}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("thirteenth", 1.3), ("lantern_glow", 0.65), ("fog", 0.3), ("door_light", 0.3),
        ("taper", 0.3), ("sky_lanterns", 0.5), ("fireworks", 0.3), ("exposure", 0.1),
    ],
)  # fmt: skip
def test_a_lane_that_is_a_little_different_is_not_golden(
    draw: Draw, name: str, value: float
) -> None:
    """The negative control of the gate."""
    assert not _is_golden(draw({**STATE, name: value}, SECONDS))


def test_every_param_changes_the_picture(draw: Draw, lane: VirtualSet) -> None:
    unseen = []
    for name, param in lane.sheet.params.items():
        least, most = (draw({**STATE, name: v}, SECONDS) for v in (param.least, param.most))
        if (_off(least, most) > SEEN).sum() < 100:
            unseen.append(name)
    assert unseen == PRESENCES
    # The negative control: nothing changed is nothing seen.
    assert (draw(STATE, SECONDS) == draw(dict(reversed(STATE.items())), SECONDS)).all()


def test_a_frame_is_the_same_bits_whatever_was_drawn_before(draw: Draw) -> None:
    first = draw(STATE, SECONDS)
    elsewhere = draw({"dawn": 1.0, "girl": 0.0, "snow": 1.0, "door_light": 1.5}, 7000.0)
    assert (elsewhere != first).any()
    assert (draw(STATE, SECONDS) == first).all()
    # The negative control: the lane moves.
    assert (draw(STATE, SECONDS + 0.5) != first).any()


def test_another_set_of_the_same_scene_is_the_same_bits(
    graphics: Graphics, compiled: CompiledScene, draw: Draw
) -> None:
    first = draw(STATE, SECONDS)
    again = VirtualSet(graphics, compiled)
    again.update(STATE, (), SECONDS)
    target = graphics.target("again", *SIZE, "srgb8", sort=10)
    view = again.add_view(target)
    view.place(STANDPOINT, LENS)
    graphics.render()
    picture = graphics.picture(target)
    view.remove()
    graphics.engine.remove_window(target.buffer)
    assert (picture == first).all()


def test_the_order_of_views_does_not_matter(graphics: Graphics, lane: VirtualSet) -> None:
    poses = {
        "ahead": STANDPOINT,
        "left": Pose(Vec3(0.4, -1.0, 1.2), Quat.from_angles(pan=30.0, tilt=4.0)),
        "right": Pose(Vec3(-0.6, 0.5, 2.2), Quat.from_angles(pan=-35.0, tilt=-6.0)),
    }
    lane.update(STATE, (), SECONDS)

    def drawn(order: list[str]) -> dict[str, Picture]:
        targets: dict[str, Target] = {}
        views = []
        for sort, name in enumerate(order):
            targets[name] = graphics.target(name, 160, 90, "srgb8", sort=20 + sort)
            view = lane.add_view(targets[name])
            view.place(poses[name], LENS)
            views.append(view)
        graphics.render()
        pictures = {name: graphics.picture(target) for name, target in targets.items()}
        for view in views:
            view.remove()
        for target in targets.values():
            graphics.engine.remove_window(target.buffer)
        return pictures

    one, other = drawn(["ahead", "left", "right"]), drawn(["right", "ahead", "left"])
    for name in poses:
        assert (one[name] == other[name]).all(), name
    assert (one["left"] != one["right"]).any()


def test_an_unknown_param_is_ignored_and_said_once(
    draw: Draw, caplog: pytest.LogCaptureFixture
) -> None:
    plain = draw(STATE, SECONDS)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert (draw({**STATE, "volcano": 1.0}, SECONDS) == plain).all()
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1
    assert "volcano" in said[0] and "lantern_street" in said[0]


def test_a_value_beyond_its_range_is_the_end_of_the_range(draw: Draw) -> None:
    most = draw({**STATE, "lantern_glow": 2.0}, SECONDS)
    assert (draw({**STATE, "lantern_glow": 50.0}, SECONDS) == most).all()


@pytest.mark.parametrize("value", [nan, inf, -inf, "bright"])
def test_value_that_is_not_a_number_is_refused_by_name(lane: VirtualSet, value: ParamValue) -> None:
    with pytest.raises(LocalProtocolError, match="fog"):
        lane.update({"fog": value}, (), SECONDS)
    lane.update({"fog": 0.5}, (), SECONDS)


def test_invalid_time_is_refused(lane: VirtualSet) -> None:
    with pytest.raises(LocalProtocolError, match="time"):
        lane.update(STATE, (), nan)


def test_a_projection_that_sees_nothing_is_refused(graphics: Graphics, lane: VirtualSet) -> None:
    target = graphics.target("nothing", 16, 16, "srgb8")
    view = lane.add_view(target)
    for broken in (
        msgspec.structs.replace(LENS, left=LENS.right),
        msgspec.structs.replace(LENS, near=0.0),
        msgspec.structs.replace(LENS, top=nan),
    ):
        with pytest.raises(LocalProtocolError):
            view.place(STANDPOINT, broken)
    view.place(STANDPOINT, LENS)
    view.remove()
    graphics.engine.remove_window(target.buffer)


def test_a_target_that_would_show_bands_is_refused(graphics: Graphics, lane: VirtualSet) -> None:
    target = graphics.target("bands", 16, 16, "rgba8")
    with pytest.raises(LocalProtocolError, match="srgb8"):
        lane.add_view(target)
    graphics.engine.remove_window(target.buffer)


@pytest.mark.parametrize(("field", "value"), [("version", 999), ("format", "somebody-else")])
def test_a_scene_compiled_by_another_version_is_refused(
    graphics: Graphics, compiled: CompiledScene, field: str, value: object
) -> None:
    sheet = json.loads(compiled.scene_json)
    sheet[field] = value
    other = msgspec.structs.replace(compiled, scene_json=json.dumps(sheet).encode())
    with pytest.raises(RemoteProtocolError, match=str(value)):
        VirtualSet(graphics, other)


def _texels(graphics: Graphics, texture: Texture, kind: type, shape: tuple[int, ...]) -> NDArray:
    """A texture as it was last drawn, rows from the bottom."""
    graphics.engine.extract_texture_data(texture, graphics.host.get_gsg())
    image: Any = texture.get_ram_image()
    found = np.frombuffer(memoryview(image), kind).reshape(shape).copy()
    texture.clear_ram_image()
    return found


def test_a_view_keeps_its_depth_and_can_leave_out_the_sky(
    graphics: Graphics, lane: VirtualSet
) -> None:
    target = graphics.target("deep", *SIZE, "srgb8", sort=12)
    developed = Developed(graphics, target, lane.tone, depth=True)
    view = SetView(lane.root, developed.linear, (0.0, 1.0, 0.0, 1.0))
    view.place(STANDPOINT, LENS)
    lane.update({}, (), 0.0)
    pictures = []
    for opens in (False, True):
        developed.open_sky(opens)
        with graphics.only(target):
            graphics.render()
        pictures.append(_texels(graphics, target.texture, np.uint8, (SIZE[1], SIZE[0], 4)))
    depth_texture = developed.linear.depth
    assert depth_texture is not None
    depth = _texels(graphics, depth_texture, np.float32, (SIZE[1], SIZE[0]))
    # The floor, some rows from the bottom edge, against the formula of the projection.
    near, far = LENS.near, LENS.far
    for row in (2, 10, 20):
        down = -(LENS.bottom + (LENS.top - LENS.bottom) * (row + 0.5) / SIZE[1])
        away = far * near / (far - float(np.median(depth[row, 100:220])) * (far - near))
        assert away == pytest.approx(STANDPOINT.position.z / down, rel=0.01), row
        # The control: from an eye 5 cm higher it would be another depth.
        assert away != pytest.approx((STANDPOINT.position.z + 0.05) / down, rel=0.01), row
    closed, opened = pictures
    sky = depth >= 1.0
    assert 0.02 < sky.mean() < 0.9
    assert (closed[..., 3] == 255).all()
    assert (opened[sky] == 0).all() and closed[sky][:, :3].max() > 0
    assert (opened[~sky] == closed[~sky]).all()
    view.remove()
