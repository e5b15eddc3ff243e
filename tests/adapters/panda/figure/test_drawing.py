"""Figures in pictures: skins and shapes against numpy, shadow, fog, presence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, pi, radians, sin
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.adapters.panda.figure.figure_stage import (
    AWAY,
    EYE,
    SCALE,
    SQUARE,
    WIDTH,
    FigureStage,
    extent,
    posed,
)
from tests.gltf.box_man import BOXES, PLACES, box_man
from xrdrama.adapters.panda.figure.posing import Joints, Posing, root_matrix
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.gltf.figures import read_figure
from xrdrama.gltf.rig import Limb
from xrdrama.spatial import FORWARD, RIGHT, UP, Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

Make = Callable[..., FigureStage]
RED, GREEN = 0, 1
PIXEL = 1.5 / SCALE


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture
def stage(graphics: Graphics) -> Iterator[Make]:
    made: list[FigureStage] = []

    def make(**options: Any) -> FigureStage:
        made.append(FigureStage(graphics, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


def silhouette(parts: list[str], pose: Any) -> tuple[float, float, float, float]:
    """Left, right, bottom and top that the eye sees of boxes: joints one by one, in numpy."""
    spots = []
    for part in parts:
        (x0, y0, z0), (x1, y1, z1) = BOXES[part]
        corners = np.array([[x, y, z] for x in (x0, x1) for y in (y0, y1) for z in (z0, z1)])
        points = corners @ np.array([[1, 0, 0], [0, 0, -1], [0, 1, 0]])  # to glTF: x, z, -y
        bone: str = part
        while bone:
            above, place = PLACES[bone]
            turn = pose.turns.get(bone, Quat())
            back = [Vec3(-p[0], p[2], p[1]) for p in points - place]  # glTF to the body
            turned = [turn.rotate(p) for p in back]
            points = np.array([[-p.x, p.z, p.y] for p in turned]) + place
            bone = above
        body = np.stack([-points[:, 0], points[:, 2], points[:, 1]], axis=1)
        body += [pose.lift.x, pose.lift.y, pose.lift.z]
        c, s = cos(pose.root.pan), sin(pose.root.pan)
        spots.append(body @ np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])
                     + [pose.root.at.x, pose.root.at.y, pose.root.at.z])  # fmt: skip
    every = np.concatenate(spots)
    x = every[:, 0] / every[:, 1] * AWAY
    z = (every[:, 2] - EYE.z) / every[:, 1] * AWAY + EYE.z
    return x.min(), x.max(), z.min(), z.max()


POSES = (
    posed(),
    posed(at=Vec3(0.3, 4.5, 0.1), pan=pi - 0.4),
    posed(lift=Vec3(0.05, 0.0, 0.2)),
    posed(turns={"leftUpperArm": Quat.about(FORWARD, 1.2),
                 "rightUpperArm": Quat.about(FORWARD, 0.6)}),
    posed(turns={"spine": Quat.about(UP, 0.7), "leftLowerArm": Quat.about(FORWARD, -1.4),
                 "rightUpperLeg": Quat.about(RIGHT, 0.9), "hips": Quat.about(FORWARD, 0.2)}),
)  # fmt: skip


@pytest.mark.parametrize("pose", POSES)
def test_a_figure_is_drawn_where_numpy_puts_its_joints(stage: Make, pose: Any) -> None:
    shown = stage()
    picture = shown.draw(at=pose.root.at, pan=pose.root.pan, lift=pose.lift, turns=pose.turns)
    body = silhouette([part for part in BOXES if part != "head"], pose)
    assert extent(picture, GREEN) == pytest.approx(body, abs=PIXEL)
    assert extent(picture, RED) == pytest.approx(silhouette(["head"], pose), abs=PIXEL)
    assert any(abs(a - b) > 3 * PIXEL for a, b in zip(
        body, silhouette(["chest"], posed()), strict=True
    ))  # fmt: skip


@pytest.mark.parametrize("where", ["processor", "shader"])
def test_shapes_move_vertices_as_far_as_they_say(stage: Make, where: Any) -> None:
    shown = stage(where=where)
    left, right, bottom, top = extent(shown.draw(), RED)
    # Its left is at the eye's right, since it faces the eye.
    wide = extent(shown.draw(shapes={"jawOpen": 0.5}), RED)
    assert wide == pytest.approx((left, right + 0.1, bottom, top), abs=PIXEL)
    both = extent(shown.draw(shapes={"jawOpen": 1.0, "mouthSmileLeft": 0.5}), RED)
    assert both == pytest.approx((left, right + 0.2, bottom, top + 0.15), abs=2 * PIXEL)
    again = extent(shown.draw(shapes={"browDownLeft": 1.0}), RED)
    assert again == pytest.approx((left, right, bottom, top), abs=1e-6)


def test_processor_and_shader_draw_the_same(stage: Make) -> None:
    processor, shader = stage(where="processor"), stage(where="shader")
    swapped = stage(content=box_man(shapes=("mouthSmileLeft", "jawOpen")))
    turns = {"head": Quat.about(UP, 0.3), "leftUpperArm": Quat.about(FORWARD, 0.8)}
    for shapes in ({}, {"jawOpen": 0.7}, {"jawOpen": 0.3, "mouthSmileLeft": 0.9}):
        one, other, wrong = (
            each.draw(turns=turns, shapes=shapes).astype(int)
            for each in (processor, shader, swapped)
        )
        assert np.abs(one - other).max() <= 1
        if shapes:  # the control: one channel swapped with another
            assert np.abs(one - wrong).max() > 20


def test_a_frame_does_not_depend_on_those_before_it(stage: Make) -> None:
    shown = stage()
    first = shown.draw(shapes={"jawOpen": 0.4}, pan=2.0)
    shown.draw(shapes={"mouthSmileLeft": 1.0}, at=Vec3(0.4, 3.0, 0.0))
    assert np.array_equal(shown.draw(shapes={"jawOpen": 0.4}, pan=2.0), first)


@pytest.mark.parametrize("quality", ["full", "draft"])
def test_a_figure_throws_a_shadow_and_darkens_the_floor_at_its_feet(
    stage: Make, quality: Any
) -> None:
    lit = {"toward": "[-0.5, 0, -0.7]", "key": 3.0, "sky": "#202020"}
    shown = stage(quality=quality, light=lit)
    shown.view.place(Pose(Vec3(0.0, 0.0, 3.0), Quat.from_angles(tilt=-25.0)), SQUARE)
    empty = shown.draw(absent=True).astype(int)

    def darker(away: float) -> Any:
        there = shown.draw(at=Vec3(0.0, away, 0.0)).astype(int)
        return (empty - there).min(axis=2) > 12  # of the floor: figures are coloured

    near = darker(AWAY + 1.0)
    beside, elsewhere = near[:, :72], near[:, 100:]
    assert beside.sum() > 60
    assert elsewhere.sum() < 10
    assert not darker(60.0).any()  # the control: nobody is there


def test_fog_lies_over_a_figure(stage: Make) -> None:
    def foggy(text: str) -> str:
        return text.replace("density: 0.0", "density: 0.5")

    fog, clear = stage(change=foggy), stage()
    near, far = (
        [one.draw(at=Vec3(0.0, away, 0.0)).astype(int) for away in (2.0, 5.0)]
        for one in (fog, clear)
    )  # fmt: skip
    strength = [
        [int((picture[:, :, GREEN] - picture[:, :, 2]).max()) for picture in each]
        for each in (near, far)
    ]  # fmt: skip
    assert strength[0][1] < 0.6 * strength[0][0]
    assert strength[1][1] > 0.9 * strength[1][0]  # the control: without fog


def test_presence_dissolves_a_figure(stage: Make) -> None:
    shown = stage()
    counts = []
    for presence in (0.0, 0.3, 0.7, 1.0):
        picture = shown.draw(presence=presence).astype(int)
        counts.append(int((picture[:, :, GREEN] - picture[:, :, 2] > 40).sum()))
    whole = counts[-1]
    assert counts[0] == 0
    assert 0.2 * whole < counts[1] < 0.4 * whole
    assert 0.6 * whole < counts[2] < 0.8 * whole


def test_a_coarser_level_of_detail_is_drawn_from_afar_and_a_finer_one_through_a_long_lens(
    stage: Make,
) -> None:
    shown = stage(content=box_man(levels=True))

    def width(away: float, lens: float) -> float:
        p = SQUARE
        near = Projection(p.left / lens, p.right / lens, p.bottom / lens, p.top / lens, 0.1, 99.0)
        shown.view.place(Pose(EYE, Quat()), near)
        picture = shown.draw(at=Vec3(0.0, away, 0.0)).astype(int)
        _, columns = np.nonzero(picture[:, :, 1] - picture[:, :, 2] > 40)
        return float(columns.max() + 1 - columns.min()) / WIDTH * away / lens

    # A metre is 160 pixels at a metre, so the coarser one, hips and chest, begins at 1.5 m.
    assert width(4.0, 1.0) < 0.6
    assert width(4.0, 2.2) < 0.6
    assert width(4.0, 3.0) > 1.0


def _turned_at_rest(limb: Limb, above: str) -> Limb:
    """The chest turned by 70 degrees at rest, and what is below it turned back."""
    angle = radians(70)
    if limb.name == "chest":
        return replace(limb, rotation=(0.0, sin(angle / 2), 0.0, cos(angle / 2)))
    if above != "chest":
        return limb
    c, s = cos(angle), sin(angle)
    back = np.eye(4)
    back[:3, :3] = [[c, 0, -s], [0, 1, 0], [s, 0, c]]
    return replace(limb, above=back)


def test_joints_that_turn_at_rest_do_not_change_a_pose() -> None:
    figure = read_figure(box_man(), ("jawOpen",))
    rig = figure.model.rig
    above = [rig.limbs[limb.parent].name if limb.parent >= 0 else "" for limb in rig.limbs]
    limbs = tuple(map(_turned_at_rest, rig.limbs, above))
    other = replace(figure, model=replace(figure.model, rig=replace(rig, limbs=limbs)))
    ends = []
    for one in (figure, other):
        hand = Joints(np.array([one.bones["leftHand"]]), np.eye(4)[None])
        matrices = Posing(one).limbs(POSES[-1])
        ends.append(hand.rows(matrices, root_matrix(POSES[-1]))[0, :, 3])
    assert ends[0] == pytest.approx(ends[1], abs=1e-9)
