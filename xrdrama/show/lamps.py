"""The lights of a set as a frame has them."""

from __future__ import annotations

from collections.abc import Mapping

from xrdrama.scene.lights import light_under, scale_of
from xrdrama.scene.model import Light as SetLight
from xrdrama.scene.model import Scene
from xrdrama.spatial import Vec3, settle
from xrdrama.wire.frame import Light, ParamValue


def lights_of(scene: Scene, params: Mapping[str, ParamValue]) -> tuple[Light, ...]:
    """The lights of a set under some params, for renderers and for lamps on the stage."""
    return tuple([_light(light, params) for light in scene.lights.values()])


def _light(light: SetLight, params: Mapping[str, ParamValue]) -> Light:
    if light.after is None:  # most lights, and every frame has all of them: no steps between
        c, k = light.colour, light.intensity * scale_of(light, params)
        colour = Vec3(round(c.x * k, 9) + 0.0, round(c.y * k, 9) + 0.0, round(c.z * k, 9) + 0.0)
        return Light(light.id, colour, light.direction)
    c, way = light_under(light, params)
    if way is not None:
        way = Vec3(settle(way.x), settle(way.y), settle(way.z))
    return Light(light.id, Vec3(settle(c.x), settle(c.y), settle(c.z)), way)
