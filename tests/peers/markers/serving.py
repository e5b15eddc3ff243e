"""`xrdrama serve lantern_web` as a user starts it, with a story that waits for slow machines."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.peers.console_show import patient_story
from tests.waiting import wait_until
from xrdrama.content import package_roots

SHOW = "lantern_web.show.yaml"
STARTS_WITHIN = 240.0
"""Seconds until a show has its link where every core is busy."""


class Served:
    """The process; `link` is what it prints for viewers. `story` changes the text of the story."""

    def __init__(self, folder: Path, story: tuple[tuple[str, str], ...] = ()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        patient_story(folder / "branches")
        path = folder / "branches" / "one_lantern_too_many.branch.yaml"
        text = path.read_text("utf-8")
        for old, new in story:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
        show = folder / "shows" / SHOW
        show.parent.mkdir()
        shutil.copy(package_roots()[0] / "examples" / "shows" / SHOW, show)
        self._said = (folder / "stderr").open("w+")
        command = [sys.executable, "-m", "xrdrama", "serve", str(show), "--no-console"]
        self.process = subprocess.Popen(
            [*command, "--seconds", "3600", "--out", str(folder / "out")],
            stdout=subprocess.DEVNULL, stderr=self._said, cwd=folder,
        )  # fmt: skip
        try:
            self.link = wait_until(self._printed, STARTS_WITHIN, "the link for viewers")[1]
        except BaseException:
            self.close()
            raise

    def said(self) -> str:
        return Path(self._said.name).read_text("utf-8")

    def _printed(self) -> re.Match[str] | None:
        assert self.process.poll() is None, self.said()
        return re.search(r"viewers join at (\S+)\n", self.said())

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(60)
        self._said.close()
