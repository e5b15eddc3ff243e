"""The viewers' page in Firefox, driven over WebDriver BiDi: captions, and a pick."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from tests.peers.viewer.server import Room
from tests.waiting import wait_until

pytestmark = pytest.mark.peer
TIMEOUT = 90.0
MIDDLE = """(() => {
  const r = document.querySelector('[data-option=leave]').getBoundingClientRect();
  return JSON.stringify([Math.round(r.x + r.width / 2), Math.round(r.y + r.height / 2)]);
})()"""


class Firefox:
    """A headless Firefox with its own profile, and one page."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "these tests need Firefox: apt-get install firefox-esr"
        folder.mkdir()
        found = folder / "WebDriverBiDiServer.json"
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(folder),
             "--remote-debugging-port", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_until(found.is_file, TIMEOUT, "Firefox's port")
            wait_until(lambda: found.read_text("utf-8").endswith("}"), TIMEOUT)
            port = json.loads(found.read_text("utf-8"))["ws_port"]
            self._opening = connect(
                f"ws://127.0.0.1:{port}/session", max_size=None, open_timeout=TIMEOUT
            )
            self._link = self._opening.__enter__()
            self._ids = itertools.count(1)
            self.call("session.new", capabilities={})
            tree = self.call("browsingContext.getTree")
            self.page: str = tree["contexts"][0]["context"]
        except BaseException:
            self._process.kill()
            self._process.wait(TIMEOUT)
            raise

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        id = next(self._ids)
        self._link.send(json.dumps({"id": id, "method": method, "params": params}))
        while True:
            answer = json.loads(self._link.recv(timeout=TIMEOUT))
            if answer.get("id") == id:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    def evaluate(self, script: str) -> Any:
        done = self.call(
            "script.evaluate", expression=script, target={"context": self.page}, awaitPromise=True
        )
        assert done["type"] == "success", done
        return done["result"].get("value")

    def close(self) -> None:
        self._opening.__exit__(None, None, None)
        self._process.terminate()
        self._process.wait(TIMEOUT)


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    firefox = Firefox(tmp_path / "firefox")
    yield firefox
    firefox.close()


def test_firefox_shows_captions_and_picks_an_option(firefox: Firefox, room: Room) -> None:
    room.choose(lasts=None)
    firefox.call("browsingContext.navigate", context=firefox.page, url=room.url, wait="complete")

    def shown(script: str) -> None:
        wait_until(lambda: firefox.evaluate(f"!!({script})"), TIMEOUT, script, every=0.1)

    shown("document.documentElement.dataset.standing === 'live'")
    shown("document.querySelector('.captions').innerText.includes('almost ready')")
    shown("document.documentElement.dataset.picture")
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
    shown("document.querySelector('[data-option=leave]').dataset.pick === 'recorded'")
