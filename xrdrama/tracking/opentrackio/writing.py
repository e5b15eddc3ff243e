"""Writes OpenTrackIO 1.0.1: each sample validates against the published schema.

Unreal's Live Link shows a subject only if the camera's make, model, serial number and label are
there and not empty: they always are. Unreal itself is not tested here.
"""

from __future__ import annotations

import hashlib
import re
from math import isfinite
from typing import Any, Final

import msgspec
from msgspec import UNSET

from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import settle
from xrdrama.timing import NS
from xrdrama.tracking.opentrackio import form
from xrdrama.tracking.opentrackio.header import CBOR, JSON, cut
from xrdrama.tracking.sample import LensReading, TrackingSample

VERSION: Final = (1, 0, 1)
STATIC_EVERY: Final = 2 * NS
LONGEST: Final = 1456
"""Bytes of a datagram, header included: with UDP and IP it fits in an Ethernet frame."""
CARRIES: Final = frozenset(
    {"zoom", "focus", "iris", "timecode", "timecode_rate", "sequence", "angles", "taken",
     "encoders", "focal_mm", "focus_m", "f_number", "status", "lens"}
)  # fmt: skip
"""Fields of a TrackingSample that OpenTrackIO can carry, beside source, subject and pose."""
_NUMBERS: Final = {str(number): number for number in range(1, 201)}
_TIMECODE: Final = re.compile(r"(\d\d):(\d\d):(\d\d)[:;.](\d\d)", re.ASCII)
_STRICT: Final = msgspec.json.Decoder(form.Sample)


class Names(msgspec.Struct, frozen=True):
    """Names of a camera in the static block; an empty one is replaced by a stand-in."""

    make: str = ""
    model: str = ""
    serial: str = ""
    label: str = ""


class Writer:
    """Writes the samples of one sender. It keeps sequence numbers and when it last sent a static
    block of each subject.

    `source` seeds the sourceId and the sampleIds, which are the same for equal input. `encoding` is
    JSON or CBOR; `longest` is the size of a datagram above which a sample is sent in segments.
    """

    def __init__(
        self,
        source: str = "xrdrama",
        names: Names | None = None,
        *,
        encoding: int = JSON,
        longest: int = LONGEST,
    ) -> None:
        if encoding not in (JSON, CBOR):
            raise LocalProtocolError(f"OpenTrackIO has no encoding {encoding}: use 1 or 2")
        self.source, self.names = source, names or Names()
        self.encoding, self.longest = encoding, longest
        self._source_id = _urn(f"source {source}")
        self._sequence = 0
        self._static_at: dict[str, int] = {}

    def packets(self, sample: TrackingSample) -> tuple[bytes, ...]:
        """The datagrams of a sample; LocalProtocolError if a value does not fit."""
        last = self._static_at.get(sample.subject)
        with_static = last is None or not 0 <= sample.at - last < STATIC_EVERY
        payload = self.payload(sample, self._sequence, static=with_static)
        if with_static:
            self._static_at[sample.subject] = sample.at
        datagrams = cut(payload, self.encoding, self._sequence & 0xFFFF, self.longest)
        self._sequence = (self._sequence + 1) % 2**32
        return datagrams

    def payload(self, sample: TrackingSample, sequence: int, *, static: bool) -> bytes:
        """The JSON or CBOR of a sample; LocalProtocolError if a value does not fit."""
        built = form.Sample(
            static=_static(sample, self.names) if static else UNSET,
            tracker=form.TrackerState(status=sample.status) if sample.status else UNSET,
            timing=_timing(sample, sequence),
            lens=_lens(sample),
            protocol=form.Protocol("OpenTrackIO", VERSION),
            sample_id=_urn(f"sample {self.source} {sample.subject} {sequence} {sample.at}"),
            source_id=self._source_id,
            source_number=_number(sample.subject),
            transforms=(_transform(sample),),
        )
        text = msgspec.json.encode(built)
        try:
            _STRICT.decode(text)
        except msgspec.DecodeError as error:
            raise LocalProtocolError(f"the sample does not fit in OpenTrackIO: {error}") from None
        if self.encoding == JSON:
            return text
        import cbor2

        found: bytes = cbor2.dumps(msgspec.json.decode(text))
        return found


def encode(sample: TrackingSample) -> bytes:
    """The datagram of one sample alone, with its static block; LocalProtocolError if a value does
    not fit. `Writer` numbers samples and sends static blocks every two seconds."""
    sequence = sample.sequence
    if sequence is None:
        sequence = sample.at // 1_000_000 % 2**32
    payload = Writer(sample.source).payload(sample, sequence, static=True)
    return cut(payload, JSON, sequence & 0xFFFF, 0x7FFF)[0]


def encoder() -> Writer:
    """An encoder for the samples of one sender."""
    return Writer()


def _urn(seed: str) -> str:
    """A UUID (version 8: made from the seed) as a URN."""
    raw = bytearray(hashlib.sha256(seed.encode()).digest()[:16])
    raw[6] = raw[6] & 0x0F | 0x80
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"urn:uuid:{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _number(subject: str) -> int:
    try:
        return _NUMBERS[subject]
    except KeyError:
        raise LocalProtocolError(
            f"{subject!r} is not an OpenTrackIO source number: use 1 to 200"
        ) from None


