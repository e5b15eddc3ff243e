"""What `check` and `run` say of a stage's numbers."""

from __future__ import annotations

from pathlib import Path

from xrdrama.stage.model import Inner
from xrdrama.tools.checking.contents import check_paths

# Its set is nowhere: that is reported too, and no set has to be read for this.
STORY = """\
xrdrama: 1
id: small
scene: nowhere_to_be_found
start: first
cast: {ann: {name: Ann}}
beats:
  first:
    script: |
      ANN: Hello.
    ending: {id: done, title: Done}
"""
STAGE = """\
xrdrama: 1
id: one
canvas: [1280, 720]
walls:
  wall: {shape: flat, width: 4, height: 2.25, centre: [0, 3, 1.325], pixels: [1280, 720]}
camera: {focal_mm: 35, sensor_mm: [36, 20.25]}
eye_point: [0, -1, 1.5]
tracking: {latency: %s}
"""
MOVE = "keys: [{at: 0s, position: [0, 0, 1.6]}, {at: %s, position: [0, 4, 1.6]}]\n"


def checked(folder: Path, latency: str, second_key: str) -> list[tuple[str, str, str, int]]:
    """File, code, severity and line of the problems of a show with this latency and move."""
    (folder / "small.branch.yaml").write_text(STORY, "utf-8")
    (folder / "one.stage.yaml").write_text(STAGE % latency, "utf-8")
    (folder / "walk.move.yaml").write_text(MOVE % second_key, "utf-8")
    show = folder / "small.show.yaml"
    show.write_text("xrdrama: 1\nid: small\nstory: small\nstage: one\nmove: walk\n", "utf-8")
    problems, _ = check_paths([show])
    return [
        (Path(p.file).name, p.code, p.severity, p.line)
        for p in problems
        if not p.file.endswith("branch.yaml")
    ]


def test_check_of_a_show_reports_units_of_its_stage_and_move(tmp_path: Path) -> None:
    assert checked(tmp_path, "40s", "4ms") == [
        ("one.stage.yaml", "Q001", "warning", 8),
        ("walk.move.yaml", "Q001", "warning", 1),
    ]
    assert checked(tmp_path, "40ms", "4s") == []


def test_run_says_the_overscan_that_is_drawn() -> None:
    notice = Inner(overscan=1.2, pixels=(1366, 768)).overscan_notice()
    assert "overscan of 1.2 is drawn as 1.2006 x 1.2005 (1640 x 922 pixels)" in notice
    assert Inner(overscan=1.1, pixels=(640, 360)).overscan_notice() == ""
