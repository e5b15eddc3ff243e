"""The files that a renderer loads: a GLB, and scene.json, whose values are declared here.

scene.json says what each param does to the GLB: the lights and which params scale them, the
behaviour of materials and nodes by name, the sky with its harmonics and reflections, fog, tone
mapping, and the curves of looping movements. The GLB uses glTF's axes; scene.json ours (Z up).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from xrdrama.errors import Problem, RemoteProtocolError
from xrdrama.scene.model import Anchor, Environment, Finish, Floor, Light, Param, Part, Particles
from xrdrama.scene.plates import SetPlate
from xrdrama.spatial import Vec3

FORMAT: Final = "xrdrama-scene"
VERSION: Final = 2

# Seconds. All loops close in this time, so that renderers may wrap the time and keep the
# precision of 32-bit floats: frequencies are whole multiples of 1 / LOOP.
LOOP: Final = 14400.0


class Wave(msgspec.Struct, frozen=True):
    """One sine of a looping curve: its frequency in hertz, and its share of the amplitude."""

    hertz: float
    share: float


class Curves(msgspec.Struct, frozen=True):
    """The looping curves; a vertex's phase (0 to 1) shifts them."""

    flicker: tuple[Wave, Wave, Wave] = (Wave(1.13, 0.5), Wave(1.94, 0.3), Wave(2.87, 0.2))
    sway: tuple[Wave, Wave, Wave] = (Wave(0.23, 0.6), Wave(0.41, 0.3), Wave(0.97, 0.1))
    gust: Wave = Wave(0.07, 0.45)


class Reflections(msgspec.Struct, frozen=True):
    """Octahedral reflection maps as images of the GLB: levels of `widths` pixels, one below the
    other.

    A byte b of an image means the radiance (b / 255)^2 * scale.
    """

    before: int
    after: int
    scale: float
    widths: tuple[int, ...]


class Ambient(msgspec.Struct, frozen=True):
    """Nine spherical harmonics each for the sky before, the sky after, and what a full moon
    adds."""

    before: tuple[Vec3, ...]
    after: tuple[Vec3, ...]
    moon: tuple[Vec3, ...]


class SetLight(msgspec.Struct, frozen=True):
    """A light of a model, in the stage's frame: no param scales it, and it casts no shadow.

    `colour` is linear RGB times intensity: candela, for a directional light lux; one candela
    per square metre is a radiance of 1. `reach` is in metres, 0 if unlimited. `inner` and
    `outer` are cosines of the angles where the falloff of a spot light begins and ends.
    """

    name: str
    kind: Literal["directional", "point", "spot"]
    colour: Vec3
    at: Vec3
    direction: Vec3
    reach: float = 0.0
    inner: float = 1.0
    outer: float = 0.0


class PlayedClip(msgspec.Struct, frozen=True):
    """How an animation of the GLB plays: in a loop of the show's seconds, or with a param.

    `moved_by` plays it from its beginning to its end between the param's least and most value;
    `blend_by` is its share over those before it.
    """

    name: str
    speed: float = 1.0
    moved_by: str = ""
    blend_by: str = ""


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
    """Index of the image with tiling noise in the GLB."""
    model_lights: tuple[SetLight, ...] = ()
    plates: tuple[SetPlate, ...] = ()
    clips: tuple[PlayedClip, ...] = ()
    """The animations of the GLB, in the order in which they are blended."""
    floor: Floor = Floor()
    floor_image: int = -1
    """Index of the picture of the floor in the GLB; -1 if it has none."""


class CompiledScene(msgspec.Struct, frozen=True):
    """A compiled set: the two files that every renderer loads, and their hash (32 hex digits).

    `warnings` name what is not drawn as the model files say.
    """

    glb: bytes
    scene_json: bytes
    hash: str
    warnings: tuple[Problem, ...] = ()


class _Head(msgspec.Struct):
    format: str = ""
    version: int = 0


def read_sheet(scene_json: bytes) -> SceneSheet:
    """The values of scene.json; RemoteProtocolError if it is invalid or has another version."""
    try:
        head = msgspec.json.decode(scene_json, type=_Head)
        if head.format != FORMAT:
            raise RemoteProtocolError(
                f"not a compiled scene: format {head.format[:40]!r}, expected {FORMAT!r}"
            )
        if head.version != VERSION:
            raise RemoteProtocolError(
                f"the compiled scene has version {head.version}; expected version {VERSION}: "
                "compile it again with this xrdrama"
            )
        return msgspec.json.decode(scene_json, type=SceneSheet)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(f"not a compiled scene: {error}") from None
