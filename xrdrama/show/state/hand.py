"""What hands do, made into picks. Pure, so a take can be judged again.

A hand picks when enough of the last video frames agree, for as long as the dwell, and then must be
neutral before the next. Only options that are open now can be picked.
"""

from __future__ import annotations

import msgspec

from xrdrama.show.production import HandRule
from xrdrama.story import Option
from xrdrama.wire.events import Gestured, HandPose

POSES: tuple[HandPose, ...] = ("open_palm", "fist", "point", "victory")


class Hand(msgspec.Struct, frozen=True):
    """What the hand is about: the last votes, the pose they agree on, and since when."""

    votes: tuple[HandPose, ...] = ()
    pose: HandPose = "none"
    since: int = 0
    seen: int = 0
    """The video frame that was seen last: a hold is worth what was seen of it, no more."""
    score: float = 0.0
    armed: bool = True
    quiet_until: int = 0


def hand_of(option: Option) -> str:
    """The hand pose that picks an option, or nothing."""
    return next((t.values[0] for t in option.triggers if t.kind == "gesture"), "")


def see(hand: Hand, seen: Gestured, rule: HandRule) -> Hand:
    """The hand after one more video frame."""
    pose: HandPose = seen.pose if seen.score >= rule.score else "none"
    votes = (*hand.votes, pose)[-rule.frames :]
    voted: HandPose = next((p for p in POSES if votes.count(p) >= rule.votes), "none")
    armed = hand.armed or not any(vote in POSES for vote in votes[-3:])
    if voted == hand.pose:
        # A slow mean: one poor frame does not lower what the whole hold was worth.
        score = hand.score + (seen.score - hand.score) * 0.2 if pose == voted else hand.score
        return Hand(votes, voted, hand.since, seen.seen, score, armed, hand.quiet_until)
    return Hand(votes, voted, seen.seen, seen.seen, seen.score, armed, hand.quiet_until)


def held(hand: Hand, pose: str, *, since: int, rule: HandRule) -> float:
    """How far a hand has come, 0 to 1, towards picking the option that `pose` stands for.

    `since` is when the option opened: a hand held before counts from then.
    """
    if hand.pose != pose or not hand.armed:
        return 0.0
    return min(1.0, max(0.0, (hand.seen - max(hand.since, since, hand.quiet_until)) / rule.dwell))


def spent(hand: Hand, at: int, rule: HandRule) -> Hand:
    """The hand after it picked: it must be neutral, and some time must pass."""
    return msgspec.structs.replace(hand, armed=False, quiet_until=at + rule.rest)
