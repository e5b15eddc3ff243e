from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.browser import Chromium
from tests.peers.console_show import RunningShow


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    browser = Chromium(tmp_path_factory.mktemp("profile"))
    yield browser
    browser.close()


@pytest.fixture
def show(tmp_path: Path) -> Iterator[RunningShow]:
    running = RunningShow(tmp_path / "out")
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 1 MB. Only root may mount it, and CI is root."""
    if os.getuid() != 0:
        pytest.skip("mounting a tmpfs needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)],
        capture_output=True, check=True,
    )  # fmt: skip
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
