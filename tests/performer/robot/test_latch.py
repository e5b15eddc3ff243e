"""The stop latch: nothing but both keys releases it, whatever happens in between."""

from __future__ import annotations

from random import Random
from typing import get_args

import pytest

from xrdrama.performer.robot.latch import KEYS_LAST, TABLE, Input, Latch, State

INPUTS: tuple[Input, ...] = get_args(Input)
STATES: tuple[State, ...] = get_args(State)
WITHDRAWS = ("stop", "started", "reconnected", "replayed")
SECOND = 1_000_000_000


def test_every_state_has_a_row_and_stops() -> None:
    assert set(TABLE) == set(STATES)
    for state in STATES:
        assert Latch(state).after("stop", 0).state == "stopped"
        assert Latch(state).after("started", 0).state == "stopped"


def test_no_key_moves_a_latch_that_is_not_stopped() -> None:
    for state in set(STATES) - {"stopped"}:
        for key in ("director_key", "hand_key"):
            assert Latch(state).after(key, 0) == Latch(state)


def test_new_latch_is_stopped() -> None:
    assert Latch().state == "stopped" and not Latch().moves


def walked(seed: int, inputs: tuple[Input, ...], length: int) -> int:
    """How often a random walk left `stopped`; an own record of the keys must agree each time."""
    chance = Random(seed)
    latch, now, released = Latch(), 0, 0
    turned: dict[str, int] = {}
    for _ in range(length):
        now += chance.choice((0, SECOND // 10, SECOND, 20 * SECOND, 40 * SECOND))
        what = chance.choice(inputs)
        was_stopped = latch.state == "stopped"
        latch = latch.after(what, now)
        if what in WITHDRAWS or not was_stopped:
            turned = {}
        elif what in ("director_key", "hand_key"):
            turned[what] = now
        turned = {key: at for key, at in turned.items() if now - at <= KEYS_LAST}
        if was_stopped and latch.state != "stopped":
            assert len(turned) == 2, f"released by {what} with {sorted(turned)}"
            released += 1
            turned = {}
        elif was_stopped:
            assert len(turned) < 2, "both keys were turned, and it was not released"
    return released


@pytest.mark.parametrize("missing", ["director_key", "hand_key"])
def test_one_key_never_releases_in_1e5_random_sequences(missing: Input) -> None:
    inputs = tuple(what for what in INPUTS if what != missing)
    assert sum(walked(seed, inputs, 10) for seed in range(50_000)) == 0


def test_both_keys_release() -> None:
    """The control: with both keys in the mix, latches are released, and only by both."""
    assert sum(walked(seed, INPUTS, 40) for seed in range(2_000)) > 100


@pytest.mark.parametrize("between", WITHDRAWS)
def test_restart_reconnect_and_replay_take_a_turned_key_out(between: Input) -> None:
    latch = Latch().after("director_key", 0).after(between, 1).after("hand_key", 2)
    assert latch.state == "stopped"
    assert latch.after("director_key", 3).state == "absent"


def test_key_waits_only_so_long() -> None:
    turned = Latch().after("hand_key", 0)
    assert turned.after("director_key", KEYS_LAST).state == "absent"
    assert turned.after("director_key", KEYS_LAST + 1).state == "stopped"
