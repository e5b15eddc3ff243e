"""A viewer's window on standby, under a real window manager: drawn, in the task bar, then shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from tests.peers.monado.stand import Screen
from tests.peers.windows import Windows, window_manager
from tests.waiting import wait_until
from xrdrama.viewers.window import FOLDED, SMALL

pytestmark = pytest.mark.peer
TITLE = "One Lantern Too Many, from within"
NO_CORE = "tcp://127.0.0.1:9"
LOADING = 240.0
"""Seconds that a viewer may take to load and draw everything on a busy machine."""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with closing(Screen(tmp_path)) as made:
        yield made


def lit(screen: Screen) -> int:
    """How many pixels of the screen are not black."""
    return int(screen.picture().any(axis=2).sum())


@pytest.mark.parametrize("managed", [True, False], ids=["twm", "no window manager"])
def test_window_on_standby_is_drawn_and_opens_when_it_is_called(
    screen: Screen, tmp_path: Path, managed: bool
) -> None:
    log = tmp_path / "viewer.json"
    command = [sys.executable, "-m", "xrdrama", "viewer", NO_CORE, "lantern_headset"]
    command += ["--on", "window", "--standby", "--log", str(log)]
    manager = window_manager(screen.name, tmp_path) if managed else nullcontext()
    with manager, closing(Windows(screen.name)) as windows:
        viewer = subprocess.Popen(
            command,
            env={**os.environ, "DISPLAY": screen.name},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert viewer.stdin is not None and viewer.stdout is not None
            assert viewer.stdout.readline() == "ready\n"
            if managed:
                wait_until(lambda: windows.sizes(TITLE) == [], what="it is in the task bar")
            else:
                assert windows.sizes(TITLE) == [FOLDED]
            assert windows.has(TITLE) and viewer.poll() is None
            viewer.stdin.write("go\n")
            viewer.stdin.close()
            wait_until(lambda: windows.sizes(TITLE) == [SMALL], what="it is open")
            pixels = SMALL[0] * SMALL[1]
            wait_until(lambda: lit(screen) > 0.9 * pixels, what="its picture")
            viewer.terminate()
            assert viewer.wait(LOADING) == 0
        finally:
            viewer.kill()
            viewer.wait()
            viewer.stdout.close()
    late = json.loads(log.read_text())["late"]
    # The set was drawn before; the letters of the sign are new, for the new size of the window.
    assert late["shaders"] == 0 and late["textures"] <= 1 and late["buffers"] <= 1, late
