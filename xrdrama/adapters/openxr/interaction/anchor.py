"""Lazy follow: text stays in its place in the room, and follows only when the viewer turns or walks
away from it.

Text that is locked to the head moves away when the viewer turns to read it, and shakes with every
small movement. So an anchor does not move while the gaze is within `FREE` degrees of it; beyond
that, it eases towards the gaze until it is within `NEAR`, and it is never more than `FARTHEST`
away. Easing has a closed form: while the head is still, any number of steps give the same result
as one step, and none overshoots.
"""

from __future__ import annotations

from math import asin, degrees, exp, sqrt

import msgspec

from xrdrama.adapters.openxr.interaction.aiming import heading
from xrdrama.spatial import FORWARD, ORIGIN, Pose, Quat, Vec3

AWAY = 1.9
"""Distance from the eyes to the anchored text, metres."""
FREE, NEAR, FARTHEST = 15.0, 2.0, 20.0
"""Degrees from the gaze: where following starts, where it stops, and the limit."""
UPWARD = 0.6
"""Weight of a vertical degree: text is about 16 degrees below the gaze, and must not move further
down when the viewer looks at it."""
STEEPEST = 60.0
"""Degrees up or down beyond which an anchor does not follow: near the zenith it would spin."""
LAG, START = 0.6, 0.3
"""Seconds in which the remaining way shrinks to 1/e; and seconds until it shrinks at that rate, for
a gentle start. Eyes still follow FARTHEST / LAG, 33 degrees per second, smoothly."""
_METRE = degrees(1.0 / AWAY)
"""Degrees for each metre that the head has moved: the angle under which a metre is seen."""

_Way = tuple[float, float, Vec3]
"""Degrees to the left and up, metres."""


class Anchor(msgspec.Struct, frozen=True):
    """Where something is anchored: before a head that was at `at`, turned by `pan` and `tilt`
    degrees. `since` is for how many seconds it has been easing; 0 while it rests.
    """

    at: Vec3 = ORIGIN
    pan: float = 0.0
    tilt: float = 0.0
    since: float = 0.0

    @property
    def pose(self) -> Pose:
        """The head that it belongs to, upright."""
        return Pose(self.at, Quat.from_angles(pan=self.pan, tilt=self.tilt))


def anchored(head: Pose) -> Anchor:
    """An anchor straight before a head."""
    up = degrees(asin(max(-1.0, min(1.0, head.rotation.rotate(FORWARD).z))))
    return Anchor(head.position, heading(head.rotation), max(-STEEPEST, min(STEEPEST, up)))


def off(anchor: Anchor, head: Pose) -> float:
    """How far from straight before a head an anchor is: degrees, as they count here."""
    return _length(_way(anchor, anchored(head)))


def follow(anchor: Anchor, head: Pose, seconds: float, *, seen: bool = True) -> Anchor:
    """The anchor `seconds` later, under a head that came here at their start.

    While it is not `seen` it need not ease: it is where it will be looked for.
    """
    wanted = anchored(head)
    way = pan, tilt, went = _way(anchor, wanted)
    far = _length(way)
    eases = anchor.since > 0.0 or far > FREE
    if not eases or far <= NEAR:
        return msgspec.structs.replace(anchor, since=0.0)
    if not seen:
        return wanted
    since = anchor.since + max(0.0, seconds)
    left = min(far, FARTHEST) * exp(_shrunk(anchor.since) - _shrunk(since))
    share = max(left, NEAR) / far
    return Anchor(
        wanted.at - went * share,
        wanted.pan - pan * share,
        wanted.tilt - tilt * share,
        since if left > NEAR else 0.0,
    )


def _way(anchor: Anchor, wanted: Anchor) -> _Way:
    pan = (wanted.pan - anchor.pan + 180.0) % 360.0 - 180.0
    return pan, wanted.tilt - anchor.tilt, wanted.at - anchor.at


def _length(way: _Way) -> float:
    pan, tilt, went = way
    return sqrt(pan**2 + (tilt * UPWARD) ** 2 + (went.length() * _METRE) ** 2)


def _shrunk(since: float) -> float:
    """The exponent of e by which the way has shrunk after `since` seconds of easing."""
    if since < START:
        return since**2 / (2.0 * START * LAG)
    return (since - START / 2.0) / LAG
