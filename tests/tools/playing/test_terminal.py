"""A person at a terminal: the real program over a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.waiting import wait_until

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[78]|\x07")
PROMPT = b"\x1b[?2004h"
"""Bracketed paste is switched on whenever the program asks for a line."""


class Terminal:
    """The program at the other end of a pseudo-terminal."""

    def __init__(self, arguments: Sequence[str | Path], columns: int, modules: Path | None) -> None:
        self.end, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "xrdrama", "play", *map(str, arguments)],
            stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509  (for Ctrl-C)
            env={**os.environ, "TERM": "xterm-256color", "NO_COLOR": "", "COLUMNS": "",
                 **({"PYTHONPATH": str(modules)} if modules else {})},
        )  # fmt: skip
        os.close(inside)
        self.columns = columns
        self.raw = b""

    def read(self) -> bool:
        """Read what has been printed; False at its end."""
        if not select.select([self.end], [], [], 0.05)[0]:
            return True
        try:
            got = os.read(self.end, 65536)
        except OSError:
            return False
        self.raw += got
        return bool(got)

    def wait_for(self, sign: bytes, count: int = 1) -> None:
        wait_until(lambda: self.read() and self.raw.count(sign) >= count, what=repr(sign))

    def type(self, *lines: str) -> None:
        """Type lines, each when the program asks for it."""
        for line in lines:
            self.wait_for(PROMPT, self.asked + 1)
            self.asked += 1
            os.write(self.end, line.encode() + b"\n")

    asked = 0

    def keys(self, keys: bytes, row: str) -> None:
        """Press keys, then wait until the cursor's row reads `row`."""
        os.write(self.end, keys)
        wait_until(lambda: self.read() and self.row() == row, what=f"{row!r} after {keys!r}")

    def row(self) -> str:
        """The row of the cursor as the terminal shows it."""
        return row_of(self.raw.decode("utf-8", "replace"))

    def end_of_it(self) -> str:
        """Everything that was printed, without escapes, when the program has ended."""
        wait_until(lambda: not self.read())
        self.process.wait(60)
        return ESCAPES.sub("", self.raw.decode("utf-8", "replace")).replace("\r", "")


def row_of(printed: str) -> str:
    """The row of the cursor after a text with escapes: those that move within a row or erase."""
    row: list[str] = []
    at = 0
    for found in re.finditer(
        r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[78]|\x07|\r|\n|\x08|([^\x1b])", printed
    ):
        number, letter, sign = found.group(1), found.group(2), found.group(3)
        count = int(number) if number and number.isdecimal() else 1
        if sign:
            row += [" "] * (at + 1 - len(row))
            row[at] = sign
            at += 1
        elif found[0] == "\n":
            row = []
        elif found[0] == "\r":
            at = 0
        elif letter == "D" or found[0] == "\x08":
            at = max(0, at - (count if letter else 1))
        elif letter == "C":
            at += count
        elif letter in ("K", "J"):
            del row[at:]
    return "".join(row).rstrip()


@contextmanager
def terminal(
    *arguments: str | Path, columns: int = 90, modules: Path | None = None
) -> Iterator[Terminal]:
    made = Terminal(arguments, columns, modules)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait(60)
        os.close(made.end)


def test_a_person_rehearses_and_leaves(pier: Path) -> None:
    with terminal(pier) as at:
        at.type("why", "bored", "marker ledger", "undo", "board", "vars trust", "quit")
        said = at.end_of_it()
    assert at.process.returncode == 0, said
    assert "The Pier" in said and "EXT. PIER - NIGHT" in said
    assert "“I am coming”" in said and "“wait for me”" in said and "hand: open palm" in said
    assert "closed: Open the gate  (why)" in said and "gate · 0:01 · 5 s to answer" in said
    assert "option unlock: has_key is false" in said
    assert "'bored' is not offered: did you mean 'board'?" in said
    assert "undone: (marker ledger); back at gate" in said
    assert "trust 0 → 2" in said and "trust = 2, was 0" in said
    assert b"\x1b[1;36m" in at.raw and b"\x1b[1;35m" in at.raw  # two roles, two colours


def test_a_person_may_undo_after_the_ending_and_leave_by_ctrl_d(pier: Path) -> None:
    with terminal(pier) as at:
        at.type("stay", "undo", "1", "\x04")
        said = at.end_of_it()
    assert at.process.returncode == 0
    assert "In the Dark" in said and "the end: undo, back, again, or quit" in said
    assert "It is a short night." in said


def test_a_window_closes_in_real_time_while_nobody_types(pier: Path) -> None:
    pier.write_text(pier.read_text("utf-8").replace("lasts: 4s, grace: 1s", "lasts: 1s, grace: 1s"))
    with terminal(pier, "--time") as at:
        began = time.monotonic()
        at.wait_for(b"s left")
        at.wait_for(b"In the Dark")
        assert time.monotonic() - began > 1.5
        at.asked = 1
        at.type("quit")
        said = at.end_of_it()
    assert "1 s left" in said and at.process.returncode == 0


