from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.web.audience.server import AudienceServer


@pytest.fixture
def served(tmp_path: Path) -> Iterator[AudienceServer]:
    with AudienceServer(tmp_path) as server:
        yield server
