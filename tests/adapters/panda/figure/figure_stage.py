"""A yard with a figure of boxes for tests, drawn straight from the front."""

from __future__ import annotations

from collections.abc import Mapping
from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.gltf.box_man import box_man
from tests.gltf.gltf_files import GltfFile, yard
from xrdrama.adapters.panda.figure.figures import Figures
from xrdrama.adapters.panda.figure.morphing import Where
from xrdrama.adapters.panda.graphics import Graphics
from xrdrama.adapters.panda.set.decoding import decoded
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.adapters.panda.set.visitors import Appearance
from xrdrama.gltf.figures import read_figure
from xrdrama.performer import Pose as BodyPose
from xrdrama.performer import Root
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

WIDTH, HEIGHT = 160, 120
SHAPES = ("jawOpen", "mouthSmileLeft", "mouthSmileRight")
EYE = Vec3(0.0, 0.0, 1.0)
AWAY = 4.0
"""Metres from the eye to the figure; a metre there is 40 pixels."""
SQUARE = Projection(-0.5, 0.5, -0.375, 0.375, 0.1, 50.0)
SCALE = WIDTH / AWAY
Picture = NDArray[np.uint8]


class FigureStage:
    """A figure four metres before the eye, facing it, over a grey floor."""

    def __init__(
        self,
        graphics: Graphics,
        *,
        where: Where = "processor",
        quality: Quality = "full",
        content: bytes | None = None,
        light: Mapping[str, Any] = {},
        change: Any = lambda text: text,
        baked: bool = False,
    ) -> None:
        """With `baked` the floor gets all of the first baked light."""
        file = GltfFile()
        paint = file.material(pbr={"baseColorFactor": [0.5, 0.5, 0.5, 1.0]})
        bake = {"_BAKE": file.rows([[1.0, 0.0, 0.0, 0.0]] * 4)} if baked else None
        level = [-np.sqrt(0.5), 0, 0, np.sqrt(0.5)]
        file.card("floor", paint, half=6.0, at=(0, 0, 0), attributes=bake, rotation=level)
        scene, problems = parse_scene(change(yard(**light)), "yard/scene.yaml")
        assert scene is not None, problems
        compiled = compile_scene(scene, {"a.glb": file.glb()}, decode=decoded)
        self.graphics = graphics
        figure = read_figure(content or box_man(), SHAPES)
        self.figures = Figures({"man": figure}, {}, graphics, quality, where=where)
        self.set = VirtualSet(graphics, compiled, quality, visiting=self.figures)
        self.target = graphics.target("figure", WIDTH, HEIGHT, "srgb8", sort=10)
        self.view = self.set.add_view(self.target)
        self.view.place(Pose(EYE, Quat()), SQUARE)

    def draw(self, *, absent: bool = False, **changes: Any) -> Picture:
        """The picture of the figure in a pose."""
        presence, params = changes.pop("presence", 1.0), changes.pop("params", {})
        one = Appearance("man", posed(**changes), presence)
        self.set.update(params, (), 0.0, () if absent else (one,))
        self.graphics.render()
        return self.graphics.picture(self.target).copy()

    def close(self) -> None:
        self.view.remove()
        self.target.set_active(False)


def posed(**changes: Any) -> BodyPose:
    """The T-pose before the eye, facing it, with changes."""
    at = changes.pop("at", Vec3(0.0, AWAY, 0.0))
    pan = changes.pop("pan", pi)
    return BodyPose(**{
        "root": Root(at, pan), "lift": Vec3(), "turns": {}, "shapes": {}, **changes,
    })  # fmt: skip


def extent(picture: Picture, channel: int) -> tuple[float, float, float, float]:
    """Left, right, bottom and top in metres of what is coloured by one channel."""
    others = np.delete(picture, channel, axis=2).max(axis=2).astype(int)
    rows, columns = np.nonzero(picture[:, :, channel].astype(int) - others > 40)
    assert len(rows) > 20
    x = (np.array([columns.min(), columns.max() + 1]) - WIDTH / 2) / SCALE
    z = EYE.z - (np.array([rows.max() + 1, rows.min()]) - HEIGHT / 2) / SCALE
    return x[0], x[1], z[0], z[1]
