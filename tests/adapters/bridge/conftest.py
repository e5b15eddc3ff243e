"""Cores and peers that are closed behind every test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.bridge.cores import Core, Raw, Sockets, no_thread_left


@pytest.fixture
def new_core(tmp_path: Path) -> Iterator[Callable[..., Core]]:
    made: list[Core] = []

    def make(name: str = "night", **settings: Any) -> Core:
        made.append(Core(tmp_path / f"{name}.take", **settings))
        return made[-1]

    with no_thread_left("bridge", "peer", "journal"):
        yield make
        for core in made:
            core.close()


@pytest.fixture
def core(new_core: Callable[..., Core]) -> Core:
    return new_core()


@pytest.fixture
def sockets() -> Iterator[Sockets]:
    made = Sockets()
    yield made
    made.close()


@pytest.fixture
def new_raw(sockets: Sockets) -> Callable[[Core], Raw]:
    return lambda core: Raw(sockets, core)


@pytest.fixture
def raw(new_raw: Callable[[Core], Raw], core: Core) -> Raw:
    return new_raw(core)
