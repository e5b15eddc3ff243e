"""Convert lights: those of a scene file to glTF, those of models to the values of a renderer."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos
from typing import Literal

import numpy as np

from xrdrama.gltf.meshes import Punctual, to_gltf
from xrdrama.scene.compiled import SetLight
from xrdrama.scene.model import Light
from xrdrama.scene.model import Model as Placed
from xrdrama.spatial import Vec3, settle

MAX_LIGHTS = 8
"""Most lights of models that are drawn in one set: each one is computed at every pixel."""
GLARING = 5000.0
"""Candela or lux above which a light was probably exported with the wrong unit."""


def strength(light: Punctual) -> float:
    """The intensity of its brightest channel: candela, or lux for a directional light."""
    return light.intensity * max(light.colour)


def strongest(
    lights: Sequence[tuple[Placed, Punctual]],
) -> tuple[list[Punctual], list[tuple[Placed, str, str]]]:
    """The `MAX_LIGHTS` strongest lights; and remarks, with message and hint, for those that are
    not drawn or are glaring."""
    ranked = sorted(lights, key=lambda found: -strength(found[1]))
    remarks = [
        (
            placed, f"the light {light.name!r} is not drawn: the models have {len(ranked)} lights, "
            f"and only the {MAX_LIGHTS} strongest are drawn",
            "remove lights, or bake them into the vertices",
        )
        for placed, light in ranked[MAX_LIGHTS:]
    ]  # fmt: skip
    for placed, light in ranked[:MAX_LIGHTS]:
        if strength(light) > GLARING:
            unit = "lux" if light.type == "directional" else "candela"
            message = (
                f"the light {light.name!r} is very bright ({light.intensity:,.0f} {unit}): "
                "everything near it will be white, since 1 candela per square metre is drawn as a "
                "radiance of 1"
            )
            hint = (
                "export lights without units (Blender: Lighting Mode, Unitless), or lower the "
                "set's exposure"
            )
            remarks.append((placed, message, hint))
    return [light for _, light in ranked[:MAX_LIGHTS]], remarks


def set_light(light: Punctual) -> SetLight:
    """The light in the stage's frame."""
    x, y, z = light.matrix[:3, 3]
    way = -light.matrix[:3, 2]
    way = way / max(float(np.linalg.norm(way)), 1e-9)
    red, green, blue = (value * light.intensity for value in light.colour)
    return SetLight(
        light.name,
        light.type,
        Vec3(settle(red), settle(green), settle(blue)),
        Vec3(settle(float(x)), settle(-float(z)), settle(float(y))),
        Vec3(settle(float(way[0])), settle(-float(way[2])), settle(float(way[1]))),
        settle(light.reach),
        settle(cos(light.inner)),
        settle(cos(light.outer)),
    )


def punctual(light: Light) -> Punctual:
    """A light of the scene file as a glTF light, in glTF's axes."""
    matrix = np.eye(4)
    if light.at is not None:
        matrix[:3, 3] = (light.at.x, light.at.z, -light.at.y)
    if light.direction is not None:
        d = light.direction
        way = to_gltf(np.array([[d.x, d.y, d.z]], np.float32))[0].astype(np.float64)
        back = -way / np.linalg.norm(way)
        side = np.cross([0.0, 1.0, 0.0] if abs(back[1]) < 0.99 else [1.0, 0.0, 0.0], back)
        side /= np.linalg.norm(side)
        matrix[:3, :3] = np.stack([side, np.cross(back, side), back], axis=1)
    kind: Literal["point", "directional"] = "point" if light.kind == "point" else "directional"
    colour = (light.colour.x, light.colour.y, light.colour.z)
    reach = light.reach if kind == "point" else 0.0
    return Punctual(f"light {light.id}", kind, colour, light.intensity, matrix, reach)
