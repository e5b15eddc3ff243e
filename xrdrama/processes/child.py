"""An input's process: opens the plug-in, sends events over the wire, ends with its show."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from typing import Final

from xrdrama import plugins
from xrdrama.adapters.bridge import Peer
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.processes.statuses import READY
from xrdrama.processes.stopping import set_on_signals
from xrdrama.show.ports import NOTE
from xrdrama.tracking.datagrams import fault
from xrdrama.wire.commands import Role

PARENT = "XRDRAMA_PARENT"
"""The environment variable with the process id of the show that started a process."""
LAST_WORDS = 10.0
"""Seconds that a process may take to end after its show was killed."""

_ROLES: Final[dict[str, Role]] = {"tracker": "tracker", "operator": "operator"}
"""What an input may connect as besides "recogniser"."""


def run_input(name: str, use: str, endpoint: str) -> int:
    """Run the input `use` as `name` for the show at `endpoint`; its settings are JSON on stdin."""
    stop = threading.Event()
    set_on_signals(stop)
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    try:
        settings = json.loads(sys.stdin.read() or "{}")
    except ValueError as error:
        raise UsageError(
            f"the settings of {name} are not JSON: {error}",
            "report this: it is an error of xrdrama",
        ) from None
    kind = plugins.input_named(use)
    role = _ROLES.get(getattr(kind, "ROLE", ""), "recogniser")
    peer = Peer(
        endpoint,
        name=f"{name}.{os.getpid()}",
        role=role,
        sources=(name,),
        on_welcome=say_ready,
    )
    failed = True
    try:
        found = kind.open(name, settings)
        for note in getattr(found, "notes", ()):
            sys.stderr.write(f"{NOTE}{' '.join(note.split())}\n")
        sys.stderr.flush()
        found.run(peer, stop)
        failed = False
    except XrdramaError as error:
        sys.stderr.write(f"{' '.join(str(error).split())}\n")
        return 2
    except (Exception, SystemExit) as error:  # a fault of the plug-in: its last line is the reason
        traceback.print_exc()
        sys.stderr.write(f"{fault(f'the plug-in {use}', error)}\n")
        return 2
    finally:
        peer.close(failed=failed)
    return 0


def say_ready() -> None:
    """Report to the supervisor of this process that it is ready."""
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


def end_with_parent(stop: threading.Event) -> None:
    """End this process when its show is killed, so that no recogniser keeps running."""
    # The show may have ended before this process could ask for its parent.
    parent = int(os.environ.pop(PARENT, 0)) or os.getppid()
    while not stop.wait(1.0):
        if os.getppid() != parent:
            stop.set()
            threading.Timer(LAST_WORDS, os._exit, (1,)).start()
