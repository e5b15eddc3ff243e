"""The camera's pose at the time a frame is shown, from the samples that have arrived.

Tracker data is never smoothed: smoothing is latency. From the newest sample the pose is carried
on at its speed of the last tenth of a second. A tracker that stays silent is predicted, then held,
then eased to the safe pose; one that comes back is eased back to. A single leap is not believed
until the samples after it agree. So the wall never goes black and never jumps.

All times are nanoseconds of the show; every function is pure.
"""

from __future__ import annotations

from math import radians
from typing import Literal

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.volume import Ladder

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
AGREE = 3
"""Samples that must agree before a leap is believed."""

Sample = tuple[int, Pose]


class Track(msgspec.Struct, frozen=True):
    """What is known of one tracked camera."""

    samples: tuple[Sample, ...] = ()
    """Oldest first, over the last `BASELINE` and one before it."""
    doubted: tuple[Sample, ...] = ()
    """Samples since a leap that is not believed yet, oldest first."""
    leaps: int = 0
    back: Sample | None = None
    """When the tracker came (back, or leapt for good), and where the camera was shown then."""


def observe(
    track: Track, at: int, pose: Pose, ladder: Ladder, safe: Pose, *, latency: int = 0
) -> Track:
    """The track after a sample taken at `at`, which arrived `latency` later.

    The first one of all is eased to from the safe pose, which has been shown until then.
    Samples that are not newer than every one before change nothing.
    """
    if not track.samples:
        arrived = at + latency
        # A tracker that is heard before the show begins has nothing to be eased from.
        return Track(
            ((at, pose),), leaps=track.leaps, back=(arrived, safe) if arrived > 0 else None
        )
    heard = (track.doubted or track.samples)[-1][0]
    if at <= heard:
        return track
    sample, arrived = (at, pose), at + latency
    shown, state = predict(track, arrived, ladder, safe, latency=latency)
    is_lost = state in ("held", "easing", "safe")
    was_silent = is_lost and at - heard > ladder.predict
    if not was_silent and _leapt(track.samples[-1], sample, ladder):
        return _doubt(track, sample, (arrived, shown), ladder)
    if is_lost:
        return Track((sample,), leaps=track.leaps, back=(arrived, shown))
    kept = [s for s in track.samples if s[0] >= at - BASELINE]
    older = track.samples[-len(kept) - 1 : len(track.samples) - len(kept)]
    return Track((*older, *kept, sample)[-KEPT:], leaps=track.leaps, back=track.back)


def _leapt(last: Sample, new: Sample, ladder: Ladder) -> bool:
    way = (new[1].position - last[1].position).length()
    return way > ladder.jump or last[1].rotation.angle_to(new[1].rotation) > LEAP_ANGLE


def _doubt(track: Track, sample: Sample, shown: Sample, ladder: Ladder) -> Track:
    doubted = track.doubted
    if doubted and _leapt(doubted[-1], sample, ladder):
        doubted = ()
    doubted = (*doubted, sample)
    if len(doubted) >= AGREE:
        return Track(doubted, leaps=track.leaps + 1, back=shown)
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
    pose = _eased_back(track, at, _carried(track.samples, min(at, arrived + ladder.predict)))
    if silence <= ladder.predict:
        return pose, "live" if silence <= LIVE else "predicted"
    if silence <= ladder.hold:
        return pose, "held"
    if silence < ladder.hold + ladder.ease:
        return pose.lerp(safe, _smooth((silence - ladder.hold) / ladder.ease)), "easing"
    return safe, "safe"


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
