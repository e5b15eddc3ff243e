"""What may stand in scene.yaml? Its keys and their shapes, each with the words an editor shows."""

from __future__ import annotations

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
    Vector,
    Whole,
)
from xrdrama.document.shapes import Schema
from xrdrama.scene.model import (
    Anchor,
    Environment,
    Finish,
    Flashes,
    Fog,
    Model,
    Moon,
    Part,
    Particles,
    Sky,
    SkyColours,
    Tone,
    Walls,
    Weather,
)
from xrdrama.scene.written import (
    VALUE,
    BakedLight,
    ChoiceParam,
    Direction,
    DirectionalLight,
    FlagParam,
    Hue,
    Levels,
    PointLight,
    RealParam,
    WrittenCue,
    WrittenMove,
    WrittenScene,
)
from xrdrama.spatial import Vec3

HUE = Hue()
TOWARD = Direction()
POINT = Vector(3, -1e4, 1e4, Vec3)
SHARE = Real(0.0, 1.0)
STRENGTH = Real(0.0, 1e4)
DOC = Field(Text("a sentence", most=500), "What it is for, for writers and gaffers.", required=True)
TEXT = Text("a title", most=200)
# A name out of a modelling tool: a material or node of a model.
MODEL_NAME = Text("a name", r"[^\s\x00-\x1f](?:[^\x00-\x1f]{0,62}[^\s\x00-\x1f])?", most=64)
FILE = Text(
    "a .glb or .gltf file of this folder",
    r"[^\x00-\x1f]+\.([gG][lL][bB]|[gG][lL][tT][fF])",
    most=200,
)


# What a param scales; a cue or a look mentions a "param", which may also be a word.
BOUND = "param that is a number"


def _by(what: str) -> Field:
    return Field(Reference(BOUND), f"The param that {what}.")


