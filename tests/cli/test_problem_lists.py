"""Lists of problems say how bad each entry is, in words, and how many there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from xrdrama.cli import run

STORY = """\
xrdrama: 1
id: ferry
scene: lantern_street
title: The Last Ferry
cast: {mo: {name: Mo}}
beats:
  pier:
    script: |
      MO: You have <<trust>> coins.  #laaaaa
    next: NEXT
  shore: {ending: morning}
"""


def checked(folder: Path, capsys: pytest.CaptureFixture[str], text: str) -> tuple[int, list[str]]:
    story = folder / "ferry.branch.yaml"
    story.write_text(text, encoding="utf-8")
    status = run(["check", str(story)])
    return status, capsys.readouterr().out.splitlines()


def test_a_warning_is_called_so_and_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = checked(tmp_path, capsys, STORY.replace("NEXT", "shore"))
    assert status == 0 and ":9:20: warning S217 " in lines[0]
    assert lines[-1] == "0 errors, 1 warning"
    assert "\x1b" not in "".join(lines)


def test_an_error_is_called_so_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = checked(tmp_path, capsys, STORY.replace("NEXT", "nowhere"))
    assert status == 1 and any(":10:11: error S102 " in line for line in lines)
    assert lines[-1] == "1 error, 1 warning"


def test_play_refuses_with_the_same_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "ferry.branch.yaml"
    story.write_text(STORY.replace("NEXT", "nowhere"), encoding="utf-8")
    assert run(["play", str(story), "--choices", ""]) == 1
    assert ":10:11: error S102 " in capsys.readouterr().err
