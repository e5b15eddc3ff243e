"""The page's finder of markers, on frames that are drawn here. tests/peers/markers has the figures
of the whole clips."""

from __future__ import annotations

from pathlib import Path

from tests.markers.clips import false_squares, hard
from tests.markers.finder import look, measured


def test_blurred_tilted_dim_markers_are_found_with_their_poses(tmp_path: Path) -> None:
    clip = hard(frames=24)
    result = measured(clip, look(clip, tmp_path))
    assert result.found >= 0.95
    assert result.wrong == 0
    assert max(result.degrees) < 2
    assert max(result.offsets) < 0.02


def test_false_squares_give_no_name(tmp_path: Path) -> None:
    clip = false_squares(frames=16)
    assert [seen for seen in look(clip, tmp_path) if seen] == []


def test_loose_rules_give_names_for_false_squares(tmp_path: Path) -> None:
    """The negative control: the clip does deceive a finder that accepts more."""
    clip = false_squares(frames=16)
    assert sum(map(len, look(clip, tmp_path, "loose"))) >= 3


def test_a_pose_with_a_wrong_focal_length_fails_the_bound(tmp_path: Path) -> None:
    """The negative control of the poses: a marker said to be 5 % larger is 5 % farther away."""
    clip = hard(frames=3)
    seen = look(clip, tmp_path)
    for one in seen:
        one[0]["pose"]["matrix"][12:15] = [v * 1.05 for v in one[0]["pose"]["matrix"][12:15]]
    assert min(measured(clip, seen).offsets) > 0.02
