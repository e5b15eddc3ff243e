"""Default < look < cue < director; a cue is a function of the time since it began."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.cue_values import values_at
from tests.show.small import small
from xrdrama.scene.cues import length
from xrdrama.scene.model import Cue, Move, Param
from xrdrama.show.state.cue_stack import CueStack, call, override, stack_for
from xrdrama.timing import NS

SCENE = small().scenes["yard"]
WAKES, DIMS = SCENE.cues["wakes"], SCENE.cues["dims"]
HALF = NS // 2

spans = st.integers(0, 5 * NS)
moves = st.lists(
    st.builds(
        Move,
        st.sampled_from(["glow", "fog"]),
        st.floats(0, 1),
        over=spans,
        delay=spans,
        ease=st.sampled_from(["linear", "smooth", "in", "out", "step"]),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
cues = moves.map(lambda found: Cue("made", "", found))
calls = st.lists(
    st.tuples(st.integers(0, 20 * NS), cues, st.none() | st.integers(0, 8 * NS)), max_size=6
)


def called(made: list[tuple[int, Cue, int | None]]) -> CueStack:
    stack = stack_for(SCENE)
    for at, cue, over in sorted(made, key=lambda one: one[0]):
        stack = call(stack, cue, at, over=over)
    return stack


# -- the layers -----------------------------------------------------------------------------------


def test_the_layers_lie_over_each_other() -> None:
    assert stack_for(SCENE).values(0) == {"glow": 1.0, "fog": 0.25, "season": "summer"}
    stack = stack_for(SCENE, "night")
    assert stack.values(0)["glow"] == 0.5
    stack = call(stack, WAKES, 0)
    assert stack.values(HALF)["glow"] == 1.25
    stack = override(stack, "glow", 0.125)
    assert stack.values(HALF)["glow"] == 0.125
    stack = call(stack, DIMS, NS)  # a cue under the director's hand moves on unseen
    assert stack.values(9 * NS)["glow"] == 0.125
    assert override(stack, "glow", None).values(9 * NS)["glow"] == 0.25
    assert stack_for(SCENE, "no_such_look").values(0)["glow"] == 1.0


def test_an_override_keeps_the_bounds_of_its_param() -> None:
    stack = stack_for(SCENE)
    assert override(stack, "fog", 7.0).values(0)["fog"] == 1.0
    assert override(stack, "fog", -7.0).values(0)["fog"] == 0.0
    for value, word in ((0.4, "summer"), (1.0, "winter"), (9e8, "winter"), (-5.0, "summer")):
        assert override(stack, "season", value).values(0)["season"] == word
    assert override(stack, "no_such", 1.0) == stack
    assert override(stack, "fog", None) == stack


# -- a function of elapsed ------------------------------------------------------------------------


@given(cues, st.integers(0, 2**50), spans)
def test_a_value_depends_on_the_time_since_the_cue_alone(cue: Cue, at: int, elapsed: int) -> None:
    here, there = call(stack_for(SCENE), cue, 0), call(stack_for(SCENE), cue, at)
    assert here.values(elapsed) == there.values(at + elapsed)
    by_scene = values_at(cue, SCENE.defaults(), elapsed)
    for param, value in by_scene.items():
        assert here.values(elapsed)[param] == pytest.approx(value, abs=1e-9)


@given(calls, st.lists(st.integers(20 * NS, 40 * NS), min_size=1, max_size=5))
def test_asking_in_any_order_gives_the_same(
    made: list[tuple[int, Cue, int | None]], moments: list[int]
) -> None:
    stack = called(made)
    assert [stack.values(at) for at in moments] == [stack.values(at) for at in reversed(moments)][
        ::-1
    ]


@given(calls, cues, st.integers(20 * NS, 30 * NS), st.none() | st.integers(1, 8 * NS))
def test_a_later_cue_takes_over_from_where_the_earlier_was(
    made: list[tuple[int, Cue, int | None]], cue: Cue, at: int, over: int | None
) -> None:
    before = called(made)
    after = call(before, cue, at, over=over)
    for param in SCENE.params:
        mine = [move for move in cue.moves if move.param == param]
        if all(move.delay + move.over for move in mine):  # what takes no time may leap
            stood = before.values(at)[param]
            assert after.values(at)[param] == pytest.approx(stood, abs=1e-9)
        if not mine:
            assert after.values(at + NS)[param] == before.values(at + NS)[param]


def test_a_takeover_half_way() -> None:
    stack = call(stack_for(SCENE), WAKES, 0)
    assert stack.values(HALF)["glow"] == 1.5
    stack = call(stack, DIMS, HALF)
    assert stack.values(HALF)["glow"] == 1.5
    assert stack.values(HALF + NS)["glow"] == pytest.approx((1.5 + 0.25) / 2)
    assert stack.values(HALF + 2 * NS)["glow"] == 0.25
    assert stack.values(10 * NS)["glow"] == 0.25  # the second move of `wakes` is gone with it
    assert (
        stack.values(10 * NS)["season"] == "winter"
    )  # parameters that `dims` does not set continue


def test_a_cue_chains_its_own_moves() -> None:
    stack = call(stack_for(SCENE), WAKES, 0)
    found = [stack.values(n * HALF)["glow"] for n in range(7)]
    assert found == [1.0, 1.5, 2.0, 2.0, 2.0, 1.75, 1.5]


# -- stretched ------------------------------------------------------------------------------------


@given(st.integers(1, 20 * NS), st.floats(0, 1))
def test_over_stretches_a_cue_evenly(over: int, share: float) -> None:
    written = length(WAKES)
    plain, stretched = call(stack_for(SCENE), WAKES, 0), call(stack_for(SCENE), WAKES, 0, over=over)
    assert stretched.values(over) == plain.values(written)
    value = stretched.values(round(over * share))["glow"]
    slack = 2 * written / over / NS + 1e-6  # a nanosecond of `over` is so many of the cue
    assert value == pytest.approx(plain.values(round(written * share))["glow"], abs=slack)


def test_over_0_is_a_snap() -> None:
    """`@dims over=0s` used to run at its written length: 0 was taken for "not given"."""
    stack = call(stack_for(SCENE), WAKES, 0)
    stack = call(stack, DIMS, HALF, over=0)
    assert stack.values(HALF)["glow"] == 0.25
    assert stack.values(5 * NS)["glow"] == 0.25
    assert "glow" not in stack.moving
    whole = call(stack_for(SCENE), WAKES, 0, over=0)
    assert whole.values(0) == {"glow": 1.5, "fog": 0.25, "season": "winter"}


# -- nothing grows --------------------------------------------------------------------------------


@given(calls)
def test_what_is_over_comes_to_rest_and_nothing_shifts(
    made: list[tuple[int, Cue, int | None]],
) -> None:
    stack = called(made)
    nothing = Cue("nothing", "", (Move("season", "winter"),))
    later = call(stack, nothing, 100 * NS)
    assert set(later.moving) == {"season"}
    for param in ("glow", "fog"):
        assert later.values(200 * NS)[param] == stack.values(200 * NS)[param]


def test_floats_are_settled() -> None:
    stack = call(stack_for(SCENE), DIMS, 0)
    for at in range(0, 2 * NS, 123_456_789):
        value = stack.values(at)["glow"]
        assert isinstance(value, float) and value == round(value, 9)


# -- params that grow ------------------------------------------------------------------------------

ROUND = 40.0
DRIVE = msgspec.structs.replace(
    SCENE,
    params={**SCENE.params, "way": Param("way", "real", 1.0, "", 0.0, ROUND, grows_by="glow")},
)


def driven(made: list[tuple[int, Cue, int | None]], until: int) -> tuple[CueStack, list[float]]:
    """The stack after all cues, and the way at every tenth of a second up to then."""
    stack, way = stack_for(DRIVE), []
    todo = sorted(made, key=lambda one: one[0])
    for at in range(0, until, NS // 10):
        while todo and todo[0][0] <= at:
            began, cue, over = todo.pop(0)
            stack = call(stack, cue, began, over=over)
        way.append(float(stack.values(at)["way"]))
    return stack, way


@given(calls)
def test_what_grows_never_jumps_and_never_goes_back(
    made: list[tuple[int, Cue, int | None]],
) -> None:
    _, way = driven(made, 25 * NS)
    for before, after in pairwise(way):
        assert 0.0 <= (after - before) % ROUND <= 0.1 * SCENE.params["glow"].most + 1e-6


@given(spans, st.sampled_from(["linear", "smooth", "in", "out"]))
def test_what_grows_is_the_integral_of_its_rate(over: int, ease: str) -> None:
    move = Move("glow", 0.0, over, NS, ease)  # type: ignore[arg-type]
    stack = call(stack_for(DRIVE), Cue("slower", "", (move,)), 2 * NS)
    until = 9 * NS
    steps = [stack.value("glow", at) for at in range(0, until, NS // 1000)]
    wanted = (1.0 + sum(float(v) for v in steps) / 1000) % ROUND
    found = float(stack.values(until)["way"])
    assert min((found - wanted) % ROUND, (wanted - found) % ROUND) < 0.004


def test_what_grows_by_a_held_rate_goes_on_from_where_it_was() -> None:
    stack = override(stack_for(DRIVE), "glow", 0.0, "ann", 3 * NS)
    assert stack.values(3 * NS)["way"] == stack.values(8 * NS)["way"] == 4.0
    stack = override(stack, "glow", None, "ann", 8 * NS)
    assert stack.values(10 * NS)["way"] == 6.0
    # The negative control: without the times, it would jump.
    assert override(stack_for(DRIVE), "glow", 0.0).values(3 * NS)["way"] == 1.0


def test_what_grows_comes_round() -> None:
    assert stack_for(DRIVE).values(50 * NS)["way"] == pytest.approx((1.0 + 50.0) % ROUND)
