"""A parsed story as bytes, and back: faster than parsing its text again.

Expressions are stored as code (`expressions.running`), which is data. Reading checks the type of
every value; it never imports or executes anything that the bytes name.
"""

from __future__ import annotations

from functools import cache

import msgspec

from xrdrama.story.model import Story


class DamagedError(ValueError):
    """The bytes are not a stored story."""


def encode_story(story: Story) -> bytes:
    """The bytes of a story (msgpack)."""
    # Its beats are stored once, in their order.
    return msgspec.msgpack.encode(msgspec.structs.replace(story, beats={}))


def decode_story(data: bytes) -> Story:
    """The story of bytes; DamagedError for anything but the result of `encode_story`."""
    try:
        story = _decoder().decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise DamagedError(f"these bytes are not a stored story: {error}") from error
    return msgspec.structs.replace(story, beats={beat.id: beat for beat in story.order})


@cache
def _decoder() -> msgspec.msgpack.Decoder[Story]:
    return msgspec.msgpack.Decoder(Story)
