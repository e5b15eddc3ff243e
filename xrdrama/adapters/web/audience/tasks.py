"""What receives from a socket and what sends to it, side by side."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from typing import Any, Protocol

from starlette.websockets import WebSocketDisconnect


class Socket(Protocol):
    """What is used of a WebSocket."""

    async def receive(self) -> Any:
        """The next message, a mapping with `type` and `text` or `bytes`."""

    async def send_text(self, data: str) -> None:
        """Send a text."""

    async def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close it."""


async def until_one_ends(*coroutines: Coroutine[Any, Any, None]) -> None:
    """Run these until one ends, or the connection; then end the others."""
    tasks = {asyncio.create_task(each) for each in coroutines}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
            with contextlib.suppress(
                asyncio.CancelledError, WebSocketDisconnect, RuntimeError, OSError
            ):
                await task
