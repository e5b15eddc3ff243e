"""What the console's page shows in a real Chromium: in reach, in sight, and true, at both sizes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.peers.browser import TIMEOUT, Chromium
from tests.peers.console_show import (
    DESKTOP,
    ON_ITS_SIDE,
    PHONE,
    TABLET,
    WEB,
    RunningShow,
    axe,
    opened,
    seen,
    state,
)
from tests.waiting import wait_until
from xrdrama.adapters.web.board.memory import BoardReader, board_path

pytestmark = pytest.mark.peer


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_panic_is_in_reach_while_anything_is_open(
    browser: Chromium, show: RunningShow, size: tuple[int, int]
) -> None:
    tab = opened(browser, show, size)
    covers = "!document.elementFromPoint(...at('#panic')).closest('#panic')"
    middle = (
        "const at = s => { const r = document.querySelector(s).getBoundingClientRect();"
        "return [r.x + r.width / 2, r.y + r.height / 2] };"
    )
    for opener in ("#force", "#help"):
        for press in (lambda: tab.key("p"), lambda: tab.click("#panic")):
            tab.click(opener)
            tab.wait("document.querySelector('dialog[open]')")
            assert not tab.evaluate(f"(() => {{ {middle} return {covers} }})()"), opener
            with tab.standing_clock():
                for word in ("BACK…", "YES, BACK", "PANIC"):
                    press()
                    state(tab, "#panic strong", word)
                    shown = tab.evaluate("!document.querySelector('.banner').hidden")
                    assert shown == (word != "PANIC")
                    assert tab.evaluate("document.querySelector('dialog[open]') !== null")
            tab.key("Escape")
            tab.wait("!document.querySelector('dialog[open]')")
    # The control: a dialog as it was, which makes all else inert.
    tab.evaluate("document.querySelector('dialog.help').showModal()")
    tab.click("#panic")
    assert tab.evaluate(f"(() => {{ {middle} return {covers} }})()")
    tab.evaluate("document.querySelector('dialog.help').close()")
    assert tab.evaluate("document.querySelector('.banner').hidden")


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_what_must_be_seen_is_seen_without_scrolling(
    browser: Chromium, show: RunningShow, size: tuple[int, int]
) -> None:
    """Alarms, all that may come, and panic: within the page, and under nothing."""
    tab = opened(browser, show, size)
    head = "document.querySelector('header.head').offsetHeight"
    before = tab.evaluate(head)
    tab.key("f")
    tab.click("[data-beat=taper]")
    tab.click("#force-now")
    tab.wait("document.querySelector('[data-option=keep]')")
    tab.click("#hold")
    tab.click("#roll")
    for flag in ("held", "rolling"):
        tab.wait(f"document.querySelector('.flag.{flag}:not(.off)')")
    assert tab.evaluate(head) == before, "nothing moves when something is held or rolls"
    tab.evaluate("document.querySelectorAll('main, .column').forEach(e => e.scrollTo(0, 0))")
    for selector in ("[data-option=take]", "[data-option=keep]", ".way[data-how=else]", "#panic"):
        assert seen(tab, selector), selector
    said = tab.evaluate("document.querySelector('.choice').innerText")
    for text in ("→ Bring in", "→ Keep watch", "says nothing", "→ She goes"):
        assert text in said
    tab.evaluate("document.querySelector('.choice').style.marginTop = '700px'")
    assert not seen(tab, "[data-option=keep]"), "the control"


def test_the_end_of_a_show_is_reported(browser: Chromium, show: RunningShow) -> None:
    tab = opened(browser, show)
    tab.key("f")
    tab.click("[data-beat=home_light]")
    tab.click("#force-now")
    tab.wait("document.querySelector('.now .end:not([hidden])')")
    state(tab, ".now .end", "The end: “Thirteen Bowls”")
    assert tab.evaluate("document.querySelector('.standing').dataset.now") == "live"
    show.end()
    tab.wait("document.querySelector('.standing').dataset.now === 'ended'")
    shown = tab.evaluate("document.querySelector('.standing-text').textContent")
    assert shown.startswith("The show has ended with “Thirteen Bowls”.")
    assert tab.evaluate("document.querySelector('#panic').disabled"), "there is nothing to save"


def test_a_console_without_processor_time_still_reports_the_end(
    browser: Chromium, show: RunningShow
) -> None:
    """It has a low priority: on a busy machine it may act seconds after it was asked to end."""
    tab = opened(browser, show)
    console = show.console_pid()
    os.kill(console, signal.SIGSTOP)
    continues = threading.Timer(4.0, os.kill, (console, signal.SIGCONT))
    continues.start()
    show.end()
    continues.join()
    tab.wait("document.querySelector('.standing').dataset.now === 'ended'")


def test_a_show_that_is_killed_has_not_ended(browser: Chromium, show: RunningShow) -> None:
    """The control of the test above."""
    tab = opened(browser, show)
    show.kill()
    tab.wait("document.querySelector('.standing').dataset.now === 'died'")
    shown = tab.evaluate("document.querySelector('.standing-text').textContent")
    assert shown.startswith("The show's process has ended")
    board_path(show.port).unlink(missing_ok=True)


def test_live_pictures_are_seen_and_a_show_without_them_says_how_to_get_them(
    browser: Chromium, show: RunningShow, tmp_path: Path
) -> None:
    tab = opened(browser, show)
    tab.wait("document.querySelector('.pictures .none').textContent.includes('--headless')")
    assert tab.evaluate("document.querySelector('.lens').hidden")
    show.end()
    drawn = RunningShow(tmp_path / "drawn", video=True)
    try:
        tab = opened(browser, drawn)
        for name in ("lens", "wall"):
            tab.wait(f"document.querySelector('.{name} img').naturalWidth > 0")
            wide = tab.evaluate(f"document.querySelector('.{name} img').naturalWidth")
            assert 0 < wide <= 640
        assert tab.evaluate("document.querySelector('.none').hidden")
        tab.wait(
            "/^Through the lens, \\d+\\.\\d s old$/"
            ".test(document.querySelector('.lens figcaption').textContent)"
        )
        tab.wait(
            "/^made 2[34]\\.\\d per second · drawn \\d+\\.\\d · picture \\d+\\.\\d s old/"
            ".test(document.querySelector('.health dd').textContent)"
        )
        legend = tab.evaluate("document.querySelector('.legend').innerText")
        for part in (
            "Inner frustum: the camera's field of view",
            "now on arc",
            "Outer picture",
            "Unused",
            "arc 1536 × 540 px",
            "ceiling 240 × 176 px",
        ):
            assert part in legend
        names = "[...document.querySelectorAll('.wall-name')].map(e => e.textContent)"
        assert tab.evaluate(names) == ["arc", "ceiling"]
        assert tab.evaluate("document.querySelectorAll('.parts .inner polygon').length > 1")
        assert axe(tab) == []
        tab.click("#panic")
        for name in ("lens", "wall"):
            tab.wait(f"document.querySelector('.{name} .safe-sign:not([hidden])')")
            state(tab, f".{name} .safe-sign", "SAFE PICTURE")
        tab.wait("document.querySelector('.legend').innerText.includes('off: safe picture')")
        assert axe(tab) == []
        tab.click(".wall summary")
        tab.wait("!document.querySelector('.wall details').open")
        data = Path(board_path(drawn.port)).read_bytes()
        board = Path(board_path(drawn.port))
        wait_until(lambda: board.read_bytes() != data, TIMEOUT, "a newer picture")
    finally:
        drawn.end()


def test_each_camera_of_a_stage_is_seen_and_its_controls_work(
    browser: Chromium, tmp_path: Path
) -> None:
    drawn = RunningShow(tmp_path / "two", video=True, name="lantern_two_cameras")
    try:
        tab = opened(browser, drawn)
        tab.wait("document.querySelectorAll('.cameras button').length === 2")
        buttons = "[...document.querySelectorAll('.cameras button')]"
        shown = f"{buttons}.map(e => e.textContent + ' ' + e.getAttribute('aria-pressed'))"
        assert tab.evaluate(shown) == ["wide true", "tele false"]
        tab.wait("document.querySelector('.lens img').naturalWidth > 0")
        tab.click(".cameras button:last-child")
        assert tab.evaluate(shown) == ["wide false", "tele true"]
        reader = BoardReader(drawn.port)
        wait_until(lambda: reader.picture("lens2"), TIMEOUT, "the picture of camera tele")
        one, other = reader.picture("lens"), reader.picture("lens2")
        assert one is not None and other is not None and one.data != other.data
        reader.close()
        tab.wait("/ s old$/.test(document.querySelector('.lens figcaption').textContent)")
        assert axe(tab) == []
        tab.screenshot(tmp_path / "tele.png")
        tab.click("#freeze")
        tab.wait("document.querySelector('#freeze').textContent === 'Let outer move'")
        tab.evaluate(
            "(() => { const e = document.querySelector('#pattern'); e.value = 'cameras';"
            " e.dispatchEvent(new Event('change', {bubbles: true})); })()"
        )
        tab.wait("document.querySelector('.doings').innerText.includes('cameras')")
        tab.click("#freeze")
        tab.wait("document.querySelector('#freeze').textContent === 'Freeze outer'")
    finally:
        drawn.end()


def test_the_pages_own_tests_pass() -> None:
    done = subprocess.run(
        [sys.executable, str(WEB / "build.py"), "--test"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


SMALL = """(() => [...document.querySelectorAll('body *')].filter(e =>
    ([...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
     || e.matches('input, select')) && parseFloat(getComputedStyle(e).fontSize) < 14)
    .map(e => e.outerHTML.slice(0, 80)))()"""
"""The elements whose text is smaller than 14 px, hidden ones too."""


def test_no_text_is_smaller_than_14_px_at_any_size(browser: Chromium, show: RunningShow) -> None:
    tab = opened(browser, show)
    tab.click("#hold")
    tab.evaluate("document.querySelector('#p-fog').focus()")
    tab.key("ArrowRight")
    tab.wait("document.querySelector('[data-release=fog]:not([hidden])')")
    tab.key("f")
    tab.click("[data-beat=taper]")
    tab.click("#force-now")
    tab.wait("document.querySelector('[data-option=keep]')")
    tab.click("#roll")
    tab.wait("document.querySelector('.flag.rolling:not(.off)')")
    for size in (PHONE, *ON_ITS_SIDE, TABLET, DESKTOP):
        tab.resize(*size)
        assert tab.evaluate(SMALL) == [], size
        for opener in ("#force", "#help"):
            tab.click(opener)
            tab.wait("document.querySelector('dialog[open]')")
            assert tab.evaluate(SMALL) == [], (size, opener)
            tab.key("Escape")
    tab.evaluate("document.querySelector('.beat').style.fontSize = '13px'")
    assert len(tab.evaluate(SMALL)) == 1, "the control"


@pytest.mark.parametrize("size", ON_ITS_SIDE, ids=["large", "small"])
def test_on_a_phone_on_its_side_what_may_come_is_above_the_fold(
    browser: Chromium, show: RunningShow, size: tuple[int, int]
) -> None:
    tab = opened(browser, show, size)
    tab.key("f")
    tab.click("[data-beat=taper]")
    tab.click("#force-now")
    tab.wait("document.querySelector('[data-option=keep]')")
    tab.evaluate("document.querySelectorAll('main, .column').forEach(e => e.scrollTo(0, 0))")
    for selector in ("[data-option=take]", "[data-option=keep]", ".way[data-how=else]",
                     ".way[data-how=hidden]", "#hold", "#panic"):  # fmt: skip
        assert seen(tab, selector), selector
    tab.click("#panic")
    state(tab, "#panic strong", "BACK…")
    for selector in ("[data-option=take]", "[data-option=keep]", ".banner", "#panic"):
        assert seen(tab, selector), selector
    assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert axe(tab) == []


def test_a_parameter_can_be_typed(browser: Chromium, show: RunningShow) -> None:
    tab = opened(browser, show)
    field = "document.querySelector('#p-fog-number')"

    def type_in(text: str) -> None:
        tab.evaluate(f"{field}.focus(); {field}.select(); 0")
        for letter in text:
            tab.key(letter)
        tab.key("Enter")

    type_in("7")
    state(tab, "#p-fog-problem", "Fog goes from 0 to 1")
    assert tab.evaluate(f"{field}.getAttribute('aria-invalid')") == "true"
    assert axe(tab) == []
    assert not tab.evaluate("document.querySelector('.param.over')"), "nothing was sent"
    type_in("0.125")
    tab.wait("document.querySelector('[data-release=fog]:not([hidden])')")
    tab.wait("document.querySelector('#p-fog').value === '0.125'")
    assert tab.evaluate(f"{field}.hasAttribute('aria-invalid')") is False
    tab.evaluate(f"{field}.select()")
    tab.key("1")  # 1 is also the key of the first option, and no command here
    tab.key("Tab")
    state(tab, "#p-fog-problem", "Not sent: type a number and press Enter")
    assert not tab.evaluate("document.querySelector('.notices p')")
    tab.evaluate(f"{field}.focus()")
    tab.key("9")
    tab.key("Escape")
    assert tab.evaluate(f"{field}.value") in ("0.13", "0.12")
    assert tab.evaluate("document.querySelector('#p-fog').value === '0.125'")


@pytest.mark.parametrize("size", [TABLET, PHONE], ids=["tablet", "phone"])
def test_no_serious_findings_of_axe(
    browser: Chromium, show: RunningShow, size: tuple[int, int], tmp_path: Path
) -> None:
    tab = opened(browser, show, size)
    tab.click("#hold")
    state(tab, "#hold strong", "RESUME")
    tab.evaluate("document.querySelector('#p-fog').focus()")
    tab.key("ArrowRight")
    tab.wait("document.querySelector('[data-release=fog]:not([hidden])')")
    assert axe(tab) == []
    for opener in ("#force", "#help"):
        tab.click(opener)
        tab.wait("document.querySelector('dialog[open]')")
        assert axe(tab) == [], opener
        tab.key("Escape")
        tab.wait("!document.querySelector('dialog[open]')")
    tab.click("#panic")
    state(tab, "#panic strong", "BACK…")
    assert axe(tab) == []
    wide = tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0], "nothing sticks out to the side"
    small = tab.evaluate(
        "[...document.querySelectorAll('button')].filter(b => b.offsetParent && "
        "(b.offsetHeight < 44 || b.offsetWidth < 44)).map(b => b.id || b.textContent)"
    )
    assert small == [], "targets for fingers"
    tab.screenshot(tmp_path / "page.png")
    tab.evaluate("document.querySelector('main').append(document.createElement('button'))")
    assert [one["id"] for one in axe(tab)] == ["button-name"], "the control: axe does look"


def test_a_page_that_lost_its_connection_comes_back_by_itself(
    browser: Chromium, show: RunningShow
) -> None:
    tab = opened(browser, show)
    console = show.console_pid()
    os.kill(console, signal.SIGSTOP)  # nothing answers for longer than pages are patient
    tab.wait("document.querySelector('.standing').dataset.now === 'silent'")
    os.kill(console, signal.SIGCONT)
    before = tab.evaluate("document.querySelector('.timecode').textContent")
    tab.wait(f"document.querySelector('.timecode').textContent > {json.dumps(before)}")
    tab.wait("document.querySelector('.standing').dataset.now === 'live'")


def test_two_pages_show_the_same(browser: Chromium, show: RunningShow) -> None:
    one = opened(browser, show)
    one.click("#help")
    one.evaluate("document.querySelector('#invite-role').value = 'director'")
    one.click("#invite")
    one.wait("document.querySelector('.url').textContent")
    url = one.evaluate("document.querySelector('.url').textContent")
    one.key("Escape")
    two = browser.open(url, *PHONE)
    two.wait("document.querySelector('.standing')?.dataset.now === 'live'")
    one.click("#hold")
    state(one, "#hold strong", "RESUME")
    state(two, "#hold strong", "RESUME")
    two.evaluate("document.querySelector('#p-fog').focus()")
    two.key("ArrowRight")
    one.wait("document.querySelector('#p-fog').closest('.param').classList.contains('over')")
    state(one, ".param.over .by", "director.2")
    one.click("[data-release=fog]")
    two.wait("!document.querySelector('.param.over')")
    texts = [
        "document.querySelector('.beat').textContent",
        "document.querySelector('.params').innerText",
    ]
    for text in texts:
        wait_until(lambda text=text: one.evaluate(text) == two.evaluate(text), TIMEOUT, text)
