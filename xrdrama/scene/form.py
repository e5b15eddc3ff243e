"""The keys of scene.yaml, their types, and the description that an editor shows for each."""

from __future__ import annotations

from msgspec.structs import replace

from xrdrama.document import (
    DURATION,
    FLAG,
    ID,
    Field,
    ListOf,
    MapOf,
    OneOf,
    Real,
    Record,
    Reference,
    Text,
    Variant,
    Whole,
)
from xrdrama.document.shapes import Schema
from xrdrama.scene.model import (
    Anchor,
    Clip,
    Environment,
    Finish,
    Flashes,
    Fog,
    Light,
    LightAfter,
    Model,
    Moon,
    Part,
    Particles,
    Sky,
    SkyColours,
    Tone,
    Walls,
    Way,
    Weather,
)
from xrdrama.scene.plate_form import FLOOR, PLATE
from xrdrama.scene.safe_plate import SAFE_PLATE
from xrdrama.scene.shapes import BOUND, DOC, HUE, POINT, SHARE, STRENGTH, TOWARD, by
from xrdrama.scene.written import (
    VALUE,
    ChoiceParam,
    FlagParam,
    Levels,
    RealParam,
    WrittenCue,
    WrittenMove,
    WrittenScene,
)

TEXT = Text("a title", most=200)
# A name from a modelling tool: a material or node of a model.
MODEL_NAME = Text(
    "a name", r"[^\s\x00-\x1f](?:[^\x00-\x1f]{0,62}[^\s\x00-\x1f])?", most=64,
    form="write it on one line, as in the modelling program",
)  # fmt: skip
FILE = Text(
    "a .glb or .gltf file of this folder",
    r"[^\x00-\x1f]+\.([gG][lL][bB]|[gG][lL][tT][fF])",
    most=200,
    form="export the model as .glb and write its path, such as assets/house.glb",
)


PARAM = Variant("kind", {
    "real": Record(RealParam, {
        "least": Field(Real(), "The lowest value.", required=True),
        "most": Field(Real(), "The highest value.", required=True),
        "default": Field(Real(), "The value when nothing else sets one.", required=True),
        "grows_by": Field(Reference(BOUND),
                          "The param whose value is added each second, such as a speed; "
                          "the sum wraps from `most` to `least`."),
        "doc": DOC,
    }),
    "flag": Record(FlagParam, {
        "default": Field(FLAG, "The value when nothing else sets one.", required=True),
        "doc": DOC,
    }),
    "choice": Record(ChoiceParam, {
        "choices": Field(ListOf(ID, 32), "The words to choose from.", required=True),
        "default": Field(ID, "The word when nothing else sets one.", required=True),
        "doc": DOC,
    }),
})  # fmt: skip

MOVE = Record(WrittenMove, {
    "param": Field(Reference("param"), "The param that changes.", required=True),
    "to": Field(VALUE, "Its value at the end of the move.", required=True),
    "over": Field(DURATION, "Duration of the move (0s: at once)."),
    "delay": Field(DURATION, "Time from the start of the cue to the start of the move."),
    "ease": Field(OneOf(("linear", "smooth", "in", "out", "step")),
                  "How the move accelerates and slows down."),
})  # fmt: skip

CUE = Record(WrittenCue, {
    "doc": DOC,
    "moves": Field(ListOf(MOVE, 64),
                   "The changes; all times count from the start of the cue.", required=True),
})  # fmt: skip

ANCHOR = Record(Anchor, {
    "at": Field(POINT, "[x, y, z] in metres: x right, y into the wall, z up.", required=True),
    "pan": Field(Real(-360, 360), "Direction in degrees, positive to the left of +Y."),
    "tilt": Field(Real(-90, 90), "Direction in degrees, positive above the horizon."),
    "doc": DOC,
})  # fmt: skip

