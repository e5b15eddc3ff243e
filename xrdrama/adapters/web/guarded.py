"""Around a whole site: hosts that are not ours and sessions with too many connections are refused,
and every answer carries the site's safety headers."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xrdrama.adapters.web.access.connections import Connections
from xrdrama.adapters.web.access.sessions import is_our_host
from xrdrama.adapters.web.plain import plain_page

POLICY: Final = 1008


def host_names(names: frozenset[str]) -> frozenset[str]:
    """The names by which browsers may call this machine."""
    host = socket.gethostname().lower()
    return names | {"localhost", host, f"{host}.local"}


class Guarded:
    """An application behind its guard. `refused` says why a request is refused, or "".

    `headers` are set on every answer; `title` is that of refusals.
    """

    def __init__(
        self,
        app: ASGIApp,
        names: frozenset[str],
        refused: Callable[[Scope, Connections], str],
        connections: Connections | None,
        *,
        headers: Mapping[str, str],
        title: str,
    ) -> None:
        self._app, self._names, self._headers, self._title = app, names, headers, title
        self._refused, self._connections = refused, connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer (ASGI)."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        if not is_our_host(Headers(scope=scope).get("host", ""), self._names):
            if scope["type"] == "http":
                what = "This server does not have this host name."
                await plain_page(self._title, 421, what)(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": POLICY, "reason": "wrong host"})
            return
        if self._connections and (why := self._refused(scope, self._connections)):
            if scope["type"] == "http":
                close = {"Connection": "close", "X-Refused": why}
                answer = plain_page(self._title, 429, "Too many connections.", f"{why}.", close)
                await answer(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": POLICY, "reason": why})
            return

        async def safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, safely)
