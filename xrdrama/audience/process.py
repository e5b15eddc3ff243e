"""The audience server's process: a peer of the show with the role viewer, and a web server."""

from __future__ import annotations

import asyncio
import os
import secrets
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from xrdrama import content
from xrdrama.adapters.bridge import Peer
from xrdrama.audience.doing import SOURCE
from xrdrama.audience.journal import Journal, digest_of
from xrdrama.audience.library import Library
from xrdrama.audience.senses.making import engine_of
from xrdrama.audience.serving import Said, Served, serve
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.audience import HINT, AudienceNotice
from xrdrama.processes.child import end_with_parent
from xrdrama.processes.console import is_installed
from xrdrama.show import Production
from xrdrama.wire.audience import Mode

if TYPE_CHECKING:
    from xrdrama.audience.votes import Desk

WELCOME: float = 20.0
"""Seconds to wait for an answer of the core."""
POLITENESS = 5
"""Niceness of the server of a show, so that the show has priority."""


class AudienceServer(msgspec.Struct, frozen=True):
    """The options of the internal command `audience`."""

    core: str
    show: str
    listen: str = "127.0.0.1"
    port: int = 0
    cert: Path | None = None
    key: Path | None = None
    tickets: int = 0
    tickets_file: Path | None = None
    code_file: Path | None = None
    help_port: int = 0
    secrets: Path | None = None
    """The file with what a restarted server needs."""
    votes: Path | None = None
    """The file of the log of votes; without it votes are not signed."""
    events: str = ""
    """The server of event logs that keeps votes and viewers' events; "": files beside the take."""


def run_audience(options: AudienceServer, say: Said, stop: threading.Event) -> None:
    """Serve viewers until `stop` is set. Raises UsageError, DeviceError or AuthoringError."""
    from xrdrama.adapters.web.access.kept import read_secrets
    from xrdrama.audience.joining import tls_of

    if not is_installed():
        raise UsageError(HINT, "pip install 'xrdrama[console]'")
    os.nice(POLITENESS)
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    tls = tls_of(options.listen, options.cert, options.key)
    loaded = content.load_show(options.show)
    production = content.produce(loaded)
    file = content.show_file(loaded)
    kept = read_secrets(options.secrets) if options.secrets else None
    instance = kept.instance if kept and kept.instance else secrets.token_hex(8)
    peer = Peer(options.core, name=SOURCE, role="viewer", sources=(SOURCE,), instance=instance)
    journal: Journal | None = None
    library = Library(loaded, production, lambda text: say(AudienceNotice(text)))
    try:
        peer.connect()
        deadline = time.monotonic() + WELCOME
        while peer.show == "" and not stop.is_set():
            if peer.failure:
                raise DeviceError(
                    f"the show refused the audience server: {peer.failure}", "start the show again"
                )
            if time.monotonic() > deadline:
                raise DeviceError(
                    f"no show answers at {options.core}", "start one: xrdrama serve SHOW"
                )
            stop.wait(0.02)
        if stop.is_set():
            return
        library.start()
        if file.audience.mode == "own":
            seats = kept.number if kept else 0
            journal = _journal(options.secrets, options.events, digest_of(loaded), seats, say)
        served = Served(
            production, file, peer, library, tls, kept, options.secrets, instance,
            options.listen, options.port, options.tickets, options.tickets_file, options.code_file,
            options.help_port, journal, _desk(options, production, file.audience.mode, say),
            engine_of(loaded, production),
        )  # fmt: skip
        asyncio.run(serve(served, say, stop))
    finally:
        if journal is not None:
            journal.close()
        peer.close(timeout=0.2)


def _journal(kept: Path | None, server: str, story: str, seats: int, say: Said) -> Journal:
    """The journal of viewers' own shows beside the kept secrets. If it cannot be used, a message
    says so, and the shows of the seats so far begin again."""
    from xrdrama.adapters.eventlog.placed import open_placed
    from xrdrama.adapters.web.access.kept import journal_path

    if kept is None:
        return Journal()
    try:
        return Journal(open_placed(journal_path(kept), server, synced=False), story)
    except DeviceError as error:
        text = (
            f"viewers' own shows are not kept ({error}): when the audience server is restarted,"
            " they begin again"
        )
        say(AudienceNotice(text))
        return Journal(lost=range(1, seats + 1))


def _desk(options: AudienceServer, production: Production, mode: Mode, say: Said) -> Desk | None:
    """What takes signed votes; None where nobody votes together, or with a notice."""
    from xrdrama.audience.votes import is_voted_on, open_desk

    if options.votes is None or mode == "own" or not is_voted_on(production.story):
        return None
    try:
        return open_desk(options.votes, production.id, options.events)
    except DeviceError as error:
        say(AudienceNotice(f"votes of phones count, but are not signed: {error}"))
        return None
