"""`xrdrama graph`: files, the tree in the terminal, JSON, coverage, and clear refusals."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.authoring.mapping.large_stories import large_story
from xrdrama.cli import run

STORY = """\
xrdrama: 1
id: night
title: A night
scene: lantern_street
cast: {lan: {name: Lan}}
beats:
  door:
    script: |
      LAN: Will you stay?  #laaaaa
    choice:
      options:
        stay: {text: I remember you, to: warm}
        leave: {text: Let her go, to: cold}
  warm:
    script: |
      LAN: Come in.  #lbbbbb
    ending: warm
  cold: {ending: cold}
  attic: {ending: attic}
"""


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "night.branch.yaml"
    path.write_text(STORY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return path


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> tuple[str, str]:
    assert run(["graph", *arguments]) == status
    return capsys.readouterr()


def test_the_tree_names_every_beat_path_and_finding(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = said(capsys, story.name)
    assert "A night  4 beats, 3 endings, 1 choice, 2 options, 2 lines, " in out
    assert "I remember you -> warm" in out and "door  start, choice, 1 line" in out
    assert "attic  ending: attic  warning G001 (line 19)" in out


def test_a_picture_is_written_and_json_counts(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, _ = said(capsys, story.name, "-o", "map.svg", "--json")
    found: dict[str, Any] = json.loads(out)
    assert (found["beats"], found["endings"], found["out"]) == (4, 3, "map.svg")
    assert found["chapters"] == [{"title": "", "beats": ["door", "warm", "cold", "attic"]}]
    ElementTree.parse(story.with_name("map.svg"))


def test_heat_names_what_the_story_does_not_have(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heat = {"story": "night", "plays": 8, "beats": {"door": 8, "warm": 2, "roof": 1},
            "ways": {"door/stay": 2}}  # fmt: skip
    story.with_name("heat.json").write_text(json.dumps(heat), encoding="utf-8")
    out, err = said(capsys, story.name, "--heat", "heat.json")
    assert "played 2 of 8" in out and "played 0 of 8" in out
    assert "which is not shown: roof" in err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not a coverage file"),
        ('{"beats": {"door": -1}}', "is not a coverage file"),
        ('{"story": "day"}', "is the coverage of the story 'day', not of 'night'"),
        ("[" * 100_000, "is not a coverage file"),
    ],
    ids=["cut off", "negative", "other story", "deep"],
)
def test_other_files_are_not_coverage(
    story: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    story.with_name("heat.json").write_text(text, encoding="utf-8")
    _, err = said(capsys, story.name, "--heat", "heat.json", status=2)
    assert message in err


def test_a_map_is_drawn_in_another_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "map.svg"
    assert run(["graph", "two_cups", "--language", "zh"]) == 0
    assert "两只茶杯" in capsys.readouterr().out
    assert run(["graph", "two_cups", "--language", "fr", "-o", str(out)]) == 2
    assert "no translation into 'fr'" in capsys.readouterr().err


def test_unknown_beats_and_suffixes_are_refused(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, err = said(capsys, story.name, "-o", "map.svg", "--open", "dor", status=2)
    assert "no beat 'dor'" in err and "door" in err
    _, err = said(capsys, story.name, "-o", "map.gif", status=2)
    assert ".svg" in err
    assert not story.with_name("map.gif").exists()


def test_a_story_with_errors_is_drawn_as_far_as_it_can_be_read(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.write_text(STORY.replace("to: cold", "to: clod"), encoding="utf-8")
    out, err = said(capsys, story.name)
    assert "1 error; what could be read is drawn" in err
    assert "door  start, choice, 1 line  error" in out
    story.write_text("xrdrama: 1\nid: [", encoding="utf-8")
    said(capsys, story.name, status=1)


def test_a_long_story_shows_chapters_and_opens_one(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    story.write_text(large_story(120).replace("id: made_120", "id: night"), encoding="utf-8")
    out, _ = said(capsys, story.name)
    assert "├── river 0  " in out and "gate_1" not in out
    opened, _ = said(capsys, story.name, "--open", "river_0")
    assert "river_0  start" in opened


def test_a_page_is_one_file_that_loads_nothing(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(capsys, story.name, "-o", "map.html", "--open", "warm")
    text = story.with_name("map.html").read_text("utf-8")
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text and "default-src 'none'" in text
    value = json.loads(text.partition('id="story">')[2].partition("</script>")[0])
    assert value["open"] == "warm" and [b["id"] for b in value["beats"]][:2] == ["door", "warm"]
    assert value["beats"][3]["findings"][0]["code"] == "G001"


def differs(capsys: pytest.CaptureFixture[str], *arguments: str, status: int) -> str:
    assert run(["diff", *arguments]) == status
    return capsys.readouterr().out


def test_diff_names_changes_and_exits_with_one(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = story.with_name("newer.branch.yaml")
    newer.write_text(STORY.replace("Come in.", "Come inside."), encoding="utf-8")
    assert differs(capsys, story.name, story.name, status=0) == "no differences\n"
    out = differs(capsys, story.name, newer.name, status=1)
    assert "line lbbbbb" in out and "Come [-in-]{+inside+}." in out
    assert out.endswith("1 change: 1 changed\n")
    found = json.loads(differs(capsys, story.name, newer.name, "--json", status=1))
    assert found["equal"] is False
    assert found["changes"] == [
        {"kind": "changed", "what": "line", "name": "lbbbbb", "beat": "warm", "facet": "text",
         "before": "Come in.", "after": "Come inside.", "line": 16}
    ]  # fmt: skip
    assert json.loads(differs(capsys, story.name, story.name, "--json", status=0))["equal"]


def test_diff_says_when_one_version_does_not_exist(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff", "/dev/null", story.name]) == 2
    assert "the story is new" in capsys.readouterr().err
    assert run(["diff", story.name, "/dev/null"]) == 2
    assert "the story is deleted" in capsys.readouterr().err
    assert run(["diff", story.name, "nowhere.branch.yaml"]) == 2
