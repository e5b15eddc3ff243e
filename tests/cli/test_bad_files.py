"""Bad input files: every command names what is wrong and where, without a traceback or a hang."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from xrdrama.cli import run

STORY = """\
xrdrama: 1
id: night
title: Night
scene: lantern_street
cast:
  mo: {name: Mo}
beats:
  porch:
    script: |
      MO: The light is on.  #lpor1a
    choice:
      options:
        go: {text: Go in, to: hall}
        stay: {text: Stay outside, to: hall}
  hall:
    script: |
      MO: Sit down.  #lhal1a
    ending: tea
"""
LONG = "a" * 65_536
TEXTS = {
    "tabs": STORY.replace("    script", "\tscript"),
    "a name of 64 k": STORY.replace("  porch:\n", f"  {LONG}:\n"),
    "an option of 64 k": STORY.replace("go: {", f"{LONG}: {{"),
    "aliases": "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(30)),
    "brackets": "[" * 100_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "brackets in an option": STORY.replace("Go in", "[" * 100_000),
    "brackets in a condition": STORY.replace("to: hall}", f"to: hall, if: '{'(' * 400}'}}", 1),
    "not": STORY.replace("to: hall}", f"to: hall, if: '{'not ' * 120}'}}", 1),
    "braces in a script": STORY.replace("MO: The", "{if " * 20_000),
    "a cue of 64 k": STORY.replace("MO: The light is on.", f"@{LONG}"),
    "an id of 64 k": STORY.replace("#lpor1a", "#" * 65_536),
    "nothing": "",
    "quotes": '"' * 99_999,
}
GOOD = {
    "a byte order mark": "\ufeff" + STORY,
    "CRLF": STORY.replace("\n", "\r\n"),
    "CR": STORY.replace("\n", "\r"),
}
COMMANDS = {
    "check": ["check", "night.branch.yaml"],
    "fmt": ["fmt", "--check", "night.branch.yaml"],
    "play": ["play", "night.branch.yaml", "--choices", "go"],
    "test": ["test", "night.branch.yaml", "night.testplan"],
    "export": ["export", "night.branch.yaml", "--to", "fountain"],
}
PLAN = """\
line: MO: The light is on.
option: Go in
option: Stay outside
select: go
line: MO: Sit down.
ending: tea
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "night.testplan").write_text(PLAN)
    return tmp_path


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_bad_texts_have_a_place_a_short_message_and_a_hint(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "night.branch.yaml").write_bytes(text.encode())
    for name, command in COMMANDS.items():
        assert run(command) in (1, 2), name
        said = "".join(capsys.readouterr())
        assert "night.branch.yaml:" in said and "Traceback" not in said, name
        assert len(max(said.splitlines(), key=len)) < 1200, name


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_marks_and_line_ends_of_other_editors_are_read(text: str, folder: Path) -> None:
    (folder / "night.branch.yaml").write_bytes(text.encode())
    for name, command in COMMANDS.items():
        assert run(command) == 0, name


def test_controls_of_the_writing_direction_are_reported(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "night.branch.yaml").write_text(STORY.replace("light", "\u202elight"))
    assert run(COMMANDS["check"]) == 0
    assert "night.branch.yaml:10:15: warning U001" in capsys.readouterr().out


def test_a_line_of_a_million_characters_is_checked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "night.branch.yaml").write_text(STORY.replace("light", "lamp " * 300_000))
    run(COMMANDS["check"])
    assert "is cut off" in capsys.readouterr().out


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _nowhere(path: Path) -> None:
    path.symlink_to("gone.yaml")


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize("make,named", [
    (_pipe, "is a pipe, not a text file"),
    (_folder, "is a folder, not a text file"),
    (_nowhere, "is a link to a file that does not exist"),
    (_loop, "is a link that leads to itself"),
])  # fmt: skip
def test_what_is_no_file_is_named_as_what_it_is(
    make: object, named: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(make)
    make(folder / "night.branch.yaml")
    make(folder / "night.fountain")
    imported = ["import", "night.fountain", "-o", "out.branch.yaml"]
    for command in (*(COMMANDS[name] for name in ("check", "fmt", "play", "export")), imported):
        assert run(command) == 2, command
        said = capsys.readouterr()
        assert named in said.err and said.err.count("\n") == 1, (command, said)