_COLOUR = Field(HUE, "Its colour, `#rrggbb`.", required=True)
_INTENSITY = Field(STRENGTH, "Brightness; the colour is multiplied by it.", required=True)
_TURNED_BY = by("blends the light to `after` while it goes from 0 to 1")
_AFTER_KEYS = {
    "colour": _COLOUR,
    "intensity": _INTENSITY,
}
_AFTER = Field(Record(LightAfter, _AFTER_KEYS), "The light when the param `turned_by` is 1.")
_AFTER_TURNED = Field(Record(LightAfter, {
    **_AFTER_KEYS,
    "toward": Field(TOWARD, "The direction in which the light then travels."),
}), "The light when the param `turned_by` is 1, such as the evening sun.")  # fmt: skip
_FLICKER = Field(SHARE, "The share of the brightness that flickers like a flame, 0 to 1.")

LIGHT = Variant("kind", {
    "directional": Record(Light, {
        "doc": DOC,
        "toward": Field(TOWARD, "The direction in which the light travels.", required=True,
                        name="direction"),
        "colour": _COLOUR,
        "intensity": _INTENSITY,
        "scaled_by": by("scales its brightness"),
        "shadow": Field(FLAG, "true for the key light, the only one that casts shadows."),
        "turned_by": _TURNED_BY,
        "after": _AFTER_TURNED,
    }, fixed={"kind": "directional"}),
    "point": Record(Light, {
        "doc": DOC,
        "at": Field(POINT, "Position, metres.", required=True),
        "colour": _COLOUR,
        "intensity": _INTENSITY,
        "reach": Field(Real(0.1, 1000.0), "Distance at which its light ends, metres."),
        "scaled_by": by("scales its brightness"),
        "flicker": _FLICKER,
        "turned_by": _TURNED_BY,
        "after": _AFTER,
    }, fixed={"kind": "point"}),
    "baked": Record(Light, {
        "doc": DOC,
        "channel": Field(Whole(0, 3),
                         "The channel of the attribute _BAKE with its brightness.", required=True),
        "colour": _COLOUR,
        "intensity": _INTENSITY,
        "scaled_by": by("scales its brightness"),
        "flicker": _FLICKER,
        "turned_by": _TURNED_BY,
        "after": _AFTER,
    }, fixed={"kind": "baked"}),
})  # fmt: skip

SKY_COLOURS = Record(SkyColours, {
    "zenith": Field(HUE, "Overhead.", required=True),
    "middle": Field(HUE, "Halfway up.", required=True),
    "horizon": Field(HUE, "At the horizon; distant objects fade into it.", required=True),
    "ground": Field(HUE, "Below the horizon, as seen in reflections.", required=True),
    "glow": Field(HUE, "Added near the horizon in the direction `glow_toward`.", required=True),
})  # fmt: skip

SKY = Record(Sky, {
    "before": Field(SKY_COLOURS,
                    "The sky when the param `turned_by` is at its lowest value.", required=True),
    "after": Field(SKY_COLOURS,
                   "The sky when the param `turned_by` is at its highest value.", required=True),
    "turned_by": by("blends from `before` to `after`"),
    "glow_toward": Field(TOWARD, "Direction of the glow."),
    "clouds": Field(SHARE, "Cloud cover, 0 to 1."),
})  # fmt: skip

MOON = Record(Moon, {
    "toward": Field(TOWARD, "Direction of the moon.", required=True),
    "degrees": Field(Real(0.1, 30.0), "Width of its disc, degrees.", required=True),
    "colour": Field(HUE, "Its colour.", required=True),
    "halo": Field(Real(0.0, 10.0), "Brightness of the halo around it."),
    "scaled_by": by("scales its brightness"),
})  # fmt: skip

FOG = Record(Fog, {
    "density": Field(Real(0.0, 10.0), "Share of light lost per metre at the floor.", required=True),
    "height": Field(Real(0.1, 1e4),
                    "Height over which the density falls by the factor e, metres.", required=True),
    "clear": Field(Real(0.0, 1e4), "Distance from the eye without fog, metres."),
    "scaled_by": by("scales the density"),
    "glow": Field(HUE, "Colour of the light that lamps scatter in the air near the floor."),
    "glow_by": by("scales that light"),
})  # fmt: skip

