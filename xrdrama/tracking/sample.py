"""One measurement of a camera by a tracker, in our axes and units."""

from __future__ import annotations

from typing import Annotated

import msgspec

from xrdrama.spatial import Pose

Name = Annotated[str, msgspec.Meta(max_length=64)]
Nanoseconds = Annotated[int, msgspec.Meta(ge=-(2**62), lt=2**62)]
Sequence = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]
Raw = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Positive = Annotated[float, msgspec.Meta(ge=1e-6, le=1e9)]
Pixels = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
Numerator = Annotated[int, msgspec.Meta(ge=1, lt=2**31)]
Denominator = Annotated[int, msgspec.Meta(ge=1, lt=2**32)]
Coefficients = Annotated[tuple[Raw, ...], msgspec.Meta(max_length=16)]


class Distortion(msgspec.Struct, frozen=True, array_like=True):
    """Coefficients of a lens distortion, in OpenLensIO's order; millimetres on the sensor.

    `radial` is k1, k2, ...: odd ones are in the numerator, even ones in the denominator.
    `model` says which way it maps: "Brown-Conrady D-U" (distorted to undistorted) or
    "Brown-Conrady U-D".
    """

    radial: Coefficients
    tangential: Coefficients = ()
    model: Name = "Brown-Conrady D-U"
    overscan: Raw | None = None


class LensReading(msgspec.Struct, frozen=True, array_like=True):
    """What a packet says about the lens and the sensor; None or () for what it lacks.

    Units and signs are those of OpenTrackIO 1.0.1's `lens` and `static` blocks. Focal length, focus
    distance and f-number are fields of the sample.
    """

    entrance_pupil_m: Raw | None = None
    """In front of the image plane (the sensor), along the optical axis."""
    distortion: Annotated[tuple[Distortion, ...], msgspec.Meta(max_length=8)] = ()
    distortion_offset_mm: tuple[Raw, Raw] | None = None
    """Centre of distortion on the sensor: x, y."""
    projection_offset_mm: tuple[Raw, Raw] | None = None
    """Centre of perspective projection on the sensor: x, y."""
    t_stop: Positive | None = None
    raw_encoders: tuple[Raw | None, Raw | None, Raw | None] | None = None
    """Zoom, focus and iris: counts of the encoders, in the vendor's own scale."""
    exposure_falloff: Coefficients = ()
    """a1, a2, a3 of the vignetting."""
    sensor_mm: tuple[Raw, Raw] | None = None
    """Width and height of the active area."""
    sensor_px: tuple[Pixels, Pixels] | None = None
    squeeze: tuple[Numerator, Denominator] | None = None
    """Of an anamorphic lens, as a fraction."""
    nominal_focal_mm: Positive | None = None
    """The focal length printed on a prime lens."""


class TrackingSample(msgspec.Struct, frozen=True, array_like=True, tag="tracked"):
    """One sample of one subject. Absent fields are what the packet lacks.

    `pose` is the tracker's own, in the tracker's stage frame: the stage's tracker offset leads
    from it to the entrance pupil. `at` is the nanosecond of the show at which the sample arrived,
    or, from a source on the virtual clock, at which it was taken.
    `zoom`, `focus` and `iris` are raw encoder numbers (counts; `encoders` where a packet has only
    these); the lens file gives them a meaning.
    """

    source: Name
    subject: Name
    at: Nanoseconds
    pose: Pose
    zoom: Raw | None = None
    focus: Raw | None = None
    iris: Raw | None = None
    timecode: Annotated[str, msgspec.Meta(max_length=16)] | None = None
    sequence: Sequence | None = None
    angles: tuple[Raw, Raw, Raw] | None = None
    """Pan, tilt, roll in degrees, our signs, as sent: the rotation alone forgets which of two
    equal triples it came from when the tilt is beyond 90."""
    spare: Annotated[int, msgspec.Meta(ge=0, lt=2**32)] | None = None
    """Bits of the packet that the protocol leaves to vendors."""

    taken: Nanoseconds | None = None
    """When the tracker measured it: nanoseconds of the tracker's own clock, of any origin."""
    encoders: tuple[Share | None, Share | None, Share | None] | None = None
    """Zoom (0 = wide), focus (0 = infinity) and iris (0 = open) as shares of their ranges."""
    focal_mm: Positive | None = None
    """Focal length, where the packet has it in millimetres."""
    focus_m: Positive | None = None
    """Focus distance, where the packet has it as a length."""
    f_number: Positive | None = None
    status: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    """What the tracker reports about itself, in its own words."""
    lens: LensReading | None = None
    """Distortion, entrance pupil and sensor, from protocols that have them."""
    timecode_rate: tuple[Numerator, Denominator] | None = None
    """Frames per second of `timecode`, as a fraction."""

    def pan_tilt_roll(self) -> tuple[float, float, float]:
        """Degrees in our signs: as sent where the protocol has angles, else of the rotation."""
        return self.angles or self.pose.rotation.angles()
