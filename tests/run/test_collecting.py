"""No collection of the oldest generation happens while a show makes its frames."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from tests.conformance.shows import without_inputs
from xrdrama import content
from xrdrama.run import collecting
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.plan import Plan
from xrdrama.run.runner import Runner

OFTEN = (50, 3, 1)
"""Thresholds that make a run of seconds collect as often as one of an hour."""


class Counted(Runner):
    """A runner that counts the collections of the oldest generation while it makes frames."""

    collected: int

    def _run_fixed(self, stop: Any) -> None:
        before = gc.get_stats()[2]["collections"]
        super()._run_fixed(stop)
        self.collected = gc.get_stats()[2]["collections"] - before


@pytest.fixture
def often() -> Iterator[None]:
    usual = gc.get_threshold()
    # A full collection waits until there is a quarter more than it has left the last time: what the
    # tests before this one hold must not count.
    gc.freeze()
    gc.collect()
    gc.set_threshold(*OFTEN)
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def collections(folder: Path) -> int:
    loaded = content.load_show(str(without_inputs(folder)))
    plan = Plan(folder / "out", fixed_rate=True, seconds=10)
    runner = Counted(loaded, content.produce(loaded), plan, Outputs.of())
    assert runner.run(Event()).frames == 240
    return runner.collected


def test_a_show_never_collects_its_oldest_objects(often: None, tmp_path: Path) -> None:
    assert collections(tmp_path) == 0
    assert gc.get_threshold() == OFTEN and gc.get_freeze_count() == 0


def test_without_it_they_would_be_collected(
    often: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "freeze", lambda: None)
    assert collections(tmp_path) > 0
