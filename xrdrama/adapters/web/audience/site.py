"""The audience's site: the page, joining, sets, sounds and the socket (Starlette)."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, get_args

from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Scope
from starlette.websockets import WebSocket

from xrdrama.adapters.web.access.connections import Connections
from xrdrama.adapters.web.access.limits import address_of
from xrdrama.adapters.web.access.sessions import (
    COOKIE_LASTS,
    Session,
    WrongTokenError,
    is_our_origin,
)
from xrdrama.adapters.web.audience.hub import POLICY, Hub
from xrdrama.adapters.web.audience.packed import Packed
from xrdrama.adapters.web.audience.seats import FullError, Seats
from xrdrama.adapters.web.guarded import Guarded, host_names
from xrdrama.adapters.web.plain import json_answer, plain_page
from xrdrama.wire.senses import Sense

PAGE: Final = Path(__file__).parents[1] / "viewer_page"
"""Where `make page` puts the built page of viewers."""
SAFE: Final = {
    # blob: for the textures of a GLB, which three.js loads from memory, and for their worker.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self' blob:; media-src 'self' blob:; worker-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # Camera and microphone are off until the viewer allows them in the browser's own question.
    "Permissions-Policy": (
        "camera=(self), microphone=(self), xr-spatial-tracking=(self), accelerometer=(self), "
        "gyroscope=(self), magnetometer=(self), fullscreen=(self), screen-wake-lock=(self), "
        "gamepad=(self), geolocation=(), payment=(), usb=(), serial=(), bluetooth=(), midi=(), "
        "display-capture=()"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_BUILT: Final = "The viewers' page is not built: type  make page  in the clone."
TITLE: Final = "xrdrama"
FOREVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
MOST_DELAYED: Final = 16
SOUND: Final = re.compile(r"[\w.\-/]{1,160}")
SENSES: Final[tuple[Sense, ...]] = get_args(Sense)
JOIN: Final = "Scan the code at the show again, or ask the people who run it for a new link."


class Library(Protocol):
    """The files of a show that its pages load."""

    def set_file(self, hash: str, name: str) -> Path | None:
        """`scene.json` or `set.glb` of a compiled set; None if there is no such set."""

    def figure_file(self, hash: str) -> Path | None:
        """A figure as a GLB; None if there is no such figure."""

    def sound_file(self, id: str) -> Path | None:
        """The file of a sound of the show; None if it does not exist."""


class Senses(Protocol):
    """What viewers' microphones and cameras send."""

    async def attend(self, socket: WebSocket, session: Session, host: str, sense: Sense) -> None:
        """Serve an accepted socket of a seat until it closes."""


async def _nothing_to_save() -> None:
    """Seats of a server that keeps none."""


