"""`xrdrama explain`: one code, all codes, an unknown code; and what `check` says about it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xrdrama.cli import run


def test_one_code_with_its_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "s201"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("S201 (error): a speaker who is not in the cast\n")
    assert "Wrong, in a script" in out
    assert "    LIN: Count again." in out
    assert "Right" in out


def test_one_code_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "S201", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["code"] == "S201"
    assert set(found) == {"code", "severity", "title", "why", "wrong", "right", "inside"}


def test_all_codes_by_area(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"]) == 0
    out = capsys.readouterr().out
    assert "\n  S201  error " in out
    assert run(["explain", "--json"]) == 0
    areas = json.loads(capsys.readouterr().out)["areas"]
    listed = {one["code"] for area in areas for one in area["codes"]}
    assert {"S201", "W001", "A001", "K001"} <= listed


def test_an_unknown_code_is_answered_with_a_known_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "S2O1"]) == 2
    assert "did you mean S201?" in capsys.readouterr().err
    assert run(["explain", "nonsense\u202e"]) == 2
    error = capsys.readouterr().err
    assert "lists all" in error
    assert "\u202e" not in error


def test_check_says_once_how_a_code_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "night.branch.yaml"
    story.write_text("xrdrama: 1\nid: night\nscene: none_such\nbeats: {a: {ending: a}}\n", "utf-8")
    assert run(["check", str(story)]) == 1
    out = capsys.readouterr().out
    assert out.count("xrdrama explain C001") == 1
    assert "error C001" in out


@pytest.mark.parametrize("name", ["night.yarn", "night.twee", "night.ink", "night.ink.json"])
def test_a_file_of_another_tool_is_answered_with_the_import(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / name
    file.write_text("title: Start\n---\n===\n", "utf-8")
    assert run(["check", str(file)]) == 2
    assert f"xrdrama import {file} -o night.branch.yaml" in capsys.readouterr().err


def test_several_codes_are_explained_one_after_another(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "S201", "s217", "S201"]) == 0
    out = capsys.readouterr().out
    assert [line[:4] for line in out.splitlines() if line[:2] == "S2"] == ["S201", "S217"]
    assert run(["explain", "S201", "S217", "--json"]) == 0
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == ["S201", "S217"]
    assert run(["explain", "S201", "S9O9"]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "there is no problem code 'S9O9'" in said.err
