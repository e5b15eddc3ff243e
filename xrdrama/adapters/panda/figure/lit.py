"""The light around one figure as uniforms: from six directions, and how one-sided it is."""

from __future__ import annotations

from typing import Final

import numpy as np
from panda3d.core import LVecBase4f, NodePath, PTA_LVecBase4f

from xrdrama.adapters.panda.figure.body import Body
from xrdrama.adapters.panda.figure.surroundings import DIRECTIONS, Surroundings
from xrdrama.adapters.panda.set.lighting import BAKED, Lighting
from xrdrama.gltf.meshes import Doubles

_STEP: Final = 0.02
"""Metres that a figure moves before the light around it is looked up again."""
LUMINANCE: Final = np.array([0.2126, 0.7152, 0.0722])


class Lit:
    """The uniforms of the light around a figure."""

    def __init__(self, path: NodePath) -> None:
        self._around = PTA_LVecBase4f.empty_array(6)
        self._lamp = PTA_LVecBase4f.empty_array(1)
        self._lamp_light = PTA_LVecBase4f.empty_array(1)
        self._fill = PTA_LVecBase4f.empty_array(1)
        path.set_shader_inputs(
            around=self._around, lamp=self._lamp, lamp_light=self._lamp_light, fill=self._fill
        )
        self._shares: Doubles = np.zeros((6, BAKED + 1))
        self._at: tuple[int, ...] = ()
        self.from_above = 0.0
        """Luminance of the light on a level floor here, without the key light."""
        self.open_sky = 1.0

    def update(self, body: Body, lighting: Lighting, surroundings: Surroundings) -> None:
        """Set the uniforms for where the body is."""
        box = body.box
        middle = (
            (box.low[0] + box.high[0]) / 2, (box.low[1] + box.high[1]) / 2,
            box.low[2] + 0.75 * (box.high[2] - box.low[2]),
        )  # fmt: skip
        cell = tuple(round(value / _STEP) for value in middle)
        if cell != self._at:
            self._at = cell
            self._shares = surroundings.at((cell[0] * _STEP, cell[1] * _STEP, cell[2] * _STEP))
        colours = np.array([lighting.uniforms.row("baked", row)[:3] for row in range(BAKED)])
        sky = np.array(lighting.uniforms.row("ambient", 0)[:3])
        lamps = self._shares[:, :BAKED] @ colours
        open_sky = self._shares[:, BAKED]
        for row, (light, share) in enumerate(zip(lamps.tolist(), open_sky.tolist(), strict=True)):
            self._around.set_element(row, LVecBase4f(light[0], light[1], light[2], share))
        bright = lamps @ LUMINANCE
        way = bright @ DIRECTIONS
        length, total = float(np.linalg.norm(way)), float(bright.sum())
        towards = way / length if length > 1e-6 else np.array([0.0, 0.0, 1.0])
        one_sided = length / total if total > 1e-9 else 0.0
        self._lamp.set_element(0, _row(towards, one_sided))
        strongest = np.maximum(towards @ DIRECTIONS.T, 0.0) ** 2 @ lamps
        self._lamp_light.set_element(0, _row(strongest))
        mean = lamps.mean(axis=0) + sky * open_sky.mean()
        self._fill.set_element(0, _row(mean))
        self.open_sky = float(open_sky[4])
        self.from_above = float(bright[4] + (sky @ LUMINANCE) * open_sky[4])


def luminance(light: tuple[float, float, float]) -> float:
    """Of linear light."""
    red, green, blue = (float(share) * value for share, value in zip(LUMINANCE, light, strict=True))
    return red + green + blue


def _row(three: Doubles, fourth: float = 0.0) -> LVecBase4f:
    x, y, z = three.tolist()
    return LVecBase4f(x, y, z, fourth)
