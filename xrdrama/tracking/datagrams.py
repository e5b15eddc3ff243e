"""The interface of tracking protocols; decodes a datagram safely whatever the decoder does."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Protocol, TypeVar

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.sample import TrackingSample

MOST_SAMPLES = 1024
"""Samples that one datagram may yield; a decoder that yields more has a fault."""
UNIT_WITHIN = 1e-3
"""Allowed difference between the norm of a sample's rotation and 1."""
_LEAST, _MOST = (1.0 - UNIT_WITHIN) ** 2, (1.0 + UNIT_WITHIN) ** 2
DECODER_FAULTS = (Exception, SystemExit)
"""Exceptions of a decoder that do not end its receiver. KeyboardInterrupt is not one of them."""


Item = TypeVar("Item")


class Decoder(Protocol):
    """Decodes the datagrams of one sender, in the order of their arrival. It may keep state.

    A decoder may also have these attributes. `padding`: how many bytes of the last datagram were
    padding. `sequence_modulus`: the number at which the samples' sequence numbers wrap, so that
    lost packets are counted. `counts`: how often it skipped what, by a name in words. `aliases`:
    other names of subjects, such as "Camera A" of "1".
    `faults` (tuple of Fault): values of the last datagram that were not used. `poseless` (tuple of
    TrackingSample): what it held without a pose. `unread` (tuple of str): paths of what it has
    that a TrackingSample has not. `finish()`: what was incomplete at the end.
    """

    def feed(self, datagram: bytes, at: int) -> Iterable[TrackingSample]:
        """The samples that a datagram completes, which arrived at nanosecond `at` of the show.

        There may be none, one or many. RemoteProtocolError for a datagram that breaks the
        protocol; DatagramError if there are good samples before the fault.
        """


class TrackingProtocol(Protocol):
    """The object that an entry point of `xrdrama.trackers` names: a module, class or instance.

    It may also have `CARRIES` (frozenset): the fields of a TrackingSample that `encode` can write,
    beside source, subject and pose; `track convert` names the others. `SUBJECTS`: the first and
    last number of a camera, where subjects are numbers. `FULL_SCALE`: the largest count of a ring,
    if counts are whole numbers. And `recording(data)`, which
    yields a Decoded for each part of a recorded file that is not a single datagram.
    """

    def decoder(self) -> Decoder:
        """A new decoder. One is made for each sender."""

    def encode(self, sample: TrackingSample) -> bytes:
        """The datagram of a sample; LocalProtocolError if a value does not fit."""


class Encoder(Protocol):
    """Encodes the samples of one sender, in order. It may keep state, such as a sequence number.

    A protocol may have a function `encoder()` that makes one, beside `encode`.
    """

    def packets(self, sample: TrackingSample) -> Iterable[bytes]:
        """The datagrams to send for a sample, at least one; LocalProtocolError as `encode`."""


class DatagramError(RemoteProtocolError):
    """A datagram that breaks the protocol after some good samples."""

    def __init__(self, message: str, samples: Iterable[TrackingSample] = ()) -> None:
        self.samples = tuple(samples)
        super().__init__(message)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a value of a packet that is otherwise read: its JSON path, a message."""

    path: str
    message: str


class Decoded(msgspec.Struct, frozen=True):
    """The result of a datagram: samples in order, bytes of padding, and an error message or "".

    `faults` are values that were not used; `poseless` are samples that have no pose, so that only
    their other fields mean something; `unread` is what samples have no field for.
    """

    samples: tuple[TrackingSample, ...] = ()
    padding: int = 0
    error: str = ""
    faults: tuple[Fault, ...] = ()
    poseless: tuple[TrackingSample, ...] = ()
    unread: tuple[str, ...] = ()


def decode_datagram(decoder: Decoder, datagram: bytes, *, at: int = 0) -> Decoded:
    """Feed a datagram that arrived at nanosecond `at` to a decoder. Never raises.

    An exception that is not RemoteProtocolError, and a value that is not a valid sample, is a
    fault of the decoder and is returned as an error, with the samples before it.
    """
    samples: list[TrackingSample] = []
    wrong = ""
    try:
        fed = decoder.feed(datagram, at)
        if type(fed) is tuple and len(fed) == 1 and getattr(decoder, "faults", None) is None:
            _check(fed[0])  # nearly every packet
            padding = getattr(decoder, "padding", 0)
            return Decoded(fed, padding if isinstance(padding, int) else 0)
        for sample in islice(fed, MOST_SAMPLES + 1):
            if len(samples) == MOST_SAMPLES:
                raise ValueError(f"more than {MOST_SAMPLES} samples in one datagram")
            _check(sample)
            samples.append(sample)
    except DatagramError as error:
        samples += error.samples
        wrong = str(error)
    except RemoteProtocolError as error:
        wrong = str(error)
    except DECODER_FAULTS as error:
        wrong = fault("the decoder", error)
    padding = getattr(decoder, "padding", 0)
    return Decoded(
        tuple(samples),
        padding if isinstance(padding, int) else 0,
        wrong,
        _all_of(decoder, "faults", Fault),
        _all_of(decoder, "poseless", TrackingSample),
        _all_of(decoder, "unread", str),
    )


def _all_of(decoder: Decoder, name: str, kind: type[Item]) -> tuple[Item, ...]:
    """What a decoder says of its last datagram; () if it says nothing, or something else."""
    found = getattr(decoder, name, ())
    right = isinstance(found, tuple) and all(isinstance(one, kind) for one in found)
    return found[:MOST_SAMPLES] if right else ()


def sequence_modulus(decoder: Decoder) -> int:
    """The modulus of a decoder's sequence numbers; 0 if it has none."""
    modulus = getattr(decoder, "sequence_modulus", 0)
    return modulus if isinstance(modulus, int) and modulus > 1 else 0


def decoder_counts(decoder: Decoder) -> dict[str, int]:
    """What a decoder counted, by name; {} if it does not count."""
    counts = getattr(decoder, "counts", None)
    if not isinstance(counts, dict):
        return {}
    known = tuple(counts.items())[:64]
    return {name: n for name, n in known if isinstance(name, str) and isinstance(n, int) and n}


def subject_aliases(decoder: Decoder) -> dict[str, str]:
    """Other names of subjects that a decoder knows; {} if it knows none."""
    aliases = getattr(decoder, "aliases", None)
    return aliases if isinstance(aliases, dict) else {}


def fault(where: str, error: BaseException) -> str:
    """The message of an exception in one line: `fault in the decoder: IndexError: ...`."""
    return " ".join(f"fault in {where}: {type(error).__name__}: {error}".split())


def _check(sample: TrackingSample) -> None:
    """Raise ValueError or TypeError for a sample that a show must not record: wrong types, NaN."""
    if not isinstance(sample, TrackingSample):
        raise TypeError(f"feed() yielded {type(sample).__name__}, not TrackingSample")
    q = _strict(_packed(sample)).pose.rotation
    w, x, y, z = q.w, q.x, q.y, q.z
    if not _LEAST <= w * w + x * x + y * y + z * z <= _MOST:
        raise ValueError(f"the rotation has norm {q.norm():g}, not 1")


_packed = msgspec.msgpack.Encoder().encode
_strict = msgspec.msgpack.Decoder(TrackingSample).decode
