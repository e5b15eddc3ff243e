"""Open Sound Control: the pose of a camera in one message, alone or in a bundle. Sans-IO.

Source: "The Open Sound Control 1.0 Specification" (Matt Wright, 2002). A camera is

    /camera/<id>/pose  x y z pan tilt roll [zoom focus [iris]]

with metres and degrees in our axes and signs, as int32, float32, int64 or float64. Any address that
ends in /<id>/pose is read; `with_address` reads and writes another one. Other messages are skipped
and counted.
"""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Final, NamedTuple

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS
from xrdrama.tracking.datagrams import MOST_SAMPLES
from xrdrama.tracking.sample import TrackingSample

NAME: Final = "osc"
CARRIES: Final = frozenset({"zoom", "focus", "iris", "angles"})
BUNDLE: Final = b"#bundle\0"
DEEPEST: Final = 8
"""Bundles within bundles."""
SINCE_1900: Final = 2_208_988_800
"""Seconds from 1900, where a time tag begins, to 1970."""
_NUMBERS: Final = {
    "i": struct.Struct(">i"), "f": struct.Struct(">f"), "h": struct.Struct(">q"),
    "d": struct.Struct(">d"),
}  # fmt: skip
_NO_DATA: Final = frozenset("TFNI")
_EIGHT: Final = frozenset("t")
_FOUR: Final = frozenset("crm")
MOST_HEADS: Final = 256
"""Addresses with their type tags that a decoder keeps, as one camera sends one."""
SUBJECT: Final = "{subject}"
"""Where the camera id is in an address."""


def messages(
    data: bytes, depth: int = 0, *, booleans: bool = False
) -> Iterator[tuple[str, list[float | str], int | None]]:
    """The address, arguments and time (nanoseconds since 1970; None for "immediately") of each
    message of a datagram; RemoteProtocolError if it is invalid.

    Arguments are numbers and texts; others are left out. With `booleans`, true is 1 and false 0.
    """
    if len(data) % 4:
        raise RemoteProtocolError(f"OSC packet has {len(data)} bytes: not a multiple of 4")
    if not data.startswith(BUNDLE):
        yield (*_message(data, booleans), None)
        return
    if depth >= DEEPEST:
        raise RemoteProtocolError(f"OSC bundles are nested more than {DEEPEST} deep")
    if len(data) < 16:
        raise RemoteProtocolError("OSC bundle has no time tag")
    seconds, fraction = struct.unpack_from(">II", data, 8)
    time = (seconds - SINCE_1900) * NS + (fraction * NS >> 32) if seconds else None
    start = 16
    while start < len(data):
        (size,) = struct.unpack_from(">I", data, start)
        start += 4
        if size > len(data) - start:
            left = len(data) - start
            raise RemoteProtocolError(f"OSC bundle element has {size} bytes; {left} are left")
        part = data[start : start + size]
        for address, arguments, own in messages(part, depth + 1, booleans=booleans):
            yield address, arguments, time if own is None else own
        start += size


def _message(data: bytes, booleans: bool) -> tuple[str, list[float | str]]:
    address, at = _string(data, 0)
    if not address.startswith("/"):
        raise RemoteProtocolError("OSC address does not begin with /")
    tags, at = _string(data, at) if at < len(data) else (",", at)
    if not tags.startswith(","):
        raise RemoteProtocolError("OSC type tags do not begin with a comma")
    arguments: list[float | str] = []
    for tag in tags[1:]:
        value, at = _argument(data, at, tag)
        if booleans and tag in "TF":
            value = float(tag == "T")
        if value is not None:
            arguments.append(value)
    return address, arguments


def _argument(data: bytes, at: int, tag: str) -> tuple[float | str | None, int]:
    """An argument (None for a type that is not a number or a text), and where it ends."""
    if tag in _NO_DATA:
        return None, at
    if tag in "sS":
        return _string(data, at)
    if tag == "b":
        if at + 4 > len(data):
            raise RemoteProtocolError("OSC message is cut in its arguments")
        (size,) = struct.unpack_from(">I", data, at)
        at += 4 + size + -size % 4
        value: float | None = None
    elif tag in _NUMBERS:
        form = _NUMBERS[tag]
        if at + form.size > len(data):
            raise RemoteProtocolError("OSC message is cut in its arguments")
        (value,) = form.unpack_from(data, at)
        at += form.size
    elif tag in _EIGHT or tag in _FOUR:
        value, at = None, at + (8 if tag in _EIGHT else 4)
    else:
        raise RemoteProtocolError(f"OSC type tag {tag!r} is unknown")
    if at > len(data):
        raise RemoteProtocolError("OSC message is cut in its arguments")
    return value, at


def _string(data: bytes, at: int) -> tuple[str, int]:
    end = data.find(b"\0", at)
    if end < 0:
        raise RemoteProtocolError("OSC string has no end")
    text = data[at:end].decode("ascii", "replace")
    return text, end + 4 - (end - at) % 4


class _Head(NamedTuple):
    """What the bytes before the numbers of a pose say: address, subject, form of the numbers."""

    address: str
    subject: str
    numbers: struct.Struct


