"""The console's process: a peer of the show with the role director, and a web server for pages."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xrdrama import content
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.board.memory import BoardReader, boards
from xrdrama.adapters.web.live.sheet import Sheet, sheet_of
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.child import end_with_parent
from xrdrama.processes.console import Noticed, Opened, is_installed, port_of
from xrdrama.show.ports import Stop
from xrdrama.wire.commands import Command, Sender
from xrdrama.wire.frame import Frame

if TYPE_CHECKING:
    import ssl

    from xrdrama.adapters.web.access.connections import Listener
    from xrdrama.adapters.web.access.sessions import Doorkeeper, Secrets
    from xrdrama.adapters.web.live.hub import Answer

Tell = Callable[[Opened | Noticed], None]
"""Told once when the console listens, and of what a person should know."""
LOOPBACK = ("127.0.0.1", "::1", "localhost")
WELCOME = 10.0
"""Seconds that a core has to answer."""
MOST_WAITING = 500
"""Records that may wait for the core's answer, of all pages."""
PORT_WAIT = 10.0
"""Seconds that a show's own console waits for its port: the console before it may still have it."""
GREET_AGAIN = 2.0
"""Seconds between two greetings while no frame comes: the core may have been started again."""
POLITENESS = 5
"""How much less urgent a show's own console is than the show."""


class Wanted(msgspec.Struct, frozen=True):
    """What was asked for on the command line."""

    core: str = ""
    show: str = ""
    listen: str = "127.0.0.1"
    port: int = 0
    cert: Path | None = None
    key: Path | None = None
    child: bool = False
    """Started by a show: end with it, and be polite."""
    secrets: Path | None = None
    """Where to keep what a console that is started again must know."""


def run_console(wanted: Wanted, opened: Tell, stop: threading.Event) -> None:
    """Serve a console until `stop`. UsageError, DeviceError, AuthoringError."""
    if not is_installed():
        raise UsageError("the console is not installed", "pip install 'xrdrama[console]'")
    if wanted.child:
        os.nice(POLITENESS)
        threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    tls = _tls(wanted)
    endpoint = wanted.core or found_core()
    peer = Peer(endpoint, name=f"console.{os.getpid()}", role="director", sources=())
    try:
        show = _played_by(peer, endpoint, stop)
        if show is None:
            return
        sheet = _sheet(wanted.show or show)
        if sheet.show != show:
            raise UsageError(f"{endpoint} plays {show!r}, not {sheet.show!r}", "name its --show")
        asyncio.run(_serve(wanted, sheet, peer, endpoint, opened, stop, tls))
    finally:
        peer.close(timeout=0.2)


def found_core() -> str:
    """The endpoint of the only show that runs on this machine."""
    ports = boards()
    if not ports:
        raise UsageError("no show runs on this machine", "start one, or name its --core ENDPOINT")
    if len(ports) > 1:
        known = ", ".join(f"tcp://127.0.0.1:{port}" for port in ports)
        raise UsageError(f"{len(ports)} shows run on this machine", f"choose --core: {known}")
    return f"tcp://127.0.0.1:{ports[0]}"


def _played_by(peer: Peer, endpoint: str, stop: Stop) -> str | None:
    peer.connect()
    deadline = time.monotonic() + WELCOME
    while peer.show == "" and not stop.is_set():
        if peer.failure:
            raise DeviceError(f"the core refused the console: {peer.failure}")
        if time.monotonic() > deadline:
            raise DeviceError(
                f"no show answers at {endpoint}", "start it with  xrdrama run SHOW --port PORT"
            )
        stop.wait(0.02)
    return peer.show or None


def _sheet(show: str) -> Sheet:
    loaded = content.load_show(show)
    return sheet_of(content.produce(loaded), content.show_file(loaded).title)


