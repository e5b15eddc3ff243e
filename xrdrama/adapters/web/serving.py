"""Listening for browsers (uvicorn)."""

from __future__ import annotations

import socket
import ssl
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from xrdrama.errors import DeviceError

WS_MAX: Final = 64 * 1024


def listening(address: str, port: int) -> socket.socket:
    """A socket that listens on `address`; port 0 takes a free one. DeviceError."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address, port))
    except OSError as error:
        made.close()
        raise DeviceError(
            f"the console cannot listen on {address}:{port or '*'}: {error.strerror or error}",
            "choose another port with --console-port (xrdrama run) or --port (xrdrama console)",
        ) from error
    return made


def server(app: ASGIApp, tls: ssl.SSLContext | None = None) -> uvicorn.Server:
    """A server for `app`; `await it.serve([socket])`, and set `should_exit` to end it.

    Messages are small and few, so they are not compressed; nothing is logged, since addresses of
    a page's first request carry its invitation.
    """
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
        http="h11",
        h11_max_incomplete_event_size=16 * 1024,
        loop="asyncio",
        lifespan="on",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=256,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=1,
        ssl_context_factory=None if tls is None else lambda config, default: tls,
    )
    return uvicorn.Server(config)
