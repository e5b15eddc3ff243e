"""Parts of a set, which params move."""

from __future__ import annotations

from math import cos, pi

from panda3d.core import LMatrix4f, LVector3f

from xrdrama.adapters.panda.set.lighting import Levels
from xrdrama.scene.model import Part, Way


def moved(part: Part, levels: Levels, rest: LMatrix4f, way: Way | None) -> LMatrix4f:
    """The matrix of a part: rotated about its own axis, travelled, and turned with the way."""
    degrees = part.degrees * levels.of(part.turn_by) if part.turn_by else 0.0
    moved = LMatrix4f.rotate_mat(degrees, LVector3f(0.0, 0.0, 1.0)) * rest
    if part.travel_by:
        share = levels.of(part.travel_by)
        share = share % part.loop if part.loop else share
        travel = part.travel * share
        moved *= LMatrix4f.translate_mat(LVector3f(travel.x, travel.y, travel.z))
    if part.turns_with_way and way is not None:
        driven = levels.of(way.moved_by) if way.moved_by else 0.0
        # Heading is to the right; what is far away turns to the left, about the stage.
        heading = -way.bend * cos(2.0 * pi * driven / way.length)
        moved *= LMatrix4f.rotate_mat(heading, LVector3f(0.0, 0.0, 1.0))
    return moved
