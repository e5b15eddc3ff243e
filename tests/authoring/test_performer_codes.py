"""Every problem code of performers is explained in the docstring of a module that checks them."""

from __future__ import annotations

import re
from pathlib import Path

import xrdrama

OF_PERFORMERS = re.compile(r"A\d{3}|C0(?:0[89]|1\d)|H02\d|S219|S226")


def codes(pattern: str) -> set[str]:
    """The codes of performers that a pattern finds in our modules."""
    root = Path(xrdrama.__file__).parent
    text = "\n".join(path.read_text("utf-8") for path in sorted(root.rglob("*.py")))
    found = re.findall(pattern, text, re.MULTILINE)
    return {code for code in found if OF_PERFORMERS.fullmatch(code)}


def test_each_code_that_is_used_is_explained_and_the_other_way_round() -> None:
    used, explained = codes(r'"([A-Z]\d{3})"'), codes(r"^([A-Z]\d{3})  \w")
    assert len(used) > 20
    assert used == explained
