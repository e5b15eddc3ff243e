"""What is corrected of slips, and with which message: a table that changes on purpose only.

`slips.txt` holds for every slip the text that is read instead and the problems that are reported.
After a rule or a message was changed on purpose, write it again and read the difference:

    python tests/document/recovery/test_table.py
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from xrdrama.document.prose import Prose
from xrdrama.document.recovery import recover

TABLE = Path(__file__).with_name("slips.txt")
PROSE = Prose(("script",), ("next", "choice", "beats", "title", "dur"))
GOOD = """\
title: A night
beats:
  door:
    script: |
      EXT. LANE - NIGHT
      LAN: Will you stay?
      @snow
    choice:
      options:
        stay: {text: I remember you, to: warm}
        leave: {text: "Let her go", to: cold}
    next: warm
"""

SLIPS = {
    "bar missing": ("script: |", "script:"),
    "bar replaced by >": ("script: |", "script: >"),
    "text behind the bar": ("script: |", "script: | EXT. LANE"),
    "bar with an indentation": ("script: |", "script: |4"),
    "colon of the prose key missing": ("script: |", "script |"),
    "space before the bar missing": ("script: |", "script:|"),
    "full-width colon of the prose key": ("script: |", "script： |"),
    "prose line too far out": ("      LAN:", "    LAN:"),
    "prose line at the margin": ("      LAN:", "LAN:"),
    "prose line after a tab": ("      LAN:", "\tLAN:"),
    "first prose line too far in": ("      EXT.", "        EXT."),
    "cue at the margin": ("      @snow", "@snow"),
    "comment at the margin": ("      @snow", "# later\n      @snow"),
    "prose key too far in": ("    script:", "      script:"),
    "prose key too far out": ("    script:", "  script:"),
    "prose key one space out": ("    script:", "   script:"),
    "key after prose one space in": ("    choice:", "     choice:"),
    "key after prose one space out": ("    choice:", "   choice:"),
    "key after prose at the prose's level": ("    next:", "      next:"),
    "colon before a group missing": ("stay: {", "stay {"),
    "space before a group missing": ("stay: {", "stay:{"),
    "full-width colon before a group": ("stay: {", "stay：{"),
    "colon before a list missing": ("    next: warm", "    on [voice]\n    next: warm"),
    "group not closed": ("to: warm}", "to: warm"),
    "group closed twice": ("to: warm}", "to: warm}}"),
    "group closed by another bracket": ("to: warm}", "to: warm]"),
    "comma missing in a group": ("you, to:", "you to:"),
    "quote not closed": ('"Let her go"', '"Let her go'),
    "quote closed, text behind it": ('"Let her go"', '"Let her" go'),
    "text starts with a percent sign": ("title: A night", "title: %A night"),
    "text starts with an at sign": ("title: A night", "title: @night"),
    "text starts with a backquote": ("title: A night", "title: `A night"),
    "text starts with a star": ("title: A night", "title: *night"),
    "colon and space in a text": ("title: A night", "title: A night: one"),
    "space after a colon missing": ("title: A night", "title:A night"),
    "colon missing": ("title: A night", "title A night"),
    "colon missing before a level": ("  door:", "  door"),
    "tab before a key": ("    next:", "\tnext:"),
    "no-break space before a key": ("    next:", "\u00a0   next:"),
    "dash without a space": ("    next: warm", "    next:\n      -warm\n      - cold"),
    "list item beside keys": ("    next: warm", "    next: warm\n    - cold"),
    "option one space in": ("        leave:", "         leave:"),
    "option one space out": ("        leave:", "       leave:"),
    "beat one space out": ("  door:", " door:"),
}


def entry(name: str) -> str:
    """A slip with the text that was read and the problems, as `slips.txt` holds it."""
    old, new = SLIPS[name]
    assert GOOD.count(old) == 1, name
    read: list[str] = []
    problems: list[str] = []

    def note(line: int, column: int, code: str, message: str, hint: str) -> None:
        problems.append(f"{line}:{column} {code} {message} | {hint}")

    def keep(text: str) -> str:
        read.append(text)
        yaml.load(text, yaml.CBaseLoader)
        return text

    slipped = GOOD.replace(old, new)
    meant = recover(slipped, PROSE, note, keep)
    before, after = GOOD.splitlines(), read[-1].splitlines()
    changed = [f"    {line!r}" for line in after if line not in before]
    outcome = "not readable" if meant is None else "read as meant" if meant == GOOD else "read"
    rows = [f"== {name}: {old!r} -> {new!r}", outcome, *changed, *problems]
    return "\n".join(rows) + "\n"


def table() -> dict[str, str]:
    """The entries of `slips.txt` by name."""
    entries = TABLE.read_text("utf-8").split("\n\n")
    return {text[3:].partition(": ")[0]: text.rstrip("\n") + "\n" for text in entries if text}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_corrected_and_reported_as_in_the_table(name: str) -> None:
    assert entry(name) == table()[name]


def test_the_table_holds_every_slip_and_nothing_else() -> None:
    assert list(table()) == list(SLIPS)


def test_a_text_without_slips_is_read_as_it_is_and_nothing_is_reported() -> None:
    notes: list[object] = []
    assert recover(GOOD, PROSE, lambda *note: notes.append(note), lambda text: text) == GOOD
    assert notes == []


if __name__ == "__main__":
    TABLE.write_text("\n".join(entry(name) for name in SLIPS), "utf-8")
