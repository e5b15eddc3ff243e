from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.web.console import ConsoleServer


@pytest.fixture
def page_folder(tmp_path: Path) -> Path:
    """A page that was built, as far as the server cares."""
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>console</title>")
    (folder / "assets" / "a.js").write_text("//")
    return folder


@pytest.fixture
def served(page_folder: Path) -> Iterator[ConsoleServer]:
    with ConsoleServer(page_folder) as server:
        server.play()
        yield server
