"""A real headless Chromium, driven over its own protocol (CDP)."""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.waiting import wait_until

TIMEOUT = 90.0
"""Seconds for what takes a moment where nobody else is at work."""
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-default-apps", "--no-default-browser-check", "--remote-debugging-port=0",
    "--remote-allow-origins=*", "--disable-dev-shm-usage", "--hide-scrollbars",
)  # fmt: skip


WEBGL = (
    *(flag for flag in FLAGS if flag != "--disable-gpu"),
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
)  # fmt: skip
"""Flags with which pages draw in three dimensions, on the processor."""


class Chromium:
    """A browser process with its own profile in `folder`."""

    def __init__(self, folder: Path, flags: Sequence[str] = FLAGS) -> None:
        program = shutil.which("chromium")
        assert program, "these tests need a browser: apt-get install chromium"
        folder.mkdir(parents=True, exist_ok=True)
        said = folder / "stderr"  # a file: nobody reads what it says later
        with said.open("w") as errors:
            self._process = subprocess.Popen(
                [program, *flags, f"--user-data-dir={folder}", "about:blank"],
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        found = wait_until(
            lambda: re.search(r"DevTools listening on (\S+)\n", said.read_text("utf-8", "replace")),
            TIMEOUT,
            "what chromium says of its protocol",
        )
        self._opening = connect(
            found[1], max_size=None, max_queue=None, open_timeout=TIMEOUT, ping_interval=None
        )
        self._link = self._opening.__enter__()
        self._ids = itertools.count(1)

    def call(self, method: str, session: str = "", **params: Any) -> dict[str, Any]:
        """A call of the protocol, and its result."""
        id = next(self._ids)
        message = {"id": id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self._link.send(json.dumps(message))
        while True:
            answer = json.loads(self._link.recv(timeout=TIMEOUT))
            if answer.get("id") == id:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def open(self, url: str, width: int, height: int) -> Tab:
        """A page of its own, with cookies of its own."""
        context = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call("Target.createTarget", url="about:blank", browserContextId=context)
        session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        tab = Tab(self, session["sessionId"])
        tab.resize(width, height)
        tab.call("Page.enable")
        tab.call("Emulation.setFocusEmulationEnabled", enabled=True)
        tab.call("Page.navigate", url=url)
        return tab

    def close(self) -> None:
        """End it."""
        self._opening.__exit__(None, None, None)
        self._process.terminate()
        self._process.wait(TIMEOUT)


class Tab:
    """One page."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def resize(self, width: int, height: int) -> None:
        mobile = width < 600
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=1, mobile=mobile,
        )  # fmt: skip

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        done = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def wait(self, script: str, timeout: float = TIMEOUT) -> None:
        """Wait until an expression is true in the page."""
        wait_until(lambda: self.evaluate(f"!!({script})"), timeout, script)

    def click(self, selector: str) -> None:
        """A real press of the mouse in the middle of an element."""
        x, y = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
            "return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def key(self, key: str) -> None:
        """A key, pressed and let go."""
        self.call("Page.bringToFront")
        text = {"text": key} if len(key) == 1 else {}
        code = {"Enter": 13, "ArrowLeft": 37, "ArrowRight": 39, "Tab": 9}.get(key, 0)
        if key == "Enter":
            text = {"text": "\r"}
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code,
                **(text if kind == "keyDown" else {}),
            )  # fmt: skip

    @contextmanager
    def standing_clock(self) -> Iterator[None]:
        """Meanwhile the page has no time: however late we are, it is not too late for it."""
        self.evaluate("performance.now = () => 0; 0")
        try:
            yield
        finally:
            self.evaluate("delete performance.now; 0")

    def screenshot(self, path: Path) -> None:
        data = self.call("Page.captureScreenshot", format="png")["data"]
        path.write_bytes(base64.b64decode(data))
