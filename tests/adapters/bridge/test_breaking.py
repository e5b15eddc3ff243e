"""A peer that floods a core which is late, and then dies: the core must not die of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SCRIPT = """
import mmap, os, signal, sys, time
from itertools import count
from pathlib import Path

import zmq

from tests.adapters.bridge.cores import Core, hello
from tests.waiting import wait_until
from xrdrama.wire.codec import encode
from xrdrama.wire.events import Pressed
from xrdrama.wire.messages import Record

sent = mmap.mmap(-1, 8)  # how many records, shared with the flood
ear, mouth = os.pipe()
flood = os.fork()
if flood == 0:
    socket = zmq.Context().socket(zmq.DEALER)
    socket.sndtimeo = 60_000  # it does not stay when it is not killed
    endpoint, key = os.read(ear, 1000).decode().split()
    socket.connect(endpoint)
    socket.send(encode(hello("flood", key=key)))
    for number in count():
        socket.send(encode(Record(number, 0, Pressed("keys", "x" * 60))))
        sent[:] = number.to_bytes(8, "little")
def is_full():
    before = sent[:]
    time.sleep(0.5)  # many times what the flood takes for a record
    return any(before) and sent[:] == before
core = Core(Path(sys.argv[1]))
os.write(mouth, f"{core.server.endpoint} {core.server.key.value}".encode())
wait_until(lambda: core.take().entries)
with core.ingress._changed:  # the core is late: nothing is recorded, so nothing is read
    wait_until(is_full, what="no room between the two")
    os.kill(flood, signal.SIGKILL)
    os.waitpid(flood, 0)
    time.sleep(2.5)  # longer than a connection was once asked whether it lives
core.close()
print("lives", len(core.take().entries) > 0)
"""


def test_peer_that_dies_while_the_core_is_late_does_not_disturb_others(tmp_path: Path) -> None:
    """libzmq once ended the whole process here; so this one is not ours."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "night.take")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "lives True\n"), done.stderr
