"""Finds texts that a comment cuts short: in YAML, a space and # begin a comment."""

from __future__ import annotations

import re
from functools import cache

from xrdrama.document import Place, Reading


@cache
def _cut() -> re.Pattern[str]:
    return re.compile(
        r"^[ \t]*(?:text|title|name):[ \t]+(?P<kept>[^\s\"'|>{\[&*!#%@`][^#\n]*?)"
        r"[ \t]+(?P<cut>#\w.*)$",
        re.MULTILINE,
    )


def note_cut_texts(text: str, reading: Reading) -> None:
    """Note each text, title or name without quotes that continues after # without a space."""
    if " #" not in text:
        return
    for found in _cut().finditer(text):
        line = text.count("\n", 0, found.start("cut")) + 1
        column = found.start("cut") - text.rfind("\n", 0, found.start("cut"))
        whole = f"{found['kept']} {found['cut'].rstrip()}"
        reading.note(
            Place(reading.file, line, column), "S237",
            f"{found['cut'].rstrip()[:40]!r} is a comment: only {found['kept'][:60]!r} is the text",
            f'put it in quotes: "{whole[:80]}"', "warning",
        )  # fmt: skip
