"""Plays batches of picks, as asked on stdin, and prints their times: what Python players share."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from statistics import median

Texts = tuple[list[str], list[str]]
"""The lines up to the next choice, and the options that can be picked."""


def play(start: Callable[[], Texts], choose: Callable[[int], Texts]) -> None:
    """Begin a story; for each number on stdin make as many picks and print their median time."""
    _, options = start()
    picks = 0
    for asked in sys.stdin:
        times, said = [], []
        for _ in range(int(asked)):
            number = (picks + (picks >> 3) + (picks >> 7)) % len(options)
            began = time.perf_counter_ns()
            lines, options = choose(number)
            times.append(time.perf_counter_ns() - began)
            said += [*lines, *options]
            picks += 1
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
        answer = {"median_ns": median(times), "digest": digest, "last": said[-4:]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
