"""Pictures of the board as JPEG: small, at most ten a second, made only while somebody looks."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from typing import Final

from PIL import Image

from xrdrama.adapters.web.board import PERIOD, BoardReader, PictureName

WIDEST: Final = 640
QUALITY: Final = 78
MOST_STREAMS: Final = 24
BOUNDARY: Final = "picture"


class Pictures:
    """Encodes each picture once, however many look at it."""

    def __init__(self, board: BoardReader) -> None:
        self._board = board
        self._newest: dict[PictureName, tuple[int, bytes]] = {}
        self._busy: dict[PictureName, asyncio.Lock] = {}
        self.streams = 0

    async def newest(self, name: PictureName, after: int) -> tuple[int, bytes] | None:
        """(sequence, JPEG) of a picture newer than `after`; None while there is none."""
        self._board.look(name)
        async with self._busy.setdefault(name, asyncio.Lock()):
            sequence, jpeg = self._newest.get(name, (0, b""))
            found = self._board.picture(name, after=sequence)
            if found:
                sequence, width, height, data = found
                jpeg = await asyncio.to_thread(encoded, width, height, data)
                self._newest[name] = sequence, jpeg
        return (sequence, jpeg) if jpeg and sequence != after else None

    async def stream(self, name: PictureName) -> AsyncIterator[bytes]:
        """The parts of a multipart answer, until whoever reads it goes away."""
        self.streams += 1
        try:
            yield f"--{BOUNDARY}\r\n".encode()
            sequence = 0
            while True:
                newest = await self.newest(name, sequence)
                if newest:
                    sequence, jpeg = newest
                    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(jpeg)}\r\n\r\n"
                    # Browsers show a part when they see the boundary behind it.
                    yield head.encode() + jpeg + f"\r\n--{BOUNDARY}\r\n".encode()
                await asyncio.sleep(PERIOD if newest else PERIOD / 4)
        finally:
            self.streams -= 1


def encoded(width: int, height: int, data: bytes) -> bytes:
    """RGB rows from the top as a JPEG of at most WIDEST pixels across."""
    picture = Image.frombytes("RGB", (width, height), data)
    if width > WIDEST:
        size = (WIDEST, max(1, round(height * WIDEST / width)))
        picture = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
