"""The overscan that recorded camera moves need at a latency, and what overscan cannot do.

For each frame, the film camera's frame is followed to the walls and back to the pose that the walls
were drawn for: the overscan is how much larger that inner frustum must be to contain it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import atan, ceil, log, tan

import msgspec

from xrdrama.spatial import Pose
from xrdrama.stage.advice.clipping import Point
from xrdrama.stage.advice.slip import content_slip, focal_px, staging
from xrdrama.stage.advice.surfaces import Axes, Surface, hit
from xrdrama.stage.delays import DelayLine
from xrdrama.stage.model import Camera, Lens
from xrdrama.timing import NS, FrameRate

PoseAt = Callable[[int], Pose]
"""The tracker's pose in the stage at a nanosecond of a move."""
BASELINE = NS // 10
"""The time over which the show computes the speed that it predicts with (stage.prediction)."""
CONFIDENCE = 0.95
SLIP_SEEN = 2.0
"""Slip from which staging is advised, pixels of the camera's picture."""


class Needed(msgspec.Struct, frozen=True):
    """The overscan (1 = the camera's own frame) that 95 and 99 % of the frames need at most."""

    needed_95: float
    needed_99: float
    covered: float
    """The share of the frames that the stage's own overscan covers."""


class Slip(msgspec.Struct, frozen=True):
    """Pixels of the camera's picture; 95 % of the frames have at most this."""

    pan_px: float
    """How far the inner frustum lags because the camera turned."""
    move_px: float
    """How far the inner frustum lags because the camera moved."""
    content_px: float
    """How far a distant object is from its place."""
    staging_m: tuple[float, float | None] | None
    """Objects between these distances slip by at most `SLIP_SEEN`; None if all do. No second
    number: up to any distance."""


class Advice(msgspec.Struct, frozen=True):
    """What recorded moves need at the latency of a stage."""

    frames: int
    rate: str
    latency_ms: float
    latency_frames: float
    declared: bool
    """False when the stage file declares no latency and one is assumed."""
    overscan: float
    """The stage's own, as drawn."""
    unpredicted: Needed
    """If the walls show the pose that was measured `latency` ago."""
    predicted: Needed
    """If the pose is predicted as the show does it (latency.predict_to)."""
    advised: float
    """Covers 99 % of the frames of similar moves, too, with 95 % confidence."""
    pan_formula: float
    """By the formula for a pan, 99 %: tan(half + turned) / tan(half)."""
    by_frames: dict[str, Needed]
    """Unpredicted, for other latencies in frames."""
    slip: Slip
    dominated_by: str
    """pan, move or nothing: what makes the inner frustum lag most."""
    text: tuple[str, ...]


def pan_overscan(lens: Lens, pan: float, tilt: float = 0.0) -> float:
    """The overscan for a turn of so many radians within the latency: of both sides the larger.

    `tan(half + turned) / tan(half)`: grown on both sides, because the direction is not known.
    """
    left, right, bottom, top = lens.edges
    across = tan(min(1.5, atan((right - left) / 2) + abs(pan))) / ((right - left) / 2)
    up = tan(min(1.5, atan((top - bottom) / 2) + abs(tilt))) / ((top - bottom) / 2)
    return max(across, up)


def overscan_for(surfaces: tuple[Surface, ...], lens: Lens, shown: Pose, seen: Pose) -> float:
    """The overscan with which an inner frustum drawn for the pose `shown` of the entrance pupil
    contains what a camera at `seen` sees of the walls; 1 if none is needed.

    inf if a corner of the frame is beside or behind the frustum's axis. Corners are enough: on a
    flat wall the frame is a quadrilateral in the frustum, too.
    """
    return _overscan_of(_lit(surfaces, lens, seen), lens, shown)


def _lit(surfaces: tuple[Surface, ...], lens: Lens, seen: Pose) -> list[Point]:
    """Where the corners of the frame meet the walls. A corner beside the walls counts as if they
    continued at the mean distance of the others; [] if no corner meets a wall."""
    left, right, bottom, top = lens.edges
    axes = Axes.of(seen)
    eye = axes.eye
    rays = [axes.ray(x, y) for x, y in ((left, bottom), (right, bottom), (right, top), (left, top))]
    met = [hit(surfaces, eye, ray) for ray in rays]
    ways = [found[0] for found in met if found is not None]
    if not ways:
        return []
    mean = sum(ways) / len(ways)
    lit = []
    for ray, found in zip(rays, met, strict=True):
        way = found[0] if found is not None else mean
        lit.append((eye[0] + ray[0] * way, eye[1] + ray[1] * way, eye[2] + ray[2] * way))
    return lit


