"""The picture of the viewers' page: places, a lost graphics context, sizes, weight."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from bridge.web.build import install, node_folder
from tests.peers.browser import TIMEOUT, Chromium
from tests.peers.viewer.opening import DESKTOP, NO_WEBGL, PHONE, WEB, drawn, opened
from tests.peers.viewer.server import Room
from tests.waiting import wait_until

pytestmark = pytest.mark.peer

MOST_WEIGHT = 2.0
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


def bare_page(folder: Path) -> None:
    """An empty page of three.js that loads the same set, built like ours."""
    install()
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    subprocess.run(
        [str(node_folder() / "node"), str(vite), "build", "--config", "viewer/vite.bare.config.ts",
         "--outDir", str(folder), "--emptyOutDir"],
        cwd=WEB, check=True, capture_output=True,
    )  # fmt: skip


def weight(browser: Chromium, room: Room, page: Path) -> int:
    """Bytes of all files that a page loads with its set."""
    room.page = page
    room.loaded.clear()
    tab = browser.open(f"{room.url}?set={room.hash}", *PHONE)
    wait_until(lambda: f"/sets/{room.hash}/set.glb" in room.loaded, TIMEOUT, "the set")
    # What is imported late or kept for use offline, too.
    scripts = {f"/assets/{file.name}" for file in (page / "assets").glob("*.js")}
    wait_until(lambda: scripts <= set(room.loaded), TIMEOUT, "the scripts")
    tab.call("Page.close")
    return sum(room.loaded.values())


def test_the_page_weighs_at_most_twice_an_empty_page_with_the_same_set(
    browser: Chromium, room: Room, tmp_path: Path
) -> None:
    bare_page(tmp_path / "bare")
    bare = weight(browser, room, tmp_path / "bare")
    ours = weight(browser, room, room.own_page)
    assert bare > room.files[f"/sets/{room.hash}/set.glb"].stat().st_size
    assert ours <= MOST_WEIGHT * bare, (ours, bare)
    scripts = sum(file.stat().st_size for file in room.own_page.glob("assets/*.js"))
    assert scripts <= MOST_WEIGHT * sum(
        file.stat().st_size for file in (tmp_path / "bare").glob("assets/*.js")
    )
