"""The camera's pose at the time of a frame, from the samples that have arrived.

Tracker data is never smoothed: smoothing is latency. The pose is extrapolated from the newest
sample at the speed of the last tenth of a second. When a tracker stops sending, its pose is
predicted, then held, then eased to the safe pose; when it sends again, the pose is eased to it. A
jump is accepted only after it has lasted for `ladder.doubt`: until then the pose is extrapolated
from the samples before it, and then eased to it. So the wall never goes black and never jumps.

All times are nanoseconds of the show; every function is pure.
"""

from __future__ import annotations

from math import cos, dist, radians
from typing import Literal

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.model import Ladder

State = Literal["live", "predicted", "held", "easing", "safe", "none"]

LIVE = 50_000_000
"""A sample of at most this age is live; an older one is a gap that is shown to the crew."""
BASELINE = 100_000_000
"""The time over which the speed is computed: long enough to average the jitter of arrival."""
RETURN = 500_000_000
"""Duration of the ease to a tracker that sends again."""
SHORTEST = 30_000_000
"""No speed is computed from samples over a shorter time, since jitter of arrival would dominate:
packets that a stalled network delivers all at once would give a huge speed."""
KEPT = 32
LEAP_ANGLE = radians(30.0)
SURELY_NEAR = cos(LEAP_ANGLE / 2) + 1e-6
"""The cosine of half of an angle that is certainly smaller."""

Sample = tuple[int, Pose]


class Track(msgspec.Struct, frozen=True):
    """The samples of one tracked camera that its pose is computed from."""

    samples: tuple[Sample, ...] = ()
    """Oldest first, over the last `BASELINE` and one before it."""
    doubted: tuple[Sample, ...] = ()
    """Samples since a jump that is not accepted yet: the first, and the newest that agree with
    it."""
    leaps: int = 0
    back: Sample | None = None
    """When the ease to new samples (after a gap, or an accepted jump) begins, and from which
    pose."""


def observe(
    track: Track, at: int, pose: Pose, ladder: Ladder, safe: Pose, *, latency: int = 0
) -> Track:
    """The track after a sample taken at `at`, which arrived `latency` later.

    The first sample, and one after a gap that is far from the last, is eased to after
    `ladder.doubt`; until then another sample may replace it. A sample that is not newer than all
    before it changes nothing. Times are nanoseconds of the show, poses in the stage's frame.
    """
    sample, arrived = (at, pose), at + latency
    if not track.samples:
        # A tracker that sends before the show begins: no pose was shown that could be eased from.
        return Track((sample,), back=(arrived + ladder.doubt, safe) if arrived > 0 else None)
    newest = (track.doubted or track.samples)[-1][0]
    if at <= newest:
        return track
    is_lost = arrived - track.samples[-1][0] - latency > _ahead(track, ladder)
    has_jumped = _jumped(track, sample, ladder)
    if not (is_lost or has_jumped):
        return Track(_recent(track.samples, sample), leaps=track.leaps, back=track.back)
    shown, _ = predict(track, arrived, ladder, safe, latency=latency)
    if has_jumped:
        if arrived <= 0 and len(track.samples) == 1:
            return Track((sample,))  # one of the two is a glitch, and nothing has been shown yet
        if track.back is not None and arrived < track.back[0]:  # it has not been shown yet
            return Track((sample,), leaps=track.leaps, back=(arrived + ladder.doubt, shown))
        if is_lost and at - newest > ladder.predict:
            return Track((sample,), leaps=track.leaps, back=(arrived + ladder.doubt, shown))
        return _doubt(track, sample, (arrived, shown), ladder)
    return Track((sample,), leaps=track.leaps, back=(arrived, shown))


def _recent(samples: tuple[Sample, ...], newest: Sample) -> tuple[Sample, ...]:
    """The samples of the baseline before the newest, one before them, and the newest."""
    since, first = newest[0] - BASELINE, 0
    for at, _ in samples:
        if at >= since:
            break
        first += 1
    return (*samples[max(0, first - 1) :], newest)[-KEPT:]


def _jumped(track: Track, new: Sample, ladder: Ladder) -> bool:
    """True for a sample that is far from the last accepted one and from its extrapolation."""
    last = track.samples[-1]
    if not _far(last[1], new[1], ladder):
        return False
    ahead = min(new[0], last[0] + max(ladder.predict, 2 * ladder.doubt))
    return _far(carried(track.samples, ahead), new[1], ladder)


def _far(one: Pose, other: Pose, ladder: Ladder) -> bool:
    if dist((one.position.x, one.position.y, one.position.z),
            (other.position.x, other.position.y, other.position.z)) > ladder.jump:  # fmt: skip
        return True
    # Most turns are small, which the cosine says at less cost than the angle itself.
    if abs(one.rotation.dot(other.rotation)) > SURELY_NEAR:
        return False
    return one.rotation.angle_to(other.rotation) > LEAP_ANGLE


def _doubt(track: Track, sample: Sample, shown: Sample, ladder: Ladder) -> Track:
    doubted = track.doubted
    if doubted and _far(doubted[-1][1], sample[1], ladder):
        doubted = ()
    if doubted and sample[0] - doubted[0][0] > ladder.doubt:
        return Track(_recent(doubted, sample), leaps=track.leaps + 1, back=shown)
    doubted = (*doubted[:1], *doubted[1:][-KEPT:], sample)
    return msgspec.structs.replace(track, doubted=doubted)


def predict(
    track: Track, at: int, ladder: Ladder, safe: Pose, *, latency: int = 0, lookahead: int = 0
) -> tuple[Pose, State]:
    """The pose to show at `at` (nanoseconds of the show), and the state of the tracker.

    With `lookahead` it is the pose that much later, when the frame is seen; the state is that of
    `at`.

    The time without samples counts from the arrival of the newest one, `latency` after it was
    taken. `safe` is the pose without samples, and after `ladder.hold` and `ladder.ease`.
    """
    if not track.samples:
        return safe, "none"
    arrived = track.samples[-1][0] + latency
    silence = at - arrived
    ahead = _ahead(track, ladder)
    until = min(at, arrived + ahead) + lookahead
    pose = _eased_back(track, at, carried(track.samples, until))
    if silence <= ahead:
        return pose, "live" if silence <= LIVE else "predicted"
    if silence <= ladder.hold:
        return pose, "held"
    if silence < ladder.hold + ladder.ease:
        return pose.lerp(safe, _smooth((silence - ladder.hold) / ladder.ease)), "easing"
    return safe, "safe"


def _ahead(track: Track, ladder: Ladder) -> int:
    """How long the pose is extrapolated, nanoseconds. It is longer while a jump is not accepted
    yet: the tracker still sends, and the next accepted sample comes after `ladder.doubt`."""
    return max(ladder.predict, 2 * ladder.doubt) if track.doubted else ladder.predict


def _eased_back(track: Track, at: int, pose: Pose) -> Pose:
    if track.back is None or at >= track.back[0] + RETURN:
        return pose
    since, shown = track.back
    return shown.lerp(pose, _smooth(max(0, at - since) / RETURN))


def carried(samples: tuple[Sample, ...], at: int) -> Pose:
    """The pose at `at` if the camera continues at the mean speed of some samples (oldest first)."""
    last_at, last = samples[-1]
    first_at, first = samples[0]
    if last_at - first_at < SHORTEST or at == last_at:
        return last
    on = (at - last_at) / (last_at - first_at)
    turn = first.rotation.slerp(last.rotation, 1.0 + on)
    return Pose(last.position + (last.position - first.position) * on, turn)


def _smooth(x: float) -> float:
    return x * x * (3.0 - 2.0 * x)
