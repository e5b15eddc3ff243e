"""Findings and lines of an included file are named with that file, by every command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xrdrama import content
from xrdrama.authoring.mapping.described import described
from xrdrama.cli import run
from xrdrama.tools.comparing import compare_files
from xrdrama.tools.exchanging import export_story
from xrdrama.tools.mapping.loading import load_map

FIRST = """\
xrdrama: 1
id: season
title: A Season
scene: lantern_street
include: [second]
cast: {lan: {name: Lan}}
vars: {trust: {type: int, min: 0, max: 2}}
beats:
  door:
    script: |
      LAN: Come in.  #laaaaa
    choice:
      options:
        go: {text: Go in, to: hall, set: {trust: trust + 1}, on: [voice: "go in"]}
        stay: {text: Stay, to: hall, on: [voice: "I stay"]}
"""
SECOND = """\
xrdrama: 1
id: second
scene: lantern_street
vars: {lamps: {type: int, min: 0, max: 9}}
beats:
  hall:
    script: |
      {if trust == 2} LAN: Twice.  #laaaab
      {if lamps == 1} LAN: One lamp.  #laaaac
      LAN: The hall.  #laaaad
    choice:
      options:
        leave: {text: Leave, to: out, on: [voice: "I leave"]}
  out:
    script: |
      LAN: Good night.  #laaaae
    ending: out
"""


@pytest.fixture
def season(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("season.branch.yaml").write_text(FIRST)
    Path("second.branch.yaml").write_text(SECOND)
    return Path("season.branch.yaml")


@pytest.mark.parametrize("kind", ["csv", "dot", "fountain", "mermaid", "scxml", "twee"])
def test_what_an_export_leaves_out_has_its_file(kind: str, season: Path) -> None:
    lost = export_story(str(season), kind).not_carried_over
    texts = {"season.branch.yaml": FIRST.splitlines(), "second.branch.yaml": SECOND.splitlines()}
    beats = [one for one in lost if one.what.startswith("beat ")]
    assert {one.file for one in beats} == {"", "second.branch.yaml"}
    for one in beats:
        beat = one.what.split()[1].rstrip(":")
        assert texts[one.file or "season.branch.yaml"][one.line - 1].strip() == f"{beat}:"
    assert [one.file for one in lost] == sorted(one.file for one in lost)


def test_export_prints_the_file(season: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", str(season), "--to", "twee", "-o", "season.twee"]) == 0
    printed = capsys.readouterr().err
    assert (
        "second.branch.yaml:6: not carried over: beat hall: as comments only: 1 trigger" in printed
    )
    assert (
        "season.branch.yaml:9: not carried over: beat door: as comments only: 2 triggers" in printed
    )
    assert run(["export", str(season), "--to", "twee", "-o", "again.twee", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["not_carried_over"]
    assert listed[0] == {"line": 9, "what": "beat door: as comments only: 2 triggers"}
    assert listed[-1]["file"] == "second.branch.yaml"


def test_a_difference_in_an_included_file_has_its_file(
    season: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old").mkdir()
    for name in ("season", "second"):
        text = Path(f"{name}.branch.yaml").read_text()
        (tmp_path / "old" / f"{name}.branch.yaml").write_text(text)
    Path("second.branch.yaml").write_text(
        SECOND.replace("The hall.", "A hall.").replace("max: 9", "max: 8")
    )
    season.write_text(FIRST.replace("Come in.", "Come."))
    found = {one.name: one for one in compare_files(f"old/{season}", str(season))}
    assert (found["laaaaa"].file, found["laaaaa"].line) == ("", 11)
    assert (found["laaaad"].file, found["laaaad"].line) == ("second.branch.yaml", 10)
    assert (found["lamps"].file, found["lamps"].line) == ("second.branch.yaml", 4)
    assert run(["diff", f"old/{season}", str(season)]) == 1
    printed = capsys.readouterr().out
    assert "beat hall, line 10 of second.branch.yaml" in printed and "line 11 " in printed


def test_findings_on_the_map_have_their_file(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = load_map(str(season), "file", None)
    assert [part.title for part in loaded.map.parts] == ["season", "second"]
    value = described(loaded.story, loaded.map, loaded.marks, loaded.notes)
    hall = next(beat for beat in value["beats"] if beat["id"] == "hall")
    assert [(one["file"], one["line"]) for one in hall["findings"]] == [
        ("second.branch.yaml", 8), ("second.branch.yaml", 9),
    ]  # fmt: skip
    assert run(["graph", str(season), "--chapters", "file", "--open", "hall"]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "second 2 beats, 1 ending, 2 findings" in printed
    assert "warning G011 (line 8 of second.branch.yaml)" in printed


def test_proofs_and_random_plays_have_their_file(
    season: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["prove", str(season)]) in (0, 1)
    printed = capsys.readouterr().out
    assert "second.branch.yaml:8:" in printed and "season.branch.yaml:8:" not in printed
    assert run(["test", str(season), "--random", "20", "--seed", "1"]) == 0
    printed = capsys.readouterr().out
    assert "second.branch.yaml:8: line 'LAN: Twice.'" in printed
    assert "second.branch.yaml:9: line 'LAN: One lamp.'" in printed


def test_the_story_is_whole(season: Path) -> None:
    """The control: both files are read."""
    story, _ = content.load_story_file(str(season))
    assert list(story.beats) == ["door", "hall", "out"]
