"""What a headset sends to the show: poses of both eyes and a pick, read from the take.

With a headset and its runtime, use `xrdrama vr lantern_headset`. This script simulates the headset:
a peer with the role `viewer`, whose head turns while it follows the frames, and which picks an
option as a gaze would.
"""

import os
import subprocess
import sys
import tempfile
import threading
from math import sin
from pathlib import Path

from xrdrama.adapters.bridge import Peer
from xrdrama.show.take import read_take
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.events import Presented, Pressed
from xrdrama.wire.frame import Frame

PORT = 17_400 + 3 * (os.getpid() % 800)  # a show uses three ports, and another one may be running
EYES = (Vec3(-0.0315, 0.0, 0.0), Vec3(0.0315, 0.0, 0.0))


def eyes(seconds: float) -> tuple[Pose, ...]:
    """Both eyes of a head 1.6 m above the floor that looks slowly from side to side."""
    head = Pose(Vec3(0.0, -2.5, 1.6), Quat.from_angles(pan=20.0 * sin(seconds)))
    return tuple(head * Pose(eye) for eye in EYES)


with tempfile.TemporaryDirectory() as out:
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_headset", "--headless"]
    command += ["--no-video", "--seconds", "60", "--port", str(PORT), "--out", out]
    show = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    picked = threading.Event()

    def follow(frame: Frame) -> None:
        """What a viewer does with each frame: draw it (not here), report it, and maybe pick."""
        viewer.record(Presented("viewer", frame.number, eyes(frame.number / 24)))
        if frame.choice and not picked.is_set():
            option = frame.choice.options[0]
            print(f"frame {frame.number}: {option.texts['en']!r} is looked at for long enough")
            viewer.record(Pressed("viewer.gaze", option.id))
            picked.set()
        elif picked.is_set() and frame.picks:
            print(f"frame {frame.number}: the story continues with {frame.picks[0].to!r}")
            show.terminate()

    viewer = Peer(f"tcp://127.0.0.1:{PORT}", name="viewer.1", role="viewer", sources=("viewer",))
    viewer.subscribe(follow)
    show.wait(timeout=240)
    viewer.close(timeout=0.1)
    take = read_take((Path(out) / "lantern_headset.take").read_bytes())

seen = [entry.event for entry in take.entries if isinstance(entry.event, Presented)]
for event in seen[:: max(1, len(seen) // 4)]:
    left, right = event.poses
    pan = left.rotation.angles()[0]
    apart = (right.position - left.position).length()
    print(f"frame {event.frame:3} was seen with the head at {pan:+5.1f}, eyes {apart:.3f} m apart")
assert picked.is_set() and len(seen) > 100
