"""The keys of a `*.stage.yaml` file and the type of each value."""

from __future__ import annotations

from xrdrama.document import (
    DURATION,
    ID,
    Field,
    MapOf,
    OneOf,
    Real,
    Record,
    Text,
    Vector,
    Whole,
)
from xrdrama.document.filenames import FileName
from xrdrama.document.shapes import Schema
from xrdrama.stage.cameras import RawCamera, RawPose
from xrdrama.stage.canvases import RawCanvas
from xrdrama.stage.delays import DelayShape, RawLatency
from xrdrama.stage.model import Inner, Ladder, Outer, Stance, StandIn
from xrdrama.stage.pixels import Pixels
from xrdrama.stage.wall_form import ANGLES, PIXELS, POINT, WALL
from xrdrama.stage.written import RawAxes, RawStage, RawTracking

# A picture is drawn as one texture; a canvas may use several outputs.
_PICTURE = Pixels(1, 8_192)
MOST_CANVASES = 16
MOST_CAMERAS = 4
"""As many inner pictures as a graphics driver can look up at once, beside others."""


_STANCE = Record(
    Stance,
    {
        "turn": Field(Real(-90.0, 90.0), "rotation of the trunk, degrees, positive to the left"),
        "head": Field(
            Real(-90.0, 90.0),
            "rotation of the head relative to the trunk, degrees, positive to the left",
        ),
        "nod": Field(Real(-45.0, 45.0), "tilt of the head, degrees, positive up"),
        "arm": Field(Real(-120.0, 120.0), "tilt of the right forearm, degrees, positive up"),
    },
)
_POSE = Record(RawPose, {"position": Field(POINT, "metres"), **ANGLES})
_OVERSCAN, _FEATHER = Real(1.0, 3.0), Real(0.0, 0.2)
_SUBJECT = Text(
    "a camera id",
    "[A-Za-z0-9_.:-]{1,64}",
    most=64,
    form="use letters, digits and _ . : - without spaces",
)
_CAMERA = Record(
    RawCamera,
    {
        "focal_mm": Field(Real(0.5, 10_000.0), "focal length of a prime, mm; or write lens"),
        "lens": Field(
            FileName("a file in the folder of this file"),
            "instead of focal_mm: a lens file, with zoom, focus and distortion: zoom.lens.yaml",
        ),
        "sensor_mm": Field(
            Vector(2, 1.0, 200.0, lambda w, h: (w, h)),
            "used part of the sensor, millimetres: [36, 20.25]",
            required=True,
        ),
        "shift": Field(
            Vector(2, -0.5, 0.5, lambda x, y: (x, y)),
            "offset of the image centre, in sensor widths: [right, up]",
        ),
        "tracker_offset": Field(_POSE, "pose of the lens mount relative to the tracker"),
        "offset_to": Field(
            OneOf(("mount", "sensor")),
            "whether tracker_offset leads to the lens mount or to the sensor's centre (mount)",
        ),
        "flange_mm": Field(
            Real(1.0, 200.0),
            "flange distance from the mount to the sensor, millimetres: needed for offset_to: "
            "sensor (PL 52, LPL 44, EF 44, E 18)",
        ),
        "entrance_pupil_mm": Field(
            Real(-1000.0, 1000.0),
            "distance of the entrance pupil in front of the mount, millimetres",
        ),
        "picture": Field(_PICTURE, "size of the recorded picture, pixels: [1920, 1080]"),
        "subject": Field(_SUBJECT, "camera id in the tracker's packets; default: tracking.subject"),
        "priority": Field(
            Whole(0, 100), "where inner frusta overlap, the highest number is shown (0)"
        ),
        "overscan": Field(
            _OVERSCAN, "size relative to the camera's frame; default: inner.overscan"
        ),
        "feather": Field(_FEATHER, "soft edge, fraction of the width; default: inner.feather"),
        "pixels": Field(
            _PICTURE,
            "size of the camera's frame on the wall in pixels, without overscan; default: "
            "inner.pixels",
        ),
        "safe": Field(_POSE, "pose of the camera when its tracking stays lost; default: safe"),
        "photosites": Field(
            PIXELS,
            "photosites of the used part of the sensor, for the risk of moire: [3840, 2160]",
        ),
        "aperture": Field(
            Real(0.5, 64.0), "f-number of the lens, for the risk of moire and depth of field (2.8)"
        ),
        "focus_m": Field(
            Real(0.05, 100_000.0),
            "distance in focus, metres, of a lens without a lens file, for depth of field",
        ),
        "shutter_angle": Field(Real(0.0, 360.0), "shutter angle, degrees, for motion blur (180)"),
    },
    "A tracked film camera.",
    such_as="{focal_mm: 35, sensor_mm: [36, 20.25]}",
)
_PROTOCOL = Text("a protocol", most=32)  # which ones there are is checked where plug-ins are known
_POSITIONS = OneOf(("x", "y", "z", "-x", "-y", "-z"))
_TURNS = OneOf(("pan", "tilt", "roll", "-pan", "-tilt", "-roll"))
_AXES = Record(
    RawAxes,
    {
        **{
            name: Field(_POSITIONS, f"which position of the tracker is our {name}: {name}, -{name}")
            for name in ("x", "y", "z")
        },
        **{
            name: Field(_TURNS, f"which angle of the tracker is our {name}: {name}, -{name}")
            for name in ("pan", "tilt", "roll")
        },
    },
    "Axes of the tracker, as `track decode` prints them, that are not those of the stage.",
    such_as="{pan: -pan, x: y, y: -x}",
)
_TRACKING = Record(
    RawTracking,
    {
        "protocol": Field(_PROTOCOL, "protocol of the tracker"),
        "subject": Field(_SUBJECT, "camera id in the tracker's packets"),
        "port": Field(Whole(1, 65_535), "the UDP port to listen on"),
        "address": Field(
            Text(
                "an address",
                "[0-9A-Fa-f.:]{2,45}",
                most=45,
                form="write a numeric address, such as 127.0.0.1 or 0.0.0.0",
            ),
            "address to listen on: 127.0.0.1 (this machine), 0.0.0.0 (network), or a multicast "
            "group",
        ),
        "interface": Field(
            Text(
                "a network interface",
                "[A-Za-z0-9_.:%-]{1,64}",
                most=64,
                form="write its name, such as eth0, or its address",
            ),
            "interface on which a multicast group is joined: eth0, or its address; default: all",
        ),
        "origin": Field(_POSE, "pose of the tracker's origin in the stage"),
        "latency": Field(DURATION, "time from exposure to arrival of the packet"),
        "profile": Field(
            Text("a profile", "[a-z0-9_]{1,32}", most=32, form="write its name, such as panasonic"),
            "vendor profile of the protocol: what zoom, focus and spare bytes mean",
        ),
        "osc_address": Field(
            Text(
                "an OSC address",
                r"(/[!-~]*)",
                most=120,
                form="begin it with / and write {subject} where the camera id is",
            ),
            "protocol osc: the address of poses: /vp/{subject}/xyz (/camera/{subject}/pose)",
        ),
        "axes": Field(_AXES, "axes of the tracker that differ (xrdrama track wizard finds them)"),
        "smooth": Field(
            DURATION, "time constant of smoothing; it adds a lag of the same time (default: none)"
        ),
    },
    "Where the camera's pose comes from.",
)
_DELAY = DelayShape()
_LATENCY = Record(
    RawLatency,
    {
        "tracker": Field(_DELAY, "from exposure of the tracker to its packet: 8ms"),
        "network": Field(_DELAY, "until the packet arrives: 1ms"),
        "render": Field(_DELAY, "until the canvas is drawn and sent: 2 frames"),
        "processor": Field(_DELAY, "delay of the LED processor: 1 frame"),
        "panel": Field(_DELAY, "delay of the panels: 2ms"),
        "camera": Field(
            _DELAY, "from a new picture on the panels to the middle of the exposure: 0.5 frames"
        ),
        "predict_to": Field(
            OneOf(("shown", "seen")),
            "time that the camera's pose is predicted to: that of the frame (shown), or later by "
            "render, processor, panel and camera (seen)",
        ),
    },
    "Delays of a stage, each as a time (8ms) or in frames (2 frames). Without tracker and network, "
    "tracking.latency counts.",
)
_CANVAS = Record(
    RawCanvas,
    {
        "size": Field(PIXELS, "pixels across and down: [3840, 1080]", required=True),
        "display": Field(
            Text(
                "a display",
                r"-?[0-9]{1,5}, ?-?[0-9]{1,5}|[A-Za-z][A-Za-z0-9_.-]{0,31}",
                most=32,
                form="write its name, such as DP-2, or its position on the desktop: 1920,0",
            ),
            "display for `run --wall`: its name (DP-2), or its position on the desktop (1920,0)",
        ),
    },
    "A processor canvas: the picture for one LED processor.",
    such_as="{size: [3840, 1080], display: DP-2}",
)
STAGE = Record(
    RawStage,
    {
        "xrdrama": Field(Whole(1, 1), "the version of this format: 1", True, name="version"),
        "id": Field(ID, "id of the stage, the same as the file's name", required=True),
        "title": Field(Text("a title", most=120), "name shown to people"),
        "canvas": Field(
            PIXELS, "size of the processor canvas, pixels; a stage with several has canvases:"
        ),
        "canvases": Field(
            MapOf(_CANVAS, named=True, most=MOST_CANVASES),
            "the processor canvases by name; each is shown on a display of its own",
        ),
        "walls": Field(MapOf(WALL, named=True, most=32), "the LED walls", required=True),
        "camera": Field(_CAMERA, "the film camera; a stage with several has cameras: instead"),
        "cameras": Field(
            MapOf(_CAMERA, named=True, most=MOST_CAMERAS),
            "the film cameras by name; each has an inner frustum on the walls",
        ),
        "eye_point": Field(
            POINT, "position that the outer frustum is drawn from, metres", required=True
        ),
        "safe": Field(
            _POSE, "pose of the camera when tracking stays lost; default: at the eye point"
        ),
        "tracking": Field(_TRACKING, "where the camera's pose comes from"),
        "latency": Field(_LATENCY, "the delay line, from the tracker to the film camera"),
        "ladder": Field(
            Record(
                Ladder,
                {
                    "predict": Field(
                        DURATION, "how long the pose is predicted at the last speed (100ms)"
                    ),
                    "hold": Field(
                        DURATION, "until when it is then held, counted from the last packet (1s)"
                    ),
                    "ease": Field(DURATION, "how long the move to the safe pose then takes (2s)"),
                    "jump": Field(
                        Real(0.01, 100.0), "a larger jump is not followed at once, metres (0.5)"
                    ),
                    "doubt": Field(DURATION, "how long a jump must last to be accepted (150ms)"),
                },
            ),
            "what happens when the tracker stops sending or jumps",
        ),
        "inner": Field(
            Record(
                Inner,
                {
                    "overscan": Field(_OVERSCAN, "size relative to the camera's frame (1.2)"),
                    "feather": Field(_FEATHER, "soft edge, fraction of the width (0.03)"),
                    "pixels": Field(
                        _PICTURE, "size of the camera's frame in pixels, without overscan"
                    ),
                },
            ),
            "the inner frustum: what the camera sees",
        ),
        "outer": Field(
            Record(
                Outer,
                {
                    "density": Field(Real(1.0, 2000.0), "pixels per metre of wall (100)"),
                    "every": Field(Whole(1, 60), "redraw every this many frames (1)"),
                },
            ),
            "the outer frustum: what lights the set and the actors",
        ),
        "stand_in": Field(
            Record(
                StandIn,
                {
                    "model": Field(
                        FileName("a file in the folder of this file"),
                        "GLB file of an actor",
                        required=True,
                    ),
                    "at": Field(POINT, "position of the feet, metres"),
                    "pan": Field(Real(-360.0, 360.0), "degrees; 0 faces the wall"),
                    "holds": Field(_STANCE, "stance at rest"),
                    "acts": Field(
                        MapOf(_STANCE, most=16), "added stance when a parameter of the set is 1"
                    ),
                },
            ),
            "stand-in actor of the through-the-lens view",
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
