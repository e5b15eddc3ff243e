"""The keys of the walls of a `*.stage.yaml` file and the type of each value."""

from __future__ import annotations

from xrdrama.document import FLAG, ID, Field, OneOf, Real, Record, Text, Variant, Vector, Whole
from xrdrama.document.filenames import FileName
from xrdrama.spatial import Vec3
from xrdrama.stage.canvases import MOST_PIXELS
from xrdrama.stage.pixels import Pixels
from xrdrama.stage.written import RawPanel, RawWall

POINT = Vector(3, -1000.0, 1000.0, Vec3)
PIXELS = Pixels(1, MOST_PIXELS)
_CORNER = Pixels(0, MOST_PIXELS)
ANGLES = {
    "pan": Field(Real(-360.0, 360.0), "degrees, positive to the left"),
    "tilt": Field(Real(-180.0, 180.0), "degrees, positive up"),
    "roll": Field(Real(-180.0, 180.0), "degrees, clockwise seen from behind"),
}
_PANEL = Record(
    RawPanel,
    {
        "size": Field(
            Vector(2, 0.01, 10.0, lambda w, h: (w, h)),
            "width and height, metres: [0.5, 0.5]",
            required=True,
        ),
        "pixels": Field(Pixels(1, 4096), "pixels across and down: [192, 192]", required=True),
    },
    "An LED panel (a cabinet). A flat wall, or a column of an arc, is a whole number of panels.",
    such_as="{size: [0.5, 0.5], pixels: [192, 192]}",
)
_EVERY_WALL = {
    "pixels": Field(PIXELS, "pixels across and down: [1920, 640]; or write panel or pitch"),
    "panel": Field(_PANEL, "instead of pixels: size and pixels of one LED panel"),
    "pitch": Field(
        Real(0.1, 100.0), "instead of pixels: distance between pixels in millimetres (2.6)"
    ),
    "canvas": Field(ID, "name of the canvas, in a stage with canvases:"),
    "at": Field(
        _CORNER, "position of the top left corner on the processor canvas: [left, top], pixels"
    ),
    "turned": Field(
        OneOf(("0", "90", "180", "270")),
        "clockwise rotation of the wall's picture on the canvas, degrees (0)",
    ),
    "mirrored": Field(FLAG, "true: left and right are exchanged on the canvas, before turned"),
    "brightness_nits": Field(Real(1.0, 20_000.0), "peak white, nits", name="brightness"),
    "viewing_angle": Field(
        Vector(3, 10.0, 179.0, lambda red, green, blue: (red, green, blue)),
        "viewing angle of red, green and blue LEDs, degrees: from half to half of the luminance "
        "(150, 160, 160: of no device in particular)",
    ),
    "plinth": Field(
        FLAG,
        "true: what is below its lower edge is dressed down to the floor: not off the walls",
    ),
    "centre": Field(
        POINT, "flat: the centre; arc: the lowest point of its axis; metres", required=True
    ),
    **ANGLES,
    "survey": Field(
        FileName("a file in the folder of this file"),
        "CSV file of measured points (name,x,y,z or column,row,x,y,z): the wall is where they are",
    ),
    "survey_fit": Field(
        OneOf(("rigid", "mesh")),
        "rigid: this shape at the position that fits best; mesh: a mesh through a grid of points "
        "(rigid)",
    ),
}
_OF_A_FILE = {
    **{key: field for key, field in _EVERY_WALL.items() if key not in ("panel", "pitch")},
    "pixels": Field(PIXELS, "pixels across and down: [1920, 640]", required=True),
    "centre": Field(POINT, "position of the file's origin in the stage, metres (0, 0, 0)"),
    "scale": Field(Real(1e-4, 100.0), "metres for one unit of the file: 0.001 for millimetres (1)"),
    "up": Field(
        OneOf(("y", "z")),
        "the file's vertical axis: y (x right, y up, z towards the audience), or z as in stage "
        "files (y)",
    ),
}
_NAME = Text("a name", most=200)
_LENGTH = Real(0.01, 500.0)
WALL = Variant(
    "shape",
    {
        "flat": Record(
            RawWall,
            {
                **_EVERY_WALL,
                "width": Field(_LENGTH, "metres", required=True),
                "height": Field(_LENGTH, "metres", required=True),
            },
            "A flat wall. With pan 0 and tilt 0 it faces an audience that looks along +Y; tilt "
            "90 is a ceiling, tilt -90 a floor.",
            fixed={"shape": "flat"},
        ),
        "arc": Record(
            RawWall,
            {
                **_EVERY_WALL,
                "radius": Field(_LENGTH, "metres", required=True),
                "angle": Field(Real(1.0, 359.0), "angle from end to end, degrees", required=True),
                "height": Field(_LENGTH, "metres", required=True),
                "segments": Field(Whole(1, 1000), "number of flat cabinet columns", required=True),
            },
            "An arc of flat cabinet columns around an axis, which is vertical with tilt 0 and "
            "roll 0.",
            fixed={"shape": "arc"},
        ),
        "mesh": Record(
            RawWall,
            {
                **_OF_A_FILE,
                "file": Field(
                    FileName("a file in the folder of this file"),
                    "OBJ, glTF or MPCDI file; its UV is the position on the wall: u to the right, "
                    "v up, both 0 to 1",
                    required=True,
                ),
                "object": Field(
                    _NAME, "OBJ, glTF: name of the object to use; default: all", name="part"
                ),
                "region": Field(_NAME, "MPCDI: id of the region to use"),
            },
            "A wall of any shape, from a file.",
            fixed={"shape": "mesh"},
        ),
    },
)
