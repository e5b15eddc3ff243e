"""The viewers' page in a real Chromium: what it shows, picks, keeps while offline, and refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.peers.browser import Chromium, Tab
from tests.peers.viewer.opening import DESKTOP, PHONE, PHONE_SIDEWAYS, SIZES, axe, opened, serious
from tests.peers.viewer.server import Room
from tests.waiting import stays_false, wait_until

pytestmark = pytest.mark.peer

STAY = "document.querySelector('[data-option=stay]')"
NOTICES = "document.querySelector('.notices').innerText"


def text(tab: Tab, selector: str) -> str:
    found: str = tab.evaluate(f"document.querySelector({selector!r}).innerText")
    return found


def test_a_tap_is_recorded_once_and_shown(browser: Chromium, room: Room) -> None:
    room.choose()
    tab = opened(browser, room)
    tab.wait(STAY)
    assert "The water is almost ready." in text(tab, ".captions")
    assert "Mei" in text(tab, ".captions")
    tab.click("[data-option=stay]")
    tab.wait(f"{STAY}.dataset.pick === 'recorded'")
    tab.click("[data-option=stay]")
    (tap,) = room.taps()
    assert (tap["option"], tap["by"]) == ("stay", "tap")
    tab.wait("document.querySelector('.unseen').innerText.includes('Picked: Stay for tea')")


def test_a_refused_tap_says_why_and_is_not_shown_as_picked(browser: Chromium, room: Room) -> None:
    room.answer = lambda asked: {
        "id": asked["id"], "refused": "the director holds the story", "code": "closed",
    }  # fmt: skip
    room.choose()
    tab = opened(browser, room)
    tab.wait(STAY)
    tab.click("[data-option=stay]")
    tab.wait(f"{NOTICES}.includes('the director holds the story')")
    assert tab.evaluate(f"{STAY}.dataset.pick") == ""


def test_options_are_in_reach_at_every_size(browser: Chromium, room: Room) -> None:
    room.choose(lasts=None)
    tab = opened(browser, room)
    for name, (width, height) in SIZES.items():
        tab.resize(width, height)
        tab.wait(f"innerWidth === {width} && innerHeight === {height}")
        found = tab.evaluate("""[...document.querySelectorAll('.option')].map(e => {
            const r = e.getBoundingClientRect();
            const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
            return [r.top >= 0 && r.bottom <= innerHeight && r.left >= 0 && r.right <= innerWidth,
                    e.contains(top), r.height >= 44]})""")
        assert found == [[True, True, True]] * 2, name
        small = tab.evaluate("""[...document.querySelectorAll('#viewer *')].filter(e =>
            [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
            && parseFloat(getComputedStyle(e).fontSize) < 14 && e.getClientRects().length
            && !e.matches('.digit')).map(e => e.outerHTML.slice(0, 80))""")
        assert not small, (name, small)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_rotation_in_the_middle_of_a_choice_keeps_the_pick(browser: Chromium, room: Room) -> None:
    room.choose()
    tab = opened(browser, room)
    tab.wait(STAY)
    tab.click("[data-option=stay]")
    tab.wait(f"{STAY}.dataset.pick === 'recorded'")
    tab.resize(*PHONE_SIDEWAYS)
    tab.wait("innerWidth === 844")
    tab.resize(*PHONE)
    tab.wait("innerWidth === 390")
    assert tab.evaluate(f"{STAY}.dataset.pick") == "recorded"
    assert len(room.taps()) == 1


def test_a_lost_message_asks_for_the_whole_state(browser: Chromium, room: Room) -> None:
    tab = opened(browser, room)
    assert not [one for one in room.asked if one["do"] == "whole"]
    room.lose()
    wait_until(lambda: [one for one in room.asked if one["do"] == "whole"])
    room.change(captions=[])
    tab.wait("document.querySelector('.lines').innerText === ''")


def away(tab: Tab, room: Room) -> None:
    room.stop()
    tab.wait("document.documentElement?.dataset.standing === 'away'")


def test_a_tap_without_a_network_is_sent_once_when_it_returns(
    browser: Chromium, room: Room
) -> None:
    room.choose(lasts=300)
    tab = opened(browser, room)
    away(tab, room)
    tab.click("[data-option=stay]")
    tab.wait(f"{STAY}.dataset.pick === 'waits'")
    tab.wait(f"{NOTICES}.includes('your pick is sent when it returns')")
    room.start()
    tab.wait(f"{STAY}.dataset.pick === 'recorded'")
    assert [one["option"] for one in room.asked if one["do"] == "tap"] == ["stay"]


def test_a_tap_that_was_sent_but_not_answered_is_sent_again_with_its_id(
    browser: Chromium, room: Room
) -> None:
    room.answer = lambda _: None
    room.choose(lasts=300)
    tab = opened(browser, room)
    tab.wait(STAY)
    tab.click("[data-option=stay]")
    wait_until(room.taps)
    away(tab, room)
    room.answer = room.record
    room.start()
    tab.wait(f"{STAY}.dataset.pick === 'recorded'")
    ids = [one["id"] for one in room.asked if one["do"] == "tap"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_tap_whose_choice_closed_meanwhile_is_not_sent_and_said(
    browser: Chromium, room: Room
) -> None:
    """The next choice has options with the same names: they must not be picked."""
    room.choose(lasts=300)
    tab = opened(browser, room)
    away(tab, room)
    tab.click("[data-option=stay]")
    room.choose(lasts=300, id="rain")
    room.start()
    tab.wait(f"{NOTICES}.includes('This choice has closed')")
    tab.wait("document.documentElement?.dataset.standing === 'live'")
    stays_false(room.taps, 0.5)
    tab.click("[data-option=stay]")  # the control: a tap now is sent
    wait_until(room.taps)


def test_a_browser_without_a_seat_is_sent_to_the_code(browser: Chromium, room: Room) -> None:
    tab = opened(browser, room)
    room.admits = False
    room.stop()
    room.start()
    tab.wait("document.documentElement?.dataset.standing === 'uninvited'")
    assert "Scan the QR code" in text(tab, ".standing")
    room.admits = True
    tab.wait("document.documentElement?.dataset.standing === 'live'")


def test_the_page_opens_without_a_network_and_returns(browser: Chromium, room: Room) -> None:
    tab = opened(browser, room)
    tab.wait("navigator.serviceWorker.controller !== null")
    tab.wait("caches.keys().then(names => names.includes('page'))")
    tab.wait("caches.open('page').then(c => c.keys()).then(k => k.length > 8)")
    away(tab, room)
    tab.call("Page.reload")
    tab.wait("document.querySelector('.standing')?.innerText.includes('No connection')")
    room.start()
    tab.wait("document.documentElement?.dataset.standing === 'live'")
    tab.wait("document.querySelector('.captions').innerText.includes('almost ready')")


def test_keys_and_a_single_switch_pick(browser: Chromium, room: Room) -> None:
    room.choose(lasts=None)
    tab = opened(browser, room, DESKTOP)
    tab.key("2")
    tab.wait("document.querySelector('[data-option=leave]').dataset.pick === 'recorded'")
    room.choose(lasts=None, id="rain")
    tab.click(".more")
    tab.evaluate("""(() => { const s = document.querySelector('select[name=scan]');
        s.selectedIndex = 2; s.dispatchEvent(new Event('change')) })()""")
    tab.evaluate("document.querySelector('dialog').close()")
    tab.wait("document.querySelector('.scanned')")
    lit = tab.evaluate("document.querySelector('.scanned').dataset.option")
    tab.key("Enter")
    tab.wait("document.querySelector('[data-pick=recorded]')")
    keyed, switched = room.taps()
    assert (keyed["option"], keyed["by"]) == ("leave", "key")
    assert switched["by"] == "switch"
    assert lit in ("stay", "leave")


def test_the_language_and_the_settings_are_kept(browser: Chromium, room: Room) -> None:
    room.choose(lasts=None)
    tab = opened(browser, room)
    tab.click(".more")
    tab.evaluate("""for (const [name, at] of [['language', 2], ['contrast', 1], ['hand', 1]]) {
        const s = document.querySelector(`select[name=${name}]`);
        s.selectedIndex = at; s.dispatchEvent(new Event('change')) }""")
    tab.call("Page.reload")
    tab.wait("document.querySelector('.captions')?.innerText.includes('水快开了')")
    assert "留下喝茶" in text(tab, ".options")
    assert tab.evaluate("document.querySelector('.line .text').lang") == "zh"
    assert tab.evaluate("document.querySelector('#viewer').matches('.contrast[data-hand=left]')")
    middle = tab.evaluate(f"{STAY}.getBoundingClientRect().right")
    assert middle <= PHONE[0]


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing_serious(browser: Chromium, room: Room, size: tuple[int, int]) -> None:
    room.change(sounds=[ambience()])
    room.choose(lasts=300)
    tab = opened(browser, room, size)
    tab.wait(STAY)
    assert not serious(axe(tab))
    tab.click(".more")
    assert not serious(axe(tab))
    tab.evaluate("document.querySelector('dialog').close()")
    # The control: what must not happen is found.
    tab.evaluate(f"{STAY}.replaceChildren(); 0")
    assert "button-name" in [one["id"] for one in serious(axe(tab))]


def test_time_is_shown_as_a_number_and_a_length(browser: Chromium, room: Room) -> None:
    room.choose(lasts=200)
    tab = opened(browser, room)
    tab.wait(STAY)
    found = re.fullmatch(r"(\d+) s", text(tab, ".timer .number"))
    assert found
    assert 60 < int(found[1]) <= 200
    length = "document.querySelector('.timer .left').getBoundingClientRect().width"
    before = tab.evaluate(length)
    tab.wait(f"{length} < {before}")


def ambience(start_sample: int = 0) -> dict[str, Any]:
    return {
        "id": "lane_night", "kind": "ambience", "start_sample": start_sample,
        "gain_db": -6.0, "loop": True,
    }  # fmt: skip


def test_sound_starts_after_a_press_at_the_shows_time(browser: Chromium, room: Room) -> None:
    room.change(sounds=[ambience()])
    tab = opened(browser, room)
    tab.wait("document.querySelector('.heard-sounds').innerText === '[lane night]'")
    assert tab.evaluate("xrdrama.sounds.isOn") is False
    tab.click(".sound")
    tab.wait("'lane_night' in xrdrama.sounds.offsets()")
    # A loaded machine holds the page up; the page then moves the sound again.
    tab.wait("Math.abs(xrdrama.sounds.offsets().lane_night) < 0.06")
    room.change(sounds=[])
    tab.wait("Object.keys(xrdrama.sounds.offsets()).length === 0")
