"""The tasks of a web server beside its pages, from its start until its show ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Protocol

GREET_AGAIN: Final = 2.0
"""Seconds between two `hello` messages while no frame comes: the core may have been restarted."""
LOOK_EVERY_S: Final = 0.2
STARTED_S: Final = 0.01
"""Seconds between two looks whether the server has started."""

Handlers = Mapping[signal.Signals, Any]


class Serving(Protocol):
    """A running web server."""

    started: bool
    should_exit: bool


def signal_handlers() -> Handlers:
    """This process's signal handlers, before uvicorn sets its own."""
    return {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}


async def attend(
    servers: Sequence[Serving],
    stop: threading.Event,
    handlers: Handlers,
    *,
    announce: Callable[[], None],
    is_silent: Callable[[], bool],
    greet: Callable[[], None],
    close_pages: Callable[[], Awaitable[None]],
) -> None:
    """Announce the servers when they listen; `greet` the core again while it is silent; on `stop`
    close the pages and end the servers. `handlers` are put back over uvicorn's own, which would
    close all pages."""
    while not all(server.started for server in servers):
        await asyncio.sleep(STARTED_S)
    if threading.current_thread() is threading.main_thread():
        for number, handler in handlers.items():
            signal.signal(number, handler)
    announce()
    loop = asyncio.get_running_loop()
    greeted = loop.time()
    while not stop.is_set():
        await asyncio.sleep(LOOK_EVERY_S)
        if is_silent() and loop.time() - greeted > GREET_AGAIN:
            greeted = loop.time()
            greet()
    await close_pages()
    for server in servers:
        server.should_exit = True