def _transform(sample: TrackingSample) -> form.Transform:
    """The pose of the camera; LocalProtocolError if it is not finite."""
    p = sample.pose.position
    values = (p.x, p.y, p.z, *sample.pan_tilt_roll())
    if not all(map(isfinite, values)) or not isfinite(sample.pose.rotation.norm()):
        raise LocalProtocolError("the pose is NaN or infinite")
    x, y, z, pan, tilt, roll = map(settle, values)
    return form.Transform(form.Axes(x, y, z), form.Angles(pan, tilt, roll), id="Camera")


def _static(sample: TrackingSample, names: Names) -> form.Static:
    lens = sample.lens or LensReading()
    camera = form.StaticCamera(
        make=names.make or "xrdrama",
        model=names.model or f"{sample.source or 'tracked'} camera",
        serial_number=names.serial or f"{sample.source or 'camera'}-{sample.subject}",
        label=names.label or f"Camera {sample.subject}",
    )
    if lens.sensor_mm is not None:
        width, height = lens.sensor_mm
        size = form.Millimetres(height, width)
        camera = msgspec.structs.replace(camera, active_sensor_physical_dimensions=size)
    if lens.sensor_px is not None:
        width_px, height_px = lens.sensor_px
        grid = form.Photosites(height_px, width_px)
        camera = msgspec.structs.replace(camera, active_sensor_resolution=grid)
    if lens.squeeze is not None:
        squeeze = form.Fraction(*lens.squeeze)
        camera = msgspec.structs.replace(camera, anamorphic_squeeze=squeeze)
    optics: form.StaticLens | msgspec.UnsetType = UNSET
    if lens.nominal_focal_mm is not None:
        optics = form.StaticLens(nominal_focal_length=lens.nominal_focal_mm)
    return form.Static(camera=camera, lens=optics)


def _timing(sample: TrackingSample, sequence: int) -> form.Timing:
    """The sequence number, and the tracker's clock and timecode where the sample has them."""
    number = sequence if sample.sequence is None else sample.sequence
    stamp: Any = UNSET
    if sample.taken is not None and sample.taken >= 0:
        stamp = form.Timestamp(sample.taken // NS, sample.taken % NS)
    timecode: Any = UNSET
    match = _TIMECODE.fullmatch(sample.timecode or "")
    if match and sample.timecode_rate is not None:
        hours, minutes, seconds, frames = map(int, match.groups())
        rate = form.Fraction(*sample.timecode_rate)
        timecode = form.Timecode(hours, minutes, seconds, frames, rate)
    return form.Timing(
        mode=UNSET if stamp is UNSET else "internal",
        sample_timestamp=stamp,
        sequence_number=number,
        timecode=timecode,
    )


def _lens(sample: TrackingSample) -> form.LensBlock | msgspec.UnsetType:
    reading = sample.lens or LensReading()
    falloff = reading.exposure_falloff
    block = form.LensBlock(
        distortion=tuple(
            form.DistortionBlock(
                one.radial, one.model, one.tangential or UNSET, _given(one.overscan)
            )
            for one in reading.distortion
        )
        or UNSET,
        distortion_offset=_offset(reading.distortion_offset_mm),
        encoders=_shares(sample.encoders),
        entrance_pupil_offset=_given(reading.entrance_pupil_m),
        exposure_falloff=form.Falloff(*falloff[:3]) if falloff else UNSET,
        f_stop=_given(sample.f_number),
        pinhole_focal_length=_given(sample.focal_mm),
        focus_distance=_given(sample.focus_m),
        projection_offset=_offset(reading.projection_offset_mm),
        raw_encoders=_counts(sample, reading),
        t_stop=_given(reading.t_stop),
    )
    return UNSET if block == _NO_LENS else block


_NO_LENS: Final = form.LensBlock()


def _given(value: Any) -> Any:
    return UNSET if value is None else value


def _offset(pair: tuple[float, float] | None) -> form.Offset | msgspec.UnsetType:
    return UNSET if pair is None else form.Offset(*pair)


def _shares(shares: tuple[float | None, ...] | None) -> form.EncoderShares | msgspec.UnsetType:
    if shares is None or shares == (None, None, None):
        return UNSET
    zoom, focus, iris = map(_given, shares)
    return form.EncoderShares(focus, iris, zoom)


def _counts(sample: TrackingSample, reading: LensReading) -> form.EncoderCounts | msgspec.UnsetType:
    """Counts of the encoders: those of the packet, or the zoom, focus and iris of a protocol that
    has only these."""
    counts = reading.raw_encoders
    if counts is None and sample.encoders is None:
        counts = (sample.zoom, sample.focus, sample.iris)
    if counts is None or counts == (None, None, None):
        return UNSET
    whole: list[Any] = []
    for name, value in zip(("zoom", "focus", "iris"), counts, strict=True):
        if value is not None and not (isfinite(value) and 0 <= value < 2**32):
            raise LocalProtocolError(f"{name} {value:g} does not fit in 32 bits of OpenTrackIO")
        whole.append(UNSET if value is None else round(value))
    zoom, focus, iris = whole
    return form.EncoderCounts(focus, iris, zoom)
