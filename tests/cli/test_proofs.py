"""`xrdrama prove`: what it prints, its JSON, its exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from xrdrama.cli import run

TRAP = """\
xrdrama: 1
id: trap
title: The [trap]
scene: lantern_street
cast: {lan: {name: Lan}}
vars: {nerve: {type: int, min: 0, max: 3}}
beats:
  a:
    choice:
      options:
        go: {to: b, set: {nerve: nerve + 1}}
        wait: {to: b}
  b:
    choice:
      options:
        dare: {to: won, if: nerve >= 2}
        home: {to: lost, if: nerve == 1}
  won: {ending: won}
  lost: {ending: lost}
"""


@pytest.fixture
def trap(tmp_path: Path) -> str:
    path = tmp_path / "trap.branch.yaml"
    path.write_text(TRAP, "utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    status = run(["prove", *arguments, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_a_story_without_faults_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    status, proof = said(capsys, "one_lantern_too_many")
    assert status == 0
    assert proof["complete"] is True and proof["states"] > 100
    assert {ending["id"] for ending in proof["endings"]} >= {"thirteen_bowls", "twelve"}
    for ending in proof["endings"]:
        assert ending["reachable"] is True and ending["witness"]
        seconds = ending["seconds"]
        assert 30 < seconds["min"] <= seconds["typical"] <= seconds["max"] < 1200
    assert proof["never_offered"] == []
    assert proof["dominators"]["twelve"][0] == "counting"
    assert run(["prove", "one_lantern_too_many"]) == 0
    assert "proved: every ending can be reached" in capsys.readouterr().out


def test_what_is_impossible_is_said_with_status_1(
    trap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, proof = said(capsys, trap)
    assert status == 1
    assert [(e["id"], e["reachable"], e["witness"]) for e in proof["endings"]] == [
        ("won", False, []),
        ("lost", True, ["go", "home"]),
    ]
    assert proof["never_offered"] == ["b.dare"]
    assert proof["stuck"] == [{"beat": "b", "witness": ["wait"]}]
    assert run(["prove", trap]) == 1
    text = capsys.readouterr().out
    assert "The [trap]" in text
    for line in (
        "unreachable: won",
        "never offered: b.dare",
        "the story gets stuck at b: wait",
        "nerve >= 2 is never true at b",
    ):
        assert line in text
    assert "proved:" not in text


def test_an_incomplete_proof_is_said_loudly_with_status_1(
    trap: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, proof = said(capsys, trap, "--states", "2")
    assert status == 1 and proof["complete"] is False
    assert [ending["reachable"] for ending in proof["endings"]] == [None, None]
    assert run(["prove", trap, "--states", "2"]) == 1
    text = capsys.readouterr().out
    assert "NOT COMPLETE: the story has more than 2 states" in text
    assert "not proved" in text and "unreachable" not in text


def test_the_way_to_one_beat(trap: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, trap, "--to", "lost") == (
        0,
        {"to": "lost", "reachable": True, "witness": ["go", "home"], "seed": 0, "seconds": 0.0,
         "complete": True},
    )  # fmt: skip
    status, way = said(capsys, trap, "--to", "won")
    assert status == 1 and way["reachable"] is False and way["complete"] is True
    status, way = said(capsys, trap, "--to", "won", "--states", "2")
    assert status == 1 and way["reachable"] is None
    assert run(["prove", trap, "--to", "lost"]) == 0
    assert "home" in capsys.readouterr().out
    assert run(["prove", trap, "--to", "won"]) == 1
    assert "cannot be reached" in capsys.readouterr().out


def test_bad_input_is_one_clear_line(
    trap: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prove", trap, "--to", "wom"]) == 2
    assert "has no beat or ending 'wom': did you mean 'won'?" in capsys.readouterr().err
    assert run(["prove", trap, "--states", "0"]) == 2
    assert "--states must be 1 or more" in capsys.readouterr().err
    loop = tmp_path / "loop.branch.yaml"
    loop.write_text(TRAP.partition("  a:")[0] + "  a: {next: b}\n  b: {next: a}\n", "utf-8")
    assert run(["prove", str(loop)]) == 1
    assert "G002" in capsys.readouterr().err
