"""WebXR by IWER in Chromium: options are picked by a controller, by a pinch and by gaze."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.peers.browser import Chromium, Tab
from tests.peers.viewer.opening import DESKTOP, WEB, drawn, opened
from tests.peers.viewer.server import Room
from tests.waiting import stays_false, wait_until

pytestmark = pytest.mark.peer

DEVICE = """
const device = new IWER.XRDevice(IWER.metaQuest3);
device.installRuntime({ forceInstall: true });
window.device = device;
"""


def iwer() -> str:
    return (WEB / "node_modules" / "iwer" / "build" / "iwer.min.js").read_text("utf-8") + DEVICE


def immersed(browser: Chromium, room: Room, kind: str) -> Tab:
    """The page in a session, before an open choice; without a set, which is slow to draw here."""
    room.change(set=None)
    tab = opened(browser, room, DESKTOP, iwer())
    tab.wait(f"document.querySelector('.{kind}')?.hidden === false")
    tab.click(f".{kind}")
    tab.wait(f"document.documentElement.dataset.immersed === 'immersive-{kind}'")
    room.choose(lasts=None)
    tab.wait("Object.keys(xrdrama.immersion.positions()).length === 2")
    tab.wait("Math.abs(xrdrama.immersion.positions().stay[1] - 1.6) < 1.2")
    tab.wait("xrdrama.immersion.positions().stay[2] < -1")
    return tab


def frames(tab: Tab, count: int = 3) -> None:
    """Wait until so many frames of the session were made."""
    tab.evaluate(
        "new Promise(done => { let n = 0; const s = xrdrama.picture.renderer.xr.getSession();"
        f"const next = () => ++n > {count} ? done(0) : s.requestAnimationFrame(next); next() }})"
    )


def put(tab: Tab, thing: str, at: list[float]) -> None:
    """Half a metre before a point, directed at it."""
    x, y, z = at
    tab.evaluate(
        f"{thing}.position.set({x}, {y}, {z + 0.5}); {thing}.quaternion.set(0, 0, 0, 1); 0"
    )


def panel(tab: Tab, option: str) -> list[float]:
    found: list[float] = json.loads(
        tab.evaluate(f"JSON.stringify(xrdrama.immersion.positions().{option})")
    )
    return found


PIXELS = """new Promise(done => {
  const { renderer } = xrdrama.picture, gl = renderer.getContext();
  const session = renderer.xr.getSession(), cells = [...Array(32).keys()];
  const read = () => {
    const width = gl.drawingBufferWidth, height = gl.drawingBufferHeight;
    const all = new Uint8Array(width * height * 4);
    gl.bindFramebuffer(gl.FRAMEBUFFER, session.renderState.baseLayer.framebuffer);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, all);
    const pixel = (x, y) => {
      const row = Math.floor((y + 0.5) / 32 * height), column = Math.floor((x + 0.5) / 32 * width);
      return [...all.slice(4 * (row * width + column), 4 * (row * width + column) + 4)];
    };
    done(JSON.stringify(cells.map(y => cells.map(x => pixel(x, y)))));
  };
  // In the same frame as the page's own picture, and after it.
  session.requestAnimationFrame(read);
})"""
"""What the session's frame has, as 32 x 32 pixels from below: red, green, blue, opacity."""


def frame(tab: Tab, kind: str) -> tuple[list[list[int]], list[list[int]]]:
    """Pixels of the edge and of the middle of a frame of a session, which is then left."""
    tab.click(f".{kind}")
    tab.wait(f"document.documentElement.dataset.immersed === 'immersive-{kind}'")
    frames(tab, 6)
    rows: list[list[list[int]]] = json.loads(tab.evaluate(PIXELS))
    tab.evaluate("xrdrama.picture.renderer.xr.getSession().end()")
    tab.wait("document.documentElement.dataset.immersed === ''")
    edge = [*rows[0], *rows[-1], *(row[at] for row in rows for at in (0, -1))]
    return edge, [pixel for row in rows[16:19] for pixel in row[13:19]]


