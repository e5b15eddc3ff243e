"""Listening for browsers (uvicorn)."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import ssl
from typing import Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from xrdrama.adapters.web.connections import BACKLOG

WS_MAX: Final = 64 * 1024
ASKING_SECONDS = 10.0
"""How long a browser may take over one request."""
FILES: Final = 4096
"""Open files that this process asks the system for: each connection is one."""


class _PromptProtocol(H11Protocol):
    """uvicorn's, but for askers that dribble: they would hold every place there is (slowloris)."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_request()

    def data_received(self, data: bytes) -> None:
        if self._patience is None:
            self._await_request()
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._asked()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._asked()
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        self._asked()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        self._patience = self.loop.call_later(ASKING_SECONDS, self.transport.close)

    def _asked(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def server(app: ASGIApp, tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    """A server for `app`; `await it.serve([socket])`, and set `should_exit` to end it.

    Messages are small and few, so they are not compressed; nothing is logged, since addresses of
    a page's first request carry its invitation. How many may connect is not limited here, where a
    director would be refused like anybody, but in `connections`.
    """
    _allow_files()
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        ws="websockets-sansio",
        ws_max_size=WS_MAX,
        ws_max_queue=16,
        ws_ping_interval=10,
        ws_ping_timeout=10,
        ws_per_message_deflate=False,
        http=_PromptProtocol,
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
