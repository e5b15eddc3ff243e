"""What a light of a set is under the values of its params."""

from __future__ import annotations

from collections.abc import Mapping

from xrdrama.scene.model import Light, ParamValue
from xrdrama.spatial import Vec3


def light_under(light: Light, params: Mapping[str, ParamValue]) -> tuple[Vec3, Vec3 | None]:
    """Linear colour times brightness, and the unit direction of travel of a directional light.

    A param that is missing or a word scales by 1; `turned_by` blends to `after`, which is reached
    at 1 and kept beyond.
    """
    scale = scale_of(light, params)
    after, way = light.after, light.direction
    if after is None:
        return light.colour * (light.intensity * scale), way
    share = min(max(_number(params, light.turned_by, 0.0), 0.0), 1.0)
    colour = (light.colour * light.intensity).lerp(after.colour * after.intensity, share)
    if way is not None and after.toward is not None:
        way = way.lerp(after.toward, share).unit()
    return colour * scale, way


def scale_of(light: Light, params: Mapping[str, ParamValue]) -> float:
    """What the brightness of a light is multiplied by."""
    value = params.get(light.scaled_by, 1.0) if light.scaled_by else 1.0
    return 1.0 if isinstance(value, str) else value


def _number(params: Mapping[str, ParamValue], name: str, default: float) -> float:
    value = params.get(name, default) if name else default
    return default if isinstance(value, str) else value
