"""Pictures of the board as JPEG: small, at most ten a second, only while a page shows them."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator
from typing import Final

import msgspec
from PIL import Image

from xrdrama.adapters.web.board.memory import PERIOD, BoardReader, PictureName

WIDEST: Final = 640
QUALITY: Final = 78
BOUNDARY: Final = "picture"
WAIT_FOR_PICTURE_S: Final = 2.0
"""Seconds that a page waits for a newer picture before it asks again."""


class Encoded(msgspec.Struct, frozen=True):
    """A picture as a JPEG, its sequence on the board, and the frame that is seen."""

    sequence: int
    frame: int
    jpeg: bytes


class Pictures:
    """Encodes each picture once, for any number of pages."""

    def __init__(self, board: BoardReader) -> None:
        self._board = board
        self._newest: dict[PictureName, Encoded] = {}
        self._busy: dict[PictureName, asyncio.Lock] = {}

    async def newest(self, name: PictureName, after: int) -> Encoded | None:
        """A picture whose sequence is not `after`; None if it does not exist yet."""
        self._board.look(name)
        async with self._busy.setdefault(name, asyncio.Lock()):
            newest = self._newest.get(name)
            found = self._board.picture(name, after=newest.sequence if newest else 0)
            if found:
                jpeg = await asyncio.to_thread(encoded, found.width, found.height, found.data)
                newest = Encoded(found.sequence, found.frame, jpeg)
                self._newest[name] = newest
        return newest if newest and newest.sequence != after else None

    async def next(self, name: PictureName, after: int) -> Encoded | None:
        """The same, but it waits for one; None after WAIT_FOR_PICTURE_S."""
        deadline = time.monotonic() + WAIT_FOR_PICTURE_S
        while (newest := await self.newest(name, after)) is None:
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(PERIOD / 4)
        return newest

    async def stream(self, name: PictureName) -> AsyncIterator[bytes]:
        """The parts of a multipart answer, until the reader disconnects."""
        yield f"--{BOUNDARY}\r\n".encode()
        sequence = 0
        while True:
            newest = await self.newest(name, sequence)
            if newest:
                sequence, length = newest.sequence, len(newest.jpeg)
                head = f"Content-Type: image/jpeg\r\nContent-Length: {length}\r\n\r\n"
                # Browsers show a part when they receive the boundary after it.
                yield head.encode() + newest.jpeg + f"\r\n--{BOUNDARY}\r\n".encode()
            await asyncio.sleep(PERIOD if newest else PERIOD / 4)


def encoded(width: int, height: int, data: bytes) -> bytes:
    """RGB rows from the top as a JPEG of at most WIDEST pixels across."""
    picture = Image.frombytes("RGB", (width, height), data)
    if width > WIDEST:
        size = (WIDEST, max(1, round(height * WIDEST / width)))
        picture = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
