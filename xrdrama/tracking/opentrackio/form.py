"""The form of an OpenTrackIO 1.0 sample: what its published schema permits, as types.

One declaration with three uses: msgspec decodes and validates by it, `faults` lists by it what is
wrong, and a JSON Schema can be made of it (`msgspec.json.schema(Sample)`). Names, bounds, units and
signs are those of OpenTrackIO 1.0.1; a field that is not in a sample is UNSET. Metres and degrees,
but sizes on the sensor and focal lengths in millimetres.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

Number: TypeAlias = Annotated[float, Meta(ge=-1.7e308, le=1.7e308)]
NotNegative: TypeAlias = Annotated[float, Meta(ge=0, le=1.7e308)]
Positive: TypeAlias = Annotated[float, Meta(gt=0, le=1.7e308)]
Share: TypeAlias = Annotated[float, Meta(ge=0, le=1)]
Overscan: TypeAlias = Annotated[float, Meta(ge=1, le=1.7e308)]
Digit: TypeAlias = Annotated[int, Meta(ge=0, le=9)]
Byte: TypeAlias = Annotated[int, Meta(ge=0, le=255)]
U31: TypeAlias = Annotated[int, Meta(ge=0, le=2**31 - 1)]
U32: TypeAlias = Annotated[int, Meta(ge=0, le=2**32 - 1)]
U48: TypeAlias = Annotated[int, Meta(ge=0, le=2**48 - 1)]
Words: TypeAlias = Annotated[str, Meta(min_length=1, max_length=1023)]
_HEX = "[0-9a-f]"
Urn: TypeAlias = Annotated[
    str,
    Meta(pattern=f"^urn:uuid:{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$"),
]
_PAIR = f"{_HEX}{{2}}"
Address: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=1023,
        pattern=f"(?:^{_PAIR}(?::{_PAIR}){{5}}$)|(?:^{_PAIR}(?:-{_PAIR}){{5}}$)",
    ),
]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", gc=False):
    """A group of fields; other keys are faults."""


class Fraction(Part, frozen=True):
    """A rational number, such as 24000/1001."""

    num: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    denom: Annotated[int, Meta(ge=1, le=2**32 - 1)]


class Millimetres(Part, frozen=True):
    """A size on the sensor."""

    height: NotNegative
    width: NotNegative


class Photosites(Part, frozen=True):
    """A resolution."""

    height: U31
    width: U31


class StaticCamera(Part, frozen=True):
    """What does not change during a clip: the camera."""

    capture_frame_rate: Fraction | UnsetType = UNSET
    active_sensor_physical_dimensions: Millimetres | UnsetType = UNSET
    active_sensor_resolution: Photosites | UnsetType = UNSET
    make: Words | UnsetType = UNSET
    model: Words | UnsetType = UNSET
    serial_number: Words | UnsetType = UNSET
    firmware_version: Words | UnsetType = UNSET
    label: Words | UnsetType = UNSET
    anamorphic_squeeze: Fraction | UnsetType = UNSET
    iso_speed: Annotated[int, Meta(ge=1, le=2**32 - 1)] | UnsetType = UNSET
    fdl_link: Urn | UnsetType = UNSET
    shutter_angle: Annotated[float, Meta(ge=0, le=360)] | UnsetType = UNSET


class StaticLens(Part, frozen=True):
    """What does not change during a clip: the lens."""

    distortion_overscan_max: Overscan | UnsetType = UNSET
    undistortion_overscan_max: Overscan | UnsetType = UNSET
    make: Words | UnsetType = UNSET
    model: Words | UnsetType = UNSET
    serial_number: Words | UnsetType = UNSET
    firmware_version: Words | UnsetType = UNSET
    nominal_focal_length: Positive | UnsetType = UNSET
    calibration_history: tuple[Words, ...] | UnsetType = UNSET


class StaticTracker(Part, frozen=True):
    """What does not change during a clip: the tracking device."""

    make: Words | UnsetType = UNSET
    model: Words | UnsetType = UNSET
    serial_number: Words | UnsetType = UNSET
    firmware_version: Words | UnsetType = UNSET


class Static(Part, frozen=True):
    """The static block, which senders repeat about every two seconds."""

    duration: Fraction | UnsetType = UNSET
    camera: StaticCamera | UnsetType = UNSET
    lens: StaticLens | UnsetType = UNSET
    tracker: StaticTracker | UnsetType = UNSET


class TrackerState(Part, frozen=True):
    """The state of the tracking device."""

    notes: Words | UnsetType = UNSET
    recording: bool | UnsetType = UNSET
    slate: Words | UnsetType = UNSET
    status: Words | UnsetType = UNSET


class Timestamp(Part, frozen=True):
    """A PTP time."""

    seconds: U48
    nanoseconds: U32


class SyncOffsets(Part, frozen=True):
    """Seconds between the synchronisation signal and the sample."""

    translation: Number | UnsetType = UNSET
    rotation: Number | UnsetType = UNSET
    lens_encoders: Number | UnsetType = UNSET


class Priorities(Part, frozen=True):
    """Priorities of a PTP leader."""

    priority1: Byte
    priority2: Byte


class Ptp(Part, frozen=True):
    """The PTP leader that a device follows."""

    profile: Literal["IEEE Std 1588-2019", "IEEE Std 802.1AS-2020", "SMPTE ST2059-2:2021"]
    domain: Annotated[int, Meta(ge=0, le=127)]
    leader_identity: Address
    leader_priorities: Priorities
    leader_accuracy: NotNegative
    mean_path_delay: NotNegative
    leader_time_source: Literal["GNSS", "Atomic clock", "NTP"] | UnsetType = UNSET
    vlan: U32 | UnsetType = UNSET


class Synchronization(Part, frozen=True):
    """How the device is synchronised."""

    locked: bool
    source: Literal["genlock", "videoIn", "ptp", "ntp"]
    frequency: Fraction | UnsetType = UNSET
    offsets: SyncOffsets | UnsetType = UNSET
    present: bool | UnsetType = UNSET
    ptp: Ptp | UnsetType = UNSET


class Timecode(Part, frozen=True):
    """SMPTE timecode."""

    hours: Annotated[int, Meta(ge=0, le=23)]
    minutes: Annotated[int, Meta(ge=0, le=59)]
    seconds: Annotated[int, Meta(ge=0, le=59)]
    frames: Annotated[int, Meta(ge=0, le=119)]
    frame_rate: Fraction
    sub_frame: U32 | UnsetType = UNSET


class Timing(Part, frozen=True):
    """When the sample was taken."""

    mode: Literal["internal", "external"] | UnsetType = UNSET
    recorded_timestamp: Timestamp | UnsetType = UNSET
    sample_rate: Fraction | UnsetType = UNSET
    sample_timestamp: Timestamp | UnsetType = UNSET
    sequence_number: U32 | UnsetType = UNSET
    synchronization: Synchronization | UnsetType = UNSET
    timecode: Timecode | UnsetType = UNSET


class DistortionBlock(Part, frozen=True):
    """Coefficients of one distortion model."""

    radial: Annotated[tuple[Number, ...], Meta(min_length=1)]
    model: Words | UnsetType = UNSET
    tangential: Annotated[tuple[Number, ...], Meta(min_length=1)] | UnsetType = UNSET
    overscan: Overscan | UnsetType = UNSET


class Offset(Part, frozen=True):
    """A place on the sensor, millimetres."""

    x: Number
    y: Number


class Rings(Part, frozen=True):
    """Three rings of a lens, of which at least one is given."""

    def __post_init__(self) -> None:
        if all(getattr(self, name) is UNSET for name in self.__struct_fields__):
            raise ValueError(NO_RING)


NO_RING = "expected at least one of focus, iris and zoom"


class EncoderShares(Rings, frozen=True):
    """Positions of the rings, 0 to 1. Focus: 0 = infinity; iris: 0 = open; zoom: 0 = wide."""

    focus: Share | UnsetType = UNSET
    iris: Share | UnsetType = UNSET
    zoom: Share | UnsetType = UNSET


class EncoderCounts(Rings, frozen=True):
    """Positions of the rings in counts of their encoders."""

    focus: U32 | UnsetType = UNSET
    iris: U32 | UnsetType = UNSET
    zoom: U32 | UnsetType = UNSET


class Falloff(Part, frozen=True):
    """Coefficients of the vignetting."""

    a1: Number
    a2: Number | UnsetType = UNSET
    a3: Number | UnsetType = UNSET


class LensBlock(Part, frozen=True):
    """The lens at the moment of the sample."""

    custom: tuple[Number, ...] | UnsetType = UNSET
    distortion: Annotated[tuple[DistortionBlock, ...], Meta(min_length=1)] | UnsetType = UNSET
    distortion_offset: Offset | UnsetType = UNSET
    encoders: EncoderShares | UnsetType = UNSET
    entrance_pupil_offset: Number | UnsetType = UNSET
    exposure_falloff: Falloff | UnsetType = UNSET
    f_stop: Positive | UnsetType = UNSET
    pinhole_focal_length: Positive | UnsetType = UNSET
    focus_distance: Positive | UnsetType = UNSET
    projection_offset: Offset | UnsetType = UNSET
    raw_encoders: EncoderCounts | UnsetType = UNSET
    t_stop: Positive | UnsetType = UNSET


class Protocol(Part, frozen=True):
    """Name and version."""

    name: Words
    version: tuple[Digit, Digit, Digit]


class GlobalStage(Part, frozen=True):
    """The stage's origin on the Earth."""

    east: Number = msgspec.field(name="E")
    north: Number = msgspec.field(name="N")
    up: Number = msgspec.field(name="U")
    lat0: Number
    lon0: Number
    h0: Number


