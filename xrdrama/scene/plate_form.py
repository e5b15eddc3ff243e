"""The keys of the plates and of the stage floor in scene.yaml."""

from __future__ import annotations

from xrdrama.document import DURATION, Field, OneOf, Real, Record, Text, Variant
from xrdrama.scene.model import Floor, Plate
from xrdrama.scene.plates import STILL_SUFFIXES, VIDEO_SUFFIXES
from xrdrama.scene.shapes import DOC, HUE, POINT, by

PLATE_FILE = Text(
    "a video or picture of this folder",
    r"[^\x00-\x1f]+\.(?i:" + "|".join((*VIDEO_SUFFIXES, *STILL_SUFFIXES)) + ")",
    most=200,
    form="write a path such as assets/road.mp4; files may end in "
    + ", ".join((*VIDEO_SUFFIXES, *STILL_SUFFIXES)),
)

PICTURE_FILE = Text(
    "a picture of this folder", r"[^\x00-\x1f]+\.(?i:png|jpg|jpeg)", most=200,
    form="save it as .png or .jpg and write its path, such as assets/floor.png",
)  # fmt: skip

_PLATE_KEYS = {
    "doc": DOC,
    "file": Field(PLATE_FILE, "A video or picture of this folder.", required=True),
    "start": Field(DURATION, "Where in the clip it starts."),
    "rate": Field(Real(1.0, 240.0), "Frames per second; those of the file unless given."),
    "at_end": Field(OneOf(("loop", "hold", "black")),
                    "After its last frame: from the start again, hold that frame, or black."),
    "colour": Field(OneOf(("file", "srgb", "rec709")),
                    "How its values become light: sRGB, a Rec.709 monitor (BT.1886), or what the "
                    "file says."),
    "exposure": Field(Real(-10.0, 10.0), "Stops."),
    "scaled_by": by("scales its brightness"),
    "moved_by": by("is the seconds that it has played"),
}  # fmt: skip

PLATE = Variant("kind", {
    "sky": Record(Plate, {
        **_PLATE_KEYS,
        "pan": Field(Real(-360, 360),
                     "Where its middle is seen, degrees, positive to the left of +Y."),
        "horizon": Field(Real(-90, 90), "How far its middle row is above the horizon, degrees."),
    }, fixed={"kind": "sky"}),
    "card": Record(Plate, {
        **_PLATE_KEYS,
        "at": Field(POINT, "Position of its middle, metres.", required=True),
        "width": Field(Real(0.01, 1e4), "Metres.", required=True),
        "height": Field(Real(0.01, 1e4), "Metres; from the shape of the picture unless given."),
        "pan": Field(Real(-360, 360), "Rotation in degrees, positive to the left; with 0 it faces "
                                      "the stage."),
        "tilt": Field(Real(-90, 90), "Rotation in degrees, positive upwards."),
    }, fixed={"kind": "card"}),
}, "{kind: card, doc: The road., file: assets/road.mp4, at: [0, 6, 1.5], width: 4}")  # fmt: skip

FLOOR = Record(Floor, {
    "kind": Field(OneOf(("stone", "boards", "asphalt", "plain", "picture", "none")),
                  "What the stage is laid with."),
    "colour": Field(HUE, "Multiplied with its picture."),
    "wet": Field(Real(0.0, 2.0), "Scales how much the walls are mirrored in it; 0: dry and matt."),
    "tile": Field(Real(0.1, 100.0), "Metres after which its picture repeats."),
    "file": Field(PICTURE_FILE, "Kind picture only: a picture of this folder, seen from above."),
})  # fmt: skip
