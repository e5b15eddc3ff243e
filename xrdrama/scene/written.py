"""The values of scene.yaml as written, each with its position, before they are checked."""

from __future__ import annotations

from typing import Any

import msgspec

from xrdrama.document import Mapping, Node, Place, Reading, Reference, Scalar, Text, Vector
from xrdrama.document.shapes import MISSING, Schema
from xrdrama.scene.model import (
    Anchor,
    Environment,
    Finish,
    Floor,
    Light,
    Model,
    Part,
    Particles,
    Plate,
)
from xrdrama.scene.safe_plate import SafePlate
from xrdrama.spatial import Vec3


class Hue:
    """A colour `#rrggbb` in sRGB, read as linear RGB."""

    text = Text(
        'a colour such as "#ffb46b"', "#[0-9a-fA-F]{6}", most=7,
        form='write # and six digits or letters a to f, in quotes: "#ffb46b"',
    )  # fmt: skip

    def read(self, node: Node, reading: Reading) -> Any:
        """A Vec3 of linear red, green and blue."""
        text = self.text.read(node, reading)
        if text is MISSING:
            return MISSING
        return Vec3(*(_linear(int(text[i : i + 2], 16) / 255) for i in (1, 3, 5)))

    def schema(self) -> Schema:
        """A string schema."""
        return self.text.schema()


def _linear(encoded: float) -> float:
    """IEC 61966-2-1, the sRGB transfer function backwards."""
    return encoded / 12.92 if encoded <= 0.04045 else float(((encoded + 0.055) / 1.055) ** 2.4)


class Direction:
    """Three numbers that are not all zero, read as a vector of length 1."""

    vector = Vector(3, -1e3, 1e3, Vec3)

    def read(self, node: Node, reading: Reading) -> Any:
        """A Vec3 of length 1."""
        value = self.vector.read(node, reading)
        if value is MISSING:
            return MISSING
        if value.length() < 1e-6:
            hint = "write for example [0, 1, 0.2]"
            reading.note(node.place, "S001", "[0, 0, 0] is not a direction", hint)
            return MISSING
        return value.unit()

    def schema(self) -> Schema:
        """An array schema."""
        return self.vector.schema()


class Value:
    """A number, true, false or a word; which of them depends on the param."""

    def read(self, node: Node, reading: Reading) -> Any:
        """The text."""
        if isinstance(node, Scalar) and 0 < len(node.text.strip()) <= 64:
            return node.text.strip()
        hint = "write one of them after the colon, such as glow: 0.5"
        reading.note(node.place, "F001", "expected a number, true, false or a word", hint)
        return MISSING

    def schema(self) -> Schema:
        """A number, a boolean or a short string."""
        return {"type": ["number", "boolean", "string"]}


VALUE = Value()


class Level(msgspec.Struct, frozen=True):
    """A value for a param as written, not yet checked against it."""

    param: str
    text: str
    place: Place


class WrittenLook(msgspec.Struct, frozen=True):
    """A look: what it is for, and a value for some of the params."""

    doc: str
    levels: tuple[Level, ...]


class Levels:
    """The type of a look: a mapping with `doc` and `param: value` lines."""

    doc = Text("what the look is for", most=500)
    param = Reference("param")

    def read(self, node: Node, reading: Reading) -> Any:
        """A WrittenLook."""
        if not isinstance(node, Mapping):
            reading.note(
                node.place, "F012", "expected a mapping with `doc` and `param: value` lines",
                "such as {doc: The last night, glow: 0.5}",
            )  # fmt: skip
            return MISSING
        if node.get("doc") is None:
            reading.note(
                node.place, "F015", "the key 'doc' is missing", "add doc: and what the look is for"
            )
            return MISSING
        doc: Any = ""
        levels: list[Level] = []
        for key, value in node.entries:
            if key.text == "doc":
                doc = self.doc.read(value, reading)
                continue
            name, text = self.param.read(key, reading), VALUE.read(value, reading)
            if name is not MISSING and text is not MISSING:
                levels.append(Level(name, text, value.place))
        return MISSING if doc is MISSING else WrittenLook(doc, tuple(levels))

    def schema(self) -> Schema:
        """An object schema."""
        return {
            "type": "object",
            "properties": {"doc": self.doc.schema()},
            "additionalProperties": VALUE.schema(),
            "required": ["doc"],
        }


class RealParam(msgspec.Struct, frozen=True):
    """A param `kind: real`."""

    id: str
    default: float
    least: float
    most: float
    doc: str
    grows_by: str = ""
    place: Place = Place()


class FlagParam(msgspec.Struct, frozen=True):
    """A param `kind: flag`."""

    id: str
    default: bool
    doc: str
    place: Place = Place()


class ChoiceParam(msgspec.Struct, frozen=True):
    """A param `kind: choice`."""

    id: str
    default: str
    choices: tuple[str, ...]
    doc: str
    place: Place = Place()


class WrittenMove(msgspec.Struct, frozen=True):
    """A move of a cue."""

    param: str
    to: str
    over: int = 0
    delay: int = 0
    ease: str = "smooth"
    place: Place = Place()


class WrittenCue(msgspec.Struct, frozen=True):
    """A cue."""

    id: str
    doc: str
    moves: tuple[WrittenMove, ...]
    place: Place = Place()


class WrittenScene(msgspec.Struct, frozen=True):
    """The whole file."""

    version: int
    id: str
    title: str
    doc: str
    params: dict[str, RealParam | FlagParam | ChoiceParam]
    environment: Environment
    models: dict[str, Model]
    lights: dict[str, Light]
    cues: dict[str, WrittenCue] = {}
    looks: dict[str, WrittenLook] = {}
    places: dict[str, Anchor] = {}
    materials: dict[str, Finish] = {}
    parts: dict[str, Part] = {}
    particles: dict[str, Particles] = {}
    plates: dict[str, Plate] = {}
    safe_plate: SafePlate | None = None
    floor: Floor = Floor()
    place: Place = Place()
