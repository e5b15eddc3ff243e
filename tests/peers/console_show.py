"""A show with its console, as a user starts it, and what tests look for on its page."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.adapters.bridge.cores import free_port
from tests.peers.browser import TIMEOUT, Chromium, Tab
from tests.waiting import wait_until
from xrdrama.content import package_roots

WEB = Path(__file__).parents[2] / "bridge" / "web"
SERIOUS = ("serious", "critical")
TABLET, PHONE = (1024, 768), (390, 844)
ON_ITS_SIDE = [(844, 390), (667, 375)]
DESKTOP = (1440, 900)


class RunningShow:
    """`xrdrama run lantern_demo --no-video`, as a user starts it.

    Its story is ours, but that it waits for choices however late we are.
    """

    def __init__(
        self, out: Path, *more: str, video: bool = False, name: str = "lantern_demo"
    ) -> None:
        patient_story(out.parent / "branches")
        self.port = free_port()
        self.out = out
        self._said = (out.parent / f"{out.name}.err").open("w+")
        command = [sys.executable, "-m", "xrdrama", "run", name]
        command += ["--headless"] if video else ["--no-video"]
        command += ["--seconds", "3600", "--out", str(out), "--port", str(self.port), *more]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=self._said, cwd=out.parent
        )
        self.endpoint = f"tcp://127.0.0.1:{self.port}"
        self.take = out / f"{name}.take"

    def url(self) -> str:
        """The address that the show printed."""
        found = wait_until(
            lambda: re.search(r"http://\S+", self.said()), 240, "the console's address"
        )
        return str(found[0])

    def said(self) -> str:
        return Path(self._said.name).read_text("utf-8")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(TIMEOUT) == 0, self.said()
        self._said.close()

    def console_pid(self) -> int:
        """The process of its console."""
        for children in Path(f"/proc/{self.process.pid}/task").glob("*/children"):
            for pid in children.read_text().split():
                if b"console" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"):
                    return int(pid)
        raise AssertionError("no console beside the show")

    def kill(self) -> None:
        """As a machine does that has no memory left."""
        self.process.kill()
        self.process.wait(TIMEOUT)
        self._said.close()


def patient_story(folder: Path) -> None:
    """Our contents' folder of stories, where windows last as long as they may."""
    if folder.exists():
        return
    shutil.copytree(package_roots()[0] / "branches", folder)
    path = folder / "one_lantern_too_many.branch.yaml"
    written = path.read_text("utf-8")
    text, changed = re.subn(r"(window: \{lasts: )\w+", r"\g<1>600s", written)
    assert changed == written.count("    choice:\n") > 3  # every choice of the story has a window
    path.write_text(text, "utf-8")


def opened(browser: Chromium, show: RunningShow, size: tuple[int, int] = TABLET) -> Tab:
    tab = browser.open(show.url(), *size)
    tab.wait("document.querySelector('.standing')?.dataset.now === 'live'")
    tab.wait("document.querySelector('.beat').textContent")
    return tab


def state(tab: Tab, selector: str, text: str) -> None:
    tab.wait(f"document.querySelector({json.dumps(selector)})?.textContent === {json.dumps(text)}")


def seen(tab: Tab, selector: str) -> bool:
    """Whether all corners of an element are in the page, and not under another."""
    return bool(
        tab.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            "const r = e.getBoundingClientRect();"
            "return [[r.left + 12, r.top + 4], [r.right - 12, r.bottom - 4]].every(([x, y]) =>"
            " { const o = document.elementFromPoint(x, y); return o && (e.contains(o)); }) })()"
        )
    )


def axe(tab: Tab) -> list[dict[str, Any]]:
    """axe-core's findings that are serious or worse."""
    source = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    tab.evaluate(f"{source};0")
    found = json.loads(tab.evaluate("axe.run().then(r => JSON.stringify(r.violations))"))
    return [
        {"id": one["id"], "nodes": [node["html"][:120] for node in one["nodes"]]}
        for one in found
        if one["impact"] in SERIOUS
    ]