TONE = Record(Tone, {
    "exposure": Field(Real(-10, 10), "Stops, before the param is added."),
    "moved_by": by("adds stops"),
    "white": Field(Real(1.0, 100.0), "The radiance that is displayed as pure white."),
    "contrast": Field(SHARE, "Strength of the S-curve, 0 to 1."),
    "lift": Field(HUE, "The black level; do not use true black on LED walls and for skin."),
})  # fmt: skip

WEATHER = Record(Weather, {
    "wind_by": by("scales the wind"),
    "snow_by": by("scales the lying snow"),
    "snow": Field(HUE, "The colour of lying snow."),
})  # fmt: skip

FLASHES = Record(Flashes, {
    "toward": Field(TOWARD, "Their direction in the sky.", required=True),
    "colour": Field(HUE, "Their average colour.", required=True),
    "scaled_by": by("scales them"),
})  # fmt: skip

WALLS = Record(Walls, {
    "half_width": Field(Real(0.1, 1e4),
                        "Distance of each row from the axis, metres.", required=True),
    "height": Field(Real(0.1, 1e4), "Height of the eaves, metres.", required=True),
    "colour": Field(HUE, "Colour that they reflect at night.", required=True),
})  # fmt: skip

WAY = Record(Way, {
    "length": Field(Real(1.0, 1e5), "Metres after which the road repeats.", required=True),
    "moved_by": by("is the metres that have been driven"),
    "bend": Field(Real(-45.0, 45.0), "How far it turns from its mean direction, degrees."),
    "rise": Field(Real(-20.0, 20.0), "How steep it gets, degrees."),
})  # fmt: skip

ENVIRONMENT = Record(Environment, {
    "sky": Field(SKY, "The sky, which also gives ambient light and reflections.", required=True),
    "moon": Field(MOON, "The moon, or the sun."),
    "fog": Field(FOG, "Fog.", required=True),
    "tone": Field(TONE, "Tone mapping: how light becomes the displayed picture."),
    "weather": Field(WEATHER, "Wind and lying snow."),
    "flashes": Field(FLASHES, "Fireworks or lightning far away."),
    "walls": Field(WALLS, "Rows of houses that hide the low sky from reflections."),
    "way": Field(WAY, "A winding road that parts travel along."),
})  # fmt: skip

CLIP = Record(Clip, {
    "doc": DOC,
    "speed": Field(Real(0.01, 100.0), "How fast its loop plays; 1 is as in the file."),
    "moved_by": by("plays it, from its beginning at the param's least value to its end at the "
                    "most, instead of a loop"),
    "blend_by": by("blends it, from 0 to 1, over the clips before it"),
})  # fmt: skip

MODEL = Record(Model, {
    "file": Field(FILE, "A .glb or .gltf file of this folder.", required=True),
    "doc": DOC,
    "at": Field(POINT, "Position of its origin, metres."),
    "pan": Field(Real(-360, 360), "Rotation in degrees, positive to the left."),
    "scale": Field(Real(1e-4, 1e4), "Scale; 1 is the size in its file."),
    "clips": Field(MapOf(CLIP, MODEL_NAME, named=True, most=64),
                   "The animations of the file that play, by name; those later in the list move "
                   "what earlier ones move, too."),
})  # fmt: skip

FINISH = Record(Finish, {
    "doc": DOC,
    "kind": Field(
        OneOf(("surface", "water", "halo", "streak", "mist", "shade", "shaft", "backdrop")),
        "The kind of material, which decides how it is drawn.",
    ),
    "glow_by": by("scales its emitted light"),
    "fade_by": by("fades it out"),
    "sway": Field(Real(0.0, 90.0), "How far it sways in full wind, degrees."),
    "flicker": _FLICKER,
    "wet": Field(SHARE, "How wet it is, 0 to 1."),
    "snow": Field(SHARE, "How much snow covers it, 0 to 1."),
    "casts": Field(FLAG, "Whether it casts a shadow."),
    "over": Field(MODEL_NAME, "Streak only: the material of the wet floor below it."),
    "tile": Field(Real(0.01, 1000.0),
                  "Streak only: distance after which the floor's pictures repeat, metres."),
})  # fmt: skip

