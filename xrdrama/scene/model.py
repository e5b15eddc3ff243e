"""The values of a scene, parsed from scene.yaml; all other modules use them.

Axes and units are those of `xrdrama.spatial`; the set's frame is the stage's frame. Colours are
linear RGB with 1 = the white of a sunlit card at exposure 0; files write them as sRGB `#rrggbb`.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from xrdrama.document import Place
from xrdrama.scene.safe_plate import SafePlate
from xrdrama.spatial import Pose, Quat, Vec3

ParamValue = float | str
ParamKind = Literal["real", "flag", "choice"]
Ease = Literal["linear", "smooth", "in", "out", "step"]
LightKind = Literal["directional", "point", "baked"]
FinishKind = Literal["surface", "water", "halo", "streak", "mist", "shade", "shaft", "backdrop"]
FloorKind = Literal["stone", "boards", "asphalt", "plain", "picture", "none"]
PlateKind = Literal["sky", "card"]
PlateEnd = Literal["loop", "hold", "black"]
PlateColour = Literal["file", "srgb", "rec709"]
ParticleKind = Literal["snow", "mote", "spark", "rise", "burst", "star", "rain"]


SAFE_LOOK = "safe"
"""The look of a set for when something has gone wrong: what panic shows."""


class Param(msgspec.Struct, frozen=True):
    """A control of the set: a real number in a range, a flag (0 or 1), or one of a few words.

    A param with `grows_by` rises by the value of that param each second, and wraps from `most` to
    `least`: a distance by a speed.
    """

    id: str
    kind: ParamKind
    default: ParamValue
    doc: str
    least: float = 0.0
    most: float = 1.0
    choices: tuple[str, ...] = ()
    grows_by: str = ""


class Move(msgspec.Struct, frozen=True):
    """A change of one param to the value `to`: after `delay`, over `over` nanoseconds, eased."""

    param: str
    to: ParamValue
    over: int = 0
    delay: int = 0
    ease: Ease = "smooth"


class Cue(msgspec.Struct, frozen=True):
    """A named change of the set; the moves of one param do not overlap and are in time order."""

    id: str
    doc: str
    moves: tuple[Move, ...]


class Anchor(msgspec.Struct, frozen=True):
    """A named place of the set: a mark for a performer or a position for a virtual camera."""

    id: str
    at: Vec3
    doc: str
    pan: float = 0.0
    tilt: float = 0.0

    @property
    def pose(self) -> Pose:
        """Its position and rotation; +Y is the direction of view."""
        return Pose(self.at, Quat.from_angles(pan=self.pan, tilt=self.tilt))


class LightAfter(msgspec.Struct, frozen=True):
    """What a light is when the param `turned_by` is 1: colour, brightness, direction of travel."""

    colour: Vec3
    intensity: float
    toward: Vec3 | None = None


class Light(msgspec.Struct, frozen=True):
    """A light: directional with shadow (the key), a point, or one baked into vertex channels.

    `direction` is where the light travels, of unit length. A point light ends at `reach` metres.
    The brightness of a baked light is in `channel` (0 to 3) of the vertex attribute `_BAKE`.
    The param `turned_by` blends the light to `after` while it goes from 0 to 1.
    """

    id: str
    kind: LightKind
    doc: str
    colour: Vec3
    intensity: float
    scaled_by: str = ""
    direction: Vec3 | None = None
    at: Vec3 | None = None
    reach: float = 6.0
    flicker: float = 0.0
    shadow: bool = False
    channel: int = 0
    turned_by: str = ""
    after: LightAfter | None = None


class SkyColours(msgspec.Struct, frozen=True):
    """Colours of a sky from zenith to ground, and the glow near the horizon in one direction."""

    zenith: Vec3
    middle: Vec3
    horizon: Vec3
    ground: Vec3
    glow: Vec3


class Sky(msgspec.Struct, frozen=True):
    """Two skies; the param `turned_by` blends from `before` to `after`."""

    before: SkyColours
    after: SkyColours
    turned_by: str = ""
    glow_toward: Vec3 = Vec3(0.0, 1.0, 0.0)
    clouds: float = 0.5


class Moon(msgspec.Struct, frozen=True):
    """A disc in the sky `toward` a direction, `degrees` wide, with a halo."""

    toward: Vec3
    degrees: float
    colour: Vec3
    halo: float = 0.5
    scaled_by: str = ""


class Fog(msgspec.Struct, frozen=True):
    """Fog: `density` is the share of light lost per metre at the floor.

    The density falls by the factor e every `height` metres. There is no fog within `clear` metres
    of the eye, since the stage itself has real air. `glow` is light that lamps scatter in the air
    near the floor, scaled by the param `glow_by`.
    """

    density: float
    height: float
    clear: float = 0.0
    scaled_by: str = ""
    glow: Vec3 = Vec3()
    glow_by: str = ""


class Tone(msgspec.Struct, frozen=True):
    """Tone mapping: exposure in stops, the radiance that becomes white, contrast, black level."""

    exposure: float = 0.0
    moved_by: str = ""
    white: float = 6.0
    contrast: float = 0.3
    lift: Vec3 = Vec3()


class Flashes(msgspec.Struct, frozen=True):
    """Distant, soft flashes in the sky (fireworks, lightning) around a direction."""

    toward: Vec3
    colour: Vec3
    scaled_by: str = ""


class Walls(msgspec.Struct, frozen=True):
    """Two rows of houses along Y that hide the low sky from reflections: distance, height,
    colour."""

    half_width: float
    height: float
    colour: Vec3


class Weather(msgspec.Struct, frozen=True):
    """Wind (sway) and lying snow, each scaled by a param."""

    wind_by: str = ""
    snow_by: str = ""
    snow: Vec3 = Vec3(0.6, 0.66, 0.76)


class Way(msgspec.Struct, frozen=True):
    """A road that winds: it bends what parts `along` it are made of, and what turns with it.

    Its heading swings between `bend` degrees to the left and to the right of the mean every
    `length` metres, and its slope between `rise` degrees down and up, twice as often.
    """

    length: float
    moved_by: str = ""
    bend: float = 0.0
    rise: float = 0.0


class Environment(msgspec.Struct, frozen=True):
    """Sky, moon, air, weather and tone curve."""

    sky: Sky
    fog: Fog
    moon: Moon | None = None
    tone: Tone = Tone()
    weather: Weather = Weather()
    flashes: Flashes | None = None
    walls: Walls | None = None
    way: Way | None = None


class Clip(msgspec.Struct, frozen=True):
    """An animation of a model that plays: in a loop with the seconds of the show, `speed` times as
    fast as in the file, or from its beginning to its end while the param `moved_by` goes from
    its least to its most value. The param `blend_by` blends it over the clips before it.
    """

    id: str
    doc: str
    speed: float = 1.0
    moved_by: str = ""
    blend_by: str = ""
    place: Place = Place()


class Model(msgspec.Struct, frozen=True):
    """A GLB or glTF file of the scene's folder, and its position, rotation and scale in the set."""

    id: str
    file: str
    doc: str
    at: Vec3 = Vec3()
    pan: float = 0.0
    scale: float = 1.0
    clips: dict[str, Clip] = {}
    place: Place = Place()


