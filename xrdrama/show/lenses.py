"""The lens of a camera at a time: from the encoder numbers of its samples to what a view needs.

Live, zoom and focus are predicted as the pose is (`optics_at`); from a take, whose later samples
are known, too, they are interpolated (`true_optics_at`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import inf

from xrdrama.spatial import settle
from xrdrama.stage import Camera, Stage
from xrdrama.stage.lenses import Distortion, Optics, OutsideDomain, Setting, needed_overscan
from xrdrama.stage.lenses.following import Encoded, Rings, between, observed, setting_at
from xrdrama.tracking import TrackingSample
from xrdrama.wire.frame import Alarm, ViewLens

NEVER_COVERED = 100.0
"""The overscan that is needed where the distortion folds inside the frame."""


def rings_after(rings: Rings, sample: TrackingSample, stage: Stage, camera: Camera) -> Rings:
    """The rings of a camera's lens after one more of its samples."""
    if camera.lens_file is None:
        return rings
    zoom, focus, _ = sample.encoders or (None, None, None)
    diopter = 1.0 / sample.focus_m if sample.focus_m else None
    return observed(
        rings,
        camera.lens_file,
        sample.at - stage.tracking.latency,
        Encoded(sample.zoom, zoom, sample.focal_mm),
        Encoded(sample.focus, focus, diopter),
    )


def optics_at(stage: Stage, camera: Camera, rings: Rings, at: int) -> Optics | None:
    """The optics of a camera when a frame is shown at `at`; None without a lens file."""
    if camera.lens_file is None:
        return None
    ahead = stage.tracking.latency + stage.ladder.predict
    return camera.lens_file.optics(setting_at(rings, camera.lens_file, at, ahead))


def settings_of(
    samples: Sequence[TrackingSample], stage: Stage, camera: Camera
) -> list[tuple[int, Setting]]:
    """When the lens of a camera had which setting, from all its samples of a take in order."""
    found: list[tuple[int, Setting]] = []
    rings = Rings()
    for sample in samples:
        rings = rings_after(rings, sample, stage, camera)
        found += rings.samples[-1:]
    return found


def true_optics_at(
    camera: Camera, samples: Sequence[tuple[int, Setting]], at: int
) -> Optics | None:
    """The optics of a camera at `at` among all samples of a take; None without a lens file."""
    if camera.lens_file is None:
        return None
    return camera.lens_file.optics(between(samples, at) or camera.lens_file.home)


@lru_cache(maxsize=64)
def view_lens(optics: Optics, sensor_mm: tuple[float, float]) -> ViewLens:
    """The optics as a frame carries them. Coefficients keep twelve digits: they may be tiny."""
    d = optics.distortion
    try:
        needed = needed_overscan(optics, sensor_mm)
    except OutsideDomain:
        needed = NEVER_COVERED
    k1, k2, k3, k4, k5, k6 = (_digits(k) for k in d.radial)
    return ViewLens(
        focal_mm=settle(optics.focal_mm),
        focus_m=None if optics.focus_m == inf else settle(min(optics.focus_m, 1e9)),
        sensor_mm=sensor_mm,
        entrance_pupil_mm=settle(optics.entrance_pupil * 1000),
        projection_offset_mm=_pair(optics.projection_offset),
        distortion_offset_mm=_pair(d.centre),
        model=d.model,
        radial=(k1, k2, k3, k4, k5, k6),
        tangential=(_digits(d.tangential[0]), _digits(d.tangential[1])),
        needed_overscan=settle(needed),
    )


def optics_of(lens: ViewLens) -> Optics:
    """The optics that a frame carries: inverse of `view_lens`."""
    distortion = Distortion(lens.model, lens.radial, lens.tangential, lens.distortion_offset_mm)
    return Optics(
        lens.focal_mm,
        inf if lens.focus_m is None else lens.focus_m,
        lens.entrance_pupil_mm / 1000,
        lens.projection_offset_mm,
        distortion,
    )


def _digits(value: float) -> float:
    return float(f"{value:.12g}") + 0.0


def _pair(pair: tuple[float, float]) -> tuple[float, float]:
    return settle(pair[0]), settle(pair[1])


def lens_alarms(camera: Camera, rings: Rings, lens: ViewLens | None) -> tuple[Alarm, ...]:
    """What is wrong with the lens of a camera: encoders that are missing or outside their map, and
    an inner frustum that does not cover what the lens sees."""
    if lens is None:
        return ()
    alarms = [Alarm(code, text, since) for code, text, since in rings.faults]
    covered = min(camera.inner.grown) * (1.0 - 2.0 * camera.inner.feather)
    if lens.needed_overscan > covered:
        text = (
            f"the inner frustum is smaller than what the lens sees: its overscan within the soft "
            f"edge is {covered:.3f}, the distortion needs more: raise overscan: (stage check says "
            "to how much)"
        )
        alarms.append(Alarm("lens_overscan", text, 0))
    return tuple(alarms)
