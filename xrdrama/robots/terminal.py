"""The keyboard at the robot's process: Enter stops the robot, `release` turns the hand's key."""

from __future__ import annotations

import os
import sys
import threading
from typing import Final

from xrdrama.robots.process import RobotProcess

HELP: Final = (
    "Enter: stop.  release + Enter: release it from here; a director must release it, too:"
    "  xrdrama robot release {performer}.  Ctrl-C: stop and end."
)
NO_HAND: Final = (
    "stdin is not a terminal: nobody can release the robot at this process, so it will not move;"
    " start this command in a terminal"
)


def has_hand() -> bool:
    """Whether a person can type at this process: a pipe or a file releases no robot."""
    return sys.stdin.isatty()


def listen(process: RobotProcess) -> None:
    """Pass on what is typed, in a thread of its own. Whatever is not `release` stops the robot."""
    threading.Thread(target=_read, args=(process,), name="keyboard", daemon=True).start()


def _read(process: RobotProcess) -> None:
    while True:
        # Not with sys.stdin: a waiting thread would hold its lock while the process ends.
        try:
            typed = os.read(sys.stdin.fileno(), 256)
        except OSError:
            typed = b""
        if typed.strip() == b"release":
            process.hand_release()
        else:
            process.hand_stop()
        if not typed:
            return
