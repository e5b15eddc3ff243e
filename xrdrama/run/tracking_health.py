"""The health of a stage's tracker in a run: what prediction and smoothing cost, alarms, vitals."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from xrdrama.spatial import Pose
from xrdrama.stage.model import Camera, Stage
from xrdrama.stage.noise import prediction_noise, speed_of, wall_pixels
from xrdrama.timing import NS, FrameRate
from xrdrama.tracking.health import Report
from xrdrama.wire.frame import Alarm, Frame

MOST_DRIFT_PPM = 500.0
"""A clock that drifts faster is reported: half a millisecond a second."""


def with_costs(
    report: Report,
    poses: tuple[tuple[int, Pose], ...],
    stage: Stage,
    camera: Camera,
    rate: FrameRate | None,
) -> Report:
    """The report of a camera's subject with the noise that prediction adds and the lag of
    smoothing, in wall pixels too.

    `poses` are the newest samples (nanosecond of arrival, pose of the tracker). Live, a pose is
    predicted from its arrival to the time the frame is shown: the tracker's latency and one frame.
    """
    recent = tuple(one for one in poses if poses[-1][0] - one[0] <= 2 * NS)
    tracking = stage.tracking
    period = round(rate.period * NS) if rate else 0
    latency = tracking.latency / 1e6 + (report.delay or 0.0) * 1000
    found = replace(report, latency_ms=latency, lag_ms=tracking.smooth / 1e6)
    if not recent:
        return found
    here = camera.perspective_centre(tracking.origin * recent[-1][1])
    if tracking.smooth:
        metres, radians = (speed * tracking.smooth / NS for speed in speed_of(recent))
        found = replace(found, lag_px=wall_pixels(stage, here, metres, radians))
    noise = prediction_noise(recent, tracking.latency + period)
    if noise is None:
        return found
    return replace(
        found,
        noise_mm=noise.metres * 1000,
        noise_deg=noise.degrees,
        noise_px=wall_pixels(stage, here, noise.metres, noise.radians),
    )


class TrackingAlarms:
    """Alarms about packets, from the reports of a tracker."""

    def __init__(self) -> None:
        self._since: dict[str, int] = {}

    def added(self, frame: Frame, report: Report) -> Frame:
        """The frame with the alarms of a report before its own.

        The take has the hash of the frame without them: they concern the network of this machine,
        which a replay does not have.
        """
        texts = dict(_troubles(report))
        self._since = {code: self._since.get(code, frame.time.shows_at) for code in texts}
        if not texts:
            return frame
        alarms = (Alarm(code, text, self._since[code]) for code, text in texts.items())
        return replace(frame, alarms=(*alarms, *frame.alarms))


def _troubles(report: Report) -> list[tuple[str, str]]:
    """The code and text of each alarm; the text of a lasting trouble does not change."""
    found = []
    if report.recently_bad:
        reason = max(report.bad_reasons, key=lambda one: report.bad_reasons[one], default="")
        found.append(("tracker_bad_packets", f"packets of the tracker are damaged: {reason}"[:300]))
    if report.recently_lost:
        found.append(("tracker_lost_packets", "packets of the tracker are lost: check its network"))
    if report.drift_ppm is not None and abs(report.drift_ppm) > MOST_DRIFT_PPM:
        hundreds = round(report.drift_ppm / 100) * 100
        text = f"the tracker's clock drifts by about {hundreds} parts per million"
        found.append(("tracker_drift", text))
    return found


def vitals_of(report: Report | None) -> dict[str, Any]:
    """What the console shows of a tracker's report."""
    if report is None:
        return {}
    return {
        "tracker_rate": round(report.rate, 1),
        "tracker_gaps": report.gaps,
        "tracker_bad": report.bad,
        "tracker_jumps": report.jumps,
        "tracker_lost": report.lost,
        "tracker_late": report.late,
        "tracker_jitter_ms": round(report.jitter * 1000, 2),
        "tracker_latency_ms": _rounded(report.latency_ms),
        "tracker_drift_ppm": _rounded(report.drift_ppm),
        "tracker_noise_mm": _rounded(report.noise_mm),
        "tracker_noise_px": _rounded(report.noise_px),
        "tracker_lag_ms": _rounded(report.lag_ms),
        "tracker_lag_px": _rounded(report.lag_px),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
