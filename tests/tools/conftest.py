"""What tests of the tools share: a take of one second, recorded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.cli import run

SHOW = "lantern_two_cameras"


@pytest.fixture(scope="session")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("take")
    options = ["--headless", "--fixed-rate", "--no-video", "--seconds", "1", "--out", str(out)]
    assert run(["run", SHOW, *options]) == 0
    return out / f"{SHOW}.take"
