"""The audience's server: site, hub, and their tasks until the show ends."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from xrdrama import saving
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.access.kept import write_secrets
from xrdrama.adapters.web.access.limits import Limit
from xrdrama.adapters.web.access.sessions import Secrets
from xrdrama.adapters.web.audience.hub import Counts, Hub, Shows
from xrdrama.adapters.web.audience.stream import Stream
from xrdrama.adapters.web.audience.view import View
from xrdrama.audience.doing import does, no_vote_of
from xrdrama.audience.joining import TLS, Reach, help_text, join_url, listener_of, reach_of
from xrdrama.audience.journal import Journal
from xrdrama.audience.library import Library
from xrdrama.audience.own import OwnShows
from xrdrama.audience.room import Room
from xrdrama.audience.senses.making import senses_of
from xrdrama.audience.senses.pipe import RecogniserSettings
from xrdrama.audience.senses.receiving import Senses
from xrdrama.console.reach import LOOPBACK
from xrdrama.errors import DeviceError
from xrdrama.processes.audience import AudienceCounts, AudienceNotice, AudienceOpened
from xrdrama.show import Production
from xrdrama.show.model import ShowFile
from xrdrama.wire.audience import MOST_BYTES, BallotNow
from xrdrama.wire.frame import Frame
from xrdrama.wire.senses import MOST_PICTURE

if TYPE_CHECKING:
    from xrdrama.adapters.web.access.connections import Connections, Listener
    from xrdrama.adapters.web.audience.seats import Seats
    from xrdrama.adapters.web.audience.site import Site
    from xrdrama.audience.votes import Desk

Said = Callable[[AudienceOpened | AudienceNotice | AudienceCounts], None]
"""Called once when the server listens, then with counts and with messages for the terminal."""
SAVE_EVERY = 1.0
"""Seconds between two savings of the seats' keys: hundreds of phones may join at once."""
CONNECTIONS = Limit("requests", "connections", 3600, 0, 24, 24, 256)
SKIPPED_SEATS = 1000
"""A restarted server continues with a higher number: the last second may not have been saved."""


class Served(NamedTuple):
    """What is served, and how."""

    production: Production
    file: ShowFile
    peer: Peer
    library: Library
    tls: TLS | None
    kept: Secrets | None
    secrets: Path | None
    instance: str
    listen: str = "127.0.0.1"
    port: int = 0
    tickets: int = 0
    tickets_file: Path | None = None
    code_file: Path | None = None
    help_port: int = 0
    journal: Journal | None = None
    """Of viewers' own shows."""
    desk: Desk | None = None
    engine: RecogniserSettings = RecogniserSettings("voice")


class Keeper:
    """Saves the newest secrets to a file: at least every `SAVE_EVERY` seconds, or when asked."""

    def __init__(self, path: Path | None, instance: str, say: Said) -> None:
        self._path, self._instance, self._say = path, instance, say
        self._newest: Secrets | None = None
        self._saved: Secrets | None = None
        self._saving = threading.Lock()
        self._failed = False

    def keep(self, secrets: Secrets) -> None:
        """Save these later."""
        self._newest = msgspec.structs.replace(secrets, instance=self._instance)

    def flush(self) -> None:
        """Save now what is not saved yet. Threads that wait here share the next saving."""
        with self._saving:
            newest = self._newest
            if newest is self._saved or newest is None or self._path is None:
                return
            try:
                write_secrets(self._path, newest)
            except DeviceError as error:
                if not self._failed:
                    text = (
                        f"the seats were not saved ({error}): after a restart viewers must join"
                        " again, and tickets that were used since admit again"
                    )
                    self._say(AudienceNotice(text))
                self._failed = True
                return
            self._saved, self._failed = newest, False

    async def saved(self) -> None:
        """Return when all that was kept so far is on the disk, or a message said that it is not."""
        await asyncio.to_thread(self.flush)

    async def flush_often(self) -> None:
        """Save until cancelled."""
        while True:
            await self.saved()
            await asyncio.sleep(SAVE_EVERY)


async def serve(served: Served, say: Said, stop: threading.Event) -> None:
    """Serve viewers until `stop` is set."""
    from xrdrama.adapters.web.attending import attend, signal_handlers
    from xrdrama.adapters.web.serving import server

    listener = listener_of(served.listen, served.port, stop)
    if listener is None:
        return
    port = int(listener.getsockname()[1])
    help = _help(served, stop)
    reach = reach_of(served.listen, port, served.tls, help[1] if help else 0)
    hub, stream, senses = _hub(served, say)
    listener.connections = _connections(hub)
    keeper = Keeper(served.secrets, served.instance, say)
    seats = _seats(served, hub, keeper, port)
    site = _site(served, hub, seats, listener, senses, keeper)
    context = served.tls.context if served.tls else None
    most_bytes = MOST_PICTURE + 1024 if served.file.audience.gesture else 2 * MOST_BYTES
    serving = server(site.app, context, most_bytes=most_bytes)
    _follow(served.peer, hub, stream, senses)
    opened = _opened(served, seats, reach)
    running = [(serving, listener), *([(server(help[2]), help[0])] if help else [])]
    attending = attend(
        [each for each, _ in running],
        stop,
        signal_handlers(),
        announce=lambda: say(opened),
        is_silent=lambda: hub.is_silent,
        greet=served.peer.greet,
        close_pages=lambda: hub.close_pages("the show has ended"),
    )
    tasks = [asyncio.create_task(attending), asyncio.create_task(keeper.flush_often())]
    try:
        await asyncio.gather(*(each.serve(sockets=[at]) for each, at in running))
    finally:
        for task in tasks:
            task.cancel()
        keeper.flush()
        for _, at in running:
            at.close()
        await senses.close()


