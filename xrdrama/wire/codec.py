"""Bytes of the wire to values and back (msgpack, tagged arrays). Sans-IO."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec

from xrdrama.errors import LocalProtocolError, RemoteProtocolError
from xrdrama.wire.frame import Frame
from xrdrama.wire.messages import FromCore, FromPeer

MAX_COMMAND = 16 * 1024
MAX_STATE = 1024 * 1024

T = TypeVar("T")

# msgspec#714: invalid UTF-8 is a UnicodeDecodeError; deep nesting is a RecursionError.
_GARBAGE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_encoder = msgspec.msgpack.Encoder(order="sorted")
_from_peer: msgspec.msgpack.Decoder[FromPeer] = msgspec.msgpack.Decoder(FromPeer)
_from_core: msgspec.msgpack.Decoder[FromCore] = msgspec.msgpack.Decoder(FromCore)
_frame = msgspec.msgpack.Decoder(Frame)


def encode(value: Any) -> bytes:
    """The canonical bytes of a message, frame or entry; LocalProtocolError if it has none.

    A receiver would refuse bytes that break a bound, so this side checks what it sends first
    where the value came from outside (`checked`).
    """
    try:
        return _encoder.encode(value)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise LocalProtocolError(f"{type(value).__name__} cannot be sent: {error}") from None


def checked(message: FromPeer) -> bytes:
    """The bytes of a peer's message, after making sure that the core would read them."""
    data = encode(message)
    try:
        decode_from_peer(data)
    except RemoteProtocolError as error:
        raise LocalProtocolError(str(error)) from None
    return data


def decode_from_peer(data: bytes) -> FromPeer:
    """What a peer says to the core, or RemoteProtocolError."""
    return _decode(_from_peer, data, MAX_COMMAND)


def decode_from_core(data: bytes) -> FromCore:
    """What the core says to a peer, or RemoteProtocolError."""
    return _decode(_from_core, data, MAX_STATE)


def decode_frame(data: bytes) -> Frame:
    """A frame of the state lane, or RemoteProtocolError."""
    return _decode(_frame, data, MAX_STATE)


def _decode(decoder: msgspec.msgpack.Decoder[T], data: bytes, most: int) -> T:
    if len(data) > most:
        raise RemoteProtocolError(f"a message of {len(data)} bytes; {most} are allowed")
    try:
        return decoder.decode(data)
    except _GARBAGE as error:
        raise RemoteProtocolError(f"not a message of this protocol: {error}") from None
