"""Compares the CPU times of two functions, interleaved in one run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from statistics import median

import msgspec

PAIRS = 40


class BenchResult(msgspec.Struct, frozen=True):
    """One figure: what was measured, against what, and the goal of the ratio."""

    name: str
    value: float
    unit: str
    reference: float
    ratio: float
    goal: float
    passed: bool = msgspec.field(name="pass")


def compared_in_pieces(
    name: str,
    pieces: Sequence[tuple[Callable[[], object], Callable[[], object]]],
    *,
    goal: float,
    rounds: int = PAIRS,
) -> BenchResult:
    """The sums of the least CPU times of pieces of work, in microseconds: of `a` and of `b`, its
    reference. Pieces of a millisecond or two, in turn, are seldom interrupted in every round, so
    the ratio is the same within some percent on a busy machine."""
    ones, others = [math.inf] * len(pieces), [math.inf] * len(pieces)
    for _ in range(rounds):
        for number, (a, b) in enumerate(pieces):
            began = time.process_time()
            a()
            between = time.process_time()
            b()
            ended = time.process_time()
            ones[number] = min(ones[number], between - began)
            others[number] = min(others[number], ended - between)
    one, other = sum(ones) * 1e6, sum(others) * 1e6
    ratio = one / other
    return BenchResult(name, one, "us", other, round(ratio, 4), goal, ratio <= goal)


def compared(
    name: str, a: Callable[[], object], b: Callable[[], object], *, goal: float, pairs: int = PAIRS
) -> BenchResult:
    """Median CPU times of `a` and `b` in microseconds, measured alternately."""
    a(), b()
    ones: list[float] = []
    others: list[float] = []
    for _ in range(pairs):
        for run, times in ((a, ones), (b, others)):
            began = time.process_time()
            run()
            times.append((time.process_time() - began) * 1e6)
    one, other = median(ones), median(others)
    ratio = one / other
    return BenchResult(name, one, "us", other, round(ratio, 4), goal, ratio <= goal)
