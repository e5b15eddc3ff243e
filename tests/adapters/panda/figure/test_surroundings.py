"""The light around a figure follows the baked light of the surfaces near it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.adapters.panda.figure.figure_stage import FigureStage
from xrdrama.adapters.panda.figure.surroundings import DIRECTIONS, Surroundings
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.gltf.boxes import boxes_node
from xrdrama.gltf.meshes import Material, Model, Node, Primitive

PLUS_X, MINUS_X, UP = 0, 1, 4
PLASTER, GHOST = Material("plaster"), Material("ghost")


def lane(*, material: int = 0) -> Model:
    """A floor and a wall on each side, x = -2 and 2 m. The wall at x = -2, which faces +X, gets all
    of the first light; the other gets all of the second, and only it sees the sky."""
    nodes = []
    for low, high, light, sky in (
        ((-2.0, -5.0, -0.1), (2.0, 5.0, 0.0), (0.0, 0.0), 0.0),
        ((-2.1, -5.0, 0.0), (-2.0, 5.0, 3.0), (1.0, 0.0), 0.0),
        ((2.0, -5.0, 0.0), (2.1, 5.0, 3.0), (0.0, 1.0), 1.0),
    ):
        piece = boxes_node("side", [(low, high)], material, cell=0.25).primitives[0]
        count = len(piece.attributes["POSITION"])
        bake = np.tile(np.array([*light, 0.0, 0.0], np.float32), (count, 1))
        colour = np.tile(np.array([1.0, 1.0, 1.0, sky], np.float32), (count, 1))
        rows = {**piece.attributes, "_BAKE": bake, "COLOR_0": colour}
        nodes.append(Node("side", np.eye(4), (Primitive(material, rows, piece.triangles),)))
    return Model(tuple(nodes), (PLASTER, GHOST), ())


def test_each_direction_gets_what_surfaces_that_face_it_get() -> None:
    shares = Surroundings(lane()).at((0.0, 0.0, 1.2))
    assert DIRECTIONS[PLUS_X].tolist() == [1.0, 0.0, 0.0]
    assert shares[PLUS_X, 0] > 0.95 and shares[PLUS_X, 1] < 0.05
    assert shares[MINUS_X, 1] > 0.95 and shares[MINUS_X, 0] < 0.05
    assert shares[MINUS_X, 4] > 0.95 and shares[PLUS_X, 4] < 0.05
    assert shares[UP, :2].max() < 0.2


def test_light_changes_evenly_with_the_place() -> None:
    around = Surroundings(lane())
    steps = [around.at((x, 0.0, 1.2)) for x in np.linspace(-1.5, 1.5, 61)]
    assert max(float(np.abs(b - a).max()) for a, b in pairwise(steps)) < 0.08


def test_a_set_without_baked_light_has_the_open_sky_around() -> None:
    for around in (
        Surroundings(Model((), (PLASTER,), ())),
        Surroundings(lane(material=1), left_out=["ghost"]),
    ):
        shares = around.at((0.0, 0.0, 1.0))
        assert shares[:, :4].max() == 0.0
        assert shares[:, 4] == pytest.approx(np.ones(6))


def test_a_lamp_that_is_baked_into_the_floor_lights_a_figure_on_it() -> None:
    def with_lamp(text: str) -> str:
        lamp = 'lamp: {kind: baked, doc: A lamp., channel: 0, colour: "#ffffff", intensity: 2, '
        return text.replace("\nenvironment:", f"\n  {lamp}scaled_by: dial}}\nenvironment:")

    graphics = open_graphics()
    bright = {}
    for baked in (True, False):
        stage = FigureStage(graphics, baked=baked, change=with_lamp, light={"sky": "#181818"})
        for dial in (0.0, 1.0):
            picture = stage.draw(params={"dial": dial}).astype(int)
            bright[baked, dial] = int((picture[:, :, 1] - picture[:, :, 2]).max())
        stage.close()
    graphics.close()
    assert bright[True, 1.0] > 1.5 * bright[True, 0.0]
    assert bright[False, 1.0] == bright[False, 0.0]  # the control: no lamp is baked there
