"""What a `*.stage.yaml` file may say: its keys and their shapes."""

from __future__ import annotations

from xrdrama.document import (
    DURATION,
    ID,
    Field,
    MapOf,
    Real,
    Record,
    Text,
    Variant,
    Vector,
    Whole,
)
from xrdrama.document.filenames import FileName
from xrdrama.document.shapes import Schema
from xrdrama.spatial import Vec3
from xrdrama.stage.model import Inner, Ladder, Outer, Stance, StandIn
from xrdrama.stage.pixels import Pixels
from xrdrama.stage.written import RawCamera, RawPanel, RawPose, RawStage, RawTracking, RawWall

POINT = Vector(3, -1000.0, 1000.0, Vec3)

# A picture is drawn as one texture, a canvas may be fed by several outputs.
_PICTURE = Pixels(1, 8_192)
MOST_PIXELS = 16_384
"""Of a wall or the canvas, across or down."""
_PIXELS = Pixels(1, MOST_PIXELS)
_CORNER = Pixels(0, MOST_PIXELS)


_ANGLES = {
    "pan": Field(Real(-360.0, 360.0), "degrees, positive to the left"),
    "tilt": Field(Real(-180.0, 180.0), "degrees, positive up"),
    "roll": Field(Real(-180.0, 180.0), "degrees, clockwise seen from behind"),
}
_STANCE = Record(
    Stance,
    {
        "turn": Field(Real(-90.0, 90.0), "the trunk, degrees to the left"),
        "head": Field(Real(-90.0, 90.0), "the head beyond the trunk, degrees to the left"),
        "nod": Field(Real(-45.0, 45.0), "the head, degrees up"),
        "arm": Field(Real(-120.0, 120.0), "the right forearm, degrees up"),
    },
)
_POSE = Record(RawPose, {"position": Field(POINT, "metres"), **_ANGLES})
_PANEL = Record(
    RawPanel,
    {
        "size": Field(
            Vector(2, 0.01, 10.0, lambda w, h: (w, h)),
            "width and height, metres: [0.5, 0.5]",
            required=True,
        ),
        "pixels": Field(Pixels(1, 4096), "LEDs across and up: [192, 192]", required=True),
    },
    "An LED panel (a cabinet); a wall is a whole number of them, a column of an arc, too.",
    such_as="{size: [0.5, 0.5], pixels: [192, 192]}",
)
_EVERY_WALL = {
    "pixels": Field(_PIXELS, "LEDs across and up: [1920, 640]; or write panel or pitch"),
    "panel": Field(_PANEL, "instead of pixels: size and pixels of one LED panel"),
    "pitch": Field(Real(0.1, 100.0), "instead of pixels: from LED to LED, millimetres (2.6)"),
    "at": Field(_CORNER, "left and top on the processor canvas"),
    "brightness_nits": Field(Real(1.0, 20_000.0), "peak white", name="brightness"),
    "centre": Field(POINT, "flat: the middle; arc: the foot of its axis; metres", required=True),
    **_ANGLES,
}
_LENGTH = Real(0.01, 500.0)
_WALL = Variant(
    "shape",
    {
        "flat": Record(
            RawWall,
            {
                **_EVERY_WALL,
                "width": Field(_LENGTH, "metres", required=True),
                "height": Field(_LENGTH, "metres", required=True),
            },
            "A flat wall; pan 0 and tilt 0 face an audience that looks along +Y, tilt 90 is a "
            "ceiling over it, tilt -90 a floor.",
            fixed={"shape": "flat"},
        ),
        "arc": Record(
            RawWall,
            {
                **_EVERY_WALL,
                "radius": Field(_LENGTH, "metres", required=True),
                "angle": Field(Real(1.0, 359.0), "the whole arc, degrees", required=True),
                "height": Field(_LENGTH, "metres", required=True),
                "segments": Field(Whole(1, 1000), "cabinet columns, each flat", required=True),
            },
            "An arc of flat cabinet columns round a vertical axis.",
            fixed={"shape": "arc"},
        ),
    },
)
_CAMERA = Record(
    RawCamera,
    {
        "focal_mm": Field(Real(0.5, 10_000.0), "focal length", required=True),
        "sensor_mm": Field(
            Vector(2, 1.0, 200.0, lambda w, h: (w, h)), "the used part: [36, 20.25]", required=True
        ),
        "shift": Field(
            Vector(2, -0.5, 0.5, lambda x, y: (x, y)), "of the image centre, in sensor widths"
        ),
        "tracker_offset": Field(_POSE, "from the tracker to the lens mount"),
        "entrance_pupil_mm": Field(Real(-1000.0, 1000.0), "in front of the mount"),
        "picture": Field(_PICTURE, "recorded pixels: [1920, 1080]"),
    },
    "The tracked film camera.",
)
_PROTOCOL = Text("a protocol such as freed", "[a-z][a-z0-9_]{1,30}", most=32)
_TRACKING = Record(
    RawTracking,
    {
        "protocol": Field(_PROTOCOL, "how the tracker speaks"),
        "subject": Field(Text("a camera id", "[A-Za-z0-9_.:-]{1,64}", most=64), "its camera id"),
        "port": Field(Whole(1, 65_535), "the UDP port to listen on"),
        "address": Field(
            Text("an address", "[0-9A-Fa-f.:]{2,45}", most=45),
            "to listen on: 127.0.0.1 (this machine), 0.0.0.0 (network), or a multicast group",
        ),
        "interface": Field(
            Text("a network interface", "[A-Za-z0-9_.:%-]{1,64}", most=64),
            "where a multicast group is joined: eth0, or its address; default: everywhere",
        ),
        "origin": Field(_POSE, "of the tracker's frame in the stage"),
        "latency": Field(DURATION, "from exposure to arrival"),
    },
    "Where the camera's pose comes from.",
)
STAGE = Record(
    RawStage,
    {
        "xrdrama": Field(Whole(1, 1), "the version of this format: 1", True, name="version"),
        "id": Field(ID, "the stage's name, the same as the file's", required=True),
        "title": Field(Text("a title", most=120), "what people call it"),
        "canvas": Field(_PIXELS, "size of the processor canvas", required=True),
        "walls": Field(MapOf(_WALL, named=True, most=32), "the LED walls", required=True),
        "camera": Field(_CAMERA, "the film camera", required=True),
        "eye_point": Field(POINT, "what the outer picture is drawn for, metres", required=True),
        "safe": Field(_POSE, "the camera when tracking stays lost; default: at the eye point"),
        "tracking": Field(_TRACKING, "where the camera's pose comes from"),
        "ladder": Field(
            Record(
                Ladder,
                {
                    "predict": Field(DURATION, "carry on at the last speed (100ms)"),
                    "hold": Field(DURATION, "then stand until (1s)"),
                    "ease": Field(DURATION, "then move to the safe pose in (2s)"),
                    "jump": Field(Real(0.01, 100.0), "a jump that is doubted, metres (0.5)"),
                    "doubt": Field(DURATION, "how long a jump is doubted (150ms)"),
                },
            ),
            "what happens when the tracker stays silent or jumps",
        ),
        "inner": Field(
            Record(
                Inner,
                {
                    "overscan": Field(Real(1.0, 3.0), "size against the camera's frame (1.2)"),
                    "feather": Field(Real(0.0, 0.2), "soft edge, share of the width (0.03)"),
                    "pixels": Field(_PICTURE, "of the camera's frame, without overscan"),
                },
            ),
            "the picture that the camera sees",
        ),
        "outer": Field(
            Record(
                Outer,
                {
                    "density": Field(Real(1.0, 2000.0), "pixels for a metre of wall (100)"),
                    "every": Field(Whole(1, 60), "frames that share one redraw (1)"),
                },
            ),
            "the picture that lights the set and the actors",
        ),
        "stand_in": Field(
            Record(
                StandIn,
                {
                    "model": Field(
                        FileName("a file in this one's folder"),
                        "a GLB of an actor",
                        required=True,
                    ),
                    "at": Field(POINT, "where the feet are, metres"),
                    "pan": Field(Real(-360.0, 360.0), "degrees; 0 looks at the wall"),
                    "holds": Field(_STANCE, "its stance at rest"),
                    "acts": Field(
                        MapOf(_STANCE, most=16), "what it does as a param of the set goes to 1"
                    ),
                },
            ),
            "the actor of the through-the-lens view",
        ),
        "near": Field(Real(0.001, 10.0), "near plane, metres"),
        "far": Field(Real(1.0, 100_000.0), "far plane, metres"),
    },
    "An LED stage (xrdrama stage file, version 1).",
)


def stage_schema() -> Schema:
    """JSON Schema of `*.stage.yaml`, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama stage file",
        **STAGE.schema(),
    }
