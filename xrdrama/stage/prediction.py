"""The camera's pose at the time a frame is shown, from the samples that have arrived.

Tracker data is never smoothed: smoothing is latency. From the newest sample the pose is carried
on at its speed of the last tenth of a second. A tracker that stays silent is predicted, then held,
then eased to the safe pose; one that comes back is eased back to. A jump is doubted for a time
(`ladder.doubt`): meanwhile the camera is carried on as before, and only a jump that has lasted
longer is eased to. So the wall never goes black and never jumps.

All times are nanoseconds of the show; every function is pure.
"""

from __future__ import annotations

from math import radians
from typing import Literal

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.model import Ladder

State = Literal["live", "predicted", "held", "easing", "safe", "none"]

LIVE = 50_000_000
"""Younger samples are live; an older one means a gap that the crew should know of."""
BASELINE = 100_000_000
"""The stretch that the speed is taken over: long enough to average the jitter of arrival."""
RETURN = 500_000_000
"""How long the ease back to a tracker that returned takes."""
SHORTEST = 30_000_000
"""A stretch shorter than this says more of the jitter of arrival than of the speed: packets that
a stalled network lets go at once would send the camera flying."""
KEPT = 32
LEAP_ANGLE = radians(30.0)

Sample = tuple[int, Pose]


class Track(msgspec.Struct, frozen=True):
    """What is known of one tracked camera."""

    samples: tuple[Sample, ...] = ()
    """Oldest first, over the last `BASELINE` and one before it."""
    doubted: tuple[Sample, ...] = ()
    """Samples since a jump that is not believed yet: the first, and the newest that agree."""
    leaps: int = 0
    back: Sample | None = None
    """When the ease to a tracker that came (back, or jumped for good) begins, and from where."""


def observe(
    track: Track, at: int, pose: Pose, ladder: Ladder, safe: Pose, *, latency: int = 0
) -> Track:
    """The track after a sample taken at `at`, which arrived `latency` later.

    The first one, and one after a silence that is elsewhere, is eased to after the doubt: until
    then another may take its place.
    Samples that are not newer than every one before change nothing.
    """
    sample, arrived = (at, pose), at + latency
    if not track.samples:
        # A tracker that is heard before the show begins has nothing to be eased from.
        return Track((sample,), back=(arrived + ladder.doubt, safe) if arrived > 0 else None)
    heard = (track.doubted or track.samples)[-1][0]
    if at <= heard:
        return track
    shown, state = predict(track, arrived, ladder, safe, latency=latency)
    is_lost = state in ("held", "easing", "safe")
    if _jumped(track, sample, ladder):
        if arrived <= 0 and len(track.samples) == 1:
            return Track((sample,))  # one of the two is a glitch, and nothing has been shown yet
        if track.back is not None and arrived < track.back[0]:  # nothing of it has been shown yet
            return Track((sample,), leaps=track.leaps, back=(arrived + ladder.doubt, shown))
        if is_lost and at - heard > ladder.predict:
            return Track((sample,), leaps=track.leaps, back=(arrived + ladder.doubt, shown))
        return _doubt(track, sample, (arrived, shown), ladder)
    if is_lost:
        return Track((sample,), leaps=track.leaps, back=(arrived, shown))
    return Track(_recent(track.samples, sample), leaps=track.leaps, back=track.back)


def _recent(samples: tuple[Sample, ...], newest: Sample) -> tuple[Sample, ...]:
    """The samples of the baseline before the newest, one before them, and the newest."""
    kept = [s for s in samples if s[0] >= newest[0] - BASELINE]
    older = samples[-len(kept) - 1 : len(samples) - len(kept)]
    return (*older, *kept, newest)[-KEPT:]


def _jumped(track: Track, new: Sample, ladder: Ladder) -> bool:
    """True for a sample that is far from the last believed one, and from where a steady camera
    would be by now."""
    last = track.samples[-1]
    if not _far(last[1], new[1], ladder):
        return False
    ahead = min(new[0], last[0] + max(ladder.predict, 2 * ladder.doubt))
    return _far(_carried(track.samples, ahead), new[1], ladder)


def _far(one: Pose, other: Pose, ladder: Ladder) -> bool:
    way = (other.position - one.position).length()
    return way > ladder.jump or one.rotation.angle_to(other.rotation) > LEAP_ANGLE


def _doubt(track: Track, sample: Sample, shown: Sample, ladder: Ladder) -> Track:
    doubted = track.doubted
    if doubted and _far(doubted[-1][1], sample[1], ladder):
        doubted = ()
    if doubted and sample[0] - doubted[0][0] > ladder.doubt:
        return Track(_recent(doubted, sample), leaps=track.leaps + 1, back=shown)
    doubted = (*doubted[:1], *doubted[1:][-KEPT:], sample)
    return msgspec.structs.replace(track, doubted=doubted)


def predict(
    track: Track, at: int, ladder: Ladder, safe: Pose, *, latency: int = 0
) -> tuple[Pose, State]:
    """The pose to show at `at`, and how it was come by.

    Silence counts from when the newest sample arrived, `latency` after it was taken.
    """
    if not track.samples:
        return safe, "none"
    arrived = track.samples[-1][0] + latency
    silence = at - arrived
    ahead = _ahead(track, ladder)
    pose = _eased_back(track, at, _carried(track.samples, min(at, arrived + ahead)))
    if silence <= ahead:
        return pose, "live" if silence <= LIVE else "predicted"
    if silence <= ladder.hold:
        return pose, "held"
    if silence < ladder.hold + ladder.ease:
        return pose.lerp(safe, _smooth((silence - ladder.hold) / ladder.ease)), "easing"
    return safe, "safe"


def _ahead(track: Track, ladder: Ladder) -> int:
    """How long the camera is carried on: a tracker whose samples are doubted is not silent, and the
    first that is believed again comes after the doubt and a few periods."""
    return max(ladder.predict, 2 * ladder.doubt) if track.doubted else ladder.predict


def _eased_back(track: Track, at: int, pose: Pose) -> Pose:
    if track.back is None or at >= track.back[0] + RETURN:
        return pose
    since, shown = track.back
    return shown.lerp(pose, _smooth(max(0, at - since) / RETURN))


def _carried(samples: tuple[Sample, ...], at: int) -> Pose:
    last_at, last = samples[-1]
    first_at, first = samples[0]
    if last_at - first_at < SHORTEST or at == last_at:
        return last
    on = (at - last_at) / (last_at - first_at)
    turn = first.rotation.slerp(last.rotation, 1.0 + on)
    return Pose(last.position + (last.position - first.position) * on, turn)


def _smooth(x: float) -> float:
    return x * x * (3.0 - 2.0 * x)
