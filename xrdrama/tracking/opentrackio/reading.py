"""A sample of OpenTrackIO to a TrackingSample: the chain of transforms, the lens, the time."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from xrdrama.errors import RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.opentrackio.faults import Report
from xrdrama.tracking.opentrackio.form import (
    Axes,
    LensBlock,
    Offset,
    Sample,
    Static,
    Timing,
    Transform,
)
from xrdrama.tracking.sample import Distortion, LensReading, TrackingSample

NAME: Final = "opentrackio"
FARTHEST: Final = 1e6
"""Largest coordinate, metres."""
LARGEST: Final = 1e9
"""Largest angle, degrees, and largest other number."""
MOST_COEFFICIENTS: Final = 16
MOST_DISTORTIONS: Final = 8
MOST_LINKS: Final = 64
_NANOSECONDS: Final = 2**62
_NO_RINGS: Final = (None, None, None)
_NO_LENS: Final = LensReading()


def tracking_sample(
    sample: Sample, static: Static | None, at: int, report: Report
) -> tuple[TrackingSample, bool]:
    """The tracking sample, and whether it has a pose; without one, its pose means nothing.

    `static` is the newest static block of the source, `at` the nanosecond of arrival. What cannot
    be used is reported by path.
    """
    pose, angles = _pose(sample.transforms, report)
    lens = sample.lens if isinstance(sample.lens, LensBlock) else LensBlock()
    timing = sample.timing if isinstance(sample.timing, Timing) else Timing()
    _check_protocol(sample, report)
    raw, shares = _rings(lens.raw_encoders), _rings(lens.encoders)
    zoom, focus, iris = (
        count if count is not None else share
        for count, share in zip(raw or _NO_RINGS, shares or _NO_RINGS, strict=True)
    )
    timecode, rate = _timecode(timing)
    status = sample.tracker.status if sample.tracker else UNSET
    return TrackingSample(
        NAME,
        subject_of(sample),
        at,
        pose or Pose(),
        zoom,
        focus,
        iris,
        timecode,
        _or_none(timing.sequence_number),
        angles,
        taken=_taken(timing),
        encoders=shares,
        focal_mm=_length(lens.pinhole_focal_length, "$.lens.pinholeFocalLength", report),
        focus_m=_length(lens.focus_distance, "$.lens.focusDistance", report),
        f_number=_length(lens.f_stop, "$.lens.fStop", report),
        status=status[:64] if status else None,
        lens=_lens(lens, static, report),
        timecode_rate=rate,
    ), pose is not None


def subject_of(sample: Sample) -> str:
    """The source number as text; of a sample without one, the UUID of its source."""
    if sample.source_number is not UNSET:
        return str(sample.source_number)
    return sample.source_id.removeprefix("urn:uuid:") if sample.source_id else "unnumbered"


def check_source_number(sample: Sample) -> None:
    """RemoteProtocolError for a source number that receivers must discard."""
    number = sample.source_number
    if isinstance(number, int) and not 1 <= number <= 200:
        shown = str(number) if number < 256 else "above 255"
        raise RemoteProtocolError(
            f"OpenTrackIO source number {shown} is discarded: valid numbers are 1 to 200"
        )


def merged(old: Any, new: Any) -> Any:
    """A static block in which fields of `new` replace those of `old`, group by group."""
    if not isinstance(old, msgspec.Struct) or type(old) is not type(new):
        return old if new is UNSET else new
    return type(new)(
        **{name: merged(getattr(old, name), getattr(new, name)) for name in new.__struct_fields__}
    )


def _check_protocol(sample: Sample, report: Report) -> None:
    if not sample.protocol:
        return
    if sample.protocol.name != "OpenTrackIO":
        report("$.protocol.name", f"expected 'OpenTrackIO', got {sample.protocol.name[:40]!r}")
    if sample.protocol.version[0] > 1:
        version = ".".join(map(str, sample.protocol.version))
        report("$.protocol.version", f"version {version} is not known: it is read as 1.0")


def _pose(
    transforms: tuple[Transform, ...] | UnsetType, report: Report
) -> tuple[Pose | None, tuple[float, float, float] | None]:
    """The pose at the end of the chain, and its angles as sent if the chain has one link.

    None where a coordinate or an angle is missing: a pose with one bad angle is not a pose.
    """
    if not isinstance(transforms, tuple):
        return None, None
    if len(transforms) > MOST_LINKS:
        report("$.transforms", f"expected at most {MOST_LINKS} transforms, got {len(transforms)}")
        return None, None
    whole = True
    for number, link in enumerate(transforms):
        whole = _is_whole(link, f"$.transforms[{number}]", report) and whole
    if not whole:
        return None, None
    position, rotation = Vec3(), Quat()
    for link in reversed(transforms):
        turn = _angles(link)
        quat = Quat.from_angles(pan=turn[0], tilt=turn[1], roll=turn[2])
        if isinstance(link.scale, Axes):
            x, y, z = _scale(link.scale)
            position = Vec3(x * position.x, y * position.y, z * position.z)
        move = link.translation
        position = Vec3(move.x, move.y, move.z) + quat.rotate(position)  # type: ignore[arg-type]
        rotation = quat * rotation
    if max(abs(position.x), abs(position.y), abs(position.z)) > FARTHEST:
        report(
            "$.transforms", f"the position is more than {FARTHEST:g} m away: the pose is not used"
        )
        return None, None
    if len(transforms) == 1:
        return Pose(position, rotation), _angles(transforms[0])
    return Pose(position, rotation.unit()), None


def _is_whole(link: Transform, path: str, report: Report) -> bool:
    """True when a transform has all of its coordinates and angles, in range."""
    whole = True
    for group, names, most, unit in (
        ("translation", ("x", "y", "z"), FARTHEST, "m"),
        ("rotation", ("pan", "tilt", "roll"), LARGEST, "degrees"),
    ):
        there = getattr(link, group)
        values = [getattr(there, name) for name in names]
        missing = [name for name, value in zip(names, values, strict=True) if value is UNSET]
        if missing:
            report(f"{path}.{group}", f"lacks {' and '.join(missing)}: the pose is not used")
            whole = False
        for name, value in zip(names, values, strict=True):
            if value is not UNSET and abs(value) > most:
                limit = f"expected up to {most:g} {unit}"
                report(f"{path}.{group}.{name}", f"{limit}, got {value!r}: the pose is not used")
                whole = False
    if isinstance(link.scale, Axes) and not all(1e-6 <= s <= FARTHEST for s in _scale(link.scale)):
        report(f"{path}.scale", "expected scales above 0: the pose is not used")
        whole = False
    return whole


def _angles(link: Transform) -> tuple[float, float, float]:
    turn = link.rotation
    return turn.pan, turn.tilt, turn.roll  # type: ignore[return-value]


def _scale(scale: Axes) -> tuple[float, float, float]:
    x, y, z = (1.0 if one is UNSET else one for one in (scale.x, scale.y, scale.z))
    return x, y, z


def _or_none(value: Any) -> Any:
    return None if value is UNSET else value


def _rings(block: Any) -> tuple[float | None, float | None, float | None] | None:
    """Zoom, focus and iris of a block of encoders."""
    if not block:
        return None
    zoom, focus, iris = (
        None if value is UNSET else float(value) for value in (block.zoom, block.focus, block.iris)
    )
    return zoom, focus, iris


def _timecode(timing: Timing) -> tuple[str | None, tuple[int, int] | None]:
    code = timing.timecode
    if not code:
        return None, None
    text = f"{code.hours:02}:{code.minutes:02}:{code.seconds:02}:{code.frames:02}"
    return text, (code.frame_rate.num, code.frame_rate.denom)


def _taken(timing: Timing) -> int | None:
    """The time of the sample in nanoseconds; None for one after the year 2116."""
    stamp = timing.sample_timestamp
    if not stamp:
        return None
    at = stamp.seconds * 1_000_000_000 + stamp.nanoseconds
    return at if at < _NANOSECONDS else None


def _length(value: float | UnsetType, path: str, report: Report) -> float | None:
    if not isinstance(value, float):
        return None
    if not 1e-6 <= value <= LARGEST:
        report(path, f"{value!r} is not plausible: it is not used")
        return None
    return value


def _lens(lens: LensBlock, static: Static | None, report: Report) -> LensReading | None:
    """What is said about the lens, now or in the static block."""

    def within(value: float | UnsetType, path: str) -> float | None:
        if not isinstance(value, float):
            return None
        if abs(value) > LARGEST:
            report(path, f"{value!r} is not plausible: it is not used")
            return None
        return value

    def pair(value: Offset | UnsetType, path: str) -> tuple[float, float] | None:
        if not isinstance(value, Offset):
            return None
        x, y = within(value.x, f"{path}.x"), within(value.y, f"{path}.y")
        return None if x is None or y is None else (x, y)

    camera = static.camera if static and static.camera else None
    optics = static.lens if static and static.lens else None
    size = camera.active_sensor_physical_dimensions if camera else UNSET
    grid = camera.active_sensor_resolution if camera else UNSET
    squeeze = camera.anamorphic_squeeze if camera else UNSET
    falloff = lens.exposure_falloff
    found = LensReading(
        within(lens.entrance_pupil_offset, "$.lens.entrancePupilOffset"),
        _distortions(lens, report),
        pair(lens.distortion_offset, "$.lens.distortionOffset"),
        pair(lens.projection_offset, "$.lens.projectionOffset"),
        _length(lens.t_stop, "$.lens.tStop", report),
        _rings(lens.raw_encoders),
        _coefficients(
            tuple(0.0 if one is UNSET else one for one in (falloff.a1, falloff.a2, falloff.a3)),
            "$.lens.exposureFalloff",
            report,
        )
        if falloff
        else (),
        (min(size.width, LARGEST), min(size.height, LARGEST)) if size else None,
        (grid.width, grid.height) if grid else None,
        (squeeze.num, squeeze.denom) if squeeze else None,
        _length(
            optics.nominal_focal_length if optics else UNSET,
            "$.static.lens.nominalFocalLength",
            report,
        ),
    )
    return None if found == _NO_LENS else found


def _distortions(lens: LensBlock, report: Report) -> tuple[Distortion, ...]:
    blocks = lens.distortion
    if not isinstance(blocks, tuple):
        return ()
    if len(blocks) > MOST_DISTORTIONS:
        text = f"expected at most {MOST_DISTORTIONS} models, got {len(blocks)}"
        report("$.lens.distortion", f"{text}: the distortion is not used")
        return ()
    found = []
    for number, block in enumerate(blocks):
        path = f"$.lens.distortion[{number}]"
        model = block.model or "Brown-Conrady D-U"
        tangential = block.tangential or ()
        if len(model) > 64:
            report(f"{path}.model", "expected at most 64 characters: the distortion is not used")
            continue
        overscan = _length(block.overscan, f"{path}.overscan", report)
        radial = _coefficients(block.radial, f"{path}.radial", report)
        others = _coefficients(tangential, f"{path}.tangential", report)
        if radial and len(others) == len(tangential):
            found.append(Distortion(radial, others, model, overscan))
    return tuple(found)


def _coefficients(values: tuple[float, ...], path: str, report: Report) -> tuple[float, ...]:
    """Coefficients, or () if one of them cannot be used."""
    if len(values) > MOST_COEFFICIENTS:
        text = f"expected at most {MOST_COEFFICIENTS} coefficients, got {len(values)}"
        report(path, f"{text}: they are not used")
        return ()
    for number, value in enumerate(values):
        if abs(value) > LARGEST:
            report(f"{path}[{number}]", f"{value!r} is not plausible: it is not used")
            return ()
    return values
