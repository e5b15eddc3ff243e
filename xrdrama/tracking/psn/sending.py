"""Samples as packets of PosiStageNet."""

from __future__ import annotations

from math import atan2, sqrt

from xrdrama.errors import LocalProtocolError
from xrdrama.spatial import Quat
from xrdrama.timing import NS
from xrdrama.tracking.psn.packets import (
    VERSION,
    DataPacket,
    Header,
    InfoPacket,
    Tracker,
    data_packet,
    info_packet,
)
from xrdrama.tracking.sample import TrackingSample

ADDRESS = "236.10.10.10"
PORT = 56_565
INFO_EVERY = NS
SYSTEM = "xrdrama"
MOST_ID = 0xFFFF


def encode(sample: TrackingSample) -> bytes:
    """The DATA packet of a sample; LocalProtocolError if a value does not fit.

    The subject is the tracker id, 0 to 65535; the frame id is the sample's sequence number, or else
    counts sixtieths of a second.
    """
    frame = sample.at * 60 // NS if sample.sequence is None else sample.sequence
    return _data(sample, _number(sample.subject), frame)


class Encoder:
    """Encodes the samples of one sender: frames are counted, and each second (of the samples) an
    INFO packet names the trackers. A subject that is not a number gets the next free id."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._frame = -1
        self._informed: int | None = None

    def packets(self, sample: TrackingSample) -> tuple[bytes, ...]:
        """The packets of a sample: the DATA packet, and when it is due an INFO packet before it."""
        self._frame += 1
        number = self._id(sample.subject)
        data = _data(sample, number, self._frame)
        if self._informed is not None and 0 <= sample.at - self._informed < INFO_EVERY:
            return (data,)
        self._informed = sample.at
        names = {number: name for name, number in self._ids.items()}
        header = Header(_micros(sample), VERSION, self._frame % 256, 1)
        return info_packet(InfoPacket(header, SYSTEM, names)), data

    def _id(self, subject: str) -> int:
        if subject not in self._ids:
            taken = set(self._ids.values())
            number = int(subject) if subject.isdecimal() and int(subject) <= MOST_ID else None
            if number is None or number in taken:
                number = next(n for n in range(1, MOST_ID + 1) if n not in taken)
            self._ids[subject] = number
        return self._ids[subject]


def _number(subject: str) -> int:
    if subject.isascii() and subject.isdecimal() and len(subject) <= 5 and int(subject) <= MOST_ID:
        return int(subject)
    raise LocalProtocolError(f"{subject!r} is not a PSN tracker id: use 0 to {MOST_ID}")


def _data(sample: TrackingSample, number: int, frame: int) -> bytes:
    p = sample.pose.position
    if not p.is_finite():
        raise LocalProtocolError("the position is NaN or infinite")
    if max(abs(p.x), abs(p.y), abs(p.z)) > 1e6:
        raise LocalProtocolError("the position is beyond 1e+06 m")
    tracker = Tracker(
        number,
        position=(p.x, p.z, p.y),
        orientation=_vector(sample.pose.rotation),
        timestamp=_micros(sample),
    )
    return data_packet(DataPacket(Header(_micros(sample), VERSION, frame % 256, 1), (tracker,)))


def _micros(sample: TrackingSample) -> int:
    """The time of a sample in microseconds; a sample before the show's start counts at 0."""
    taken = sample.at if sample.taken is None else sample.taken
    return max(0, taken // 1000)


def _vector(rotation: Quat) -> tuple[float, float, float]:
    """A rotation of ours as an axis-angle vector of PSN, radians."""
    norm = rotation.norm()
    if not 0.5 < norm < 2.0:
        raise LocalProtocolError("the rotation is not a unit quaternion")
    w, x, y, z = (part / norm for part in (rotation.w, rotation.x, rotation.y, rotation.z))
    if w < 0:
        w, x, y, z = -w, -x, -y, -z
    length = sqrt(x * x + y * y + z * z)
    if length < 1e-12:
        return 0.0, 0.0, 0.0
    scale = 2.0 * atan2(length, w) / length
    return x * scale, z * scale, y * scale
