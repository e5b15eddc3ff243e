"""The processor canvas on a display: a real X11 screen shows it, pixel for pixel."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.peers.monado.stand import Screen
from tests.waiting import wait_until
from xrdrama import content
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
pictures = stage_pictures(loaded, production, quality="draft", displays={"": (40, 30)})
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


@contextmanager
def _drawing(screen: Screen, program: str, *arguments: str) -> Iterator[None]:
    """Within it a child has drawn its frames and waits."""
    child = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env={**os.environ, "DISPLAY": screen.name},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None and child.stdout is not None
    assert child.stdout.readline() == "drawn\n"
    yield
    child.stdin.write("\n")
    child.stdin.close()
    child.stdout.close()
    assert child.wait(60) == 0


def test_the_display_shows_every_pixel_of_the_canvas(screen: Screen, tmp_path: Path) -> None:
    file = tmp_path / "canvas.npy"
    with _drawing(screen, DRAWS, str(file)):
        canvas = np.load(file)
        wait_until(lambda: np.array_equal(part(screen), canvas), 20, "the canvas", every=0.1)
        beside = part(screen, (AT[0] + 1, AT[1]))
        assert np.abs(beside - canvas).mean() > 0.5, "the control: one pixel aside"
        outside = screen.picture()
        outside[AT[1] : AT[1] + CANVAS[1], AT[0] : AT[0] + CANVAS[0]] = 0
        assert not outside.any(), "no frame, no pointer"


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


TWO = """
xrdrama: 1
id: two
canvases:
  front: {size: [600, 300], display: screen}
  roof: {size: [300, 200]}
walls:
  front: {shape: flat, width: 6, height: 3, centre: [0, 4, 1.5], pixels: [600, 300], canvas: front}
  roof: {shape: flat, width: 3, height: 2, centre: [0, 2, 3.4], tilt: 90, pixels: [300, 200],
         canvas: roof}
camera: {focal_mm: 24, sensor_mm: [36, 20.25], picture: [320, 180]}
eye_point: [0, 0, 1.6]
inner: {pixels: [320, 180]}
"""
OF_A_FILE = """
import msgspec
from xrdrama.run.outputs.displays import desktop, places
from xrdrama.show.production import outer_views
from xrdrama.stage import load_stage
production = content.produce(loaded)
stage = load_stage(open(sys.argv[2]).read(), "two")
views = outer_views(stage)
production = msgspec.structs.replace(production, stage=stage, outer_views=views)
"""
DRAWS_TWO = DRAWS.replace("production = content.produce(loaded)\n", OF_A_FILE).replace(
    '{"": (40, 30)}', 'places(stage, ["roof=900,500", "front=40,30"], desktop())'
)


def test_two_canvases_are_each_on_their_place(screen: Screen, tmp_path: Path) -> None:
    file, stage = tmp_path / "canvas.npy", tmp_path / "two.stage.yaml"
    stage.write_text(TWO, "utf-8")
    with _drawing(screen, DRAWS_TWO, str(file), str(stage)):
        both = np.load(file)
        assert both.shape == (500, 600, 3)
        front, roof = both[:300], both[300:, :300]
        assert front.any() and roof.any() and (front[:200, :300] != roof).any()
        for area, canvas in (((30, 330, 40, 640), front), ((500, 700, 900, 1200), roof)):
            top, bottom, left, right = area
            wait_until(
                lambda: np.array_equal(screen.picture()[top:bottom, left:right], canvas),  # noqa: B023
                20, "the canvas", every=0.1,
            )  # fmt: skip
        beside = screen.picture()[501:701, 900:1200].astype(int)
        assert np.abs(beside - roof.astype(int)).mean() > 0.5, "the control: one pixel aside"
        outside = screen.picture()
        outside[30:330, 40:640] = outside[500:700, 900:1200] = 0
        assert not outside.any(), "no frame, no pointer, nothing of another canvas"


@pytest.mark.parametrize(("walls", "message"), [
    (["front=DP-7"], "there is no display 'DP-7' for the canvas front: the displays are screen"),
    (["front=1500,0"], "does not fit on the displays at 1500,0: the displays are screen (1920 x"),
    (["0,0"], "does not name a canvas"),
])  # fmt: skip
def test_a_display_that_does_not_exist_is_an_error_that_names_those_there(
    screen: Screen, tmp_path: Path, walls: list[str], message: str
) -> None:
    (tmp_path / "two.stage.yaml").write_text(TWO, "utf-8")
    show = content.find("show", "lantern_demo").read_text("utf-8")
    show = show.replace("id: lantern_demo", "id: on_two").replace("arc_volume", "two")
    (tmp_path / "on_two.show.yaml").write_text(show, "utf-8")
    options = [word for one in walls for word in ("--wall", one)]
    done = subprocess.run(
        [sys.executable, "-m", "xrdrama", "run", str(tmp_path / "on_two.show.yaml"), *options,
         "--out", str(tmp_path / "out"), "--seconds", "5"],
        env={**os.environ, "DISPLAY": screen.name}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and message in done.stderr, done.stderr
