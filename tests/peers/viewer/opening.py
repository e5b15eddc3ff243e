"""Opening the viewers' page in Chromium."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.peers.browser import Chromium, Tab
from tests.peers.viewer.server import Room

WEB = Path(__file__).resolve().parents[3] / "bridge" / "web"
PHONE, DESKTOP = (390, 844), (1280, 800)
PHONE_SIDEWAYS, DESKTOP_UPRIGHT = (844, 390), (800, 1280)
SIZES = {
    "phone": PHONE, "phone sideways": PHONE_SIDEWAYS,
    "desktop": DESKTOP, "desktop upright": DESKTOP_UPRIGHT,
}  # fmt: skip
NO_WEBGL = """
const asked = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : asked.call(this, kind, ...more);
};
"""
"""A browser without WebGL; drawing in software takes seconds where every core is busy."""


def opened(
    browser: Chromium, room: Room | str, size: tuple[int, int] = PHONE, script: str = NO_WEBGL
) -> Tab:
    """The page in a browser context of its own; `script` runs before it."""
    tab = browser.open("about:blank", *size)
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=script)
    url = room if isinstance(room, str) else room.url
    tab.call("Page.navigate", url=url)
    tab.wait("document.documentElement?.dataset.standing === 'live'")
    return tab


def drawn(browser: Chromium, room: Room, size: tuple[int, int] = PHONE, script: str = "") -> Tab:
    """The page with the picture of its set."""
    tab = opened(browser, room, size, script)
    tab.wait("document.documentElement?.dataset.picture")
    picture = tab.evaluate("document.documentElement?.dataset.picture")
    assert picture == "shown", tab.evaluate("document.querySelector('.trouble').innerText")
    return tab


def axe(tab: Tab) -> list[dict[str, Any]]:
    """What axe-core finds, worst first; each with its impact and elements."""
    source = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    tab.evaluate(source + "; 0")
    done = tab.evaluate("axe.run().then(r => JSON.stringify(r.violations))")
    found: list[dict[str, Any]] = json.loads(done)
    return [
        {"id": f["id"], "impact": f["impact"], "at": [n["html"][:90] for n in f["nodes"]]}
        for f in found
    ]


def serious(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in found if one["impact"] in ("serious", "critical")]
