"""Draws examples/shows/map.png, the picture of the map in README, with a headless Chromium.

python -m tests.peers.map_picture
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.peers.browser import Chromium
from xrdrama.cli import run

ROOT = Path(__file__).parents[2]
OUT = ROOT / "examples" / "shows" / "map.png"
STORY = ROOT / "branches" / "one_lantern_too_many.branch.yaml"
WIDTH, HEIGHT = 1600, 620
CHOSEN = "threshold"


def main() -> None:
    """Make the page in a temporary folder, choose a beat, and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "map.html"
        run(["graph", str(STORY), "-o", str(page)])
        browser = Chromium(Path(folder) / "profile")
        try:
            tab = browser.open(page.as_uri(), WIDTH, HEIGHT)
            tab.wait("typeof view === 'object' && view.frames > 0")
            tab.evaluate(f"choose(map.beats.find(beat => beat.id === '{CHOSEN}')), view.fit(), 1")
            tab.wait("view.frames > 2")
            tab.screenshot(OUT)
        finally:
            browser.close()


if __name__ == "__main__":
    main()
