"""The pose in one frame: landmarks, stillness and the rule, one after the other."""

from __future__ import annotations

import msgspec

from xrdrama.adapters.gesture.landmarks import Hand, Landmarker
from xrdrama.adapters.gesture.poses import centre_of, pose_of
from xrdrama.adapters.gesture.stillness import Stillness
from xrdrama.adapters.vision.sources import Picture
from xrdrama.wire.events import HandPose


class Glimpse(msgspec.Struct, frozen=True):
    """What a frame shows: the pose, the score of the hand, the middle of its palm.

    `position` is in shares of the picture, from its left top corner. `none` has score 0 and the
    picture's middle. `hand` is what it was seen by, for pictures that explain it.
    """

    pose: HandPose
    score: float = 0.0
    position: tuple[float, float] = (0.5, 0.5)
    hand: Hand | None = None


class Watch:
    """One person's hand through the frames of one source.

    The same frames at the same times give the same glimpses, on one machine to the last bit.
    """

    def __init__(self, landmarker: Landmarker) -> None:
        self._landmarker = landmarker
        self._stillness = Stillness()

    def look(self, picture: Picture, at: int) -> Glimpse:
        """The glimpse of a frame (RGB) at media time `at` in ns, which only goes forward.

        A hand that is not held still is `other`, whatever its fingers do.
        """
        hand = self._landmarker.find(picture, at)
        held = self._stillness.update(at, hand.points if hand else None)
        if hand is None:
            return Glimpse("none")
        height, width = picture.shape[:2]
        x, y = centre_of(hand.points)
        position = (_share(x / width), _share(y / height))
        pose = pose_of(hand.points) if held else "other"
        return Glimpse(pose, hand.score, position, hand)


def _share(value: float) -> float:
    """A palm may reach out of the picture; its position on the wire does not."""
    return min(1.0, max(0.0, value))
