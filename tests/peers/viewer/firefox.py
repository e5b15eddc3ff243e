"""A headless Firefox, driven over WebDriver BiDi."""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.waiting import wait_until

TIMEOUT = 90.0


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

    def open(self, url: str) -> None:
        """Load a page."""
        self.call("browsingContext.navigate", context=self.page, url=url, wait="complete")

    def wait(self, script: str, timeout: float = TIMEOUT) -> None:
        """Until an expression is true."""
        wait_until(lambda: self.evaluate(f"!!({script})"), timeout, script, every=0.1)

    def close(self) -> None:
        self._opening.__exit__(None, None, None)
        self._process.terminate()
        self._process.wait(TIMEOUT)
