"""The console's site: the page, who may see it, its sheet, pictures and live socket (Starlette)."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from xrdrama.adapters.web.access.connections import Connections
from xrdrama.adapters.web.access.limits import PICTURES as PICTURE_PLACES
from xrdrama.adapters.web.access.limits import Claim, Limits, Places, address_of
from xrdrama.adapters.web.access.sessions import (
    COOKIE_LASTS,
    Doorkeeper,
    Role,
    Session,
    WrongTokenError,
    is_loopback,
    is_our_origin,
)
from xrdrama.adapters.web.audience.codes import code_svg
from xrdrama.adapters.web.board.memory import PICTURES, PictureName
from xrdrama.adapters.web.board.pictures import BOUNDARY, Pictures
from xrdrama.adapters.web.guarded import Guarded, host_names
from xrdrama.adapters.web.live.hub import POLICY, Hub
from xrdrama.adapters.web.plain import json_answer, plain_page

PAGE: Final = Path(__file__).parent / "page"
"""Where `make page` puts the built page."""
SAFE: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_BUILT: Final = "The console's page is not built: type  make page  in the clone."
MOST_BODY: Final = 1024
TITLE: Final = "xrdrama console"
MOST_DELAYED: Final = 16
"""Wrong tokens of one address whose answers are delayed at once; more are answered now."""
FOR_OTHERS: Final = "For a tablet or a phone, start  xrdrama console --listen 0.0.0.0"


class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A director's request for an invitation."""

    role: Role


class Reach(msgspec.Struct, frozen=True):
    """From which machines this console can be reached."""

    address: str = ""
    """`https://host:port` for other machines; nothing when only this one is listened to."""
    fingerprint: str = ""
    """Of a certificate that we signed ourselves."""

    def advice(self) -> str:
        """Advice for a user on another machine, one line; "" if not needed."""
        if not self.address:
            return f"This address works on this machine only. {FOR_OTHERS}"
        if not self.fingerprint:
            return ""
        return (
            "The browser there will warn of an unknown certificate: continue if its SHA-256 "
            f"begins with {self.fingerprint[:23]}."
        )


