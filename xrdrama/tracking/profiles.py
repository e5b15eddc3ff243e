"""Vendor profiles of FreeD: what the numbers of zoom, focus and the spare bytes mean.

FreeD leaves the scale of zoom and focus and the two spare bytes to vendors. A profile says their
ranges, and what is in the spare bytes. `source` says where the numbers are from. No profile was
tested on a real device. The raw numbers of a packet stay in the sample, whatever the profile.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec

from xrdrama.tracking.sample import TrackingSample

_UNREAL = "the default configurations of Unreal Engine's plug-in LiveLinkFreeD"


class Range(msgspec.Struct, frozen=True):
    """The range of an encoder: raw numbers at 0 and at 1, after masking with `mask`.

    0 is wide (zoom), infinity (focus), open (iris). `first` is the larger number where an encoder
    counts the other way.
    """

    first: int
    last: int
    mask: int = 0xFFFFFF

    def share(self, raw: int) -> float | None:
        """Where in the range a raw number is, 0 to 1; None if it is not in the range."""
        value = raw & self.mask
        if not min(self.first, self.last) <= value <= max(self.first, self.last):
            return None
        return (value - self.first) / (self.last - self.first)

    def raw(self, share: float) -> int:
        """The raw number at a share of the range."""
        return round(self.first + (self.last - self.first) * share)


class Profile(msgspec.Struct, frozen=True):
    """How a vendor uses FreeD. `zoom`, `focus` and `iris` are None where the range is unknown."""

    name: str
    source: str
    zoom: Range | None = None
    focus: Range | None = None
    iris: Range | None = None
    """Of the spare bytes, if the vendor has the iris in them."""
    offset: int = 0
    """What is subtracted from zoom and focus, modulo 2^24."""
    zoom_per_mm: float = 0.0
    """Counts per millimetre of focal length, where zoom is a focal length."""
    focus_per_mm: float = 0.0
    """Counts per millimetre of focus distance, where focus is a distance."""
    iris_per_f: float = 0.0
    """Counts per unit of the f-number, in the low 12 bits of the spare bytes."""
    sequence_bits: int = 0
    """Bits at the top of the spare bytes that count the packets."""

    @property
    def known(self) -> str:
        """What is known of the profile, in words, with its source."""
        parts = [
            f"{name} {one.first:X} to {one.last:X}"
            for name, one in (("zoom", self.zoom), ("focus", self.focus), ("iris", self.iris))
            if one is not None
        ]
        for scale, text in (
            (self.zoom_per_mm, "zoom is mm x {:g}"),
            (self.focus_per_mm, "focus is mm x {:g}"),
            (self.iris_per_f, "iris is the f-number x {:g}"),
        ):
            if scale:
                parts.append(text.format(scale))
        if self.offset:
            parts.append(f"zoom and focus start at {self.offset:X}")
        return f"{', '.join(parts) or 'unknown ranges'}; from {self.source}; not tested on a device"


_WHOLE = Range(0, 0xFFFFFF)
_HALF = Range(0, 0xFFFF, 0xFFFF)
_PANASONIC = Range(0x555, 0xFFF, 0xFFFF)

PROFILES: Final[Mapping[str, Profile]] = {
    one.name: one
    for one in (
        Profile("generic", _UNREAL, _HALF, _HALF),
        Profile(
            "panasonic",
            "Panasonic's operating instructions of AW-UE80 and AW-UE100 (zoom), its HD"
            f" integrated camera interface specification (directions) and {_UNREAL}",
            _PANASONIC,
            # 555 is near and FFF far; 555 is closed and FFF open.
            Range(0xFFF, 0x555, 0xFFFF),
            Range(0xFFF, 0x555, 0xFFFF),
        ),
        Profile(
            "sony",
            f"{_UNREAL}; the directions of focus and iris are not stated there",
            Range(0, 0x7AC0, 0xFFFF),
            Range(0x1000, 0xF000, 0xFFFF),
            Range(0, 0xFFF, 0xFFF),
        ),
        Profile("stype", _UNREAL, _WHOLE, _WHOLE),
        Profile("mosys", _UNREAL, _HALF, _HALF),
        Profile("ncam", _UNREAL, _WHOLE, _WHOLE),
        Profile(
            "zcam",
            "Z CAM's description of its D1 message (github.com/imaginevision/Z-Camera-Doc)",
            zoom_per_mm=100.0,
            focus_per_mm=10.0,
            iris_per_f=100.0,
            sequence_bits=4,
        ),
        Profile(
            "offset_80000",
            "reports of receivers' users; no document of a vendor was found",
            offset=0x80000,
        ),
    )
}
"""The profiles by name, as `tracking.profile` of a stage file has them."""


def profiled(sample: TrackingSample, profile: Profile, counts: Counter[str]) -> TrackingSample:
    """A sample of D1 with the lens values that a profile finds in its raw numbers.

    A number outside the profile's range gives no value, and is counted by the ring's name.
    """
    spare = sample.spare or 0
    low = spare & ((1 << 16 - profile.sequence_bits) - 1)
    zoom, focus = (
        (int(raw or 0) - profile.offset) % (1 << 24) for raw in (sample.zoom, sample.focus)
    )
    shares: list[float | None] = []
    rings = (("zoom", profile.zoom, zoom), ("focus", profile.focus, focus))
    for name, range_, raw in (*rings, ("iris", profile.iris, spare)):
        share = None if range_ is None else range_.share(raw)
        if range_ is not None and share is None:
            counts[f"{name} out of the range of {profile.name}"] += 1
        shares.append(share)
    changed: dict[str, object] = {}
    if profile.offset:
        changed |= {"zoom": float(zoom), "focus": float(focus)}
    if any(share is not None for share in shares):
        changed["encoders"] = tuple(shares)
    if profile.iris is not None:
        changed["iris"] = float(spare & profile.iris.mask)
    if profile.zoom_per_mm and zoom:
        changed["focal_mm"] = zoom / profile.zoom_per_mm
    if profile.focus_per_mm and focus:
        changed["focus_m"] = focus / profile.focus_per_mm / 1000
    if profile.iris_per_f and low:
        changed |= {"f_number": low / profile.iris_per_f, "iris": float(low)}
    if profile.sequence_bits:
        changed["sequence"] = spare >> 16 - profile.sequence_bits
    return msgspec.structs.replace(sample, **changed) if changed else sample


def unprofiled(sample: TrackingSample, profile: Profile) -> TrackingSample:
    """A sample with the raw numbers of D1 that a profile makes of its lens values; raw numbers
    that it has already are kept."""
    zoom, focus, spare = sample.zoom, sample.focus, sample.spare
    shares = sample.encoders or (None, None, None)
    if zoom is None:
        zoom = _raw(profile.zoom, shares[0], sample.focal_mm, profile.zoom_per_mm)
    if focus is None:
        millimetres = None if sample.focus_m is None else sample.focus_m * 1000
        focus = _raw(profile.focus, shares[1], millimetres, profile.focus_per_mm)
    if spare is None:
        iris = _raw(profile.iris, shares[2], sample.f_number, profile.iris_per_f) or 0.0
        high = 16 - profile.sequence_bits
        spare = int(iris) & ((1 << high) - 1)
        spare |= ((sample.sequence or 0) % (1 << profile.sequence_bits)) << high
    if profile.offset:
        zoom, focus = (((raw or 0.0) + profile.offset) % (1 << 24) for raw in (zoom, focus))
    return msgspec.structs.replace(sample, zoom=zoom, focus=focus, spare=spare)


def _raw(
    range_: Range | None, share: float | None, value: float | None, scale: float
) -> float | None:
    """The raw number of a ring: of its value where the profile has a scale, else of its share."""
    if scale and value is not None:
        return round(value * scale)
    return float(range_.raw(share)) if range_ is not None and share is not None else None
