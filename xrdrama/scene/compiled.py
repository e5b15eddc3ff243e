"""What does a renderer load? A GLB, and scene.json, whose values are here.

scene.json says what each param does to the GLB: the lights and what dims them, the behaviour of
materials and nodes by their names, the sky with its harmonics and reflections, air, tone, and
the curves of what moves for ever. The GLB is in glTF's frame; scene.json is in ours (Z up).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from xrdrama.errors import Problem, RemoteProtocolError
from xrdrama.scene.model import Anchor, Environment, Finish, Light, Param, Part, Particles
from xrdrama.spatial import Vec3

FORMAT: Final = "xrdrama-scene"
VERSION: Final = 1

# Everything that loops does so in this time without a jump, so that renderers may wrap seconds
# and keep the precision of 32-bit floats: frequencies are whole multiples of 1 / LOOP.
LOOP: Final = 14400.0


class Wave(msgspec.Struct, frozen=True):
    """A part of a looping curve: how often a second, and its share of the whole."""

    hertz: float
    share: float


class Curves(msgspec.Struct, frozen=True):
    """The looping curves; a vertex's phase (0 to 1) shifts them."""

    flicker: tuple[Wave, Wave, Wave] = (Wave(1.13, 0.5), Wave(1.94, 0.3), Wave(2.87, 0.2))
    sway: tuple[Wave, Wave, Wave] = (Wave(0.23, 0.6), Wave(0.41, 0.3), Wave(0.97, 0.1))
    gust: Wave = Wave(0.07, 0.45)


class Reflections(msgspec.Struct, frozen=True):
    """Octahedral reflection maps as images of the GLB: levels of `widths` below each other.

    A byte b of an image stands for the radiance (b / 255)^2 * scale.
    """

    before: int
    after: int
    scale: float
    widths: tuple[int, ...]


class Ambient(msgspec.Struct, frozen=True):
    """Nine coefficients each for the sky before, the sky after, and what a full moon adds."""

    before: tuple[Vec3, ...]
    after: tuple[Vec3, ...]
    moon: tuple[Vec3, ...]


class SetLight(msgspec.Struct, frozen=True):
    """A light of a model, in our frame: no param moves it, and it casts no shadow.

    `colour` is linear RGB times intensity: candela, for a directional light lux; one candela
    per square metre is a radiance of 1. `reach` is in metres, 0 without limit. `inner` and
    `outer` are cosines of the angles at which a spot light begins and ends to fade.
    """

    name: str
    kind: Literal["directional", "point", "spot"]
    colour: Vec3
    at: Vec3
    direction: Vec3
    reach: float = 0.0
    inner: float = 1.0
    outer: float = 0.0


class SceneSheet(msgspec.Struct, frozen=True):
    """The content of scene.json."""

    format: str
    version: int
    id: str
    title: str
    loop: float
    params: dict[str, Param]
    lights: dict[str, Light]
    environment: Environment
    materials: dict[str, Finish]
    parts: dict[str, Part]
    particles: dict[str, Particles]
    places: dict[str, Anchor]
    curves: Curves
    ambient: Ambient
    reflections: Reflections
    noise: int
    """The image of the GLB that holds tiling noise."""
    model_lights: tuple[SetLight, ...] = ()


class CompiledScene(msgspec.Struct, frozen=True):
    """A set as every renderer loads it; `hash` is over both files, 32 hex digits.

    `warnings` name what of the models is not drawn as their files say.
    """

    glb: bytes
    scene_json: bytes
    hash: str
    warnings: tuple[Problem, ...] = ()


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


def read_sheet(scene_json: bytes) -> SceneSheet:
    """The values in scene.json; RemoteProtocolError for garbage or another version, by name."""
    try:
        head = msgspec.json.decode(scene_json, type=_Head)
        if head.format != FORMAT:
            raise RemoteProtocolError(f"this is no compiled scene: format {head.format[:40]!r}")
        if head.version != VERSION:
            raise RemoteProtocolError(
                f"the compiled scene has version {head.version} and version {VERSION} is read: "
                "compile it again with this xrdrama"
            )
        return msgspec.json.decode(scene_json, type=SceneSheet)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(f"this is no compiled scene: {error}") from None
