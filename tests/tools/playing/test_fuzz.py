"""Whatever is typed or piped in: an answer, a clear line, or the end; never a traceback."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from tests.tools.playing.conftest import STORY
from xrdrama.errors import XrdramaError
from xrdrama.story import load_story
from xrdrama.tools.playing.answers import Piped, Stop
from xrdrama.tools.playing.commands import COMMANDS
from xrdrama.tools.playing.frontend import Frontend
from xrdrama.tools.playing.json_lines import JsonLines
from xrdrama.tools.playing.loop import play
from xrdrama.tools.playing.plain import Plain
from xrdrama.tools.playing.player import Player
from xrdrama.tools.playing.screen import Screen
from xrdrama.tools.playing.session import Opening, Session
from xrdrama.tools.playing.shown import Shown

FILES = (
    "a.json",
    "b.txt",
    "pier.branch.yaml",
    ".",
    "",
    "/dev/full",
    "x" * 300,
    "\x00",
    "no/a.json",
)
WITH_FILES = ("save", "load", "transcript")
words = st.sampled_from([name for command in COMMANDS for name in command.names])
odd = st.text(max_size=30).filter(lambda text: not text.strip(" /:").lower().startswith(WITH_FILES))
arguments = st.one_of(
    st.sampled_from(
        ["", "1", "2", "board", "stay", "sing", "wait", "gate", "river", "attic", "end", "ledger",
         "trust", "3s", "500ms", "1h", "on", "off", "-1", "99999999999", "unlock"]
    ),
    odd,
)  # fmt: skip
lines = st.one_of(
    st.builds(
        lambda slash, word, argument: f"{slash}{word} {argument}".strip(),
        st.sampled_from(["", "/", ":"]),
        words.filter(lambda word: word not in WITH_FILES),
        arguments,
    ),
    st.builds(
        lambda word, file: f"{word} {file}", st.sampled_from(WITH_FILES), st.sampled_from(FILES)
    ),
    arguments,
)


def frontends() -> Iterator[Frontend]:
    yield Plain()
    yield JsonLines()
    yield Screen(Console(file=io.StringIO(), width=60, force_terminal=True))


@settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(typed=st.lists(lines, max_size=12))
@example(typed=["save \0", "load \0", "transcript \0"])
def test_no_line_gives_a_traceback(
    typed: list[str], pier: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = load_story(STORY, str(pier))
    text = "\n".join(line.replace("\n", " ").replace("\r", " ") for line in typed)
    for frontend in frontends():
        shown = Shown(story, pier)
        player = Player(
            Session(story, Opening()), frontend, shown, clock=iter(range(10**9)).__next__
        )
        player.begin()
        try:
            assert play(player, Piped(io.StringIO(text))) in (0, 1)
        except XrdramaError as error:
            assert not frontend.is_person, "a person is asked again"
            assert str(error).strip()
        capsys.readouterr()
    assert pier.read_text("utf-8") == STORY


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_of_a_pipe_are_lines_or_refused(data: bytes) -> None:
    stream = io.TextIOWrapper(io.BytesIO(data), "utf-8")
    answers = Piped(stream)
    try:
        for _ in range(300):
            if answers.read(None, lambda _: None) is Stop.END:
                return
    except XrdramaError as error:
        assert "not UTF-8" in str(error)
        return
    raise AssertionError("the input did not end")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xff\n", "stdin is not UTF-8 text"),
        (b"x" * 20_000, "stdin has a line of more than 10000 bytes"),
        (b"y" * 3_000 + b"\n", "this answer has more than 2000 characters"),
        (b"\x00\n", "is not offered"),
        (b"1\r\n\r\nwait\r\n", ""),
        ("\ufeff1\nwait\n".encode(), ""),
    ],
)  # fmt: skip
def test_odd_bytes_on_stdin_are_one_clear_line(data: bytes, expected: str, pier: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xrdrama", "play", str(pier)],
        input=data, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    said = done.stderr.decode()
    assert done.returncode == (2 if expected else 0), said
    assert expected in said and said.count("\n") == bool(expected)


def test_pipe_that_stays_open_does_not_hold_a_finished_story(pier: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "xrdrama", "play", str(pier)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("stay\n")
        process.stdin.flush()
        assert process.wait(60) == 0
        assert "-- In the Dark" in process.stdout.read()


def test_lines_that_are_there_already_are_carried_out_after_the_ending(pier: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xrdrama", "play", str(pier)],
        input="stay\nundo\nboard\nwait\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "-- In the Dark" in done.stdout and "-- Morning" in done.stdout
