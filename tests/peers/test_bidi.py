"""Unicode's own test file proves the order of characters on a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.adapters.panda.lettering.text.bidi import levels_of, line_levels, visual_runs

CASES = Path("/usr/share/unicode/BidiCharacterTest.txt")
"""Debian: unicode-data."""
pytestmark = pytest.mark.peer


def test_every_case_of_the_unicode_consortium() -> None:
    count = 0
    for row in CASES.read_text("utf-8").splitlines():
        if not row or row.startswith("#"):
            continue
        codes, direction, base, levels, order = row.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        found, own = levels_of(text, {"0": 0, "1": 1, "2": None}[direction])
        found = line_levels(text, found, own)
        wanted = levels.split()
        kept = [i for i, level in enumerate(wanted) if level != "x"]
        assert own == int(base) and [found[i] for i in kept] == [int(wanted[i]) for i in kept], row
        seen = [
            i
            for start, end, level in visual_runs(found)
            for i in (range(start, end) if level % 2 == 0 else range(end - 1, start - 1, -1))
            if wanted[i] != "x"
        ]
        assert seen == [int(place) for place in order.split()], row
        count += 1
    assert count > 90_000
