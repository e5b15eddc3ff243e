from __future__ import annotations

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
