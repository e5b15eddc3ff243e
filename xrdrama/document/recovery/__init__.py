"""Corrects mistakes in an author's YAML text; `recover` is the only public function.

No other module of this folder is imported from outside. The table of tests/document/recovery lists
what is corrected and the messages, so a change of a rule shows there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import yaml

from xrdrama.document.prose import Note, Prose
from xrdrama.document.recovery.colons import with_colons

_Read = TypeVar("_Read")


def recover(
    text: str, prose: Prose | None, note: Note, read: Callable[[str], _Read]
) -> _Read | None:
    """What `read` returns for the corrected text; None when that is not valid YAML.

    Mistakes in the layout of `prose` and missing colons before mappings are noted and corrected.
    When `read` raises `yaml.MarkedYAMLError`, the likely cause is noted, unless a mistake was noted
    already. Rows and columns of notes start at 1.
    """
    slips = 0

    def counted(line: int, column: int, code: str, message: str, hint: str) -> None:
        nonlocal slips
        slips += 1
        note(line, column, code, message, hint)

    if prose is not None:
        from xrdrama.document.recovery.straightening import straightened  # only stories have prose

        text = straightened(text, prose, counted)
    text = with_colons(text, counted)
    try:
        return read(text)
    except yaml.MarkedYAMLError as error:
        if not slips:
            from xrdrama.document.recovery.breaks import explain  # only needed after a mistake

            found = explain(text, error)
            note(found.row + 1, found.column + 1, found.code, found.message, found.hint)
        return None
