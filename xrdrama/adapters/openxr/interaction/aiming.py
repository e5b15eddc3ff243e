"""Boards that float in the viewer's space, and where a ray hits them."""

from __future__ import annotations

from collections.abc import Iterable
from math import atan2, degrees

import msgspec

from xrdrama.spatial import FORWARD, Pose, Quat, Vec3

NEAREST = 0.05
"""Metres within which nothing is hit, so that a hand that reaches into a board picks nothing."""
STEEP = 0.3
"""Below this horizontal length the direction of view (straight up or down) has no heading."""


class Board(msgspec.Struct, frozen=True):
    """A board whose centre is at `pose`; it is read along the pose's +Y. Metres."""

    pose: Pose
    width: float
    height: float


class Card(msgspec.Struct, frozen=True):
    """A part of a board that can be picked: fractions of the board's sides, from its lower left."""

    id: str
    left: float
    bottom: float
    right: float
    top: float


def heading(rotation: Quat) -> float:
    """The heading of a head in degrees, positive to the left; also while it looks up or down."""
    forward = rotation.rotate(FORWARD)
    if forward.x**2 + forward.y**2 < STEEP**2:
        # The top of the head points forwards when looking down, backwards when looking up.
        crown = rotation.rotate(Vec3(0.0, 0.0, 1.0))
        forward = crown if forward.z < 0.0 else -crown
    return degrees(atan2(-forward.x, forward.y))


def in_front(head: Pose, *, distance: float, below: float) -> Pose:
    """A place upright before a head, `below` metres under its eyes, leaning to meet the gaze."""
    turn = Quat.from_angles(pan=heading(head.rotation))
    ahead = turn.rotate(Vec3(0.0, distance, -below))
    tilt = -degrees(atan2(below, distance)) / 2
    return Pose(head.position + ahead, turn * Quat.from_angles(tilt=tilt))


def recentred(head: Pose) -> Pose:
    """The pose that moves a head's position on the floor and its heading to the origin."""
    turn = Quat.from_angles(pan=heading(head.rotation))
    return Pose(Vec3(head.position.x, head.position.y, 0.0), turn).inverse()


def meets(ray: Pose, board: Board) -> tuple[float, float] | None:
    """Where a ray along `ray`'s +Y hits the front of a board, as fractions of its sides."""
    back = board.pose.inverse()
    start = back.apply(ray.position)
    along = back.rotation.rotate(ray.rotation.rotate(FORWARD))
    if along.y <= 1e-6:
        return None
    distance = -start.y / along.y
    if distance < NEAREST:
        return None
    u = (start.x + along.x * distance) / board.width + 0.5
    v = (start.z + along.z * distance) / board.height + 0.5
    return (u, v) if 0.0 <= u <= 1.0 and 0.0 <= v <= 1.0 else None


def card_at(cards: Iterable[Card], spot: tuple[float, float] | None) -> str:
    """The card at a position of its board; "" outside all cards."""
    if spot is None:
        return ""
    u, v = spot
    return next((c.id for c in cards if c.left <= u <= c.right and c.bottom <= v <= c.top), "")


EYES_HEIGHT = 1.6
