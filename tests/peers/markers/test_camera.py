"""The viewers' camera in a real Chromium whose camera plays our clips."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.markers.clips import NAMES, false_squares, hard
from tests.markers.finder import look, measured
from tests.peers.markers.camera import build_page, open_page, phone, served

pytestmark = pytest.mark.peer
FALSE_FRAMES = 30
"""Frames of the clip of false squares in the browser: it plays them again and again."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("page")
    build_page(folder)
    with served(folder) as address:
        yield address


def test_figures_of_the_whole_clips(tmp_path: Path) -> None:
    """Found in >= 95 % of the frames (blurred, tilted by 30 degrees, dim), poses within 2 degrees
    and 2 % of the distance, no name for 600 false squares."""
    clip = hard()
    result = measured(clip, look(clip, tmp_path))
    assert (result.found >= 0.95, result.wrong) == (True, 0)
    assert max(result.degrees) < 2
    assert max(result.offsets) < 0.02
    false = false_squares()
    assert false.shown >= 500
    assert [seen for seen in look(false, tmp_path) if seen] == []
    assert sum(map(len, look(false, tmp_path, "loose"))) > 20


def test_a_marker_in_the_camera_is_found_and_shown_in_place(page: str, tmp_path: Path) -> None:
    with phone(tmp_path, hard(frames=45)) as browser:
        tab = open_page(browser, page)
        tab.wait("markers.camera.isOn")
        assert "Camera on" in tab.evaluate("document.querySelector('.marker-lamp').textContent")
        tab.wait("markers.found.length")
        tab.wait("markers.camera.visible.length")
        assert set(tab.evaluate("markers.found")) <= set(NAMES)
        tab.click("button")
        tab.wait("!markers.camera.isOn")
        assert tab.evaluate("document.querySelector('.marker-lamp').hidden")


def test_false_squares_in_the_camera_give_nothing(page: str, tmp_path: Path) -> None:
    clip = false_squares(frames=FALSE_FRAMES)
    with phone(tmp_path, clip) as browser:
        tab = open_page(browser, page, frames=1)
        tab.wait("markers.camera.looked >= 25")
        assert tab.evaluate("markers.found") == []
        loose = open_page(browser, page, frames=1, loose=True)
        loose.wait("markers.found.length")  # the negative control


def test_a_refused_camera_says_what_to_do(page: str, tmp_path: Path) -> None:
    with phone(tmp_path, hard(frames=1), allowed=False) as browser:
        browser.call("Browser.setPermission", permission={"name": "camera"}, setting="denied")
        tab = open_page(browser, page)
        tab.wait("document.querySelector('.marker-words').textContent.includes('Allow it')")
        assert not tab.evaluate("markers.camera.isOn")


def test_a_missing_camera_says_so(page: str, tmp_path: Path) -> None:
    with phone(tmp_path, None) as browser:
        tab = open_page(browser, page)
        tab.wait("document.querySelector('.marker-words').textContent.includes('no camera')")


def test_a_camera_that_is_taken_away_says_so_and_opens_again(page: str, tmp_path: Path) -> None:
    with phone(tmp_path, hard(frames=4), allowed=False) as browser:
        tab = open_page(browser, page)
        context = tab.call("Target.getTargetInfo")["targetInfo"]["browserContextId"]

        def permit(setting: str) -> None:
            browser.call(
                "Browser.setPermission",
                permission={"name": "camera"}, setting=setting, browserContextId=context,
            )  # fmt: skip

        tab.wait("!document.querySelector('button').disabled")  # nobody answered: refused
        permit("granted")
        tab.click("button")
        tab.wait("markers.camera.isOn")
        permit("denied")
        tab.wait("!markers.camera.isOn")
        assert "switched off" in tab.evaluate("markers.said.join()")
        permit("granted")
        tab.click("button")
        tab.wait("markers.camera.isOn && markers.camera.looked > 0")


def test_without_https_the_page_says_which_address_opens_the_camera(
    page: str, tmp_path: Path
) -> None:
    elsewhere = "--host-resolver-rules=MAP stage.example 127.0.0.1"
    with phone(tmp_path, hard(frames=1), flags=[elsewhere]) as browser:
        tab = open_page(browser, page.replace("127.0.0.1", "stage.example"))
        tab.wait("document.querySelector('.marker-words').textContent.includes('https://')")
        assert not tab.evaluate("isSecureContext || markers.camera.isOn")
