"""An engine that follows a running show: the client of bridge/python, in a process of its own.

The show here is a real one, started on a free port; an engine would only have the client's part.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bridge" / "python"))
from xrdrama_client import Client

PORT = 17_400 + 3 * (os.getpid() % 800)  # a show uses three ports, and another one may be running

with tempfile.TemporaryDirectory() as out:
    command = [
        sys.executable,
        "-m",
        "xrdrama",
        "run",
        "lantern_two_cameras",
        "--headless",
        "--no-video",
    ]
    command += ["--port", str(PORT), "--out", out, "--json"]
    show = subprocess.Popen(command, stdout=subprocess.PIPE)

    client = Client(f"tcp://127.0.0.1:{PORT}", name="engine", role="director", timeout=60)
    logged = client.set_param("fog", 0.8, timeout=60)  # the director's override of a parameter
    print(f"{client.welcome.show}: logged as entry {logged}")

    fog = []
    for frame in client.frames(timeout=60):
        fog.append(frame.params["fog"])
        if frame.time[0] % 24 == 0:
            for camera in frame.cameras:
                x, y, z = camera.camera[0]
                print(f"frame {frame.time[0]:3} {camera.id:5} {x:+.2f} {y:+.2f} {z:+.2f}")
        if frame.time[0] >= 48:
            break
    client.close()
    show.terminate()
    result = json.loads(show.communicate(timeout=60)[0])

assert 0.8 in fog, "the parameter reached the frames"
assert [camera.id for camera in frame.cameras] == ["wide", "tele"]
print(f"the show made {result['frames']} frames")
