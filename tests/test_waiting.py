"""Waiting in tests: for an event, not for long enough. Each other sleep states its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import stays_false, wait_until

TESTS = Path(__file__).parent
SLEEPS = {"sleep", "sleep_ms", "usleep"}
SHORTEST_DEADLINE = 5.0
"""Seconds from which on `x.wait(seconds)` is a deadline rather than a sleep."""
NO_REASON = re.compile(r"^(?:noqa|type: ignore|fmt:|pragma)")


def unexplained(text: str, first: int = 1) -> list[int]:
    """The lines of a module in which it sleeps and states no reason; `first` is its first line.

    A script in a string is looked at as well: one that another process runs.
    """
    lines = text.splitlines()
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found += [first + node.lineno - 1 for _ in _in_script(node.value)]
        elif _is_sleep(node):
            assert isinstance(node, ast.Expr | ast.Call)
            stretch = lines[node.lineno - 1 : node.end_lineno]
            if not any(_has_reason(line) for line in stretch):
                found.append(first + node.lineno - 1)
    return found


def _in_script(text: str) -> Iterator[int]:
    if "sleep(" in text and "\n" in text:
        try:
            yield from unexplained(text)
        except (SyntaxError, ValueError):  # prose, or a template
            return


def _is_sleep(node: ast.AST) -> bool:
    """`time.sleep(...)` by any name, and an unused `x.wait(0.5)`."""
    if isinstance(node, ast.Call):
        called = node.func
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
        return name in SLEEPS
    if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Call):
        return False
    call = node.value
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "wait"
        and len(call.args) == 1
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, int | float)
        and call.args[0].value < SHORTEST_DEADLINE
    )


def _has_reason(line: str) -> bool:
    """A comment of two words or more that is not for a tool."""
    _, mark, comment = line.rpartition("  # ")
    return bool(mark) and not NO_REASON.match(comment) and len(comment.split()) > 1


def test_every_sleep_of_a_test_states_its_reason() -> None:
    found = {
        f"{path.relative_to(TESTS)}:{line}"
        for path in sorted({*TESTS.rglob("*.py")} - {Path(__file__)})  # its own are the controls
        for line in unexplained(path.read_text("utf-8"))
    }
    assert not found, f"wait for an event (tests/waiting.py), or say why it sleeps: {found}"


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.sleep(1)",
        "from time import sleep\nsleep(0.1)",
        "import asyncio\nasync def f():\n    await asyncio.sleep(1)",
        "import time\ntime.sleep(1)  # noqa: X100",
        "import time\ntime.sleep(1)  # short",
        "import threading\nthreading.Event().wait(0.5)",
        "SCRIPT = 'import time\\ntime.sleep(1)\\n'",
    ],
)
def test_sleep_without_a_reason_is_found(text: str) -> None:
    assert unexplained(text)


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.sleep(1)  # the silence under test",
        "import time\ntime.sleep(\n    1\n)  # the silence under test",
        "import threading\nassert threading.Event().wait(0.5)",
        "import subprocess\nsubprocess.Popen(['a']).wait(20)",
        "SCRIPT = 'import time\\ntime.sleep(1)  # an outage of a second\\n'",
        "text = 'time.sleep(1) in prose'",
    ],
)
def test_sleep_with_a_reason_and_a_deadline_are_not_found(text: str) -> None:
    assert not unexplained(text)


def test_wait_until_returns_the_first_true_value_and_fails_at_its_deadline() -> None:
    values = iter([0, "", "there"])
    assert wait_until(lambda: next(values)) == "there"
    with pytest.raises(AssertionError, match=r"not after 0\.02 s: an event"):
        wait_until(lambda: False, 0.02, "an event")


def test_stays_false_fails_as_soon_as_it_is_true() -> None:
    values = iter([0, 0, 7])
    with pytest.raises(AssertionError, match="a value: 7"):
        stays_false(lambda: next(values), 60.0, "a value")
    stays_false(lambda: False, 0.02)