class Decoder:
    """Decodes the datagrams of one sender. OSC needs no state between them; what the address and
    type tags of a pose say is kept, because a sender repeats them."""

    def __init__(self, address: str = "") -> None:
        self._address = _compiled(address)
        self.counts: Counter[str] = Counter()
        """Messages that are not poses."""
        self._heads: dict[bytes, _Head] = {}

    def feed(self, datagram: bytes, at: int) -> tuple[TrackingSample, ...]:
        """The samples of a datagram that arrived at nanosecond `at`, one for each pose.

        RemoteProtocolError for a datagram that breaks the protocol, of which nothing is used.
        """
        end = datagram.find(b"\0", datagram.find(b",")) | 3  # the last byte of the padded tags
        head = self._heads.get(datagram[: end + 1])
        if head is not None and head.numbers.size == len(datagram) - end - 1:
            numbers = head.numbers.unpack_from(datagram, end + 1)
            return (_sample(head.address, head.subject, numbers, None, at),)
        samples: list[TrackingSample] = []
        for address, arguments, time in messages(datagram):
            match = self._address.fullmatch(address)
            if match is None:
                self.counts["messages that are not poses"] += 1
                continue
            if len(samples) >= MOST_SAMPLES:
                raise RemoteProtocolError(f"OSC datagram has more than {MOST_SAMPLES} poses")
            subject = match["subject"] if "subject" in match.groupdict() else "1"
            samples.append(_sample(address, subject, arguments, time, at + len(samples)))
            if len(self._heads) < MOST_HEADS and not datagram.startswith(BUNDLE):
                self._keep(datagram, address, subject)
        return tuple(samples)

    def _keep(self, message: bytes, address: str, subject: str) -> None:
        tags, at = _string(message, _string(message, 0)[1])
        if _NUMBERS.keys() >= set(tags[1:]):
            numbers = struct.Struct(">" + tags[1:].replace("h", "q"))
            self._heads[message[:at]] = _Head(address, subject, numbers)


def decoder() -> Decoder:
    """A decoder for one sender."""
    return Decoder()


class Osc:
    """OSC with another address of poses: `decoder` and `encode` of a tracking protocol."""

    def __init__(self, address: str) -> None:
        self.address = address

    def decoder(self) -> Decoder:
        """A decoder for one sender."""
        return Decoder(self.address)

    def encode(self, sample: TrackingSample) -> bytes:
        """The message of a sample; LocalProtocolError as `encode`."""
        return encode(sample, self.address)


def with_address(address: str) -> Osc:
    """OSC whose poses have an address such as /vp/{subject}/xyz; without {subject} there is one
    camera, subject 1."""
    return Osc(address)


def _compiled(address: str) -> re.Pattern[str]:
    if not address:
        return re.compile(r"/(?:.*/)?(?P<subject>[^/]*)/pose", re.DOTALL)
    before, found, after = address.partition(SUBJECT)
    part = "(?P<subject>[^/]+)" if found else ""
    return re.compile(re.escape(before) + part + re.escape(after))


def _sample(
    address: str, subject: str, arguments: Sequence[float | str], time: int | None, at: int
) -> TrackingSample:
    numbers = [float(one) for one in arguments if not isinstance(one, str)]
    if len(numbers) != len(arguments) or len(numbers) not in (6, 8, 9):
        raise RemoteProtocolError(
            f"OSC {address[:80]} has {len(arguments)} arguments; expected x y z pan tilt roll"
            " and maybe zoom focus, iris, all numbers"
        )
    if not all(map(isfinite, numbers)) or max(map(abs, numbers)) > 1e6:
        raise RemoteProtocolError(f"OSC {address[:80]} has a number that is NaN or beyond 1e+06")
    if not subject or len(subject) > 64:
        raise RemoteProtocolError(f"OSC {address[:80]} has no camera id of 1 to 64 characters")
    x, y, z, pan, tilt, roll, *rings = numbers
    zoom, focus, iris = (*rings, None, None, None)[:3]
    return TrackingSample(
        NAME,
        subject,
        at,
        Pose(Vec3(x, y, z), Quat.from_angles(pan=pan, tilt=tilt, roll=roll)),
        zoom=zoom,
        focus=focus,
        iris=iris,
        angles=(pan, tilt, roll),
        taken=time if time is not None and -(2**62) <= time < 2**62 else None,
    )


def encode(sample: TrackingSample, address: str = "/camera/{subject}/pose") -> bytes:
    """The message of a sample, with float64 numbers; LocalProtocolError if a value does not fit."""
    subject = sample.subject
    if (
        not subject
        or not subject.isascii()
        or not subject.isprintable()
        or set(subject) & set("/ #*,?[]{}")
    ):
        raise LocalProtocolError(f"{subject!r} cannot be a part of an OSC address")
    p = sample.pose.position
    numbers = [p.x, p.y, p.z, *sample.pan_tilt_roll()]
    if sample.zoom is not None or sample.focus is not None or sample.iris is not None:
        numbers += [sample.zoom or 0.0, sample.focus or 0.0]
    if sample.iris is not None:
        numbers.append(sample.iris)
    if not all(map(isfinite, numbers)) or max(map(abs, numbers)) > 1e6:
        raise LocalProtocolError("a number of the pose is NaN, infinite or beyond 1e+06")
    data = struct.pack(f">{len(numbers)}d", *numbers)
    return _padded(address.replace(SUBJECT, subject)) + _padded("," + "d" * len(numbers)) + data


def message(address: str, arguments: Sequence[float | str]) -> bytes:
    """A message of texts, int32 and float32 numbers. Texts are UTF-8, cut at their first zero."""
    tags, data = ",", b""
    for value in arguments:
        if isinstance(value, str):
            tags, data = tags + "s", data + _padded(value.partition("\0")[0])
        elif isinstance(value, int):
            tags, data = tags + "i", data + struct.pack(">i", value)
        else:
            tags, data = tags + "f", data + struct.pack(">f", value)
    return _padded(address) + _padded(tags) + data


def _padded(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return data + bytes(4 - len(data) % 4)