class BridgeDesk:
    """The way to the show, over the bridge."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def send(self, command: Command, sender: Sender, answered: Answer) -> None:
        """Record a command. DeviceError when the show has not answered for long."""
        if self._peer.failure:
            raise DeviceError(f"the core refused the console: {self._peer.failure}")
        if self._peer.under_way >= MOST_WAITING:  # `record` would wait, and all pages with it
            raise DeviceError("too many commands wait for the show's answer; nothing was sent")
        self._peer.record(command, told=answered, sender=sender)


async def _serve(
    wanted: Wanted,
    sheet: Sheet,
    peer: Peer,
    endpoint: str,
    opened: Tell,
    stop: threading.Event,
    tls: tuple[ssl.SSLContext, str] | None,
) -> None:
    from xrdrama.adapters.web.access.connections import Connections
    from xrdrama.adapters.web.board.pictures import Pictures
    from xrdrama.adapters.web.live.hub import Hub
    from xrdrama.adapters.web.serving import server
    from xrdrama.adapters.web.site import NOT_BUILT, PAGE, Reach, Site

    context, fingerprint = tls or (None, "")
    kept = _kept(wanted)
    listener = _listener(wanted, kept, stop)
    if listener is None:
        return
    port = int(listener.getsockname()[1])
    board = BoardReader(port_of(endpoint))
    hub = Hub(sheet, BridgeDesk(peer), board, notice=lambda text: opened(Noticed(text)))
    listener.connections = Connections(hub.limits)
    door = _doorkeeper(wanted, kept, port, opened)
    address = _address(wanted.listen, port, secure=context is not None)
    is_here = wanted.listen in LOOPBACK
    reach = Reach("" if is_here else address, fingerprint)
    site = Site(
        hub,
        Pictures(board),
        door,
        port=port,
        secure=context is not None,
        names=frozenset({wanted.listen}),
        refresh=board.refresh,
        reach=reach,
        connections=listener.connections,
    )
    serving = server(site.app, context)
    loop = asyncio.get_running_loop()

    def follow(frame: Frame) -> None:
        with contextlib.suppress(RuntimeError):  # this process ends
            loop.call_soon_threadsafe(hub.frame, frame)

    peer.subscribe(follow)

    ours = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    async def announce() -> None:
        while not serving.started:
            await asyncio.sleep(0.01)
        if threading.current_thread() is threading.main_thread():
            for number, handler in ours.items():  # uvicorn's own would hang up on all pages
                signal.signal(number, handler)
        # A show says itself that its console is for this machine.
        notes = [] if wanted.child or not is_here else [reach.advice()]
        notes += [] if (PAGE / "index.html").is_file() else [NOT_BUILT]
        url = f"{address}/?token={door.invite('director')}"
        opened(Opened(url, sheet.show, fingerprint, "\n".join(notes)))
        greeted = loop.time()
        while not stop.is_set():
            await asyncio.sleep(0.2)
            if hub.is_silent and loop.time() - greeted > GREET_AGAIN:
                greeted = loop.time()
                peer.greet()
        await hub.part(
            "the show has ended" if wanted.child else "this console was ended",
            with_show=wanted.child,
        )
        serving.should_exit = True

    telling = asyncio.create_task(announce())
    try:
        await serving.serve(sockets=[listener])
    finally:
        telling.cancel()
        listener.close()
        board.close()


def _address(listen: str, port: int, *, secure: bool) -> str:
    """What to type in a browser."""
    host = outward(listen)
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if secure else 'http'}://{shown}:{port}"


def _kept(wanted: Wanted) -> Secrets | None:
    from xrdrama.adapters.web.access.kept import read_secrets

    return read_secrets(wanted.secrets) if wanted.secrets else None


def _listener(wanted: Wanted, kept: Secrets | None, stop: threading.Event) -> Listener | None:
    """A socket on the port that was asked for, or that was used before; None: stopped."""
    from xrdrama.adapters.web.access.connections import listening

    before = kept.port if kept else 0
    deadline = time.monotonic() + (PORT_WAIT if kept else 0.0)
    while True:
        try:
            return listening(wanted.listen, wanted.port or before)
        except DeviceError:
            if time.monotonic() >= deadline:
                if wanted.port or not before:
                    raise
                before = 0  # any other will do
        if stop.wait(0.1):
            return None


def _doorkeeper(wanted: Wanted, kept: Secrets | None, port: int, opened: Tell) -> Doorkeeper:
    from xrdrama.adapters.web.access.kept import write_secrets
    from xrdrama.adapters.web.access.sessions import Doorkeeper

    failed = False

    def keep(secrets: Secrets) -> None:
        nonlocal failed
        try:
            if wanted.secrets:
                write_secrets(wanted.secrets, secrets)
        except DeviceError as error:
            if not failed:
                opened(
                    Noticed(
                        f"the console's keys were not saved ({error}): if the console is started"
                        " again, its pages need a new invitation"
                    )
                )
            failed = True

    return Doorkeeper(kept=kept, keep=keep, port=port)


def _tls(wanted: Wanted) -> tuple[ssl.SSLContext, str] | None:
    """TLS where it must be, and its fingerprint when the certificate is our own."""
    from xrdrama.adapters.web.access.certificate import context_of, self_signed

    if (wanted.cert is None) != (wanted.key is None):
        raise UsageError("--cert and --key belong together", "give both, or neither")
    if wanted.cert is not None and wanted.key is not None:
        return context_of(wanted.cert, wanted.key), ""
    if wanted.listen in LOOPBACK:
        return None
    host = socket.gethostname().lower()
    return self_signed(outward(wanted.listen), frozenset({"localhost", host, f"{host}.local"}))


def outward(listen: str) -> str:
    """The address to type on another machine, for one that means "all of this machine's"."""
    if listen not in ("0.0.0.0", "::"):
        return listen
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; it only chooses a way out
        except OSError:
            return socket.gethostname()
        return str(probe.getsockname()[0])
