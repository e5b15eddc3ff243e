"""The console's server: the site, its hub, and its tasks until the show ends."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.board.memory import BoardReader
from xrdrama.adapters.web.live.sheet import Sheet
from xrdrama.console.reach import LOOPBACK, address_of, listener_of
from xrdrama.errors import DeviceError
from xrdrama.processes.console import Notice, Opened, port_of
from xrdrama.wire.commands import Command, Sender
from xrdrama.wire.frame import Frame

if TYPE_CHECKING:
    import ssl

    from xrdrama.adapters.web.access.connections import Listener
    from xrdrama.adapters.web.access.sessions import Doorkeeper, Secrets
    from xrdrama.adapters.web.live.hub import Answer, Hub
    from xrdrama.adapters.web.site import Reach, Site

OnOpened = Callable[[Opened | Notice], None]
"""Called once when the console listens, and with messages for the terminal."""
MOST_WAITING = 500
"""Most records of all pages that wait for the core's answer."""


class ConsoleOptions(msgspec.Struct, frozen=True):
    """The options of `xrdrama console`."""

    core: str = ""
    show: str = ""
    listen: str = "127.0.0.1"
    port: int = 0
    cert: Path | None = None
    key: Path | None = None
    child: bool = False
    """Started by a show: ends with it, and runs with lower priority."""
    secrets: Path | None = None
    """The file with the keys that a restarted console needs."""


class BridgeDesk:
    """The connection to the show over the bridge."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def send(self, command: Command, sender: Sender, answered: Answer) -> None:
        """Record a command. DeviceError when the show refuses the console or does not answer."""
        if self._peer.failure:
            reason = f"the show refused the console: {self._peer.failure}"
            raise DeviceError(reason, "stop the console and start it again: xrdrama console")
        if self._peer.under_way >= MOST_WAITING:  # `record` would wait, and all pages with it
            raise DeviceError(
                "too many commands are waiting for an answer; nothing was sent", "try again"
            )
        self._peer.record(command, on_answer=answered, sender=sender)


async def serve(
    options: ConsoleOptions,
    sheet: Sheet,
    peer: Peer,
    endpoint: str,
    opened: OnOpened,
    stop: threading.Event,
    tls: tuple[ssl.SSLContext, str] | None,
) -> None:
    """Serve a console until `stop` is set; `opened` is called with its address when it listens."""
    from xrdrama.adapters.web.access.connections import Connections
    from xrdrama.adapters.web.attending import attend, signal_handlers
    from xrdrama.adapters.web.live.hub import Hub
    from xrdrama.adapters.web.serving import server
    from xrdrama.adapters.web.site import Reach

    kept = _kept(options)
    listener = listener_of(options.listen, options.port, kept.port if kept else None, stop)
    if listener is None:
        return
    port = int(listener.getsockname()[1])
    context, fingerprint = tls or (None, "")
    address = address_of(options.listen, port, secure=context is not None)
    reach = Reach("" if options.listen in LOOPBACK else address, fingerprint)
    board = BoardReader(port_of(endpoint))
    hub = Hub(sheet, BridgeDesk(peer), board, notice=lambda text: opened(Notice(text)))
    listener.connections = Connections(hub.limits)
    door = _doorkeeper(options, kept, port, opened)
    url = f"{address}/?token={door.invite('director')}"
    site = _site(options, hub, board, door, listener, reach, secure=context is not None)
    serving = server(site.app, context)
    _follow(peer, hub)
    welcome = Opened(url, sheet.show, fingerprint, _advice(options, reach))
    reason = "the show has ended" if options.child else "this console was stopped"
    attending = asyncio.create_task(
        attend(
            [serving],
            stop,
            signal_handlers(),
            announce=lambda: opened(welcome),
            is_silent=lambda: hub.is_silent,
            greet=peer.greet,
            close_pages=lambda: hub.close_pages(reason, with_show=options.child),
        )
    )
    try:
        await serving.serve(sockets=[listener])
    finally:
        attending.cancel()
        listener.close()
        board.close()


def _site(
    options: ConsoleOptions,
    hub: Hub,
    board: BoardReader,
    door: Doorkeeper,
    listener: Listener,
    reach: Reach,
    *,
    secure: bool,
) -> Site:
    """The pages of the console, and the access rules."""
    from xrdrama.adapters.web.board.pictures import Pictures
    from xrdrama.adapters.web.site import Site

    return Site(
        hub,
        Pictures(board),
        door,
        port=int(listener.getsockname()[1]),
        secure=secure,
        names=frozenset({options.listen}),
        refresh=board.refresh,
        reach=reach,
        connections=listener.connections,
    )


def _advice(options: ConsoleOptions, reach: Reach) -> str:
    """Notes for the person who opens the console, one per line."""
    from xrdrama.adapters.web.site import NOT_BUILT, PAGE

    # A show itself reports that its console is for this machine.
    notes = [] if options.child or options.listen not in LOOPBACK else [reach.advice()]
    notes += [] if (PAGE / "index.html").is_file() else [NOT_BUILT]
    return "\n".join(notes)


def _follow(peer: Peer, hub: Hub) -> None:
    """Pass each received frame to the hub, in the thread of the event loop."""
    loop = asyncio.get_running_loop()

    def follow(frame: Frame) -> None:
        with contextlib.suppress(RuntimeError):  # this process ends
            loop.call_soon_threadsafe(hub.frame, frame)

    peer.subscribe(follow)


def _kept(options: ConsoleOptions) -> Secrets | None:
    from xrdrama.adapters.web.access.kept import read_secrets

    return read_secrets(options.secrets) if options.secrets else None


def _doorkeeper(
    options: ConsoleOptions, kept: Secrets | None, port: int, opened: OnOpened
) -> Doorkeeper:
    from xrdrama.adapters.web.access.kept import write_secrets
    from xrdrama.adapters.web.access.sessions import Doorkeeper

    failed = False

    def keep(secrets: Secrets) -> None:
        nonlocal failed
        try:
            if options.secrets:
                write_secrets(options.secrets, secrets)
        except DeviceError as error:
            if not failed:
                opened(
                    Notice(
                        f"the console's keys were not saved ({error}): if the console is started"
                        " again, its pages need a new invitation"
                    )
                )
            failed = True

    return Doorkeeper(kept=kept, keep=keep, port=port)
