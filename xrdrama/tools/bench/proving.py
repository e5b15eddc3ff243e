"""The proof search against a breadth-first search that is written by hand for the same story."""

from __future__ import annotations

from typing import NamedTuple

from xrdrama.authoring.proving.search import Graph, explore
from xrdrama.story import Story, load_story
from xrdrama.story.chance import draw, seeded
from xrdrama.tools.bench.comparing import BenchResult, compared

BEATS, FLAGS, OPTIONS = 100, 11, 3
SLOWER = 2.5
"""Goal: the most that the search may take of the time of the one by hand (0.4 times its speed)."""
_LIMIT = 10_000_000


class Pick(NamedTuple):
    """An option: it is offered if a flag has a value (None: always), gives another flag a value,
    and leads to a beat."""

    flag: int
    wanted: bool | None
    sets: int
    value: bool
    to: int


def bench_proving() -> list[BenchResult]:
    """All states of a story of beats with three options, each with a condition and an effect."""
    picks = written()
    story = story_of(picks)
    states = by_hand(picks)
    found = len(explore(Graph(story), _LIMIT).before)
    assert found == states, f"{found} states, by hand {states}"
    run = compared(
        "proving",
        lambda: explore(Graph(story), _LIMIT),
        lambda: by_hand(picks),
        goal=SLOWER,
        pairs=30,
    )
    return [run]


def written() -> list[list[Pick]]:
    """The options of each beat, by chance."""
    dice = seeded(7)
    beats = []
    for _ in range(BEATS):
        options = []
        for number in range(OPTIONS):
            dice, flag = draw(dice, 0, FLAGS - 1)
            dice, wanted = draw(dice, 0, 1)
            dice, sets = draw(dice, 0, FLAGS - 1)
            dice, value = draw(dice, 0, 1)
            dice, to = draw(dice, 0, BEATS - 1)
            options.append(Pick(flag, bool(wanted) if number else None, sets, bool(value), to))
        beats.append(options)
    return beats


def story_of(picks: list[list[Pick]]) -> Story:
    """The story in which the options are picked."""
    rows = ["xrdrama: 1", "id: many", "scene: lane", "vars:"]
    rows += [f"  f{number}: {{type: bool}}" for number in range(FLAGS)]
    rows.append("beats:")
    for number, options in enumerate(picks):
        rows += [f"  b{number}:", "    choice:", "      options:"]
        for index, one in enumerate(options):
            condition = f"{'' if one.wanted else 'not '}f{one.flag}"
            asked = "" if one.wanted is None else f", if: {condition}"
            effect = f"{{f{one.sets}: {'true' if one.value else 'false'}}}"
            rows.append(f"        o{index}: {{to: b{one.to}{asked}, set: {effect}}}")
    return load_story("\n".join(rows) + "\n", "many.branch.yaml")


def by_hand(picks: list[list[Pick]]) -> int:
    """The number of states: the beat in the low bits, then one bit for each flag."""
    low = BEATS.bit_length()
    mask = (1 << low) - 1
    tables = [[_packed(one, low) for one in options] for options in picks]
    before = {0: -1}
    level = [0]
    while level:
        following = []
        for state in level:
            for bit, wanted, keep, put in tables[state & mask]:
                if state & bit == wanted:
                    after = state & keep | put
                    if after not in before:
                        before[after] = state
                        following.append(after)
        level = following
    return len(before)


def _packed(one: Pick, low: int) -> tuple[int, int, int, int]:
    """The bits that an option asks for, their value, the bits that it keeps, and those it sets."""
    bit = 0 if one.wanted is None else 1 << low + one.flag
    wanted = bit if one.wanted else 0
    everything = (1 << low + FLAGS) - (1 << low)
    keep = everything & ~(1 << low + one.sets)
    return bit, wanted, keep, one.value << low + one.sets | one.to
