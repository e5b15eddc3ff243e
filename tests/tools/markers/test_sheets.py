"""Sheets to print: every marker on them is found again by an independent detector."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.story.markers import CELLS, marker_code, rows_of
from xrdrama.tools.markers.sheets import write_sheet

STORY = """\
xrdrama: 1
id: kites
title: Five Kites
scene: lantern_street
cast: {mo: {name: Mo}}
markers:
  red_kite: {title: The red kite, once: viewer}
beats:
  roof:
    script: |
      MO: Look up.  #laaaaaa
    hidden:
      - {id: one, on: {marker: red_kite}, to: found}
      - {id: two, on: {marker: owl}, to: found}
      - {id: three, on: {marker: fish}, to: found}
      - {id: four, on: {marker: moon_gate}, to: found}
      - {id: five, on: {marker: drum}, to: found}
    next: end
  found:
    script: |
      MO: There it is.  #laaaaab
    return: true
  end: {ending: home}
"""
NAMES = ("drum", "fish", "moon_gate", "owl", "red_kite")


@pytest.fixture
def story(tmp_path: Path) -> str:
    path = tmp_path / "kites.branch.yaml"
    path.write_text(STORY)
    return str(path)


def detector() -> cv2.aruco.ArucoDetector:
    """OpenCV's, with the codes of the story as its dictionary."""
    codes = [marker_code("kites", name) for name in NAMES]
    bits = [np.array([[int(c) for c in row] for row in rows_of(code)], np.uint8) for code in codes]
    lists = np.concatenate([cv2.aruco.Dictionary.getByteListFromBits(one) for one in bits])
    return cv2.aruco.ArucoDetector(cv2.aruco.Dictionary(lists, 6, 2))


def test_every_marker_of_the_sheet_is_found_again(story: str, tmp_path: Path) -> None:
    sheet = write_sheet(story, tmp_path / "sheet.png")
    assert [Path(file).name for file in sheet.files] == ["sheet.png", "sheet-2.png"]
    found = {}
    for file in sheet.files:
        picture = cv2.imread(file, cv2.IMREAD_GRAYSCALE)
        assert picture is not None
        seen: Any = detector().detectMarkers(picture)
        for where, id in zip(seen[0], seen[1].ravel().tolist(), strict=True):
            side_mm = np.linalg.norm(where[0][1] - where[0][0]) / 110 * 25.4
            assert side_mm == pytest.approx(70, abs=0.5)
            found[NAMES[id]] = where
    assert sorted(found) == list(NAMES)
    assert all(sum(map(len, one.rows)) == CELLS for one in sheet.markers)


def test_pdf_and_svg_are_written(story: str, tmp_path: Path) -> None:
    assert write_sheet(story, tmp_path / "a.pdf").files == (str(tmp_path / "a.pdf"),)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert len(write_sheet(story, tmp_path / "a.svg").files) == 2


def test_only_spoilers_say_what_a_marker_opens(story: str) -> None:
    assert all(one.opens == () for one in write_sheet(story, None).markers)
    spoiled = write_sheet(story, None, spoilers=True).markers
    assert spoiled[0].opens == ("hidden plot five, leads to found; in roof",)


def test_json_lists_titles_and_once(story: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["markers", story, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["markers"]
    assert [one["name"] for one in listed] == list(NAMES)
    assert (listed[4]["title"], listed[4]["once"]) == ("The red kite", "viewer")


def test_a_story_without_markers_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["markers", "two_cups"]) == 0
    assert "has no markers" in capsys.readouterr().out


@pytest.mark.parametrize(("out", "size"), [("a.gif", 70), ("a", 70), ("a.pdf", 5), ("a.pdf", 400)])
def test_wrong_formats_and_sizes_are_refused(
    story: str, tmp_path: Path, out: str, size: int
) -> None:
    with pytest.raises(UsageError):
        write_sheet(story, tmp_path / out, side_mm=size)
    assert not (tmp_path / out).exists()


def test_markers_that_look_alike_are_not_printed(
    story: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(story).with_name("night.branch.yaml")
    text = STORY.replace("id: kites", "id: night").replace("owl", "drum_tiger")
    path.write_text(text.replace("fish", "key_fan"))
    assert run(["markers", str(path), "-o", str(tmp_path / "a.pdf")]) != 0
    assert "C015" in capsys.readouterr().err
    assert not (tmp_path / "a.pdf").exists()
