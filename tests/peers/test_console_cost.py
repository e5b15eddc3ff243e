"""What consoles cost the show that they look at."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.peers.browser import TIMEOUT, Chromium, Tab
from tests.peers.console_show import TABLET, RunningShow
from tests.waiting import wait_until
from xrdrama.adapters.bridge import Peer
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer


def cpu(pid: int) -> int:
    """Nanoseconds of CPU that a process has used, all threads."""
    stats = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(path.read_text().split()[0]) for path in stats)


@pytest.mark.soak
def test_five_consoles_cost_the_core_little(
    browser: Chromium, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one run, in turns: nothing beside the show; a console with five pages."""
    show = RunningShow(tmp_path / "out", "--no-console")
    frames = Counter(show.endpoint)
    try:
        alone, watched = [], []
        frames.wait(24)
        for _ in range(6):
            alone.append(frames.cost(show.process.pid, 5.0))
            console = subprocess.Popen(
                [sys.executable, "-m", "xrdrama", "console", "--core", show.endpoint,
                 "--show", "lantern_demo", "--json"],
                stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert console.stdout is not None
            tabs = [browser.open(json.loads(console.stdout.readline())["url"], *TABLET)]
            tabs[0].wait("document.querySelector('.standing')?.dataset.now === 'live'")
            for _ in range(4):
                tabs.append(_invited(browser, tabs[0]))
            frames.wait(frames.number + 24)  # opening the pages is not measured
            watched.append(frames.cost(show.process.pid, 5.0))
            for tab in tabs:
                tab.call("Page.close")
            console.terminate()
            console.wait(TIMEOUT)
            console.stdout.close()
        ratio = statistics.median(watched) / statistics.median(alone)
        with capsys.disabled():
            sys.stdout.write(
                f"\ncore CPU a frame: {statistics.median(alone) / 1e6:.3f} ms alone, "
                f"{statistics.median(watched) / 1e6:.3f} ms with five consoles: x{ratio:.3f}\n"
            )
        assert ratio <= 1.05
    finally:
        frames.close()
        show.end()


def _invited(browser: Chromium, tab: Tab) -> Tab:
    script = (
        "fetch('/invite', {method: 'POST', body: JSON.stringify({role: 'viewer'})})"
        ".then(r => r.json()).then(r => r.url)"
    )
    other = browser.open(tab.evaluate(script), *TABLET)
    other.wait("document.querySelector('.standing')?.dataset.now === 'live'")
    return other


class Counter:
    """Follows a show's frame numbers."""

    def __init__(self, endpoint: str) -> None:
        self._peer = Peer(endpoint, name="counter", role="viewer", sources=())
        self.number = -1
        self._peer.subscribe(self._take)

    def _take(self, frame: Frame) -> None:
        self.number = frame.number

    def wait(self, number: int) -> None:
        wait_until(lambda: self.number >= number, 240, f"frame {number}")

    def cost(self, pid: int, seconds: float) -> float:
        """Nanoseconds of CPU a frame."""
        number, used = self.number, cpu(pid)
        time.sleep(seconds)  # the stretch that is measured
        return (cpu(pid) - used) / (self.number - number)

    def close(self) -> None:
        self._peer.close()
