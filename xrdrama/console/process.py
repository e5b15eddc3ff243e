"""The console's process: a peer of the show with the role director, and a web server for pages."""

from __future__ import annotations

import asyncio
import os
import threading
import time

from xrdrama import content
from xrdrama.adapters.bridge import Peer
from xrdrama.adapters.web.live.sheet import Sheet, sheet_of
from xrdrama.console.reach import tls_of
from xrdrama.console.serving import ConsoleOptions, OnOpened, serve
from xrdrama.errors import DeviceError, UsageError
from xrdrama.processes.child import end_with_parent
from xrdrama.processes.console import is_installed
from xrdrama.processes.finding import found_core
from xrdrama.show.ports import Stop

WELCOME = 10.0
"""Seconds to wait for an answer of the core."""
SAME = "start the console as the same user, and with the same version of xrdrama, as the show"
POLITENESS = 5
"""Niceness of the console of a show, so that the show has priority."""


def run_console(options: ConsoleOptions, opened: OnOpened, stop: threading.Event) -> None:
    """Serve a console until `stop` is set. Raises UsageError, DeviceError or AuthoringError."""
    if not is_installed():
        raise UsageError("the console is not installed", "pip install 'xrdrama[console]'")
    if options.child:
        os.nice(POLITENESS)
        threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    tls = tls_of(options.listen, options.cert, options.key)
    endpoint = options.core or found_core()
    peer = Peer(endpoint, name=f"console.{os.getpid()}", role="director", sources=())
    try:
        show = _played_by(peer, endpoint, stop)
        if show is None:
            return
        sheet = _sheet(options.show or show)
        if sheet.show != show:
            raise UsageError(
                f"the show at {endpoint} is {show!r}, not {sheet.show!r}",
                "add --show FILE with the file of this show",
            )
        asyncio.run(serve(options, sheet, peer, endpoint, opened, stop, tls))
    finally:
        peer.close(timeout=0.2)


def _played_by(peer: Peer, endpoint: str, stop: Stop) -> str | None:
    peer.connect()
    deadline = time.monotonic() + WELCOME
    while peer.show == "" and not stop.is_set():
        if peer.failure:
            raise DeviceError(f"the show refused the console: {peer.failure}", SAME)
        if time.monotonic() > deadline:
            raise DeviceError(
                f"no show answers at {endpoint}",
                "correct --core, or start a show:  xrdrama run SHOW --port PORT",
            )
        stop.wait(0.02)
    return peer.show or None


def _sheet(show: str) -> Sheet:
    loaded = content.load_show(show)
    return sheet_of(content.produce(loaded), content.show_file(loaded).title)
