"""Types that several parts of scene.yaml share."""

from __future__ import annotations

from xrdrama.document import Field, Real, Reference, Text, Vector
from xrdrama.scene.written import Direction, Hue
from xrdrama.spatial import Vec3

HUE = Hue()
TOWARD = Direction()
POINT = Vector(3, -1e4, 1e4, Vec3)
SHARE = Real(0.0, 1.0)
STRENGTH = Real(0.0, 1e4)
DOC = Field(
    Text("a sentence", most=500), "What it is for; shown to writers and gaffers.", required=True
)

# A param that scales a value; cues and looks mention a "param", which may also be a word.
BOUND = "param that is a number"


def by(what: str) -> Field:
    """A key that names the param that does something."""
    return Field(Reference(BOUND), f"The param that {what}.")
