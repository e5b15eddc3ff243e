"""`xrdrama check` of a show says which of its plates play at another rate."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.video.test_files import RATE, picture
from tests.scene.compiling.test_compile import YARD
from xrdrama.adapters.video.files import VideoWriter
from xrdrama.processes.sets import compiled_scene
from xrdrama.tools.checking.contents import check_file

STORY = """\
xrdrama: 1
id: night
title: Night
language: en
start: yard
scene: yard
cast:
  ann: {name: Ann}
beats:
  yard:
    script: |
      @wait 3s
      ANN: There it goes.  #lthere
    ending: {id: gone, title: Gone}
"""
SHOW = 'xrdrama: 1\nid: night\nstory: night\nrate: "%s"\n'
HEAD = YARD.split("models:\n")[0] + "models: {}\n"
PLATES = "plates:\n  road: {kind: sky, doc: Road., file: assets/road.mp4%s}\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assets = tmp_path / "scenes" / "yard" / "assets"
    assets.mkdir(parents=True)
    with VideoWriter(assets / "road.mp4", (128, 64), RATE) as clip:
        for number in range(24):
            clip.write(picture(number, (128, 64)))
    (tmp_path / "branches").mkdir()
    (tmp_path / "branches" / "night.branch.yaml").write_text(STORY)
    return tmp_path


def found(project: Path, plate: str, rate: str) -> list[tuple[str, str, str]]:
    (project / "scenes" / "yard" / "scene.yaml").write_text(HEAD + PLATES % plate)
    show = project / "night.show.yaml"
    show.write_text(SHOW % rate)
    compiled_scene.cache_clear()  # a process checks a set once
    return [(one.code, one.severity, one.message) for one in check_file(show)]


def test_plate_that_plays_at_another_rate_is_a_warning(project: Path) -> None:
    assert found(project, "", "24") == []
    # The clip is shorter than the beat, and somebody wrote what is seen then.
    assert found(project, ", at_end: black", "24") == []
    assert found(project, ", at_end: hold", "24") == []
    slow = found(project, "", "30")
    assert [one[0] for one in slow] == ["S032"]
    assert (
        "24 frames per second in a show of 30: about 6 frames a second are shown twice"
        in (slow[0][2])
    )
    assert found(project, ", rate: 30", "30") == []


def test_damaged_plate_is_an_error_of_check_and_of_the_set(project: Path) -> None:
    road = project / "scenes" / "yard" / "assets" / "road.mp4"
    road.write_bytes(road.read_bytes()[:-900])
    problems = found(project, "", "24")
    assert [one[:2] for one in problems] == [("S030", "error")], problems
    assert "road.mp4: the file ends early" in problems[0][2]
