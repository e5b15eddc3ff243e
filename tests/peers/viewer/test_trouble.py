"""The viewers' page in trouble: garbage, the background; in Chinese; with a gamepad."""

from __future__ import annotations

from typing import Any

import pytest

from tests.peers.browser import WEBGL, Chromium, Tab
from tests.peers.viewer.opening import DESKTOP, NO_WEBGL, PHONE, axe, opened, serious
from tests.peers.viewer.server import Room
from tests.waiting import wait_until

pytestmark = pytest.mark.peer

STANDING = "document.documentElement?.dataset.standing"
SAID = "document.querySelector('.standing').innerText"
CHINESE = "Object.defineProperty(navigator, 'languages', { value: ['zh-CN', 'en'] });"
GARBAGE = [
    "no JSON", "[]", '{"n": 5}', '{"n": 1, "is": 3}', '{"answers": [null]}',
    # What it cannot show: the types are wrong inside a state.
    '{"n": 1, "is": {"captions": 7, "languages": "en"}}', "x" * 200_000,
]  # fmt: skip
PAD = """
const pad = { connected: true, mapping: 'standard', index: 0, axes: [0, 0, 0, 0],
  buttons: [...Array(17)].map(() => ({ pressed: false, value: 0 })) };
navigator.getGamepads = () => [pad, null];
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Any:
    browser = Chromium(tmp_path_factory.mktemp("trouble"), WEBGL)
    yield browser
    browser.close()


def words(tab: Tab, selector: str) -> str:
    found: str = tab.evaluate(f"document.querySelector({selector!r}).innerText")
    return found


def test_garbage_is_said_and_the_page_connects_again(browser: Chromium, room: Room) -> None:
    room.choose(lasts=300)
    tab = opened(browser, room)
    tab.evaluate("window.said = []; xrdrama.link.onStand(() => said.push(xrdrama.link.reason)); 0")
    for text in GARBAGE:
        tab.evaluate("said.length = 0; 0")
        room.send_text(text)
        tab.wait("said.some(one => one.includes('that this page cannot read'))")
        tab.wait(f"{STANDING} === 'live'")
    tab.click("[data-option=stay]")
    tab.wait("document.querySelector('[data-option=stay]').dataset.pick === 'recorded'")
    assert len(room.taps()) == 1


def test_a_page_that_was_frozen_in_the_background_is_up_to_date_again(
    browser: Chromium, room: Room
) -> None:
    room.choose(lasts=300)
    tab = opened(browser, room)
    tab.click("[data-option=stay]")
    tab.wait("document.querySelector('[data-option=stay]').dataset.pick === 'recorded'")
    tab.wait("xrdrama.wake?.released === false")
    tab.call("Page.setWebLifecycleState", state="frozen")
    room.stop()
    room.change(choice=None, captions=[], beat="later")
    room.start()
    tab.call("Page.setWebLifecycleState", state="active")
    tab.wait(f"{STANDING} === 'live' && xrdrama.link.state.beat === 'later'")
    tab.wait("document.querySelector('.choice').hidden")
    assert len(room.taps()) == 1


def test_the_pages_own_words_are_chinese_for_who_reads_chinese(
    browser: Chromium, room: Room
) -> None:
    room.choose(lasts=300)
    tab = opened(browser, room, PHONE, CHINESE + NO_WEBGL)
    tab.wait("document.querySelector('[data-option=stay]')")
    assert words(tab, ".sound") == "打开声音"
    assert "缺少 WebGL 2" in words(tab, ".trouble")
    assert "说“I will stay”" in words(tab, ".options")
    assert tab.evaluate("document.documentElement.lang") == "zh"
    tab.click("[data-option=stay]")
    tab.wait("document.querySelector('.unseen').innerText.includes('已选择：留下喝茶')")
    tab.click(".more")
    # Nothing in letters but the names of keys, languages and products.
    plain = tab.evaluate(
        "document.querySelector('dialog').innerText.replace("
        "/English|WebXR|HTTPS|WebGL|Chrome|VR|AR|Home|W A S D/g, '').match(/[A-Za-z]{2,}/g)"
    )
    assert not plain
    assert not serious(axe(tab))
    tab.evaluate("document.querySelector('dialog').close()")
    room.stop()
    tab.wait(f"{STANDING} === 'away'")
    assert "没有连接" in words(tab, ".standing")
    assert not serious(axe(tab))
    room.start()
    tab.wait(f"{STANDING} === 'live'")
    # The control: the same page in English.
    tab.evaluate("""(() => { const s = document.querySelector('dialog select[name=language]');
        s.selectedIndex = 1; s.dispatchEvent(new Event('change')) })()""")
    tab.wait("document.querySelector('.sound').innerText === 'Turn on sound'")
    assert tab.evaluate("document.documentElement.lang") == "en"


def test_a_gamepad_looks_around_and_picks(browser: Chromium, room: Room) -> None:
    room.change(set=None)
    room.choose(lasts=300)
    tab = opened(browser, room, DESKTOP, PAD)
    tab.wait("xrdrama.picture !== undefined")
    tab.wait("document.querySelector('[data-option=leave]')")
    tab.evaluate("pad.axes[2] = 1; 0")
    tab.wait("xrdrama.picture.camera.quaternion.y < -0.05")
    tab.evaluate("pad.axes[2] = 0; pad.buttons[1].pressed = true; 0")
    (tap,) = wait_until(room.taps, what="a pick by the gamepad")
    assert tap["option"] == "leave"


def test_axe_finds_nothing_serious_in_other_states(browser: Chromium, room: Room) -> None:
    tab = opened(browser, room)
    room.change(ending="open_door")
    tab.wait("!document.querySelector('.ending').hidden")
    assert not serious(axe(tab))
    room.admits = False
    room.stop()
    tab.wait(f"{STANDING} === 'away'")
    assert not serious(axe(tab))
    room.start()
    tab.wait(f"{STANDING} === 'uninvited'")
    assert not serious(axe(tab))
    room.admits = True
    tab.wait(f"{STANDING} === 'live'")