class Axes(Part, frozen=True):
    """A translation in metres, or a scale."""

    x: Number | UnsetType = UNSET
    y: Number | UnsetType = UNSET
    z: Number | UnsetType = UNSET


class Angles(Part, frozen=True):
    """A rotation in degrees, intrinsic Z-X-Y: pan to the left, tilt up, roll clockwise."""

    pan: Number | UnsetType = UNSET
    tilt: Number | UnsetType = UNSET
    roll: Number | UnsetType = UNSET


class Transform(Part, frozen=True):
    """A link of the chain from the stage's origin to the sensor."""

    translation: Axes
    rotation: Angles
    scale: Axes | UnsetType = UNSET
    id: Words | UnsetType = UNSET


class Sample(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A whole sample. Keys of others are permitted at this level only."""

    static: Static | UnsetType = UNSET
    tracker: TrackerState | UnsetType = UNSET
    timing: Timing | UnsetType = UNSET
    lens: LensBlock | UnsetType = UNSET
    protocol: Protocol | UnsetType = UNSET
    sample_id: Urn | UnsetType = UNSET
    source_id: Urn | UnsetType = UNSET
    source_number: U32 | UnsetType = UNSET
    related_sample_ids: tuple[Urn, ...] | UnsetType = UNSET
    global_stage: GlobalStage | UnsetType = UNSET
    transforms: Annotated[tuple[Transform, ...], Meta(min_length=1)] | UnsetType = UNSET
