"""The stand-in acts with the params of the set, and stands on its feet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from xrdrama import content
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens
from xrdrama.adapters.panda.lens.stand_in import Acting, stance
from xrdrama.gltf.glb import read_glb
from xrdrama.scene.model import ParamValue
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, Stance, StandIn, load_stage
from xrdrama.timing import FrameRate, FrameTime
from xrdrama.wire.frame import Fade, Frame

SIZE = (240, 135)
ACTS = {"taper": Stance(turn=60.0, head=25.0), "girl": Stance(nod=10.0, arm=60.0)}
# Near enough for all of it, from behind.
CAMERA = Pose(Vec3(-0.75, -2.4, 1.0), Quat())


def at(params: dict[str, ParamValue], number: int = 0) -> Frame:
    return Frame(FrameTime.of(number, FrameRate.parse("24")), "door", "street", params)


@pytest.mark.parametrize(
    ("params", "held"),
    [
        ({}, Stance(arm=-60.0)),
        ({"girl": 1.0}, Stance(nod=10.0)),
        ({"girl": 0.5, "taper": 1.0}, Stance(turn=60.0, head=25.0, nod=5.0, arm=-30.0)),
        ({"girl": "there", "moon": 1.0}, Stance(arm=-60.0)),
    ],
)
def test_acts_of_params_add_up(params: dict[str, ParamValue], held: Stance) -> None:
    assert stance(StandIn("a.glb", holds=Stance(arm=-60.0), acts=ACTS), params) == held


def test_a_stance_goes_evenly_from_one_set_to_the_other_in_a_fade() -> None:
    acting = Acting(StandIn("a.glb", acts=ACTS))

    def turns(frame: Frame) -> list[float]:
        acting.update(frame)
        return list(acting.array.get_element(0))

    old, new = at({"taper": 1.0}), at({"girl": 1.0})
    before, after = turns(old), turns(new)
    for share in (1.0, 0.5, 0.0):
        fading = replace(new, fade=Fade("street", old.params, (), share))
        mixed = [share * a + (1.0 - share) * b for a, b in zip(before, after, strict=True)]
        assert turns(fading) == pytest.approx(mixed, abs=1e-6)
    assert before != pytest.approx(after, abs=0.1)


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def stage() -> Stage:
    made = load_stage(content.find("stage", "arc_volume").read_text("utf-8"))
    actor = StandIn("actors/stand_in.glb", Vec3(-0.75, 1.5, 0.0), 0.0, acts=ACTS)
    camera = msgspec.structs.replace(made.camera, picture=SIZE)
    return msgspec.structs.replace(made.with_camera(camera), stand_in=actor)


@pytest.fixture(scope="module")
def lens(graphics: Graphics, stage: Stage) -> ThroughTheLens:
    canvas = graphics.target("canvas", 128, 64, "srgb8", sort=30)
    canvas.buffer.set_clear_color_active(True)
    canvas.buffer.set_clear_color((0.5, 0.4, 0.3, 1.0))
    path: Path = content.find("stage", "arc_volume").parent / "actors" / "stand_in.glb"
    made = ThroughTheLens(graphics, stage, canvas, actor=read_glb(path.read_bytes()))
    made.place(CAMERA)
    return made


def changed(
    graphics: Graphics, lens: ThroughTheLens, one: Frame, other: Frame
) -> NDArray[np.bool_]:
    """Pixels that two frames differ in."""
    pictures = []
    for frame in (one, other):
        lens.act(frame)
        graphics.render()
        pictures.append(graphics.picture(lens.picture).astype(np.int16))
    return np.abs(pictures[0] - pictures[1]).max(axis=2) > 12


def test_it_turns_and_its_feet_stay(graphics: Graphics, lens: ThroughTheLens) -> None:
    moved = changed(graphics, lens, at({}), at({"taper": 1.0}))
    # The picture reaches from the knees to above the head.
    rows = np.flatnonzero(moved.any(axis=1))
    assert moved.sum() > 300
    assert rows.max() < 0.95 * SIZE[1]
    # The negative control: a param that it does not act with.
    assert not changed(graphics, lens, at({}), at({"moon": 1.0})).any()


def test_an_arm_moves_and_the_rest_does_not(graphics: Graphics, lens: ThroughTheLens) -> None:
    moved = changed(graphics, lens, at({}), at({"girl": 1.0}))
    columns = np.flatnonzero(moved[SIZE[1] // 3 :].any(axis=0))
    assert moved[SIZE[1] // 3 :].sum() > 20
    assert columns.min() > SIZE[0] // 2


def test_it_is_never_quite_still(graphics: Graphics, lens: ThroughTheLens) -> None:
    assert changed(graphics, lens, at({}), at({}, 48)).any()
    assert not changed(graphics, lens, at({}, 48), at({}, 48)).any()
