"""The viewers' page with the real server: `xrdrama serve` of our drama, in real browsers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.peers.browser import WEBGL, Chromium, Tab
from tests.peers.viewer.opening import DESKTOP, NO_WEBGL, PHONE
from tests.peers.viewer.serving import HTTPS, Network, Serving
from tests.waiting import stays_false, wait_until

pytestmark = pytest.mark.peer

SHOW_TIME = 120.0
"""Seconds for what the show takes some of: lines of a beat, on a machine where all are busy."""
OPEN = "xrdrama.link.state.choice?.phase === 'open'"
SPEAKS = "Object.defineProperty(navigator, 'languages', { value: ['%s'] });"
SAME = "JSON.stringify(xrdrama.link.state, (name, v) => name === 'seconds' ? undefined : v)"
SMALL = """(() => {
  const canvas = document.querySelector('canvas');
  xrdrama.picture.view.render(xrdrama.picture.camera);
  const small = new OffscreenCanvas(12, 24).getContext('2d');
  small.drawImage(canvas, 0, 0, 12, 24);
  return JSON.stringify([...small.getImageData(0, 0, 12, 24).data].filter((_, at) => at % 4 < 3));
})()"""
"""The picture as 12 x 24 pixels, red, green and blue, 0 to 255."""


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    serving = Serving(tmp_path_factory.mktemp("room"), listen=HTTPS)
    yield serving
    serving.close()


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory, serving: Serving) -> Iterator[Chromium]:
    """A browser that knows the show's own certificate authority."""
    browser = Chromium(tmp_path_factory.mktemp("trusting"), (*WEBGL, serving.trust()))
    yield browser
    browser.close()


def joined(browser: Chromium, link: str, script: str = "", size: tuple[int, int] = PHONE) -> Tab:
    """The page of a browser context that has opened the link."""
    tab = browser.open("about:blank", *size)
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=script or "0")
    tab.call("Page.navigate", url=link)
    tab.wait("document.documentElement?.dataset.standing === 'live'")
    return tab


def now(tab: Tab, name: str) -> Any:
    return json.loads(tab.evaluate(f"JSON.stringify(xrdrama.link.state[{name!r}] ?? null)"))


def picture(tab: Tab) -> list[int]:
    found: list[int] = json.loads(tab.evaluate(SMALL))
    return found


def apart(one: list[int], other: list[int]) -> float:
    """The mean difference of two pictures, 0 to 255."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def test_a_show_from_the_link_to_its_ending(
    browser: Chromium, trusting: Chromium, serving: Serving
) -> None:
    assert serving.link.startswith(f"https://{HTTPS}:")
    # The control: who does not know the authority gets no page.
    stranger = browser.open("about:blank", *PHONE)
    found = stranger.call("Page.navigate", url=serving.link)
    assert found.get("errorText") == "net::ERR_CERT_AUTHORITY_INVALID"

    network = Network(serving.link)
    first = joined(trusting, network.link, SPEAKS % "en-GB")
    assert first.evaluate("isSecureContext && location.protocol") == "https:"
    first.wait("document.documentElement.dataset.picture === 'shown'", SHOW_TIME)
    assert max(picture(first)) > 60
    first.wait(OPEN, SHOW_TIME)
    assert "me your name" in first.evaluate("document.querySelector('.options').innerText")

    late = joined(trusting, serving.link, SPEAKS % "zh-CN", PHONE)
    late.wait(OPEN)
    assert "名字" in late.evaluate("document.querySelector('.options').innerText")
    late.wait("document.documentElement.dataset.picture === 'shown'", SHOW_TIME)
    wait_until(lambda: first.evaluate(SAME) == late.evaluate(SAME), what="the same state")
    assert now(late, "beat") == "counting"
    assert abs(first.evaluate("xrdrama.link.seconds") - late.evaluate("xrdrama.link.seconds")) < 1
    assert apart(picture(first), picture(late)) < 6
    # The control: from another place the set is another picture.
    late.click(".views")
    wait_until(lambda: apart(picture(first), picture(late)) > 12, what="another view")

    offline(first, network, late)
    # Its pick, and only one, moved the story for both.
    for tab in (first, late):
        tab.wait("xrdrama.link.state.ending", SHOW_TIME)
        assert now(tab, "ending") == "thirteen_bowls"
    first.wait("document.querySelector('.ending').innerText.includes('Thirteen bowls')")
    network.close()


def offline(first: Tab, network: Network, late: Tab) -> None:
    """No byte passes for 30 s; what is tapped meanwhile is sent once, when it can be."""
    network.cut = True
    tap = "document.querySelector('[data-option=ask]')"
    first.click("[data-option=ask]")
    first.wait("document.documentElement.dataset.standing === 'away'", 30)
    first.wait("document.querySelector('.standing').innerText.includes('Your pick is kept')")
    assert first.evaluate(f"{tap}.dataset.pick") in ("sent", "waits")
    stays_false(lambda: now(late, "beat") != "counting", 16, "the story moved", every=0.5)
    first.click("[data-option=ask]")
    network.cut = False
    first.wait("document.documentElement.dataset.standing === 'live'", 30)
    for tab in (first, late):
        tab.wait("xrdrama.link.state.beat === 'stranger'")
    assert first.evaluate("xrdrama.link.outbox.waiting.length") == 0


def test_each_viewer_of_an_own_show_plays_a_branch(browser: Chromium, tmp_path: Path) -> None:
    serving = Serving(tmp_path, mode="own")
    try:
        assert serving.link.startswith("http://127.0.0.1:")
        tabs = [joined(browser, serving.link, NO_WEBGL, DESKTOP) for _ in range(2)]
        for tab in tabs:
            tab.wait(OPEN, SHOW_TIME)
        tabs[0].click("[data-option=ask]")
        tabs[0].wait("xrdrama.link.state.beat === 'stranger'", SHOW_TIME)
        assert now(tabs[1], "beat") == "counting"
        tabs[1].click("[data-option=remember]")
        tabs[1].wait("xrdrama.link.state.beat === 'remembered'", SHOW_TIME)
        assert now(tabs[0], "beat") != "remembered"
    finally:
        serving.close()
