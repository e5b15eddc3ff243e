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


class TrackingSample(msgspec.Struct, frozen=True, array_like=True, tag="tracked"):
    """One sample of one subject. Absent fields are what the packet lacks.

    `pose` is the tracker's own, in the tracker's stage frame: the stage's tracker offset leads
    from it to the entrance pupil. `at` is the nanosecond of the show at which the sample arrived,
    or, from a source on the virtual clock, at which it was taken.
    `zoom`, `focus` and `iris` are raw encoder numbers; the lens file gives them a meaning.
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

    def pan_tilt_roll(self) -> tuple[float, float, float]:
        """Degrees in our signs: as sent where the protocol has angles, else of the rotation."""
        return self.angles or self.pose.rotation.angles()