def _overscan_of(lit: Sequence[Point], lens: Lens, shown: Pose) -> float:
    left, right, bottom, top = lens.edges
    cx, cy = (left + right) / 2, (bottom + top) / 2
    half_w, half_h = (right - left) / 2, (top - bottom) / 2
    axes, need = Axes.of(shown), 1.0
    for point in lit:
        x, y, z = axes.inside(point)
        if y <= 1e-9:
            return float("inf")
        need = max(need, abs(x / y - cx) / half_w, abs(z / y - cy) / half_h)
    return need


def shown_pose(pose_at: PoseAt, at: int, delays: DelayLine, rate: FrameRate) -> Pose:
    """The tracker's pose that the walls show in an exposure at `at`, as the show predicts it: from
    the newest sample and the speed of the tenth of a second before it."""
    newest = at - delays.total(rate)
    ahead = delays.upstream(rate) + delays.lookahead(rate)
    last = pose_at(newest)
    if not ahead:
        return last
    first = pose_at(newest - BASELINE)
    share = ahead / BASELINE
    turn = first.rotation.slerp(last.rotation, 1.0 + share)
    return Pose(last.position + (last.position - first.position) * share, turn)


class _Replayed:
    """The frames of some moves: what the camera saw, and what it would need at a latency."""

    def __init__(
        self,
        surfaces: tuple[Surface, ...],
        camera: Camera,
        moves: Sequence[tuple[PoseAt, int]],
        rate: FrameRate,
    ) -> None:
        self._surfaces, self._camera, self._rate = surfaces, camera, rate
        self.frames = [
            (pose_at, rate.shows_at(number))
            for pose_at, length in moves
            for number in range(max(1, rate.frame_at(length)))
        ]
        centre, lens = camera.perspective_centre, camera.lens
        self._seen = [pose_at(at) for pose_at, at in self.frames]
        self._lit = [_lit(surfaces, lens, centre(pose)) for pose in self._seen]

    def unpredicted(self, late: int) -> list[float]:
        """The overscan that each frame needs if the walls show a pose `late` nanoseconds old."""
        return self._needs([pose_at(at - late) for pose_at, at in self.frames])

    def predicted(self, delays: DelayLine) -> list[float]:
        """The same for the poses that the show predicts."""
        return self._needs([shown_pose(p, at, delays, self._rate) for p, at in self.frames])

    def _needs(self, shown: Sequence[Pose]) -> list[float]:
        centre, lens = self._camera.perspective_centre, self._camera.lens
        pairs = zip(self._lit, shown, strict=True)
        return [_overscan_of(lit, lens, centre(pose)) for lit, pose in pairs]

    def slip(self, late: int) -> tuple[Slip, float]:
        """The slip, and the overscan by the formula for a pan that 99 % of the frames need."""
        shown = [pose_at(at - late) for pose_at, at in self.frames]
        pairs = list(zip(shown, self._seen, strict=True))
        turned = [_turned(old, seen) for old, seen in pairs]
        formula = [pan_overscan(self._camera.lens, pan, tilt) for pan, tilt in turned]
        return _slip(self._surfaces, self._camera, pairs, turned), quantile(formula, 0.99)


def advise(
    surfaces: tuple[Surface, ...],
    camera: Camera,
    moves: Sequence[tuple[PoseAt, int]],
    delays: DelayLine,
    rate: FrameRate,
) -> Advice:
    """The advice for a camera and moves, each with its length in nanoseconds.

    ValueError without moves.
    """
    if not moves:
        raise ValueError("no moves")
    declared = delays.is_declared and delays.total(rate) > 0
    latency = delays.total(rate) if declared else round(ASSUMED_FRAMES * rate.period * NS)
    overscan = min(camera.inner.grown)
    replayed = _Replayed(surfaces, camera, moves, rate)
    plain = replayed.unpredicted(latency)
    slip, formula = replayed.slip(latency)
    seconds = max(1, round(len(plain) * rate.period))
    larger = "move" if slip.move_px > slip.pan_px else "pan"
    made = Advice(
        frames=len(plain),
        rate=str(rate),
        latency_ms=latency / 1e6,
        latency_frames=latency / NS / rate.period,
        declared=declared,
        overscan=overscan,
        unpredicted=_needed(plain, overscan),
        predicted=_needed(replayed.predicted(delays) if declared else plain, overscan),
        advised=tolerance_limit(plain, 0.99, seconds),
        pan_formula=formula,
        by_frames={
            f"{frames}": _needed(replayed.unpredicted(round(frames * rate.period * NS)), overscan)
            for frames in (1, 3, 6, 11)
        },
        slip=slip,
        dominated_by="nothing" if max(slip.move_px, slip.pan_px) < 1.0 else larger,
        text=(),
    )
    return msgspec.structs.replace(made, text=tuple(_said(made)))


