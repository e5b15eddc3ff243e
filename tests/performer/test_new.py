"""`performer new`: a folder that works, or one clear line and nothing written."""

from pathlib import Path

import pytest

from tests.gltf.box_man import box_man
from xrdrama.errors import UsageError
from xrdrama.tools.performers.making import make_performer_of


def test_a_figure_becomes_a_performer_with_a_report(tmp_path: Path) -> None:
    source = tmp_path / "mei.glb"
    source.write_bytes(box_man())
    report = make_performer_of("mei", source, tmp_path / "performers" / "mei")
    assert (report.folder / "assets" / "mei.glb").is_file()
    assert set(report.shapes) == {"jawOpen", "mouthSmileLeft"}
    assert "leftIndexProximal" in report.missing_bones and "eyeBlinkLeft" in report.missing_shapes
    from xrdrama.tools.performers.listing import list_performers

    listed, problems = list_performers(str(report.folder))
    assert {problem.code for problem in problems} == {"A012"}, "a face without most shapes"
    assert listed[0].id == "mei" and "wave" in listed[0].gestures


@pytest.mark.parametrize("content", [b"", b"glTF", b"PK\x03\x04"])
def test_a_file_of_another_kind_is_refused_and_nothing_is_written(
    tmp_path: Path, content: bytes
) -> None:
    source = tmp_path / "a.glb"
    source.write_bytes(content)
    with pytest.raises(UsageError):
        make_performer_of("a", source, tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a.glb"]


def test_a_folder_is_not_written_over_and_names_are_checked(tmp_path: Path) -> None:
    source = tmp_path / "a.glb"
    source.write_bytes(box_man())
    (tmp_path / "mei").mkdir()
    with pytest.raises(UsageError, match="exists already"):
        make_performer_of("mei", source, tmp_path / "mei")
    with pytest.raises(UsageError, match="cannot be the name"):
        make_performer_of("../mei", source)
