"""What a `*.show.yaml` file may say: its keys and their shapes."""

from __future__ import annotations

from collections.abc import Mapping

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
    Whole,
)
from xrdrama.document.filenames import FileName
from xrdrama.document.quantities import Duration
from xrdrama.document.shapes import Schema
from xrdrama.scene.safe_plate import SAFE_PLATE
from xrdrama.show.cast import PerformerSpec
from xrdrama.show.looks import MOST_LOOKS
from xrdrama.show.model import AudienceSpec, InputSpec, LookSpec, OutputSpec, ShowFile, Start
from xrdrama.show.production import HandRule, ViewerRule, VoiceRule
from xrdrama.timing import NS
from xrdrama.wire.nodes import MOST_NODES

FILE = FileName("a file in this one's folder")


RATE_FORM = "write 24, 25 or 30000/1001, without a unit"
_LANGUAGE = Text(
    "a language such as en or zh", "[a-z]{2,3}(-[A-Za-z]{2,4})?", most=8,
    form="write its code: en for English, zh for Chinese",
)  # fmt: skip
_RATIO = Real(0.0, 1.0)
_INPUT = Record(
    InputSpec,
    {"use": Field(ID, "which input: the name of a plug-in, such as voice or hand", required=True)},
    "Something that hears, sees or feels. All other keys are settings of the plug-in.",
    rest="settings",
)
_OUTPUT = Record(
    OutputSpec,
    {"use": Field(ID, "which output: the name of a plug-in", required=True)},
    "Something that shows, plays or forwards the frames of a show. All other keys are settings of"
    " the plug-in.",
    rest="settings",
)
_LOOK = Record(
    LookSpec,
    {
        "title": Field(Text("a title", most=120), "what people call it"),
        "fade": Field(DURATION, "how long the console fades to it (2s)"),
        "params": Field(
            MapOf(Text("a value", most=100), most=64),
            "values of parameters of a set",
            required=True,
        ),
    },
    "A look that a director saved, or an author wrote.",
)
_PERFORMER = Record(
    PerformerSpec,
    {
        "performer": Field(ID, "whose folder it is played by (the name of this entry)"),
        "mark": Field(ID, "the place of the set where it begins (the name of this entry)"),
        "presence": Field(ID, "the parameter of the set, 0 to 1, that says how much it is there"),
        "on": Field(OneOf(("set", "stage")), "in the set, or on the physical stage before it"),
        "look": Field(ID, "what it looks at first: a performer, a place, camera, speaker, ahead"),
    },
    "A performer of the show; cues call it by this name.",
)
SHOW = Record(
    ShowFile,
    {
        "xrdrama": Field(Whole(1, 1), "the version of this format: 1", True, name="version"),
        "id": Field(ID, "the show's name, the same as the file's", required=True),
        "title": Field(Text("a title", most=120), "what people call it"),
        "story": Field(Reference("story"), "the branch file that is played", required=True),
        "stage": Field(Reference("stage"), "the LED stage that it is played on"),
        "rate": Field(
            Text("a frame rate", "[0-9./]{1,12}", most=12, form=RATE_FORM), "frames a second (24)"
        ),
        "languages": Field(ListOf(_LANGUAGE, most=8), "of captions and cards, first on top"),
        "voices": Field(_LANGUAGE, "the language that the lines are spoken in (the story's own)"),
        "look": Field(ID, "a look of the sets or of looks:, under the cues"),
        "seed": Field(Whole(0, 2**31 - 1), "the dice of the story"),
        "seconds": Field(Real(0.1, 36_000.0), "stop after this number of seconds"),
        "start": Field(
            Record(
                Start,
                {
                    "beat": Field(ID, "begin here instead of at the story's start"),
                    "set": Field(
                        MapOf(Text("a value", most=100)),
                        "with variables at these values",
                        name="values",
                    ),
                },
            ),
            "where the show begins",
        ),
        "ambience": Field(ID, "a sound that loops from the start"),
        "move": Field(FILE, "the camera move of the simulated operator"),
        "moves": Field(
            MapOf(FILE, most=16), "instead of move: a camera move for each camera of the stage"
        ),
        "performers": Field(
            MapOf(_PERFORMER, named=True, most=16), "digital actors and robots that take cues"
        ),
        "inputs": Field(MapOf(_INPUT, named=True, most=16), "what hears, sees and feels"),
        "outputs": Field(MapOf(_OUTPUT, named=True, most=16), "further outputs, of plug-ins"),
        "voice": Field(
            Record(
                VoiceRule,
                {
                    "accept": Field(_RATIO, "largest distance of a phrase that picks (0.40)"),
                    "margin": Field(_RATIO, "least distance to the next option (0.10)"),
                    "again": Field(_RATIO, "largest distance that asks again (0.60)"),
                    "confirm": Field(DURATION, "time to take a phrase back (400ms)"),
                    "misses": Field(Whole(1, 10), "misses before options get numbers (2)"),
                    "echo": Field(DURATION, "how long our own lines ring on (250ms)"),
                },
            ),
            "when a phrase picks",
        ),
        "hand": Field(
            Record(
                HandRule,
                {
                    "score": Field(_RATIO, "least certainty of a video frame (0.3)"),
                    "votes": Field(Whole(1, 60), "video frames that must agree (6)"),
                    "frames": Field(Whole(1, 60), "of so many (8)"),
                    "dwell": Field(DURATION, "how long a pose is held (700ms)"),
                    "rest": Field(DURATION, "no hand picks for so long after a pick (1.5s)"),
                },
            ),
            "when a hand picks",
        ),
        "viewers": Field(
            Record(
                ViewerRule,
                {
                    "time_scale": Field(
                        Real(1.0, 20.0), "how much longer than written choices stay open (1)"
                    ),
                    "time_limits": Field(FLAG, "choices close when their time is over (true)"),
                    "posture": Field(
                        OneOf(("standing", "seated")),
                        "seated viewers see from eye_height (standing)",
                    ),
                    "eye_height": Field(
                        Real(0.5, 2.5), "metres of a seated viewer's eyes above the floor (1.6)"
                    ),
                    "raised": Field(
                        Real(-2.0, 2.0), "metres by which the eyes are raised in the set (0)"
                    ),
                    "captions": Field(
                        OneOf(("small", "medium", "large")),
                        "size of captions (medium)",
                    ),
                    "captions_in": Field(
                        OneOf(("room", "head")), "captions rest in the room, or at the head (room)"
                    ),
                    "captions_away": Field(Real(0.8, 5.0), "metres from the eyes (1.9)"),
                    "captions_raised": Field(Real(-1.0, 1.5), "metres higher than usual (0)"),
                    "cards_away": Field(Real(0.5, 5.0), "metres from the eyes (1.8)"),
                    "cards_raised": Field(Real(-1.0, 1.5), "metres higher than usual (0)"),
                    "resolution": Field(
                        OneOf(("adaptive", "full")),
                        "pictures get smaller while frames are late (adaptive)",
                    ),
                    "blend": Field(
                        OneOf(("opaque", "additive", "alpha")),
                        "how pictures are put over what the wearer sees (opaque)",
                    ),
                    "budget": Field(FLAG, "show what a frame takes (false)"),
                    "vignette": Field(
                        FLAG, "edges get dark in a headset while a set moves past (true)"
                    ),
                    "sound": Field(
                        OneOf(("headset", "always", "recorded")),
                        "sounds come from their places in the set: in a headset, in a window too,"
                        " or never (headset)",
                    ),
                    "sounds_from": Field(
                        MapOf(ID, most=256),
                        "the performer or the place of the set that a sound, or a speaker's lines,"
                        " come from (a speaker's: the performer of that name)",
                    ),
                    "contrast": Field(
                        FLAG, "in a window: white texts on black plates, thick edges (false)"
                    ),
                    "motion": Field(
                        OneOf(("full", "reduced")),
                        "in a window, reduced: steps behind a fade, no film camera (full)",
                    ),
                    "sound_captions": Field(FLAG, "in a window: captions for sounds (false)"),
                    "scan": Field(
                        Duration(most=30 * NS),
                        "in a window: time on each option for a single switch (0s: off)",
                    ),
                },
            ),
            "what the viewers need",
        ),
        "audience": Field(
            Record(
                AudienceSpec,
                {
                    "mode": Field(
                        OneOf(("room", "own")),
                        "all viewers follow the room's show, or each plays a branch of their own"
                        " (room)",
                    ),
                    "groups": Field(
                        ListOf(ID, most=16),
                        "groups that viewers join in, each with a link of its own; vote: weights:"
                        " of the story are for them",
                    ),
                    "voice": Field(FLAG, "viewers may speak to their phones to pick (false)"),
                    "gesture": Field(
                        FLAG, "viewers may show a hand to their phones' cameras to pick (false)"
                    ),
                },
            ),
            "how viewers take part with their phones (xrdrama serve)",
        ),
        "nodes": Field(
            MapOf(ListOf(ID, most=32), most=MOST_NODES),
            "render nodes: the walls that each draws (xrdrama render --peer URL --name NODE)",
        ),
        "hears_itself": Field(FLAG, "the microphone hears the show's own lines (true)"),
        "safe_plate": Field(
            SAFE_PLATE, "the picture that panic shows on the walls (the set, dim and grey)"
        ),
        "looks": Field(
            MapOf(_LOOK, named=True, most=MOST_LOOKS), "looks that the console saves and recalls"
        ),
    },
    "A show: story, stage and inputs (xrdrama show file, version 1).",
)


def show_schema(inputs: Mapping[str, Record], outputs: Mapping[str, Record]) -> Schema:
    """JSON Schema of `*.show.yaml`, for editors, with the settings of known plug-ins by name."""
    schema = SHOW.schema()
    for key, kinds in (("inputs", inputs), ("outputs", outputs)):
        item = schema["properties"][key]["additionalProperties"]
        item["allOf"] = [_schema_of(use, record) for use, record in kinds.items()]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama show file",
        **schema,
    }


def _schema_of(use: str, settings: Record) -> Schema:
    """The keys of an input or output that uses a known plug-in."""
    known = {**settings.schema(), "additionalProperties": False}
    # A required setting may be in either place; a schema for editors need not distinguish them.
    known.pop("required", None)
    known.pop("description", None)
    properties = {"use": True, **known["properties"], "settings": known}
    return {
        "if": {"properties": {"use": {"const": use}}},
        "then": {"properties": properties, "additionalProperties": False},
    }
