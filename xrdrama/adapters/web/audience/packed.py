"""Files of the page and of sets, compressed once for all viewers: phones load them over radio."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

KINDS: Final = {
    ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
    ".json": "application/json", ".webmanifest": "application/manifest+json",
    ".glb": "model/gltf-binary",
}  # fmt: skip
"""Files that get smaller, and their media types."""
LENGTH: Final = "X-Length"
"""The header with the length in bytes before compression, for a page that shows how much it has."""
_Key = tuple[Path, int, int]
LEVEL: Final = 6
LEAST: Final = 1000
MOST_KEPT: Final = 64_000_000
"""Bytes of compressed files in memory; the one that was used last goes last."""


class Packed:
    """Answers with files, compressed where the browser accepts it and it makes them smaller."""

    def __init__(self) -> None:
        self._kept: dict[_Key, asyncio.Task[bytes]] = {}

    async def answer(self, path: Path, request: Request, headers: Mapping[str, str]) -> Response:
        """The file at `path` with these headers."""
        kind = KINDS.get(path.suffix)
        plain = {**headers, "Vary": "Accept-Encoding"} if kind else dict(headers)
        if kind is None or not accepts_gzip(request.headers.get("accept-encoding", "")):
            return FileResponse(path, media_type=kind, headers=plain)
        size, data = await self._compressed(path)
        if not data:
            return FileResponse(path, media_type=kind, headers=plain)
        packed = {**plain, "Content-Encoding": "gzip", LENGTH: str(size)}
        return Response(data, media_type=kind, headers=packed)

    async def _compressed(self, path: Path) -> tuple[int, bytes]:
        """The file's length, and its bytes as gzip; viewers who ask at once share the work."""
        stat = path.stat()
        key = (path, stat.st_mtime_ns, stat.st_size)
        task = self._kept.pop(key, None)
        if task is None:
            task = asyncio.create_task(asyncio.to_thread(_compressed, path))
        self._kept[key] = task  # the last again
        try:
            data = await asyncio.shield(task)
        except OSError:
            self._kept.pop(key, None)
            raise
        ended = {key: one for key, one in self._kept.items() if one.done()}
        done = {key: len(one.result()) for key, one in ended.items() if not one.exception()}
        while len(done) > 1 and sum(done.values()) > MOST_KEPT:
            oldest = next(iter(done))
            del done[oldest], self._kept[oldest]
        return stat.st_size, data


def accepts_gzip(header: str) -> bool:
    """Whether a browser's Accept-Encoding names gzip, and not with the weight 0."""
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _compressed(path: Path) -> bytes:
    """The file as gzip; nothing where that is not smaller by a tenth."""
    data = path.read_bytes()
    if len(data) < LEAST:
        return b""
    packed = gzip.compress(data, LEVEL, mtime=0)
    return packed if len(packed) < 0.9 * len(data) else b""
