"""The keys of a `*.lens.yaml` file and the type of each value."""

from __future__ import annotations

from math import inf
from typing import Any

import msgspec

from xrdrama.document import (
    ID,
    Field,
    ListOf,
    Node,
    OneOf,
    Reading,
    Real,
    Record,
    Text,
    Vector,
    Whole,
)
from xrdrama.document.nodes import Scalar
from xrdrama.document.shapes import Schema
from xrdrama.stage.lenses.written import RawEncoders, RawLens, RawMap, RawPoint, RawStop

INFINITY = "infinity"
MOST_POINTS = 1000


def _pair(x: float, y: float) -> tuple[float, float]:
    return x, y


class Distance(msgspec.Struct, frozen=True):
    """A focus distance in metres, or the word `infinity`."""

    def read(self, node: Node, reading: Reading) -> Any:
        """Metres; infinite for infinity."""
        if isinstance(node, Scalar) and node.text.strip() == INFINITY:
            return inf
        return Real(0.01, 100_000.0).read(node, reading)

    def schema(self) -> Schema:
        """A number, or the word."""
        return {"anyOf": [Real(0.01, 100_000.0).schema(), {"const": INFINITY}]}


_AT = Field(Real(-4_294_967_295.0, 4_294_967_295.0), "number of the encoder", required=True)
_MILLIMETRES = Real(0.5, 10_000.0)
_UNIT = Field(
    OneOf(("raw", "normalised")),
    "what the tracker sends: raw counts (FreeD), or numbers from 0 to 1 (raw)",
)


def _map(field: str, meaning: Field) -> Record:
    stop = Record(
        RawStop, {"at": _AT, field: meaning}, such_as=f"{{at: 0, {field}: 24}}"
    )  # fmt: skip
    return Record(
        RawMap,
        {
            "unit": _UNIT,
            "points": Field(
                ListOf(stop, MOST_POINTS),
                "at least two, with increasing numbers; linear between them, in 1/m for focus",
                required=True,
            ),
        },
    )


_OFFSET = Vector(2, -100.0, 100.0, _pair)
_POINT = Record(
    RawPoint,
    {
        "zoom": Field(_MILLIMETRES, "setting of the zoom ring, mm; default: focal_mm"),
        "focus": Field(Distance(), "focus distance, metres, or infinity (infinity)"),
        "focal_mm": Field(_MILLIMETRES, "focal length at this setting, mm", required=True),
        "entrance_pupil_mm": Field(
            Real(-5000.0, 5000.0), "distance of the entrance pupil in front of the mount, mm (0)"
        ),
        "projection_offset_mm": Field(
            _OFFSET, "offset of the centre of projection on the sensor, mm: [right, down]"
        ),
        "distortion_offset_mm": Field(
            _OFFSET, "offset of the centre of distortion from it, mm: [right, down]"
        ),
        "radial": Field(
            Vector(6, -1e3, 1e3),
            "k1 to k6 in OpenLensIO's order, 1/mm^2 ...: k1, k3, k5 above, k2, k4, k6 below the "
            "line of the fraction",
        ),
        "tangential": Field(Vector(2, -1e3, 1e3, _pair), "p1 and p2, 1/mm"),
    },
    "The lens at one setting of zoom and focus.",
    such_as="{focal_mm: 35}",
)
LENS = Record(
    RawLens,
    {
        "xrdrama": Field(Whole(1, 1), "the version of this format: 1", True, name="version"),
        "id": Field(ID, "id of the lens, the same as the file's name", required=True),
        "title": Field(Text("a title", most=120), "name shown to people"),
        "sensor_mm": Field(
            Vector(2, 1.0, 200.0, _pair),
            "the part of the sensor for which the lens was calibrated, mm: [36, 20.25]",
            required=True,
        ),
        "model": Field(
            OneOf(("D-U", "U-D")),
            "Brown-Conrady: D-U maps distorted to undistorted points, U-D the other way (D-U)",
        ),
        "encoders": Field(
            Record(
                RawEncoders,
                {
                    "zoom": Field(
                        _map("mm", Field(_MILLIMETRES, "zoom, mm", required=True)),
                        "what the zoom encoder's numbers mean",
                    ),
                    "focus": Field(
                        _map("m", Field(Distance(), "focus, m, or infinity", required=True)),
                        "what the focus encoder's numbers mean",
                    ),
                },
            ),
            "the encoders of the lens, as the tracker sends them",
        ),
        "calibration": Field(
            ListOf(_POINT, MOST_POINTS),
            "the lens at each calibrated setting; linear between them",
            required=True,
        ),
    },
    "A lens (xrdrama lens file, version 1).",
)


def lens_schema() -> Schema:
    """JSON Schema of `*.lens.yaml`, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xrdrama lens file",
        **LENS.schema(),
    }