PARAM = Variant("kind", {
    "real": Record(RealParam, {
        "least": Field(Real(), "The lowest value.", required=True),
        "most": Field(Real(), "The highest value.", required=True),
        "default": Field(Real(), "The value when nothing else sets one.", required=True),
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
    "param": Field(Reference("param"), "What moves.", required=True),
    "to": Field(VALUE, "The value that it ends at.", required=True),
    "over": Field(DURATION, "How long the move takes (0s: at once)."),
    "delay": Field(DURATION, "How long after the cue the move begins."),
    "ease": Field(OneOf(("linear", "smooth", "in", "out", "step")), "How it speeds up and slows."),
})  # fmt: skip

CUE = Record(WrittenCue, {
    "doc": DOC,
    "moves": Field(ListOf(MOVE, 64), "What changes, all counted from the cue.", required=True),
})  # fmt: skip

ANCHOR = Record(Anchor, {
    "at": Field(POINT, "[x, y, z] in metres: x right, y into the wall, z up.", required=True),
    "pan": Field(Real(-360, 360), "Degrees to the left of +Y that it looks."),
    "tilt": Field(Real(-90, 90), "Degrees above the horizon that it looks."),
    "doc": DOC,
})  # fmt: skip

_COLOUR = Field(HUE, "Its colour, `#rrggbb`.", required=True)
_INTENSITY = Field(STRENGTH, "How bright it is, times its colour.", required=True)
_FLICKER = Field(SHARE, "The share of it that flickers like a flame.")

LIGHT = Variant("kind", {
    "directional": Record(DirectionalLight, {
        "doc": DOC,
        "toward": Field(TOWARD, "The way in which the light travels.", required=True),
        "colour": _COLOUR,
        "intensity": _INTENSITY,
        "scaled_by": _by("dims it"),
        "shadow": Field(FLAG, "true for the one key light that casts shadows."),
    }),
    "point": Record(PointLight, {
        "doc": DOC,
        "at": Field(POINT, "Where it is, in metres.", required=True),
        "colour": _COLOUR,
        "intensity": _INTENSITY,
        "reach": Field(Real(0.1, 1000.0), "Metres beyond which it no longer shines."),
        "scaled_by": _by("dims it"),
        "flicker": _FLICKER,
    }),
    "baked": Record(BakedLight, {
        "doc": DOC,
        "channel": Field(Whole(0, 3), "The channel of _BAKE that holds it.", required=True),
        "colour": _COLOUR,
        "intensity": _INTENSITY,
        "scaled_by": _by("dims it"),
        "flicker": _FLICKER,
    }),
})  # fmt: skip

SKY_COLOURS = Record(SkyColours, {
    "zenith": Field(HUE, "Overhead.", required=True),
    "middle": Field(HUE, "Half-way up.", required=True),
    "horizon": Field(HUE, "Low; far things fade into it.", required=True),
    "ground": Field(HUE, "Below the horizon, as seen in reflections.", required=True),
    "glow": Field(HUE, "Added low in the direction `glow_toward`.", required=True),
})  # fmt: skip

SKY = Record(Sky, {
    "before": Field(SKY_COLOURS, "The sky while `turned_by` is at its lowest.", required=True),
    "after": Field(SKY_COLOURS, "The sky while `turned_by` is at its highest.", required=True),
    "turned_by": _by("leads from one to the other"),
    "glow_toward": Field(TOWARD, "Where the low glow is."),
    "clouds": Field(SHARE, "How much cloud there is."),
})  # fmt: skip

MOON = Record(Moon, {
    "toward": Field(TOWARD, "Where the moon is.", required=True),
    "degrees": Field(Real(0.1, 30.0), "How wide its disc is.", required=True),
    "colour": Field(HUE, "Its colour.", required=True),
    "halo": Field(Real(0.0, 10.0), "How bright the haze around it is."),
    "scaled_by": _by("dims it"),
})  # fmt: skip

FOG = Record(Fog, {
    "density": Field(Real(0.0, 10.0), "Share of light lost a metre at the floor.", required=True),
    "height": Field(Real(0.1, 1e4), "Metres up in which it thins by e.", required=True),
    "clear": Field(Real(0.0, 1e4), "Metres before an eye in which the air is clear."),
    "scaled_by": _by("thickens it"),
    "glow": Field(HUE, "Light of lamps that hangs in the air near the floor."),
    "glow_by": _by("dims that light"),
})  # fmt: skip

TONE = Record(Tone, {
    "exposure": Field(Real(-10, 10), "Stops, before the param is added."),
    "moved_by": _by("adds stops"),
    "white": Field(Real(1.0, 100.0), "The radiance that becomes pure white."),
    "contrast": Field(SHARE, "How strong the S-curve is."),
    "lift": Field(HUE, "The black level; LED walls and skin want no true black."),
})  # fmt: skip

WEATHER = Record(Weather, {
    "wind_by": _by("makes things sway"),
    "snow_by": _by("lets snow lie"),
    "snow": Field(HUE, "The colour of lying snow."),
})  # fmt: skip

FLASHES = Record(Flashes, {
    "toward": Field(TOWARD, "Where in the sky they are.", required=True),
    "colour": Field(HUE, "Their mean colour.", required=True),
    "scaled_by": _by("brings them"),
})  # fmt: skip

WALLS = Record(Walls, {
    "half_width": Field(Real(0.1, 1e4), "Metres from the axis to each row.", required=True),
    "height": Field(Real(0.1, 1e4), "Metres up to their eaves.", required=True),
    "colour": Field(HUE, "What they send back at night.", required=True),
})  # fmt: skip

ENVIRONMENT = Record(Environment, {
    "sky": Field(SKY, "The sky, which also gives ambient light and reflections.", required=True),
    "moon": Field(MOON, "The moon, or the sun."),
    "fog": Field(FOG, "The air.", required=True),
    "tone": Field(TONE, "How light becomes picture."),
    "weather": Field(WEATHER, "Wind and lying snow."),
    "flashes": Field(FLASHES, "Fireworks or lightning far away."),
    "walls": Field(WALLS, "Rows of houses that hide the low sky from reflections."),
})  # fmt: skip

MODEL = Record(Model, {
    "file": Field(FILE, "A .glb or .gltf file of this folder.", required=True),
    "doc": DOC,
    "at": Field(POINT, "Where its origin stands, in metres."),
    "pan": Field(Real(-360, 360), "Degrees that it is turned to the left."),
    "scale": Field(Real(1e-4, 1e4), "How much larger than in its file."),
})  # fmt: skip

FINISH = Record(Finish, {
    "doc": DOC,
    "kind": Field(
        OneOf(("surface", "water", "halo", "streak", "mist", "shade", "backdrop")),
        "How it is drawn.",
    ),
    "glow_by": _by("scales its own glow"),
    "fade_by": _by("lets it dissolve"),
    "sway": Field(Real(0.0, 90.0), "Degrees that it sways in full wind."),
    "flicker": _FLICKER,
    "wet": Field(SHARE, "How much of it is under a film of water."),
    "snow": Field(SHARE, "How much lying snow it takes."),
    "casts": Field(FLAG, "Whether it casts a shadow."),
    "over": Field(MODEL_NAME, "A streak: the material of the wet floor that it lies on."),
    "tile": Field(Real(0.01, 1000.0), "A streak: metres after which that floor repeats."),
})  # fmt: skip

PART = Record(Part, {
    "doc": DOC,
    "turn_by": _by("turns it about its own upright axis"),
    "degrees": Field(Real(-360.0, 360.0), "How far it has turned when the param is 1."),
    "fade_by": _by("lets it dissolve"),
})  # fmt: skip

PARTICLES = Record(Particles, {
    "kind": Field(OneOf(("snow", "mote", "spark", "rise", "burst", "star")), "How they move.",
                  required=True),
    "doc": DOC,
    "count": Field(Whole(1, 4000), "How many there are.", required=True),
    "least": Field(POINT, "The near lower left corner of their box.", required=True),
    "most": Field(POINT, "The far upper right corner of their box.", required=True),
    "size": Field(Real(0.001, 100.0), "Metres across.", required=True),
    "colour": Field(HUE, "Their colour.", required=True),
    "speed": Field(Real(0.0, 100.0), "Metres a second, or how many lives a second."),
    "amount_by": _by("says how many are seen, or how far they are on their way"),
})  # fmt: skip

SCENE = Record(WrittenScene, {
    "xrdrama": Field(Whole(1, 1), "The version of this format: 1.", required=True, name="version"),
    "id": Field(ID, "The name of the set; that of its folder.", required=True),
    "title": Field(TEXT, "What people call it.", required=True),
    "doc": DOC,
    "params": Field(MapOf(PARAM, named=True, most=64), "The set's controls.", required=True),
    "cues": Field(MapOf(CUE, named=True, most=256), "Named changes that a story calls for."),
    "looks": Field(MapOf(Levels(), most=64), "Named states to start from."),
    "places": Field(MapOf(ANCHOR, named=True, most=256), "Marks and virtual camera positions."),
    "lights": Field(MapOf(LIGHT, named=True, most=64), "The lights.", required=True),
    "environment": Field(ENVIRONMENT, "Sky, air, weather, tone.", required=True),
    "models": Field(MapOf(MODEL, named=True, most=64), "What stands there.", required=True),
    "materials": Field(MapOf(FINISH, MODEL_NAME, named=True, most=256),
                       "How materials of the models behave, by their names."),
    "parts": Field(MapOf(PART, MODEL_NAME, named=True, most=64),
                   "How nodes of the models move, by their names."),
    "particles": Field(MapOf(PARTICLES, named=True, most=16), "Snow, motes, sparks ..."),
})  # fmt: skip


def scene_schema() -> Schema:
    """JSON Schema (draft 2020-12) of scene.yaml, with the documentation of every key."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama scene",
        **SCENE.schema(),
    }
