"""Live faces: what came last from each, and how much of it counts at a time.

Values are held between events. A face that is lost, or whose source says nothing for a while, is
eased out; one that comes is eased in, so that a performer's face never jumps.
"""

from __future__ import annotations

from math import pi, radians
from typing import Final, Literal

import msgspec

from xrdrama.timing import NS
from xrdrama.tracking.faces import ARKIT
from xrdrama.wire.events import Faced

EASE_OUT: Final = NS // 2
EASE_IN: Final = NS // 4
SILENT: Final = NS // 2
"""A source that says nothing for so long has lost its face."""
MOST_FACES: Final = 16
"""Sources that are remembered; the newest. A peer could name ever new ones."""

State = Literal["waiting", "live", "lost"]


class FollowedFace(msgspec.Struct, frozen=True):
    """A live face of a source: the newest values, and since when it is there or lost.

    `share` is how much of it counted at `since`.
    """

    performer: str
    values: tuple[int, ...] = ()
    turn: tuple[int, int, int] = (0, 0, 0)
    others: int = 0
    is_there: bool = False
    since: int = 0
    share: float = 0.0
    at: int = 0
    """When the newest event counted."""
    ended: bool = False


def faced(known: FollowedFace | None, event: Faced, at: int) -> FollowedFace:
    """A face after an event that counts at nanosecond `at`. Other than 52 values mean that
    it is lost."""
    known = known or FollowedFace(event.performer)
    is_there = len(event.values) == len(ARKIT)
    share = share_at(known, at)
    changed = is_there != _is_there(known, at)
    return FollowedFace(
        event.performer,
        # What eases out is what was there last.
        event.values if is_there else known.values,
        event.turn if is_there else known.turn,
        event.others,
        is_there,
        at if changed else known.since,
        share if changed else known.share,
        at,
        event.ended,
    )


def _is_there(face: FollowedFace, at: int) -> bool:
    return face.is_there and at - face.at <= SILENT


def share_at(face: FollowedFace, at: int) -> float:
    """How much of a face counts at nanosecond `at`, 0 to 1."""
    if not face.values:
        return 0.0
    if not face.is_there:
        return face.share * (1.0 - _eased((at - face.since) / EASE_OUT))
    came = min(at, face.at + SILENT)
    share = face.share + (1.0 - face.share) * _eased((came - face.since) / EASE_IN)
    return share * (1.0 - _eased((at - came) / EASE_OUT))


def _eased(x: float) -> float:
    """0 to 1 with zero speed at both ends."""
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


def state_at(face: FollowedFace, at: int) -> State:
    """Whether a face is there, was lost, or never came."""
    if _is_there(face, at):
        return "live"
    return "lost" if face.values else "waiting"


def remembered(
    faces: dict[str, FollowedFace], source: str, face: FollowedFace
) -> dict[str, FollowedFace]:
    """The faces by source with one of them changed."""
    changed = {**faces, source: face}
    if len(changed) > MOST_FACES:
        del changed[min(changed, key=lambda name: changed[name].at)]
    return changed


def face_of(
    faces: dict[str, FollowedFace], performer: str, at: int
) -> tuple[FollowedFace | None, float]:
    """The live face that counts most for a performer, and how much: of two sources one is used."""
    shares = [(share_at(face, at), face) for face in faces.values() if face.performer == performer]
    share, face = max(shares, key=lambda one: one[0], default=(0.0, None))
    return (face, share) if share > 0.0 else (None, 0.0)


def radians_of(turn: tuple[int, int, int]) -> tuple[float, float, float]:
    """Pan, tilt and roll in radians."""
    pan, tilt, roll = (max(-pi, min(pi, radians(tenths / 10.0))) for tenths in turn)
    return pan, tilt, roll
