"""The processor canvas on a display: a real X11 screen shows it, pixel for pixel."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.peers.monado.stand import Screen
from tests.waiting import wait_until
from xrdrama.show.take import read_take

pytestmark = pytest.mark.peer
AT, CANVAS = (40, 30), (1776, 540)
DRAWS = """
import sys
import numpy as np
from xrdrama import content
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime
loaded = content.load_show("lantern_demo")
production = content.produce(loaded)
pictures = stage_pictures(loaded, production, quality="draft", display=(40, 30))
show = opening(production)
for number in range(3):
    show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
    pictures.present(frame)
np.save(sys.argv[1], pictures.newest("wall"))
print("drawn", flush=True)
sys.stdin.readline()
"""
ONLY = """
from panda3d.core import LVecBase4f
from xrdrama.adapters.panda.graphics import open_graphics
graphics = open_graphics((64, 64), at=(0, 0))
left, right = (graphics.target(name, 8, 8, "rgba8") for name in ("left", "right"))
with graphics.only(left):
    graphics.render()
for target in (left, right):
    target.buffer.set_clear_color_active(True)
    target.buffer.set_clear_color(LVecBase4f(0, 1, 0, 1))
graphics.render()
print(*(graphics.picture(target)[4, 4].tolist() for target in (left, right)), flush=True)
"""


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.close()


def part(screen: Screen, at: tuple[int, int] = AT) -> np.ndarray:
    (x, y), (width, height) = at, CANVAS
    return screen.picture()[y : y + height, x : x + width].astype(int)


def test_the_display_shows_every_pixel_of_the_canvas(screen: Screen, tmp_path: Path) -> None:
    file = tmp_path / "canvas.npy"
    child = subprocess.Popen(
        [sys.executable, "-c", DRAWS, str(file)],
        env={**os.environ, "DISPLAY": screen.name},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None
    assert child.stdout.readline() == "drawn\n"
    canvas = np.load(file)
    wait_until(lambda: np.array_equal(part(screen), canvas), 20, "the canvas", every=0.1)
    beside = part(screen, (AT[0] + 1, AT[1]))
    assert np.abs(beside - canvas).mean() > 0.5, "the control: one pixel aside is another picture"
    outside = screen.picture()
    outside[AT[1] : AT[1] + CANVAS[1], AT[0] : AT[0] + CANVAS[0]] = 0
    assert not outside.any(), "no frame, no pointer"
    child.stdin.write("\n")
    child.stdin.close()
    child.stdout.close()
    assert child.wait(60) == 0


def test_no_target_stays_at_rest_when_only_some_are_drawn_first(screen: Screen) -> None:
    """Panda3D says that no target is active before a window was drawn for the first time."""
    done = subprocess.run(
        [sys.executable, "-c", ONLY],
        env={**os.environ, "DISPLAY": screen.name},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert done.stdout == "[0, 255, 0] [0, 255, 0]\n"


def test_a_show_plays_on_the_display(screen: Screen, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "xrdrama", "run", "lantern_demo", "--wall", "40,30"]
    command += ["--seconds", "600"]
    show = subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        env={**os.environ, "DISPLAY": screen.name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline, seen = time.monotonic() + 90, []
    while time.monotonic() < deadline and len(seen) < 4:
        picture = part(screen)
        if picture.any() and (not seen or (picture != seen[-1]).any()):
            seen.append(picture)
        time.sleep(0.2)  # the poll interval
        assert show.poll() is None
    show.send_signal(signal.SIGINT)
    assert show.wait(60) == 0
    assert len(seen) == 4, "the picture moves"
    take = read_take((tmp_path / "out" / "lantern_demo.take").read_bytes())
    assert take.closed is not None and not take.torn
