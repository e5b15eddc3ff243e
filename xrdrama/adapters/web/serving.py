"""Listening for browsers (uvicorn)."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import ssl
from typing import Final, cast

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from xrdrama.adapters.web.access.connections import BACKLOG, Client

WS_MAX: Final = 64 * 1024
ASKING_SECONDS = 10.0
"""How long a browser may take over one request."""
FILES: Final = 4096
"""Open files that this process asks the system for: each connection is one."""


class Deadlines:
    """Closes connections that take longer than `ASKING_SECONDS` over one request (slowloris).

    The time begins with a connection, and with the first bytes after each request; it ends when
    the application has been given the whole request. A connection is known by its client.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._timers: dict[Client, asyncio.TimerHandle] = {}
        self._answering: set[Client] = set()

    def begin(self, client: Client, transport: asyncio.Transport) -> None:
        """Bytes of a request have come, or are expected."""
        if client not in self._timers and client not in self._answering:
            loop = asyncio.get_running_loop()
            self._timers[client] = loop.call_later(ASKING_SECONDS, self._close, client, transport)

    def end(self, client: Client) -> None:
        """The request is complete, or the connection is closed."""
        timer = self._timers.pop(client, None)
        if timer is not None:
            timer.cancel()

    def _close(self, client: Client, transport: asyncio.Transport) -> None:
        self.end(client)
        transport.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer (ASGI)."""
        client = scope.get("client")
        if client is None or scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket" or not _has_body(scope):
            self.end(client)

        async def received() -> Message:
            message = await receive()
            if message["type"] == "http.request" and not message.get("more_body", False):
                self.end(client)
            return message

        self._answering.add(client)
        try:
            await self._app(scope, received, send)
        finally:
            self._answering.discard(client)


def _has_body(scope: Scope) -> bool:
    headers = dict(scope["headers"])
    return b"transfer-encoding" in headers or headers.get(b"content-length", b"0") != b"0"


def _protocol(deadlines: Deadlines) -> type[asyncio.Protocol]:
    """uvicorn's protocol, which reports connections and bytes to `deadlines`.

    It overrides methods of asyncio.Protocol only, and uses nothing of uvicorn's own: whatever
    protocol uvicorn has for HTTP could be the base.
    """

    class Timed(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            peer = transport.get_extra_info("peername") or ("", 0)  # it may be closed already
            self._connection = (str(peer[0]), int(peer[1])), transport
            deadlines.end(self._connection[0])  # of an earlier connection from the same port
            deadlines.begin(*self._connection)

        def data_received(self, data: bytes) -> None:
            deadlines.begin(*self._connection)
            super().data_received(data)

        def connection_lost(self, exc: Exception | None) -> None:
            deadlines.end(self._connection[0])
            super().connection_lost(exc)

    return cast(type[asyncio.Protocol], Timed)


def server(
    app: ASGIApp, tls: ssl.SSLContext | None = None, *, most_bytes: int = WS_MAX
) -> uvicorn.Server:
    """A server for `app`; `await it.serve([socket])`, and set `should_exit` to end it.

    A web socket whose message has more than `most_bytes` is closed.

    Messages are small and few, so they are not compressed; nothing is logged, since addresses of
    a page's first request carry its invitation. How many may connect is not limited here, where a
    director would be refused like anybody, but in `connections`.
    """
    _allow_files()
    deadlines = Deadlines(app)
    config = uvicorn.Config(
        deadlines,
        log_config=None,
        log_level="critical",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=most_bytes,
        ws_max_queue=16,
        ws_ping_interval=10,
        ws_ping_timeout=10,
        ws_per_message_deflate=False,
        http=_protocol(deadlines),
        h11_max_incomplete_event_size=16 * 1024,
        loop="asyncio",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=1,
        ssl_context_factory=None if tls is None else lambda config, default: tls,
    )
    return uvicorn.Server(config)


def _allow_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
