"""The viewers' page in Firefox, driven over WebDriver BiDi: captions, and a pick."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.viewer.firefox import TIMEOUT, Firefox
from tests.peers.viewer.server import Room
from tests.waiting import wait_until

pytestmark = pytest.mark.peer
MIDDLE = """(() => {
  const r = document.querySelector('[data-option=leave]').getBoundingClientRect();
  return JSON.stringify([Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)]);
})()"""


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    firefox = Firefox(tmp_path / "firefox")
    yield firefox
    firefox.close()


def test_firefox_shows_captions_and_picks_an_option(firefox: Firefox, room: Room) -> None:
    room.choose(lasts=None)
    firefox.open(room.url)
    firefox.wait("document.documentElement.dataset.standing === 'live'")
    firefox.wait("document.querySelector('.captions').innerText.includes('almost ready')")
    firefox.wait("document.documentElement.dataset.picture")
    # With a picture or, where there is no graphics driver, without: the reason is then shown.
    if firefox.evaluate("document.documentElement.dataset.picture") == "none":
        assert "WebGL 2" in firefox.evaluate("document.querySelector('.trouble').innerText")
    where = json.loads(firefox.evaluate(MIDDLE))
    press = [
        {"type": "pointerMove", "x": where[0], "y": where[1]},
        {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0},
    ]  # fmt: skip
    firefox.call(
        "input.performActions", context=firefox.page,
        actions=[{"type": "pointer", "id": "mouse", "actions": press}],
    )  # fmt: skip
    (tap,) = wait_until(room.taps, TIMEOUT, "a pick")
    assert (tap["option"], tap["by"]) == ("leave", "tap")
    firefox.wait("document.querySelector('[data-option=leave]').dataset.pick === 'recorded'")
