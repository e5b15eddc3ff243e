"""A Chromium whose camera plays one of our clips, and the test page of the viewers' camera."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from tests.markers.clips import NAMES, STORY, Clip, y4m
from tests.peers.browser import WEBGL, Chromium, Tab
from xrdrama.story.markers import marker_code

ROOT = Path(__file__).parents[3]


def build_page(out: Path) -> None:
    """Build the test page with the Node of the environment."""
    call = (
        "import build; build.install(); build.npm('exec', '--', 'vite', 'build', '--config',"
        f" 'viewer/vite.markers.config.ts', '--outDir', {str(out)!r})"
    )
    subprocess.run(
        [sys.executable, "-c", call], cwd=ROOT / "bridge" / "web", check=True, timeout=300
    )


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's address on loopback, where browsers open cameras without HTTPS."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def phone(
    folder: Path, clip: Clip | None, *, allowed: bool = True, flags: Sequence[str] = ()
) -> Iterator[Chromium]:
    """A browser with a camera that plays the clip again and again; without a clip, no camera."""
    folder.mkdir(parents=True, exist_ok=True)
    flags = [*WEBGL, *flags]
    if clip is not None:
        film = folder / "clip.y4m"
        with film.open("wb") as file:
            file.writelines(y4m(clip))
        flags += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    if allowed:
        flags.append("--use-fake-ui-for-media-stream")
    browser = Chromium(folder / "profile", flags)
    try:
        yield browser
    finally:
        browser.close()


def open_page(browser: Chromium, address: str, frames: int = 4, *, loose: bool = False) -> Tab:
    """The test page on a phone, with its camera button pressed."""
    codes = {name: format(marker_code(STORY, name), "09x") for name in NAMES}
    asked = f"frames={frames}&codes={quote(json.dumps(codes))}" + "&loose=1" * loose
    tab = browser.open(f"{address}/?{asked}", 390, 844)
    tab.wait("window.markers")
    tab.click("button")
    return tab