def _help(served: Served, stop: threading.Event) -> tuple[Listener, int, Any] | None:
    """The plain page about our own certificate: its socket, its port and its application."""
    from xrdrama.adapters.web.access.connections import Connections
    from xrdrama.adapters.web.access.limits import Limits
    from xrdrama.adapters.web.audience.help import help_site

    if served.tls is None or served.tls.authority is None:
        return None
    listener = listener_of(served.listen, served.help_port, stop)
    if listener is None:
        return None
    listener.connections = Connections(Limits())
    app = help_site(served.tls.authority, frozenset({served.listen}))
    return listener, int(listener.getsockname()[1]), app


def _hub(served: Served, say: Said) -> tuple[Hub, Stream, Senses]:
    """The hub, the states of the room's show, and viewers' microphones and cameras."""
    file, production, desk = served.file, served.production, served.desk
    ballot = BallotNow(desk.run.run, desk.run.key) if desk is not None else None
    mode, allowed = file.audience.mode, file.audience.senses

    def view(of: Production) -> View:
        library = served.library
        return View(
            of, file.title, mode, library.set_of, ballot, allowed, figure_of=library.figure_of
        )

    stream = Stream(view(production))
    own = OwnShows(
        production,
        view,
        time.monotonic,
        journal=served.journal,
        notice=lambda text: say(AudienceNotice(text)),
    )
    shows: Shows = own if file.audience.mode == "own" else Room(served.peer, stream)
    groups: dict[int, str] = {}
    hub = Hub(
        shows,
        does(served.peer.now, desk, groups),
        groups=groups,
        notice=lambda text: say(AudienceNotice(text)),
        counted=lambda counts: say(_counts(counts)),
    )
    senses = senses_of(
        served.peer, shows, hub, served.production, file, served.engine, say,
        lambda seat: no_vote_of(seat, desk, groups),
    )  # fmt: skip

    def heard(frame: Frame) -> None:
        hub.refused(frame)
        senses.heard(frame)

    own.heard = heard
    return hub, stream, senses


def _connections(hub: Hub) -> Connections:
    from xrdrama.adapters.web.access.connections import Connections

    return Connections(hub.limits, CONNECTIONS, unknown_loopback=1200, unknown_in_all=1600)


def _seats(served: Served, hub: Hub, keeper: Keeper, port: int) -> Seats:
    from xrdrama.adapters.web.audience.seats import Seats

    kept = served.kept
    if kept is not None:
        kept = msgspec.structs.replace(kept, number=kept.number + SKIPPED_SEATS)
    tickets_only = served.tickets > 0
    return Seats(
        hub.limits, kept=kept, keep=keeper.keep, port=port, tickets_only=tickets_only,
        groups=served.file.audience.groups,
    )  # fmt: skip


def _site(
    served: Served, hub: Hub, seats: Seats, listener: Listener, senses: Senses, keeper: Keeper
) -> Site:
    from xrdrama.adapters.web.audience.site import Site

    title = served.file.title or served.production.story.title
    return Site(
        hub,
        seats,
        served.library,
        port=int(listener.getsockname()[1]),
        about={"mode": served.file.audience.mode, "title": title},
        secure=served.tls is not None,
        names=frozenset({served.listen}),
        connections=listener.connections,
        senses=senses,
        saved=keeper.saved,
    )


def _opened(served: Served, seats: Seats, reach: Reach) -> AudienceOpened:
    """The links for viewers; tickets and the picture of the code are written to their files."""
    from xrdrama.adapters.web.audience.codes import code_text, write_code
    from xrdrama.adapters.web.audience.site import NOT_BUILT, PAGE

    show, help = served.production.id, help_text(reach, served.tls)
    notes = [] if (PAGE / "index.html").is_file() else [NOT_BUILT]
    if served.desk is not None:
        notes.append(f"votes are logged under the key {served.desk.fingerprint}")
    if served.tickets:
        groups = served.file.audience.groups
        links = [
            f"{group} {join_url(reach.address, seats.ticket(group))}".strip()
            for group in groups or ("",)
            for _ in range(served.tickets)
        ]
        if served.tickets_file is not None:
            saving.save(served.tickets_file, "".join(f"{link}\n" for link in links).encode())
            each = f", {served.tickets} for each group" if groups else ""
            notes.append(f"{len(links)} tickets, each for one viewer{each}: {served.tickets_file}")
        return AudienceOpened(reach.address, show, "", help, tuple(notes), tickets=True)
    join = join_url(reach.address, seats.room)
    for group, token in seats.rooms.items():
        if group:
            notes.append(f"the group {group} joins at {join_url(reach.address, token)}")
    if served.code_file is not None:
        write_code(join, served.code_file)
        notes.append(f"the code as a picture: {served.code_file}")
    if served.listen in LOOPBACK:
        notes.append("this link works on this machine only: for phones add --listen 0.0.0.0")
    grouped = bool(served.file.audience.groups)
    return AudienceOpened(join, show, code_text(join), help, tuple(notes), groups=grouped)


def _counts(counts: Counts) -> AudienceCounts:
    return AudienceCounts(counts.joined, counts.pages, counts.recorded, counts.refused)


def _follow(peer: Peer, hub: Hub, stream: Stream, senses: Senses) -> None:
    """Pass each received frame on, in the thread of the event loop."""
    loop = asyncio.get_running_loop()

    def arrived(frame: Frame) -> None:
        stream.feed(frame)
        hub.arrived(frame)
        senses.heard(frame)

    def follow(frame: Frame) -> None:
        with contextlib.suppress(RuntimeError):  # this process ends
            loop.call_soon_threadsafe(arrived, frame)

    peer.subscribe(follow)
