"""The keys of performer.yaml and *.gestures.yaml, and what an editor shows for each."""

from __future__ import annotations

from xrdrama.document import DURATION, ID, Field, ListOf, MapOf, Real, Record, Text, Whole
from xrdrama.document.shapes import Schema
from xrdrama.performer.model import Temper
from xrdrama.performer.written import (
    Held,
    WrittenBook,
    WrittenGesture,
    WrittenLimit,
    WrittenMood,
    WrittenPerformer,
)

DOC = Field(Text("a description", most=500), "what it is, for people")
VERSION = Field(Whole(1, 1), "the version of this format: 1", True, name="version")
_CHANNEL = Text("the name of a channel", "[a-z]+(_[a-z]+)*", most=40, form="such as head_pan")
_SHAPE = Text("the name of a shape", "[a-z]+([A-Z][a-z]+)*", most=40, form="such as mouthSmile")
_TIME = Text(
    "a time such as 1.5s", r"\+?[0-9]{1,6}(\.[0-9]{1,6})?(ms|s|m)", most=20,
    form="write the time of a key as 0.4s or 400ms",
)  # fmt: skip
_VALUE = Text(
    "a value", r"rest|[+-]?([0-9]{1,4}(\.[0-9]{1,4})?|\.[0-9]{1,4})", most=12,
    form="write a number, or rest to let go",
)  # fmt: skip
_KEYS = MapOf(_VALUE, key=_TIME, most=64, such_as="0.6s: 70")
GLB = Text(
    "a .glb file of this folder", r"[^\x00-\x1f]+\.[gG][lL][bB]", most=200,
    form="export the figure as .glb and write its path, such as assets/lan.glb",
)  # fmt: skip
PROP = Text(
    "a .glb file near this one", r"[^\x00-\x1f]+\.[gG][lL][bB]", most=200,
    form="write its path from this file, such as ../props/assets/taper.glb",
)  # fmt: skip

GESTURE = Record(
    WrittenGesture,
    {
        "doc": DOC,
        "channels": Field(
            MapOf(_KEYS, key=_CHANNEL, most=64),
            "for each channel the angle in degrees at some times; `rest` lets go",
        ),
        "shapes": Field(
            MapOf(_KEYS, key=_SHAPE, most=64), "for each shape of the face a value from 0 to 1"
        ),
    },
    "A gesture: curves with keys. Without `rest` at the end, the last value is held.",
)
MOOD = Record(
    WrittenMood,
    {
        "doc": DOC,
        "channels": Field(MapOf(Real(-180.0, 180.0), key=_CHANNEL, most=32), "angles in degrees"),
        "shapes": Field(MapOf(Real(0.0, 1.0), key=_SHAPE, most=52), "shapes of the face, 0 to 1"),
    },
    "A mood: the expression below everything else.",
)
GESTURES = Record(
    WrittenBook,
    {
        "xrdrama": VERSION,
        "id": Field(ID, "the name of the file", required=True),
        "gestures": Field(MapOf(GESTURE, named=True, most=200), "gestures by name"),
        "moods": Field(MapOf(MOOD, named=True, most=60), "moods by name"),
    },
    "Gestures and moods of performers (xrdrama gesture file, version 1).",
)
TEMPER = Record(
    Temper,
    {
        "blink": Field(DURATION, "from one blink to the next (4s)"),
        "breath": Field(DURATION, "one breath (3.6s)"),
        "depth": Field(Real(0.0, 1.0), "how deep the breath is (0.5)"),
        "sway": Field(Real(0.0, 1.0), "how much the weight shifts (0.5)"),
        "glance": Field(Real(0.0, 1.0), "how often the eyes leave what they look at (0.5)"),
        "pace": Field(Real(0.1, 3.0), "metres per second of a walk (0.85)"),
        "stoop": Field(Real(-10.0, 40.0), "forward bend of the spine in degrees (0)"),
        "seed": Field(Whole(0, 2**31 - 1), "the dice of blinks and glances"),
    },
    "How a performer is alive without cues.",
)
LIMIT = Record(
    WrittenLimit,
    {
        "least": Field(Real(-180.0, 180.0), "degrees"),
        "most": Field(Real(-180.0, 180.0), "degrees"),
        "speed": Field(Real(1.0, 2000.0), "degrees per second"),
        "acceleration": Field(Real(1.0, 50_000.0), "degrees per second squared"),
    },
    "What a channel of this body can do, where it differs from a person.",
)
PERFORMER = Record(
    WrittenPerformer,
    {
        "xrdrama": VERSION,
        "id": Field(ID, "the performer's name, the same as its folder's", required=True),
        "title": Field(Text("a title", most=120), "what people call it"),
        "doc": DOC,
        "figure": Field(
            GLB, "the skinned model of a digital actor, or of a robot that is also drawn"
        ),
        "holds": Field(
            Record(
                Held,
                {
                    "left": Field(PROP, "what the left hand holds"),
                    "right": Field(PROP, "what the right hand holds"),
                },
                "Models that the hands hold, in the frame of a closed fist's joint.",
            ),
            "what a figure holds in its hands",
        ),
        "robot": Field(ID, "the kind of robot, such as k1; it has no picture without a figure"),
        "gestures": Field(ListOf(ID, most=16), "the gesture files that it plays from"),
        "mood": Field(ID, "the mood that it begins in"),
        "temper": Field(TEMPER, "how it is alive without cues"),
        "limits": Field(MapOf(LIMIT, key=_CHANNEL, most=64), "limits of single channels"),
    },
    "A performer (xrdrama performer file, version 1).",
)


def schema_of(record: Record, title: str) -> Schema:
    """JSON Schema for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **record.schema(),
    }