class Finish(msgspec.Struct, frozen=True):
    """The behaviour of a material of the models: its kind, and the params that change it.

    `sway` is degrees at full wind about the pivots in `_MOTION`; `flicker` is a share of its
    emitted light. A streak is drawn `over` a floor's material, whose pictures repeat every `tile`
    metres.
    """

    id: str
    doc: str
    kind: FinishKind = "surface"
    glow_by: str = ""
    fade_by: str = ""
    sway: float = 0.0
    flicker: float = 0.0
    wet: float = 0.0
    snow: float = 0.0
    casts: bool = True
    over: str = ""
    tile: float = 1.0


class Part(msgspec.Struct, frozen=True):
    """The movement of a node of the models: it rotates about its own Z axis, travels, or fades.

    It moves by `travel` (metres) times the param `travel_by`, which starts again from 0 at each
    multiple of `loop` if that is not 0. A part `along` the way is bent with it; one that
    `turns_with_way` is far away and turns against the heading of the road.
    """

    id: str
    doc: str
    turn_by: str = ""
    degrees: float = 0.0
    fade_by: str = ""
    travel_by: str = ""
    travel: Vec3 = Vec3()
    loop: float = 0.0
    along: bool = False
    turns_with_way: bool = False


class Particles(msgspec.Struct, frozen=True):
    """Small quads in a box: number, size (metres), speed (metres per second)."""

    id: str
    kind: ParticleKind
    doc: str
    count: int
    least: Vec3
    most: Vec3
    size: float
    colour: Vec3
    speed: float = 1.0
    amount_by: str = ""


class Plate(msgspec.Struct, frozen=True):
    """A video or still of the crew: the whole sky (equirectangular), or on a card in the set.

    It shows what its file has at `start` (nanoseconds) plus the seconds of the param `moved_by`,
    with `rate` frames per second (0: those of the file). `exposure` is in stops. A sky's middle is
    seen at `pan` degrees to the left of +Y, and `horizon` degrees above the horizon. A card has its
    middle `at`, is `width` by `height` metres (0: from the picture's shape) and, with pan and tilt
    0, faces the stage (-Y); `tilt` turns it upwards.
    """

    id: str
    kind: PlateKind
    file: str
    doc: str
    start: int = 0
    rate: float = 0.0
    at_end: PlateEnd = "loop"
    colour: PlateColour = "file"
    exposure: float = 0.0
    scaled_by: str = ""
    moved_by: str = "plate_time"
    pan: float = 0.0
    tilt: float = 0.0
    horizon: float = 0.0
    at: Vec3 = Vec3()
    width: float = 1.0
    height: float = 0.0
    place: Place = Place()


class Floor(msgspec.Struct, frozen=True):
    """The floor of the stage in the through-the-lens view, between the actor and the walls.

    Its picture repeats every `tile` metres, `colour` is multiplied with it, and `wet` is a share of
    how much the walls are mirrored in its kind. `file` is that of the kind `picture`.
    """

    kind: FloorKind = "stone"
    colour: Vec3 = Vec3(1.0, 1.0, 1.0)
    wet: float = 1.0
    tile: float = 2.4
    file: str = ""


class Scene(msgspec.Struct, frozen=True):
    """A virtual set: its params, cues, looks, lights, environment and models."""

    id: str
    title: str
    doc: str
    params: dict[str, Param]
    cues: dict[str, Cue]
    looks: dict[str, dict[str, ParamValue]]
    look_docs: dict[str, str]
    places: dict[str, Anchor]
    lights: dict[str, Light]
    environment: Environment
    models: dict[str, Model]
    materials: dict[str, Finish]
    parts: dict[str, Part]
    particles: dict[str, Particles]
    plates: dict[str, Plate] = {}
    floor: Floor = Floor()
    place: Place = Place()
    safe_plate: SafePlate | None = None
    """What panic shows on the walls; None for the dimmed set, or the plate of the show."""
    positions: dict[str, Place] = {}
    """Where what has no `place` of its own is written: `materials.paper`, `parts.leaf`, `floor`."""

    def defaults(self) -> dict[str, ParamValue]:
        """The default value of every param."""
        return {id: param.default for id, param in self.params.items()}
