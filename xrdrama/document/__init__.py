"""Reads authors' files: strict YAML with positions, validated by declared shapes.

    root = compose(text, "night.branch.yaml", problems)      # nodes that know line and column
    stage = STAGE.read(root, Reading("night.branch.yaml", problems))   # values, or problems

Every scalar is text until a shape gives it a type, so `no`, `on` and `12:30` stay what the
author wrote. Anchors, aliases, tags and duplicate keys are refused; size and depth are bounded.
The same shapes publish the JSON Schema that editors use.
"""

from xrdrama.document.composing import compose
from xrdrama.document.groups import MapOf, Record, Variant
from xrdrama.document.nodes import Mapping, Node, Place, Scalar, Sequence, place_of
from xrdrama.document.prose import Prose
from xrdrama.document.quantities import DURATION, FLAG, Real, Vector, Whole
from xrdrama.document.shapes import ID, Field, ListOf, OneOf, Reading, Reference, Shape, Text
from xrdrama.document.wording import suggestion

__all__ = [
    "DURATION",
    "FLAG",
    "ID",
    "Field",
    "ListOf",
    "MapOf",
    "Mapping",
    "Node",
    "OneOf",
    "Place",
    "Prose",
    "Reading",
    "Real",
    "Record",
    "Reference",
    "Scalar",
    "Sequence",
    "Shape",
    "Text",
    "Variant",
    "Vector",
    "Whole",
    "compose",
    "place_of",
    "suggestion",
]
