"""MediaPipe does not report its use: it looks up no name and opens no connection.

Later versions do (they ask for the address of their vendor's usage log), so the pinned one is
watched by strace, from its import to the end of its process.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.peer

ROOT = Path(__file__).parents[2]
SECONDS = 20

# An endless clip through the input process as a show runs it, until the time is up.
WATCH_HANDS = f"""
import threading
from tests.fakes import RecordingIngress
from xrdrama.adapters.gesture import input as gesture
class Timed(RecordingIngress):
    def wait_for_start(self, stop):
        threading.Timer({SECONDS}, self.stop.set).start()
        return super().wait_for_start(stop)

clip = "examples/clips/hands/open_palm.webm"
ingress = Timed(fixed_rate=False)
gesture.open("hands", {{"file": clip, "loop": True}}).run(ingress, ingress.stop)
poses = [event.pose for _, event in ingress.records]
assert poses.count("open_palm") > 50, "the landmarker did not work"
assert ingress.now() >= {SECONDS} * 10**9
"""

WATCH_FACES = WATCH_HANDS.replace("adapters.gesture", "adapters.face")
WATCH_FACES = WATCH_FACES.replace("hands/open_palm.webm", "faces/smile.webm")
WATCH_FACES = WATCH_FACES.replace('"loop"', '"performer": "lan", "loop"')
WATCH_FACES = WATCH_FACES.replace("[event.pose for", "[bool(event.values) for")
WATCH_FACES = WATCH_FACES.replace('"open_palm") >', "True) >")

ASK_FOR_A_NAME = """
import socket
try:
    socket.getaddrinfo("xrdrama.invalid", 443)
except OSError:
    pass
"""

# Sockets of a family that reaches other machines; or a word with the machine's name service.
_OUTWARD = re.compile(
    r"\b(?:connect|sendto|sendmsg|sendmmsg)\(.*(?:AF_INET6?\b|/nscd/|systemd/resolve|htons\(53\))"
)


def talk(script: str, trace: Path) -> list[str]:
    """What a Python process that runs `script` says to other machines: lines of strace."""
    strace = shutil.which("strace")
    assert strace, "strace is missing, so nothing can be said about silence: apt-get install strace"
    run = subprocess.run(
        [strace, "-f", "-qq", "-e", "trace=network", "-s", "200", "-o", str(trace),
         sys.executable, "-c", script],
        cwd=ROOT, capture_output=True, text=True, timeout=SECONDS + 100, check=False,
    )  # fmt: skip
    assert run.returncode == 0, f"the watched process failed, or strace may not trace: {run.stderr}"
    return [line for line in trace.read_text().splitlines() if _OUTWARD.search(line)]


def test_twenty_seconds_of_hands_reach_no_other_machine(tmp_path: Path) -> None:
    assert talk(WATCH_HANDS, tmp_path / "hands.trace") == []


def test_twenty_seconds_of_faces_reach_no_other_machine(tmp_path: Path) -> None:
    assert talk(WATCH_FACES, tmp_path / "faces.trace") == []


def test_control_a_look_up_is_seen(tmp_path: Path) -> None:
    """Negative control: the same check sees a process that asks for a name."""
    assert talk(ASK_FOR_A_NAME, tmp_path / "name.trace") != []
