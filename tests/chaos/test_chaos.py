"""What `make chaos` does, in small, with controls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.faults import cuts, flips, kills, on_one_show
from tests.chaos.show import lost_and_doubled
from xrdrama.show.take import read_take
from xrdrama.wire.events import Pressed


@pytest.mark.peer
def test_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    outcome = kills(tmp_path, 3)
    assert outcome.is_good, outcome
    take = (tmp_path / "out" / "night_watch.take").read_bytes()
    assert cuts(take, 300).is_good and flips(take, 100).is_good
    # The controls: an option that nobody recorded is lost, and so is the last of a shorter take.
    entries = [one.event for one in read_take(take).entries if isinstance(one.event, Pressed)]
    assert lost_and_doubled(take, {"option_that_never_was"}) == (1, 0)
    last = take.rindex(entries[-1].option.encode())
    assert lost_and_doubled(take[:last], {one.option for one in entries})[0] >= 1


@pytest.mark.peer
def test_a_client_that_sends_twice_doubles(tmp_path: Path) -> None:
    """The control: one id counts once, and two ids count twice."""
    outcome = kills(tmp_path, 1, twice=True)
    assert outcome.doubled > 10 and not outcome.lost


@pytest.mark.peer
def test_a_show_bears_garbage_strangers_and_a_pause(tmp_path: Path) -> None:
    for outcome in on_one_show(tmp_path, floods=5000, keys=20, pauses=1):
        assert outcome.is_good, outcome


@pytest.mark.soak
def test_a_hundred_kills(tmp_path: Path) -> None:
    outcome = kills(tmp_path, 100)
    assert outcome.is_good, outcome
