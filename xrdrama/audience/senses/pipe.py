"""What the audience server and a recogniser's process say to each other over its stdin and stdout.

To it: one line of JSON (`RecogniserSettings`), then messages, each a header and data. From it:
lines of JSON (`FromRecogniser`), the first of which is `Ready`.
"""

from __future__ import annotations

import struct
from typing import Final

import msgspec

from xrdrama.wire.events import HandPose
from xrdrama.wire.senses import Sense

MESSAGE: Final = struct.Struct("<IIBxxxq")
"""Bytes of data, seat, what (below), and nanoseconds of this machine's clock."""
FORGET, SOUND, PICTURE = 0, 1, 2
"""The seat stopped, or is muted: nothing of it is kept. A sound that ended then. A picture."""


class RecogniserSettings(msgspec.Struct, frozen=True):
    """What a recogniser's process is started with: the engine of the show's voice input."""

    sense: Sense
    engine: str = "moonshine"
    model: str = ""
    phrases: tuple[str, ...] = ()


class Ready(msgspec.Struct, frozen=True, tag_field="is", tag="ready"):
    """The model is loaded."""


class Speaks(msgspec.Struct, frozen=True, tag_field="is", tag="speaks"):
    """A seat began to speak."""

    seat: int
    began: int


class Said(msgspec.Struct, frozen=True, tag_field="is", tag="said"):
    """An utterance of a seat; the text is empty if no word was understood."""

    seat: int
    text: str
    phones: tuple[str, ...]
    began: int
    ended: int


class Saw(msgspec.Struct, frozen=True, tag_field="is", tag="saw"):
    """What a seat's picture shows."""

    seat: int
    pose: HandPose
    score: float
    at: int
    position: tuple[float, float] = (0.5, 0.5)


class Unreadable(msgspec.Struct, frozen=True, tag_field="is", tag="unreadable"):
    """A picture of a seat cannot be decoded."""

    seat: int


FromRecogniser = Ready | Speaks | Said | Saw | Unreadable


def packed(seat: int, what: int, at: int, data: bytes = b"") -> bytes:
    """A message to a recogniser."""
    return MESSAGE.pack(len(data), seat, what, at) + data
