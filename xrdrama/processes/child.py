"""An input in a process of its own: opens the plugin, speaks the wire, ends with its core."""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback

from xrdrama import plugins
from xrdrama.adapters.bridge import Peer
from xrdrama.errors import UsageError, XrdramaError
from xrdrama.processes.statuses import READY
from xrdrama.processes.stopping import set_on_signals
from xrdrama.tracking.datagrams import fault
from xrdrama.wire.commands import Role

PARENT = "XRDRAMA_PARENT"
"""The variable in which a show tells the processes that it starts who it is."""
NOTE = "note: "
"""What a line on stderr begins with that a person should see while the show runs."""
LAST_WORDS = 10.0
"""Seconds in which a process may say goodbye when its show was killed."""


def run_input(name: str, use: str, endpoint: str) -> int:
    """Run the input `use` as `name` for the core at `endpoint`; settings are JSON on stdin."""
    stop = threading.Event()
    set_on_signals(stop)
    threading.Thread(target=end_with_parent, args=(stop,), daemon=True).start()
    try:
        settings = json.loads(sys.stdin.read() or "{}")
    except ValueError as error:
        raise UsageError(f"the settings of {name} are not JSON: {error}") from None
    kind = plugins.input_named(use)
    role: Role = "tracker" if getattr(kind, "ROLE", "") == "tracker" else "recogniser"
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
    except (Exception, SystemExit) as error:  # a plug-in's own fault: its last line is the reason
        traceback.print_exc()
        sys.stderr.write(f"{fault(f'the plug-in {use}', error)}\n")
        return 2
    finally:
        peer.close(failed=failed)
    return 0


def say_ready() -> None:
    """Tell the supervisor of this process that it is ready."""
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()


def end_with_parent(stop: threading.Event) -> None:
    """A core that was killed must not leave its recognisers behind."""
    # It may be gone before this process has loaded enough to ask who it is.
    parent = int(os.environ.pop(PARENT, 0)) or os.getppid()
    while not stop.wait(1.0):
        if os.getppid() != parent:
            stop.set()
            threading.Timer(LAST_WORDS, os._exit, (1,)).start()