def test_a_pick_in_time_is_taken_while_the_clock_runs(pier: Path) -> None:
    """The control: five seconds are enough to type."""
    with terminal(pier, "--time") as at:
        at.type("board", "clock", "quit")
        said = at.end_of_it()
    assert "It is a short night." in said and "time stops while you think" in said


def test_ctrl_c_leaves_and_writes_what_was_asked_for(pier: Path, tmp_path: Path) -> None:
    with terminal(pier, "--record", "pier.testplan") as at:
        at.type("transcript night.txt", "board", "\x03")
        at.end_of_it()
    assert at.process.returncode == 130
    assert "It is a short night." in (tmp_path / "night.txt").read_text("utf-8")
    assert "select: board" in (tmp_path / "pier.testplan").read_text("utf-8")


@pytest.mark.parametrize("columns", [12, 40, 200])
def test_any_width_of_terminal_is_good(columns: int, pier: Path) -> None:
    with terminal(pier, columns=columns) as at:
        at.type("?", "board", "quit")
        said = at.end_of_it()
    assert at.process.returncode == 0 and "Traceback" not in said
    assert "board" in said


def test_names_are_completed_with_the_tabulator(pier: Path) -> None:
    with terminal(pier) as at:
        at.type("boa\t", "quit")
        said = at.end_of_it()
    assert "It is a short night." in said


def test_what_is_not_utf_8_is_asked_again(pier: Path) -> None:
    with terminal(pier) as at:
        at.wait_for(PROMPT)
        os.write(at.end, b"\xff\xfe\n")
        at.asked = 1
        at.type("quit")
        said = at.end_of_it()
    assert at.process.returncode == 0 and "Traceback" not in said


UP, DOWN, CTRL_C = b"\x1b[A", b"\x1b[B", b"\x03"


def test_the_prompt_stays_while_the_history_is_browsed(pier: Path) -> None:
    with terminal(pier) as at:
        at.type("vars trust", "why unlock")
        at.wait_for(PROMPT, 3)
        at.keys(UP, "> why unlock")
        at.keys(UP, "> vars trust")
        at.keys(DOWN, "> why unlock")
        at.keys(DOWN, ">")
        at.keys(b"vars mood", "> vars mood")
        at.asked = 2
        at.type("", "quit")
        said = at.end_of_it()
    assert at.process.returncode == 0 and "mood = calm" in said


def test_ctrl_c_clears_what_is_typed_and_does_not_leave(pier: Path) -> None:
    """That it leaves from an empty line is tested above."""
    with terminal(pier) as at:
        at.wait_for(PROMPT)
        at.keys(b"stay", "> stay")
        at.keys(CTRL_C, ">")
        at.type("board", "quit")
        said = at.end_of_it()
    assert at.process.returncode == 0 and "It is a short night." in said


def test_what_a_command_takes_is_completed(pier: Path) -> None:
    with terminal(pier) as at:
        at.wait_for(PROMPT)
        at.keys(b"force sh\t", "> force shore")
        at.type("", "quit")
        said = at.end_of_it()
    assert "The lamp is out." in said and at.process.returncode == 0


def test_lines_that_are_pasted_together_are_answers_one_after_another(pier: Path) -> None:
    with terminal(pier) as at:
        at.type("\x1b[200~board\nvars trust\x1b[201~", "quit")
        said = at.end_of_it()
    assert "trust 0 → 2" in said and "trust = 2, was 0" in said and at.process.returncode == 0


def test_without_prompt_toolkit_lines_are_read_as_they_are(pier: Path, tmp_path: Path) -> None:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "prompt_toolkit.py").write_text("raise ModuleNotFoundError('prompt_toolkit')\n")
    with terminal(pier, modules=modules) as at:
        for count, line in enumerate(("bored", "board", "quit"), 1):
            at.wait_for(b"\x1b[1;32m>\x1b[0m ", count)
            os.write(at.end, line.encode() + b"\n")
        said = at.end_of_it()
    assert "did you mean 'board'?" in said and "It is a short night." in said
    assert "pip install 'xrdrama[author]'" in said and at.process.returncode == 0


def test_story_that_is_saved_is_reloaded_and_what_was_typed_stays(pier: Path) -> None:
    text = pier.read_text("utf-8")
    with terminal(pier, "--watch") as at:
        at.keys(b"boa", "> boa")
        pier.write_text(text.replace("I stay ashore", "I shall stay"), "utf-8")
        at.wait_for(b"options changed: gate/stay")
        at.wait_for(PROMPT, 2)
        at.keys(b"rd", "> board")
        os.write(at.end, b"\n")
        at.asked = 2
        at.type("quit")
        said = at.end_of_it()
    assert at.process.returncode == 0, said
    assert "I shall stay" in said and "It is a short night." in said


def test_ink_is_played_at_a_terminal_with_completion() -> None:
    ferry = Path(__file__).parents[2] / "authoring" / "ink" / "stories" / "night_ferry.ink.json"
    with terminal(ferry) as at:
        at.wait_for(PROMPT)
        at.keys(b"he\t", "> help")
        os.write(at.end, b"\n")
        at.wait_for(PROMPT, 2)
        at.asked = 1
        at.type("1", "quit")
        printed = at.end_of_it()
    assert at.process.returncode == 0
    assert "Traceback" not in printed