class Site:
    """Everything the server answers. `secure` is true behind TLS.

    `connections` are those of its listener, if they are counted.
    """

    def __init__(
        self,
        hub: Hub,
        pictures: Pictures,
        door: Doorkeeper,
        *,
        port: int,
        secure: bool = False,
        names: frozenset[str] = frozenset(),
        page: Path = PAGE,
        refresh: Callable[[], None] = lambda: None,
        reach: Reach = Reach(),  # noqa: B008 - frozen
        limits: Limits | None = None,
        connections: Connections | None = None,
    ) -> None:
        self._hub, self._pictures, self._door = hub, pictures, door
        self._secure, self._page, self._refresh, self._reach = secure, page, refresh, reach
        self._limits = limits or hub.limits
        self._picture_places = Places(PICTURE_PLACES, self._limits)
        self._delayed: Counter[str] = Counter()
        self._cookie = f"xrdrama-{port}"  # browsers share cookies among the ports of a machine
        routes = [
            Route("/", self._front),
            Route("/sheet.json", self._sheet),
            Route("/picture/{name}", self._picture),
            Route("/invite", self._invite, methods=["POST"]),
            Route("/join.svg", self._join_code),
            WebSocketRoute("/live", self._live),
        ]
        if (page / "assets").is_dir():
            routes.append(Mount("/assets", StaticFiles(directory=page / "assets")))
        app = Starlette(routes=routes, lifespan=self._lifespan)
        self.app: ASGIApp = Guarded(
            app, host_names(names), self._refused, connections, headers=SAFE, title=TITLE
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._hub.watch())
        refreshing = asyncio.create_task(self._refresh_often())
        yield
        for task in (watching, refreshing):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _refresh_often(self) -> None:
        while True:
            self._refresh()
            await asyncio.sleep(1.0)

    # -- pages ----------------------------------------------------------------------------------

    async def _front(self, request: Request) -> Response:
        token = request.query_params.get("token")
        if token is not None:
            return await self._enter(request, token)
        if self._session(request) is None:
            return _said(401, "This console needs an invitation.", _ASK_FOR_ONE)
        index = self._page / "index.html"
        if not index.is_file():
            return _said(503, NOT_BUILT)
        return FileResponse(index, headers={"Cache-Control": "no-store"})

    async def _enter(self, request: Request, token: str) -> Response:
        address = address_of(request.client.host if request.client else "")
        try:
            cookie = self._door.enter(token[:200], address)
        except WrongTokenError as wrong:
            if self._session(request) is not None:  # the page is open already
                return RedirectResponse("/", 303)
            if not wrong.delay:
                return _said(403, "This invitation was used already or has expired.", _ASK_FOR_ONE)
            return await self._slow_down(address, wrong.delay)
        response = RedirectResponse("/", 303, headers={"Cache-Control": "no-store"})
        response.set_cookie(
            self._cookie,
            cookie,
            max_age=int(COOKIE_LASTS),
            httponly=True,
            samesite="strict",
            secure=self._secure,
        )
        return response

    async def _slow_down(self, address: str, delay: float) -> Response:
        """Answer a wrong token with a delay. Valid tokens are not delayed, so nobody is locked
        out."""
        self._limits.note("tokens", address)
        if self._delayed[address] < MOST_DELAYED:
            self._delayed[address] += 1
            try:
                await asyncio.sleep(delay)
            finally:
                self._delayed[address] -= 1
                self._delayed += Counter()  # drops those that are 0
        return _said(
            429,
            "This invitation was used already or has expired.",
            "Many wrong invitations came from this address, so the answers to them are delayed. "
            f"A valid invitation is accepted at once. {_ASK_FOR_ONE}",
            {"Retry-After": str(round(delay))},
        )

    async def _sheet(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _said(401, "This console needs an invitation.")
        body = {"you": session.who, "role": session.role, "sheet": self._hub.sheet}
        return json_answer(body)

    async def _picture(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _said(401, "This console needs an invitation.")
        name = next((p for p in PICTURES if p == request.path_params["name"]), None)
        if name is None:
            return _said(
                404,
                "This picture does not exist.",
                "The pictures are lens, wall, and lens2 to lens4 of further cameras.",
            )
        claim = self._picture_places.claim(session, request.client.host if request.client else "")
        if isinstance(claim, str):
            return _said(
                429, "The limit of pictures is reached.", f"{claim}.", {"X-Refused": claim}
            )
        after = request.query_params.get("after")
        if after is not None:
            try:
                return await self._one_picture(name, after)
            finally:
                claim.release()
        media = f"multipart/x-mixed-replace; boundary={BOUNDARY}"
        stream = self._pictures.stream(name)
        return _Stream(stream, claim, media_type=media, headers={"Cache-Control": "no-store"})

    async def _one_picture(self, name: PictureName, after: str) -> Response:
        """The next picture, with the number of the frame that is seen: pages can say how old."""
        newest = await self._pictures.next(name, int(after[:15]) if after.isdecimal() else 0)
        if newest is None:
            return Response(status_code=204, headers={"Cache-Control": "no-store"})
        headers = {
            "Cache-Control": "no-store",
            "X-Frame": str(newest.frame),
            "X-Sequence": str(newest.sequence),
        }
        return Response(newest.jpeg, media_type="image/jpeg", headers=headers)

    async def _invite(self, request: Request) -> Response:
        session = self._session(request)
        if session is None or session.role != "director":
            return _said(403, "Only a director can invite.")
        if not self._is_ours(request):
            return _said(403, "This request was not sent by this console's page.")
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BODY:
                return _said(413, "The request is too long.")
        try:
            invitation = msgspec.json.decode(body, type=Invitation)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            return _said(400, f"This is not a valid invitation: {error}")
        token = self._door.invite(invitation.role)
        host = request.headers["host"]
        ours = f"{'https' if self._secure else 'http'}://{host}"
        # A director on this machine uses an address that others cannot reach.
        url = self._reach.address or ours if is_loopback(host) else ours
        return json_answer({"url": f"{url}/?token={token}", "advice": self._reach.advice()})

    async def _join_code(self, request: Request) -> Response:
        """The QR code of the link for viewers."""
        if self._session(request) is None:
            return _said(401, "This console needs an invitation.")
        link = self._hub.audience_link()
        if not link:
            return _said(404, "This show has no link for viewers.", "Start it with xrdrama serve.")
        headers = {"Cache-Control": "no-store"}
        return Response(code_svg(link), media_type="image/svg+xml", headers=headers)

    async def _live(self, socket: WebSocket) -> None:
        session = self._session(socket)
        if session is None or not self._is_ours(socket):
            await socket.close(POLICY, "no invitation, or not sent by this console's page")  # a 403
            return
        await socket.accept()
        host = socket.client.host if socket.client else ""
        await self._hub.attend(socket, session, socket.query_params.get("since", ""), host)

    # -- sessions ---------------------------------------------------------------------------------

    def _session(self, connection: HTTPConnection) -> Session | None:
        return self._door.session(connection.cookies.get(self._cookie, ""))

    def _refused(self, scope: Scope, connections: Connections) -> str:
        """Why a request of a session that has too many connections is refused; else ""."""
        session = self._session(HTTPConnection(scope))
        return "" if session is None else connections.know(scope.get("client"), session)

    def _is_ours(self, connection: HTTPConnection) -> bool:
        origin, host = connection.headers.get("origin", ""), connection.headers.get("host", "")
        return is_our_origin(origin, "https" if self._secure else "http", host)


class _Stream(StreamingResponse):
    """A stream of pictures that releases its place whenever it ends."""

    def __init__(
        self, parts: AsyncIterator[bytes], claim: Claim, *, media_type: str, headers: dict[str, str]
    ) -> None:
        super().__init__(parts, media_type=media_type, headers=headers)
        self._claim = claim

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._claim.release()


_ASK_FOR_ONE: Final = (
    "Open the address that the show printed when it began, or type  xrdrama console  beside it, "
    "or let a director invite you."
)


def _said(
    status: int, what: str, remedy: str = "", headers: dict[str, str] | None = None
) -> Response:
    return plain_page(TITLE, status, what, remedy, headers)
