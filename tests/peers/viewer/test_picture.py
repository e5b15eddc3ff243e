"""The picture of the viewers' page: places, a lost graphics context, sizes, weight and time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bridge.web.build import install, node_folder
from tests.peers.browser import Chromium, Tab
from tests.peers.viewer.opening import DESKTOP, NO_WEBGL, PHONE, SIZES, WEB, drawn, opened
from tests.peers.viewer.server import Room
from tests.waiting import wait_until

pytestmark = pytest.mark.peer

MOST_WEIGHT = 2.0
MOST_TIME = 2.0
ROUNDS = 3
BRIGHTNESS = """(async () => {
  const canvas = document.querySelector('canvas');
  xrdrama.picture.view.render(xrdrama.picture.camera);
  const small = new OffscreenCanvas(32, 32).getContext('2d');
  small.drawImage(canvas, 0, 0, 32, 32);
  const found = small.getImageData(0, 0, 32, 32).data;
  return Math.max(...found.filter((_, at) => at % 4 < 3));
})()"""
"""The brightest value of the picture, 0 to 255; black without one."""


def test_the_set_is_drawn_from_its_places_and_again_after_a_lost_context(
    browser: Chromium, room: Room
) -> None:
    tab = drawn(browser, room)
    assert tab.evaluate(BRIGHTNESS) > 60
    places = tab.evaluate("JSON.stringify(xrdrama.picture.places)")
    assert {"film_camera", "at_round_window", "low_by_column"} <= set(json.loads(places))
    assert "seat" not in json.loads(places)
    where = "xrdrama.picture.rig.position.toArray().join()"
    before = tab.evaluate(where)
    tab.click(".views")
    tab.wait(f"{where} !== '{before}'")
    tab.evaluate(
        "window.lost = xrdrama.picture.renderer.getContext().getExtension('WEBGL_lose_context');"
        "lost.loseContext(); 0"
    )
    tab.wait("document.querySelector('.trouble').innerText.includes('graphics driver stopped')")
    room.choose(lasts=None)
    tab.wait("document.querySelector('[data-option=stay]')")
    tab.click("[data-option=stay]")
    wait_until(room.taps, what="a pick without a picture")
    tab.evaluate("lost.restoreContext(); 0")
    tab.wait("document.querySelector('.trouble').hidden")
    assert tab.evaluate(BRIGHTNESS) > 60


def test_without_webgl_captions_and_options_work_and_the_reason_is_shown(
    browser: Chromium, room: Room
) -> None:
    room.choose(lasts=None)
    tab = opened(browser, room, PHONE, NO_WEBGL)
    tab.wait("document.querySelector('.trouble').innerText.includes('WebGL 2')")
    tab.wait("document.querySelector('[data-option=stay]')")
    tab.click("[data-option=stay]")
    wait_until(room.taps)


def test_a_set_that_cannot_be_loaded_is_said_and_tried_again(browser: Chromium, room: Room) -> None:
    glb = room.files[f"/sets/{room.hash}/set.glb"]
    data = glb.read_bytes()
    glb.write_bytes(b"not a model")
    tab = opened(browser, room, PHONE, "")
    tab.wait("document.querySelector('.trouble').innerText.includes('cannot be drawn')")
    tab.wait("navigator.serviceWorker.controller !== null")
    glb.write_bytes(data)
    tab.evaluate("caches.delete('content')")
    tab.wait("document.documentElement?.dataset.picture === 'shown'")


def test_dragging_and_keys_look_around(browser: Chromium, room: Room) -> None:
    room.change(set=None)
    tab = opened(browser, room, DESKTOP, "")
    tab.wait("xrdrama.picture !== undefined")
    turn = "xrdrama.picture.camera.quaternion.y"
    mouse = {"button": "left", "clickCount": 1, "x": 300, "y": 300}
    tab.call("Input.dispatchMouseEvent", type="mousePressed", **mouse)
    tab.call("Input.dispatchMouseEvent", type="mouseMoved", **(mouse | {"x": 420}), buttons=1)
    tab.call("Input.dispatchMouseEvent", type="mouseReleased", **(mouse | {"x": 420}))
    tab.wait(f"{turn} > 0.05")
    tab.key("Home")
    tab.wait(f"{turn} === 0")
    tab.call("Input.dispatchKeyEvent", type="keyDown", key="ArrowRight", windowsVirtualKeyCode=39)
    tab.wait(f"{turn} < -0.02")
    tab.call("Input.dispatchKeyEvent", type="keyUp", key="ArrowRight", windowsVirtualKeyCode=39)


def test_pictures_at_every_size(browser: Chromium, room: Room, tmp_path: Path) -> None:
    """Screenshots to look at, in the test's folder."""
    room.choose(lasts=None)
    for name, size in SIZES.items():
        tab = drawn(browser, room, size)
        tab.screenshot(tmp_path / f"{name}.png")
        assert tab.evaluate(BRIGHTNESS) > 60, name
        tab.call("Page.close")


def bare_page(folder: Path) -> None:
    """An empty page of three.js that loads the same set, built like ours."""
    install()
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    subprocess.run(
        [str(node_folder() / "node"), str(vite), "build", "--config", "viewer/vite.bare.config.ts",
         "--outDir", str(folder), "--emptyOutDir"],
        cwd=WEB, check=True, capture_output=True,
    )  # fmt: skip


def first_picture(tab: Tab) -> float:
    """Milliseconds from the navigation to the first picture of the set."""
    tab.wait("document.documentElement?.dataset.firstPicture")
    return float(tab.evaluate("document.documentElement.dataset.firstPicture"))


def test_weight_and_time_to_the_first_picture_beside_an_empty_page(
    browser: Chromium,
    room: Room,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bare_page(tmp_path / "bare")
    ours, bare = [], []
    weights: dict[str, int] = {}
    for _ in range(ROUNDS):
        for kind, times in (("bare", bare), ("ours", ours)):
            room.loaded.clear()
            room.page = tmp_path / "bare" if kind == "bare" else room.own_page
            tab = browser.open(f"{room.url}?set={room.hash}", *DESKTOP)
            times.append(first_picture(tab))
            weights[kind] = sum(room.loaded.values())
            tab.call("Page.close")
    with capsys.disabled():
        sys.stdout.write(f"\nbytes {weights}, ms to the first picture: {ours}, bare {bare}\n")
    assert weights["ours"] <= MOST_WEIGHT * weights["bare"], weights
    assert min(ours) <= MOST_TIME * min(bare), (ours, bare)
