from __future__ import annotations

import pytest

from tests.peers.monado.stand import fetch_monado


@pytest.fixture(scope="session", autouse=True)
def _monado() -> None:
    """Monado's packages are there before a test enters a network without name resolution."""
    fetch_monado()