def needs_over(
    surfaces: tuple[Surface, ...],
    camera: Camera,
    move: tuple[PoseAt, int],
    delays: DelayLine,
    rate: FrameRate,
) -> tuple[list[float], list[float]]:
    """The overscan that each frame of a move needs at the stage's latency, or the assumed one: as
    measured, and with the show's prediction."""
    declared = delays.is_declared and delays.total(rate) > 0
    replayed = _Replayed(surfaces, camera, [move], rate)
    if not declared:
        plain = replayed.unpredicted(round(ASSUMED_FRAMES * rate.period * NS))
        return plain, plain
    return replayed.unpredicted(delays.total(rate)), replayed.predicted(delays)


ASSUMED_FRAMES = 6
"""Frames of latency that are assumed where a stage declares none; stages have 5 to 12."""


def _turned(shown: Pose, seen: Pose) -> tuple[float, float]:
    """Radians between two poses about the later camera's up and right axes."""
    x, y, z = Axes.of(seen).inside(_ahead_of(shown, seen))
    return atan(x / y) if y > 0 else 1.5, atan(z / y) if y > 0 else 1.5


def _ahead_of(shown: Pose, seen: Pose) -> tuple[float, float, float]:
    e, f = seen.position, Axes.of(shown).forward
    return e.x + f[0], e.y + f[1], e.z + f[2]


def _slip(
    surfaces: tuple[Surface, ...],
    camera: Camera,
    pairs: Sequence[tuple[Pose, Pose]],
    turned: Sequence[tuple[float, float]],
) -> Slip:
    focal = focal_px(camera)
    pans = [focal * tan(min(1.5, (pan**2 + tilt**2) ** 0.5)) for pan, tilt in turned]
    moves, contents, farthest = [], [], (0.0, 1.0)
    for shown, seen in pairs:
        one, other = camera.perspective_centre(shown), camera.perspective_centre(seen)
        axes = Axes.of(other)
        met = hit(surfaces, axes.eye, axes.forward)
        if met is None:
            continue
        x, _, z = axes.inside((one.position.x, one.position.y, one.position.z))
        moved = (x * x + z * z) ** 0.5
        moves.append(focal * moved / met[0])
        found = content_slip(surfaces, camera, one, other)
        contents.append((found[0] ** 2 + found[1] ** 2) ** 0.5 if found else 0.0)
        farthest = max(farthest, (moved / met[0], met[0]))
    if not moves:
        return Slip(quantile(pans, 0.95), 0.0, 0.0, None)
    content = quantile(contents, 0.95)
    share, wall = farthest
    near, far = staging(focal, share * wall, wall, SLIP_SEEN)
    around = (near, far if far < 1e6 else None) if content > SLIP_SEEN else None
    return Slip(quantile(pans, 0.95), quantile(moves, 0.95), content, around)


def _needed(needs: list[float], overscan: float) -> Needed:
    covered = sum(need <= overscan + 1e-9 for need in needs) / len(needs)
    return Needed(quantile(needs, 0.95), quantile(needs, 0.99), covered)


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered) - 1e-9) - 1)]


def tolerance_limit(values: Sequence[float], share: float, independent: int) -> float:
    """A value that `share` of all similar frames do not exceed, with 95 % confidence.

    Wilks' limit for as many independent observations (neighbouring frames are alike, so it is
    seconds): the largest value for a recording below 299 s, and later a quantile above 99 %.
    """
    n = independent
    if n * log(share) >= log(1.0 - CONFIDENCE):
        return max(values)
    # The number of the largest observations that may be left out: of n, k exceed the quantile with
    # a binomial probability; the sum for 0 .. k must stay below 1 - confidence.
    term, total, spare = share**n, share**n, 0
    while total <= 1.0 - CONFIDENCE:
        spare += 1
        term *= (n - spare + 1) / spare * (1.0 - share) / share
        total += term
    return quantile(values, 1.0 - (spare - 1) / n) if spare > 1 else max(values)


def _said(advice: Advice) -> list[str]:
    """What to do, in sentences."""
    said = []
    if not advice.declared:
        said.append(
            f"the stage file declares no latency: {ASSUMED_FRAMES} frames are assumed; write "
            "latency: with what each device adds, or measure it with xrdrama stage latency"
        )
    if advice.advised > advice.overscan + 0.005:
        said.append(
            f"the overscan {advice.overscan:.3g} covers {advice.unpredicted.covered:.1%} of the "
            f"frames at {advice.latency_frames:.1f} frames of latency: write overscan: "
            f"{ceil(advice.advised * 100 - 1e-6) / 100:g}"
        )
    else:
        said.append(
            f"the overscan {advice.overscan:.3g} is enough for these moves at "
            f"{advice.latency_frames:.1f} frames of latency"
        )
    if advice.slip.staging_m is not None:
        near, far = advice.slip.staging_m
        said.append(
            f"distant objects slip by {advice.slip.content_px:.1f} px because the camera moves; "
            "overscan does not change that: reduce the latency, or place what must look steady "
            f"near the wall's plane, {near:.1f} m "
            + (f"to {far:.1f} m" if far is not None else "or more")
            + " from the camera"
        )
    return said
