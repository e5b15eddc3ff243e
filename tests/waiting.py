"""Waiting for what a test expects, by asking again and again until a deadline.

Any other sleep of a test says why it is one in its line (`test_waiting.py` looks)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

TIMEOUT = 60.0
"""Seconds that a test waits for what must happen; it happens in milliseconds."""
T = TypeVar("T")


def wait_until(
    condition: Callable[[], T], timeout: float = TIMEOUT, what: str = "", *, every: float = 0.005
) -> T:
    """The first true value of `condition`, which is called every so many seconds.

    AssertionError when none has come within `timeout` seconds; `what` says what was expected.
    """
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not after {timeout:g} s: {what or condition}"
        time.sleep(every)  # the poll interval
    return value


def stays_false(
    condition: Callable[[], object], seconds: float, what: str = "", *, every: float = 0.005
) -> None:
    """Watch for so many seconds, because silence is what a test expects.

    AssertionError as soon as `condition` returns a true value; `what` says what that is.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        assert not value, f"{what or condition}: {value!r}"
        time.sleep(every)  # the poll interval
