"""The faces of one sender of Live Link packets."""

from __future__ import annotations

from collections import Counter
from math import isfinite, pi
from typing import Final

import msgspec

from xrdrama.tracking.datagrams import Fault
from xrdrama.tracking.faces import ARKIT, Angles, Face, shapes_by_name
from xrdrama.tracking.livelink.packets import COUNT, Packet, Timing, encode, read

ORDER: Final = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft",
    "eyeSquintLeft", "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight",
    "eyeLookOutRight", "eyeLookUpRight", "eyeSquintRight", "eyeWideRight", "jawForward", "jawRight",
    "jawLeft", "jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthRight", "mouthLeft",
    "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft", "mouthFrownRight", "mouthDimpleLeft",
    "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight", "mouthRollLower",
    "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight",
    "cheekPuff", "cheekSquintLeft", "cheekSquintRight", "noseSneerLeft", "noseSneerRight",
    "tongueOut",
)  # fmt: skip
"""The shapes in the order of the packet; nine angles follow them."""
_HEAD = len(ORDER)
_ANGLES = ("pan", "tilt", "roll")
RECENT: Final = 30
"""A packet at most so many frames older than the newest came late on the way."""
MOST_NAMES: Final = 64
"""Names that a decoder remembers: they are the sender's to choose."""


class Received(msgspec.Struct, frozen=True):
    """A face, the packet that it came in, and the values that were not used as they are."""

    face: Face
    packet: Packet
    faults: tuple[Fault, ...] = ()


class Decoder:
    """Decodes the datagrams of one sender. `counts` says what it dropped, by name."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._newest: dict[tuple[str, str], int] = {}

    def feed(self, datagram: bytes, at: int) -> tuple[Received, ...]:
        """The face of a datagram that arrived at nanosecond `at`, with shapes () if it has none.

        () for a packet that was overtaken by a newer one. RemoteProtocolError for one that breaks
        the protocol.
        """
        packet = read(datagram)
        if self._is_overtaken(packet):
            return ()
        if not packet.values:
            return (Received(Face("livelink", packet.name, at), packet),)
        shapes, wrong = shapes_by_name(dict(zip(ORDER, packet.values, strict=False)))
        head, more = _head(packet.values)
        face = Face("livelink", packet.name, at, shapes, head)
        return (Received(face, packet, (*wrong, *more)),)

    def _is_overtaken(self, packet: Packet) -> bool:
        """Whether a newer packet came before this one. A sender may repeat a frame number."""
        now = packet.timing
        if now is None:
            return False
        key = packet.device, packet.name
        newest = self._newest.get(key, now.frame)
        if 0 < newest - now.frame <= RECENT:
            self.counts["packets overtaken by newer ones"] += 1
            return True
        if len(self._newest) >= MOST_NAMES:
            self._newest.clear()
        self._newest[key] = now.frame
        return False


def _head(values: tuple[float, ...]) -> tuple[Angles | None, tuple[Fault, ...]]:
    """Pan, tilt and roll of the head, radians; None, and faults, if they are not angles."""
    angles = values[_HEAD : _HEAD + 3]
    wrong = [
        Fault(f"head.{name}", f"{angle:g} is not an angle of at most pi radians: not used")
        for name, angle in zip(_ANGLES, angles, strict=True)
        if not (isfinite(angle) and abs(angle) <= pi + 1e-3)
    ]
    return (None if wrong else (angles[0], angles[1], angles[2])), tuple(wrong)


def datagram_of(
    face: Face, *, frame: int = 0, rate: int = 60, device: str = "", name: str = ""
) -> bytes:
    """The datagram with which a device would send a face; LocalProtocolError if it does not fit."""
    device = (device or "$xrdrama").ljust(37, "0")
    timing = Timing(frame, 0.0, rate, 1)
    if not face.shapes:
        return encode(Packet(device, name or face.subject, timing))
    by_name = dict(zip(ARKIT, face.shapes, strict=True))
    values = (*(by_name[shape] for shape in ORDER), *(face.head or (0.0, 0.0, 0.0)))
    values += (0.0,) * (COUNT - len(values))
    return encode(Packet(device, name or face.subject, timing, values))
