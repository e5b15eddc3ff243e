"""A datagram to samples, whatever it holds and whatever its decoder does."""

from __future__ import annotations

from typing import Protocol

import msgspec

from xrdrama.errors import RemoteProtocolError
from xrdrama.tracking.sample import TrackingSample


class Decoder(Protocol):
    """The part of a codec that receiving needs.

    A codec may also have `split(datagram) -> (messages, padding)`: see `tracking.freed.split`.
    """

    def decode(self, datagram: bytes, *, at: int = 0) -> TrackingSample:
        """A sample, or RemoteProtocolError."""


class Decoded(msgspec.Struct, frozen=True):
    """What a datagram held: its samples in order, bytes of padding, and what was wrong, if any.

    `messages` are the bytes of each sample. Behind a bad message nothing is read.
    """

    samples: tuple[TrackingSample, ...] = ()
    messages: tuple[bytes, ...] = ()
    padding: int = 0
    error: str = ""


def decode_datagram(codec: Decoder, datagram: bytes, *, at: int = 0) -> Decoded:
    """Decode all messages of a datagram that arrived at nanosecond `at`.

    Never raises: an exception of the decoder that is not RemoteProtocolError is an error, too.
    """
    samples: list[TrackingSample] = []
    messages: tuple[bytes, ...] = (datagram,)
    padding, wrong = 0, ""
    try:
        split = getattr(codec, "split", None)
        if split is not None:
            messages, padding = split(datagram)
        for number, message in enumerate(messages):  # in order also for who compares times
            samples.append(codec.decode(message, at=at + number))
    except RemoteProtocolError as error:
        wrong = str(error)
    except Exception as error:  # a decoder of somebody else: its faults must not end the receiver
        wrong = f"fault in the decoder: {type(error).__name__}: {error}"
    return Decoded(tuple(samples), messages[: len(samples)], padding, wrong)
