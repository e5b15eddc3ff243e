"""Compares the CPU times of two functions, interleaved in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
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