def test_the_set_is_around_the_viewer_in_vr_and_in_a_window_of_the_room_in_ar(
    browser: Chromium, room: Room
) -> None:
    tab = drawn(browser, room, DESKTOP, iwer())
    tab.wait("document.querySelector('.ar')?.hidden === false")
    for kind in ("vr", "ar"):
        edge, middle = frame(tab, kind)
        # The set, and not one colour: a cleared frame would be.
        assert {pixel[3] for pixel in middle} == {255}
        assert max(max(pixel[:3]) for pixel in middle) > 40
        assert len({tuple(pixel) for pixel in middle}) > 6
        if kind == "vr":
            assert {pixel[3] for pixel in edge} == {255}
            assert len({tuple(pixel) for pixel in edge}) > 12
        else:
            # Nothing is drawn there: the camera's picture of the room is seen.
            assert edge == [[0, 0, 0, 0]] * len(edge)
    tab.call("Page.close")


def picked(room: Room, tab: Tab) -> dict[str, Any]:
    wait_until(room.taps, what="a pick")
    tab.wait("document.querySelector('[data-pick=recorded]')")
    (tap,) = room.taps()
    return {"option": tap["option"], "by": tap["by"]}


@pytest.mark.parametrize("kind", ["vr", "ar"])
def test_a_controllers_trigger_picks(browser: Chromium, room: Room, kind: str) -> None:
    tab = immersed(browser, room, kind)
    hand = "device.controllers.right"
    press = f"{hand}.updateButtonValue('trigger', %d); 0"
    # The control: the trigger beside every option picks nothing.
    put(tab, hand, [3.0, 1.0, -1.7])
    frames(tab)
    for value in (1, 0):
        tab.evaluate(press % value)
        frames(tab)
    stays_false(room.taps, 0.3)
    put(tab, hand, panel(tab, "leave"))
    frames(tab)
    tab.evaluate(press % 1)
    frames(tab)
    tab.evaluate(press % 0)
    assert picked(room, tab) == {"option": "leave", "by": "trigger"}


def test_a_pinch_picks(browser: Chromium, room: Room) -> None:
    tab = immersed(browser, room, "vr")
    tab.evaluate("device.primaryInputMode = 'hand'; 0")
    frames(tab)
    put(tab, "device.hands.right", panel(tab, "stay"))
    tab.evaluate("device.hands.right.poseId = 'pinch'; 0")
    frames(tab)
    tab.evaluate("device.hands.right.updatePinchValue(1); 0")
    frames(tab)
    tab.evaluate("device.hands.right.updatePinchValue(0); 0")
    assert picked(room, tab) == {"option": "stay", "by": "pinch"}


def test_looking_at_the_dot_of_an_option_picks(browser: Chromium, room: Room) -> None:
    tab = immersed(browser, room, "vr")
    # The control: looking at its text does not.
    x, y, _ = panel(tab, "stay")
    tab.evaluate(f"device.position.set({x + 0.2}, {y}, 0); 0")
    stays_false(room.taps, 3)
    x, y, _ = json.loads(tab.evaluate("JSON.stringify(xrdrama.immersion.dots().stay)"))
    tab.evaluate(f"device.position.set({x}, {y}, 0); 0")
    assert picked(room, tab) == {"option": "stay", "by": "gaze"}


def test_leaving_the_session_returns_to_the_page(browser: Chromium, room: Room) -> None:
    tab = immersed(browser, room, "vr")
    tab.evaluate("xrdrama.picture.renderer.xr.getSession().end()")
    tab.wait("document.documentElement.dataset.immersed === ''")
    tab.click("[data-option=stay]")
    assert picked(room, tab) == {"option": "stay", "by": "tap"}


def test_a_refused_session_is_said_and_the_page_remains(browser: Chromium, room: Room) -> None:
    refusing = "navigator.xr.requestSession = () => Promise.reject(new Error('the user said no'));"
    room.change(set=None)
    tab = opened(browser, room, DESKTOP, iwer() + refusing)
    tab.wait("document.querySelector('.vr')?.hidden === false")
    tab.click(".vr")
    tab.wait("document.querySelector('.notices').innerText.includes('the user said no')")
    room.choose(lasts=None)
    tab.wait("document.querySelector('[data-option=stay]')")
    tab.click("[data-option=stay]")
    assert picked(room, tab)["by"] == "tap"


def test_a_browser_without_webxr_says_so_in_settings(browser: Chromium, room: Room) -> None:
    room.change(set=None)
    gone = "Object.defineProperty(navigator, 'xr', { value: undefined });"
    tab = opened(browser, room, DESKTOP, gone)
    tab.wait("xrdrama.picture !== undefined")
    tab.wait(
        "(document.querySelector('.more').click(),"
        "document.querySelector('dialog').innerText.includes('This browser has no WebXR'))"
    )
    assert tab.evaluate("document.querySelector('.vr').hidden")