PART = Record(Part, {
    "doc": DOC,
    "turn_by": by("rotates it about its own vertical axis"),
    "degrees": Field(Real(-360.0, 360.0), "Rotation when the param is 1, degrees."),
    "fade_by": by("fades it out"),
    "travel_by": by("moves it along `travel`"),
    "travel": Field(POINT, "Movement when the param is 1, metres."),
    "loop": Field(Real(0.0, 1e6),
                  "The value of the param after which the movement starts again; 0: never."),
    "along": Field(FLAG, "Whether it is bent with the way of the environment."),
    "turns_with_way": Field(FLAG, "Whether it turns against the heading of the way, "
                                  "as distant hills do."),
})  # fmt: skip

PARTICLES = Record(Particles, {
    "kind": Field(OneOf(("snow", "mote", "spark", "rise", "burst", "star", "rain")),
                  "The kind of particles, which decides how they move.", required=True),
    "doc": DOC,
    "count": Field(Whole(1, 4000), "Their number.", required=True),
    "least": Field(POINT, "The near lower left corner of their box.", required=True),
    "most": Field(POINT, "The far upper right corner of their box.", required=True),
    "size": Field(Real(0.001, 100.0), "Width of a particle, metres.", required=True),
    "colour": Field(HUE, "Their colour.", required=True),
    "speed": Field(Real(0.0, 100.0), "Metres per second, or lifetimes per second."),
    "amount_by": by("scales how many are visible, or how far they have moved"),
})  # fmt: skip

SCENE = Record(WrittenScene, {
    "xrdrama": Field(Whole(1, 1), "The version of this format: 1.", required=True, name="version"),
    "id": Field(ID, "The id of the set, the same as its folder's name.", required=True),
    "title": Field(TEXT, "Name shown to people.", required=True),
    "doc": DOC,
    "params": Field(MapOf(PARAM, named=True, most=64), "The set's controls.", required=True),
    "cues": Field(MapOf(CUE, named=True, most=256),
                  "Named changes of params; a story uses them by name."),
    "looks": Field(MapOf(Levels(), most=64), "Named sets of param values to start from."),
    "places": Field(MapOf(ANCHOR, named=True, most=256), "Marks and virtual camera positions."),
    "lights": Field(MapOf(LIGHT, named=True, most=64), "The lights.", required=True),
    "environment": Field(ENVIRONMENT, "Sky, air, weather, tone.", required=True),
    "models": Field(MapOf(MODEL, named=True, most=64), "The models of the set.", required=True),
    "materials": Field(MapOf(FINISH, MODEL_NAME, named=True, most=256),
                       "Behaviour of materials of the models, by name."),
    "parts": Field(MapOf(PART, MODEL_NAME, named=True, most=64),
                   "Movement of nodes of the models, by name."),
    "particles": Field(MapOf(PARTICLES, named=True, most=16), "Snow, motes, sparks ..."),
    "plates": Field(MapOf(PLATE, named=True, most=16),
                    "Videos and pictures, as the sky or on cards."),
    "safe_plate": Field(SAFE_PLATE, "What panic shows on the walls; default: that of the show."),
    "floor": Field(FLOOR, "The stage's floor in the through-the-lens view."),
})  # fmt: skip

LENIENT = Record(
    WrittenScene,
    {key: replace(field, required=False) for key, field in SCENE.fields.items()},
    fixed={"version": 1, "id": "", "title": "", "doc": "", "params": {}, "lights": {},
           "models": {}, "environment": None},
)  # fmt: skip
"""For a file with errors: what can be read of it is checked, too."""


def scene_schema() -> Schema:
    """JSON Schema (draft 2020-12) of scene.yaml, with the documentation of every key."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama scene",
        **SCENE.schema(),
    }
