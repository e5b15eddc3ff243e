"""The decoder of PosiStageNet: packets of one frame are joined, then its trackers become samples.

A frame is complete when as many packets have arrived as its headers say. A frame that is older than
the newest one is late and dropped; a frame that never completes is dropped when a newer one does.
Both are counted: nothing is used by halves.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Collection
from math import cos, hypot, sin

import msgspec

from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.tracking.datagrams import DatagramError
from xrdrama.tracking.psn.layouts import Reader
from xrdrama.tracking.psn.packets import InfoPacket, Tracker
from xrdrama.tracking.sample import TrackingSample

MOST_PENDING = 4
"""Frames that may be incomplete at a time; the oldest is dropped first."""
MOST_NAMES = 4096
FRAMES = 256
"""Frame ids wrap after this many frames."""
_LATEST = 2**62
RESTARTED = 1_000_000
"""A timestamp that goes back by more than this (microseconds) is a server that was restarted."""


class _Pending(msgspec.Struct):
    """A frame of which packets are still missing."""

    expected: int
    packets: dict[bytes, tuple[Tracker, ...]] = {}


class Decoder:
    """Decodes the packets of one server, in the order of their arrival.

    The subject of a sample is the tracker's id; `aliases` has the names that INFO packets gave.
    """

    sequence_modulus = FRAMES

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        """How often what was skipped: `unknown chunks`, `late frames`, `incomplete frames`,
        `duplicated packets`, `trackers without a position`, `without an orientation`."""
        self.system = ""
        """The name of the server, as its INFO packets say."""
        self.aliases: dict[str, str] = {}
        """The name of each subject, as INFO packets say."""
        self._reader = Reader()
        self._pending: OrderedDict[tuple[int, int], _Pending] = OrderedDict()
        self._newest: tuple[int, int] | None = None
        """Timestamp and id of the newest complete frame."""
        self._seen: Collection[bytes] = ()
        """The packets of the newest complete frame."""

    def feed(self, datagram: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The samples of the frame that a packet completes, which arrived at nanosecond `at`.

        RemoteProtocolError for a packet that breaks the protocol; DatagramError with the samples
        of the good trackers if others in it are invalid.
        """
        found = self._reader.read(datagram)
        if found.unknown:
            self.counts["unknown chunks"] += found.unknown
        if isinstance(found, InfoPacket):
            self._named(found)
            return ()
        header = found.header
        key = (header.timestamp, header.frame)
        newest = self._newest
        is_next = newest is not None and newest[0] < header.timestamp
        if is_next and header.packets == 1 and not found.faults and not self._pending:
            self._newest, self._seen = key, (datagram,)  # nearly every packet
            return self._samples(found.trackers, header.timestamp, header.frame, at)
        trackers: tuple[Tracker, ...] | None = found.trackers
        if self._is_stale(key, header.packets, datagram):
            trackers = None
        elif header.packets > 1:
            trackers = self._joined(key, header.packets, datagram, found.trackers)
        else:
            self._complete(key, (datagram,))
        samples = self._samples(trackers or (), header.timestamp, header.frame, at)
        if found.faults:
            raise DatagramError("; ".join(found.faults[:3]), samples)
        return samples

    def _named(self, found: InfoPacket) -> None:
        if found.system is not None:
            self.system = found.system
        for number, name in found.names.items():
            if name and (str(number) in self.aliases or len(self.aliases) < MOST_NAMES):
                self.aliases[str(number)] = name

    def _is_stale(self, key: tuple[int, int], packets: int, datagram: bytes) -> bool:
        """True for a packet that must not be used: repeated, or of a frame before the newest.

        A frame is late when its time and its id are both behind those of the newest, so that one
        damaged packet does not make the following ones late.
        """
        if self._newest is None:
            return False
        if key == self._newest:
            if datagram in self._seen:
                self.counts["duplicated packets"] += 1
                return True
            if packets > 1:
                self.counts["surplus packets"] += 1
            return packets > 1
        behind = self._newest[0] - key[0]
        if behind > RESTARTED:
            self.counts["restarts"] += 1
            self._newest = None
            self._pending.clear()
            return False
        if behind > 0 and 0 < (self._newest[1] - key[1]) % FRAMES < FRAMES // 2:
            self.counts["late frames"] += 1
            return True
        return False

    def _joined(
        self, key: tuple[int, int], expected: int, datagram: bytes, trackers: tuple[Tracker, ...]
    ) -> tuple[Tracker, ...] | None:
        """All trackers of the frame if this packet completes it, else None."""
        same = next((k for k in self._pending if k[1] == key[1]), None)
        key = self._frame_key(key, same)
        pending = self._pending.setdefault(key, _Pending(expected))
        if datagram in pending.packets:
            self.counts["duplicated packets"] += 1
            return None
        pending.packets[datagram] = trackers
        if len(pending.packets) < pending.expected:
            while len(self._pending) > MOST_PENDING:
                self._pending.popitem(last=False)
                self.counts["incomplete frames"] += 1
            return None
        del self._pending[key]
        self._complete(key, frozenset(pending.packets))
        return tuple(one for packet in pending.packets.values() for one in packet)

    def _frame_key(self, key: tuple[int, int], same: tuple[int, int] | None) -> tuple[int, int]:
        """The key of the pending frame that a packet belongs to: the header's time is when the
        packet was sent, so that packets of one frame may differ in it by less than a frame."""
        if same is not None and abs(same[0] - key[0]) < RESTARTED // 4:
            return same
        return key

    def _complete(self, key: tuple[int, int], packets: Collection[bytes]) -> None:
        older = [each for each in self._pending if each[0] < key[0]]
        for each in older:
            del self._pending[each]
            self.counts["incomplete frames"] += 1
        self._newest, self._seen = key, packets

    def _samples(
        self, trackers: tuple[Tracker, ...], timestamp: int, frame: int, at: int
    ) -> tuple[TrackingSample, ...]:
        samples: list[TrackingSample] = []
        for one in trackers:
            place, turn, validity = one.position, one.orientation, one.validity
            if place is None:
                self.counts["trackers without a position"] += 1
                continue
            if turn is None:
                self.counts["without an orientation"] += 1
            taken = (timestamp if one.timestamp is None else one.timestamp) * 1000
            x, y, z = place
            samples.append(
                TrackingSample(
                    "psn",
                    str(one.id),
                    at + len(samples),
                    Pose(Vec3(x, z, y), _rotation(turn)),
                    sequence=frame,
                    taken=taken if taken < _LATEST else None,
                    status=None if validity is None else f"validity {validity:g}",
                )
            )
        return tuple(samples)


def _rotation(vector: tuple[float, float, float] | None) -> Quat:
    """The rotation of an axis-angle vector of PSN, radians, in our axes."""
    if vector is None:
        return Quat()
    x, y, z = vector
    angle = hypot(x, y, z)
    if angle < 1e-12:
        return Quat()
    half = angle * 0.5
    s = sin(half) / angle
    return Quat(cos(half), x * s, z * s, y * s)
