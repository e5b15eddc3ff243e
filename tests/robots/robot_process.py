"""A simulated robot in a process of its own. Argument: endpoint. `release` on stdin is the hand."""

from __future__ import annotations

import sys
import threading

from xrdrama.adapters.mujoco.simulated import SimulatedBody
from xrdrama.cli.printing.plain import print_json
from xrdrama.robots.commanding import stands
from xrdrama.robots.process import RobotProcess


def say(change: object) -> None:
    print_json(change)
    sys.stdout.flush()


process = RobotProcess(sys.argv[1], "k1", SimulatedBody(), stands, say)
stop = threading.Event()


def read() -> None:
    for line in sys.stdin:
        process.hand_release() if line.strip() == "release" else process.hand_stop()
    stop.set()


threading.Thread(target=read, daemon=True).start()
process.run(stop)
