"""A small show for plug-ins: a story of ours on a stage with one wall, and what comes of a run."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.adapters.bridge.cores import free_port
from xrdrama import content
from xrdrama.cli import run
from xrdrama.show.take import Take, read_take

STAGE = """\
xrdrama: 1
id: small_wall
canvas: [640, 360]
walls:
  wall: {{shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [640, 360]}}
camera: {{focal_mm: 35, sensor_mm: [36, 20.25], picture: [640, 360]}}
eye_point: [0, -1, 1.5]
tracking: {{protocol: {protocol}, subject: "{subject}", port: {port}, address: 127.0.0.1}}
"""
# Those whom the story has cues for.
PERFORMERS = "performers: {lan: {mark: girl}, grandmother: {mark: grandmother}}\n"
SHOW = """\
xrdrama: 1
id: plugged
story: one_lantern_too_many
stage: small_wall
"""


def write_show(
    folder: Path,
    more: str = "",
    *,
    protocol: str = "freed",
    subject: str = "1",
    move: bool = True,
) -> Path:
    """A show in `folder`, with further lines of its file; `move` gives it a simulated operator.
    Without one it listens for a tracker, on a port that no other test uses."""
    port = 40_000 if move else free_port(socket.SOCK_DGRAM)
    stage = STAGE.format(protocol=protocol, subject=subject, port=port)
    (folder / "small_wall.stage.yaml").write_text(stage, "utf-8")
    show = folder / "plugged.show.yaml"
    text = SHOW
    if move:
        (folder / "demo.move.yaml").write_text(
            content.read_text(content.find("move", "demo")), "utf-8"
        )
        text += "move: demo\n"
    if "performers:" not in more:
        more += PERFORMERS
    show.write_text(text + more, "utf-8")
    return show


def without_inputs(folder: Path, show: str = "lantern_demo") -> Path:
    """One of our shows in `folder`, as it is but for its inputs, whose recognisers take seconds to
    load: for tests that need frames, and not what a viewer says."""
    text = content.read_text(content.find("show", show))
    path = folder / f"{show}.show.yaml"
    before, inputs, after = text.partition("\ninputs:\n")
    assert inputs and all(not line or line[0] in " #" for line in after.splitlines())
    path.write_text(f"{before}\n", "utf-8")
    return path


def in_this_process(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The same as `xrdrama`, without the second or two that a process takes to load: for commands
    that end before they start anything."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run([*map(str, arguments)])
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def xrdrama(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of xrdrama in a process of its own."""
    command = [sys.executable, "-m", "xrdrama", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def played(show: Path, *more: str) -> tuple[dict[str, Any], Take, str]:
    """What a run without pictures and console printed as JSON, its take, and stderr."""
    done = xrdrama(
        "run", show, "--headless", "--no-video", "--no-console", "--json",
        "--out", show.parent / "out", *more,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads(done.stdout)
    return result, read_take(Path(result["take"]).read_bytes()), done.stderr