class Site:
    """Everything that the audience server answers. `secure` is true behind TLS; `saved()` returns
    when the seats so far are on the disk."""

    def __init__(
        self,
        hub: Hub,
        seats: Seats,
        library: Library,
        *,
        port: int,
        about: Mapping[str, object],
        secure: bool = False,
        names: frozenset[str] = frozenset(),
        page: Path = PAGE,
        connections: Connections | None = None,
        begun: Callable[[], None] = lambda: None,
        senses: Senses | None = None,
        saved: Callable[[], Awaitable[None]] = _nothing_to_save,
    ) -> None:
        self._senses, self._saved = senses, saved
        self._hub, self._seats, self._library = hub, seats, library
        self._secure, self._page, self._about, self._begun = secure, page, about, begun
        self._cookie = f"xrdrama-seat-{port}"  # browsers share cookies among the ports of a machine
        self._delayed: Counter[str] = Counter()
        self._packed = packed = Packed()
        routes = [
            Route("/", self._front),
            Route("/join", self._join),
            Route("/seat", self._seat),
            Route("/sets/{hash}/{name}", self._set),
            Route("/figures/{hash}.glb", self._figure),
            Route("/sounds/{id:path}", self._sound),
            WebSocketRoute("/watch", self._watch),
            WebSocketRoute("/senses/{sense}", self._sense),
        ]
        if page.is_dir():
            routes += [
                Route(f"/{file.name}", _file(packed, file))
                for file in sorted(page.iterdir())
                if file.is_file() and file.name != "index.html" and not file.name.startswith(".")
            ]
        if (page / "assets").is_dir():
            routes.append(Route("/assets/{name}", self._asset))
        app = Starlette(routes=routes, lifespan=self._lifespan)
        self.app: ASGIApp = Guarded(
            app, host_names(names), self._refused, connections, headers=SAFE, title=TITLE
        )

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(self._hub.watch())
        self._begun()
        yield
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching

    # -- joining --------------------------------------------------------------------------------

    async def _front(self, request: Request) -> Response:
        if self._session(request) is None:
            return _said(401, "You need the link of this show.", JOIN)
        index = self._page / "index.html"
        if not index.is_file():
            return _said(503, NOT_BUILT)
        return await self._packed.answer(index, request, {"Cache-Control": "no-store"})

    async def _asset(self, request: Request) -> Response:
        """A built file of the page, whose name changes with its content."""
        path = self._page / "assets" / request.path_params["name"]
        if not path.is_file():
            return _said(404, "This file does not exist.", "Reload the page.")
        return await self._packed.answer(path, request, FOREVER)

    async def _join(self, request: Request) -> Response:
        if self._session(request) is not None:  # the same browser keeps its seat
            return RedirectResponse("/", 303)
        address = address_of(request.client.host if request.client else "")
        try:
            cookie = self._seats.enter(request.query_params.get("token", ""), address)
        except WrongTokenError as wrong:
            if not wrong.delay:
                return _said(403, "This link was used already or has expired.", JOIN)
            return await self._slow_down(address, wrong.delay)
        except FullError as full:
            return _said(429, str(full), "Ask the people who run the show for a ticket.")
        if self._seats.tickets_only:  # or a server that is killed now admits with it again
            await self._saved()
        response = RedirectResponse("/", 303, headers={"Cache-Control": "no-store"})
        # Lax: a link that was opened from a message must work. The socket checks the origin.
        response.set_cookie(
            self._cookie, cookie, max_age=int(COOKIE_LASTS), httponly=True, samesite="lax",
            secure=self._secure,
        )  # fmt: skip
        return response

    async def _slow_down(self, address: str, delay: float) -> Response:
        """Answer a wrong token with a delay; valid ones are not delayed."""
        self._hub.limits.note("tokens", address)
        if self._delayed[address] < MOST_DELAYED:
            self._delayed[address] += 1
            try:
                await asyncio.sleep(delay)
            finally:
                self._delayed[address] -= 1
                self._delayed += Counter()  # drops those that are 0
        headers = {"Retry-After": str(round(delay))}
        why = f"Many wrong links came from this address, so the answers are delayed. {JOIN}"
        return _said(429, "This link was used already or has expired.", why, headers)

    async def _seat(self, request: Request) -> Response:
        """Who this browser is: a page asks it when its socket is refused."""
        session = self._session(request)
        if session is None:
            return json_answer({"seat": None}, 401)
        return json_answer({"seat": session.number, **self._about})

    # -- files ----------------------------------------------------------------------------------

    async def _set(self, request: Request) -> Response:
        if self._session(request) is None:
            return _said(401, "You need the link of this show.", JOIN)
        hash, name = request.path_params["hash"], request.path_params["name"]
        path = self._library.set_file(hash, name)
        if path is None:
            return _said(404, "This set does not exist.", "Reload the page.")
        return await self._packed.answer(path, request, FOREVER)

    async def _figure(self, request: Request) -> Response:
        if self._session(request) is None:
            return _said(401, "You need the link of this show.", JOIN)
        path = self._library.figure_file(request.path_params["hash"])
        if path is None:
            return _said(404, "This figure does not exist.", "Reload the page.")
        return FileResponse(path, media_type="model/gltf-binary", headers=FOREVER)

    async def _sound(self, request: Request) -> Response:
        if self._session(request) is None:
            return _said(401, "You need the link of this show.", JOIN)
        id = request.path_params["id"]
        path = self._library.sound_file(id) if SOUND.fullmatch(id) else None
        if path is None:
            return _said(404, "This sound does not exist.")
        return FileResponse(path, headers={"Cache-Control": "private, max-age=3600"})

    # -- the socket -----------------------------------------------------------------------------

    async def _watch(self, socket: WebSocket) -> None:
        session = self._session(socket)
        if session is None or not self._is_ours(socket):
            await socket.close(POLICY, "no seat, or not sent by this show's page")  # a 403
            return
        await socket.accept()
        await self._hub.attend(socket, session, socket.client.host if socket.client else "")

    async def _sense(self, socket: WebSocket) -> None:
        """The microphone or the camera of a seat."""
        session = self._session(socket)
        sense = next((one for one in SENSES if one == socket.path_params["sense"]), None)
        if session is None or not self._is_ours(socket) or not (sense and self._senses):
            await socket.close(POLICY, "no seat, or not sent by this show's page")
            return
        await socket.accept()
        host = socket.client.host if socket.client else ""
        await self._senses.attend(socket, session, host, sense)

    def _session(self, connection: HTTPConnection) -> Session | None:
        return self._seats.session(connection.cookies.get(self._cookie, ""))

    def _refused(self, scope: Scope, connections: Connections) -> str:
        session = self._session(HTTPConnection(scope))
        return "" if session is None else connections.know(scope.get("client"), session)

    def _is_ours(self, connection: HTTPConnection) -> bool:
        origin, host = connection.headers.get("origin", ""), connection.headers.get("host", "")
        return is_our_origin(origin, "https" if self._secure else "http", host)


def _file(packed: Packed, path: Path) -> Callable[[Request], Awaitable[Response]]:
    """Answers with one file of the page: manifest, service worker, icon."""

    async def answer(request: Request) -> Response:
        return await packed.answer(path, request, {"Cache-Control": "no-cache"})

    return answer


def _said(
    status: int, what: str, remedy: str = "", headers: dict[str, str] | None = None
) -> Response:
    return plain_page(TITLE, status, what, remedy, headers)
