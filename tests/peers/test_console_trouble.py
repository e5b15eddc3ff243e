"""The console's page in a real Chromium while its process, its show or the way to them breaks."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.peers.browser import TIMEOUT, Chromium, Tab
from tests.peers.console_show import RunningShow, axe, opened, state
from tests.waiting import wait_until

pytestmark = pytest.mark.peer


def standing(tab: Tab, wanted: str) -> None:
    tab.wait(f"document.querySelector('.standing')?.dataset.now === '{wanted}'")


def enabled(tab: Tab) -> list[str]:
    """The controls of the page that send something and are not disabled."""
    found: list[str] = tab.evaluate(
        """[...document.querySelectorAll('.bar button, .slate input, .slate button, .params input,'
            + '.params select, .params button, button.option, #yes, #no, #force-now')]
           .filter(one => !one.disabled).map(one => one.id || one.className)"""
    )
    return found


def test_the_page_of_a_console_that_is_killed_comes_back_by_itself(
    browser: Chromium, show: RunningShow
) -> None:
    tab = opened(browser, show)
    # Before it is killed: it may be back before anybody has looked.
    tab.evaluate(
        """(() => {
            const one = (selector) => document.querySelector(selector);
            const look = () => window.seen.push([one('.standing').dataset.now,
                one('#hold').disabled, one('#panic').disabled, one('#panic small').textContent]);
            const all = {subtree: true, childList: true, characterData: true, attributes: true};
            window.seen = [];
            new MutationObserver(look).observe(one('.bar'), all);
        })()"""
    )
    os.kill(show.console_pid(), signal.SIGKILL)
    standing(tab, "away")
    standing(tab, "live")
    away = [one for one in tab.evaluate("window.seen") if one[0] == "away"]
    assert away and all(hold and panic for _, hold, panic, _ in away)
    assert any(text.startswith("not connected: state is ") for *_, text in away)
    wait_until(lambda: "the console is back" in show.said(), TIMEOUT, "what the terminal says")
    assert "the console ended (killed by signal 9); it is being restarted on port" in show.said()
    tab.click("#hold")
    state(tab, "#hold strong", "RESUME")


def test_the_page_goes_on_with_a_show_that_is_resumed(
    browser: Chromium, show: RunningShow, tmp_path: Path
) -> None:
    tab = opened(browser, show)
    tab.click("#hold")
    state(tab, "#hold strong", "RESUME")
    port = tab.evaluate("location.port")
    show.kill()
    standing(tab, "died")
    shown = tab.evaluate("document.querySelector('.standing-text').textContent")
    assert f"--resume {show.take} --console-port {port}" in shown
    again = RunningShow(tmp_path / "again", "--resume", str(show.take), "--console-port", port)
    try:
        standing(tab, "live")
        state(tab, "#hold strong", "RESUME")  # the story was held, and is
        tab.click("#hold")
        state(tab, "#hold strong", "HOLD")
    finally:
        again.end()


def test_a_page_that_the_console_does_not_know_says_what_to_do(
    browser: Chromium, show: RunningShow, tmp_path: Path
) -> None:
    tab = opened(browser, show)
    port = tab.evaluate("location.port")
    show.kill()
    standing(tab, "died")
    other = RunningShow(tmp_path / "other", "--console-port", port)
    try:
        standing(tab, "uninvited")
        shown = tab.evaluate("document.querySelector('.standing-text').textContent")
        assert "does not know this browser" in shown and "invitation" in shown
    finally:
        other.end()


def test_a_state_that_is_old_is_said_on_hold_and_panic(
    browser: Chromium, show: RunningShow
) -> None:
    tab = opened(browser, show)
    small = "document.querySelector('#{} small').textContent"
    assert tab.evaluate(small.format("panic")) == "safe picture on every wall"
    os.kill(show.process.pid, signal.SIGSTOP)
    try:
        standing(tab, "silent")
        for button in ("hold", "panic"):
            tab.wait(f"/^state is [1-9][0-9]* s old$/.test({small.format(button)})")
            tab.wait(f"document.querySelector('#{button}').classList.contains('old')")
        first = tab.evaluate(small.format("hold"))
        tab.wait(f"{small.format('hold')} !== '{first}'")
        shown = tab.evaluate("document.querySelector('.standing-text').textContent")
        assert "does not answer" in shown and "s old" in shown
        assert enabled(tab) == []
        assert axe(tab) == []
    finally:
        os.kill(show.process.pid, signal.SIGCONT)
    standing(tab, "live")
    state(tab, "#panic small", "safe picture on every wall")
    assert {"hold", "panic", "slate", "roll", "confirm"} <= set(enabled(tab))  # the control


def test_a_page_too_many_says_why_and_what_to_do(browser: Chromium, show: RunningShow) -> None:
    director = opened(browser, show)
    url = director.evaluate(
        "fetch('/invite', {method: 'POST', body: JSON.stringify({role: 'viewer'})})"
        ".then(r => r.json()).then(r => r.url)"
    )
    viewer = browser.open(url, 390, 844)
    standing(viewer, "live")
    # More pages of one invitation, as an attacker opens them.
    viewer.evaluate(
        "window.more = [1, 2, 3].map(() => new WebSocket(`ws://${location.host}/live`)); 0"
    )
    viewer.wait("window.more.every(one => one.readyState === WebSocket.OPEN)")
    viewer.evaluate("window.last = new WebSocket(`ws://${location.host}/live`);"
                    "window.last.onclose = e => { window.why = e.reason }; 0")  # fmt: skip
    viewer.wait("window.why")
    assert "close one" in viewer.evaluate("window.why")
    director.wait("document.querySelector('.alarms').textContent.includes('pages were refused')")
    director.wait("document.querySelector('.health').textContent.includes('pages were refused')")
    wait_until(lambda: "pages were refused" in show.said(), TIMEOUT, "what the terminal says")
    assert axe(director) == []
    director.click("#panic")
    state(director, "#panic strong", "BACK…")
