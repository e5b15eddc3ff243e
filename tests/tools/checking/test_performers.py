"""`check` reads figures as a run does: what it passes can be drawn."""

from pathlib import Path

import pytest

from tests.gltf.box_man import box_man
from xrdrama.tools.checking.contents import check_paths

SHOW = """\
xrdrama: 1
id: boxes
story: one_lantern_too_many
performers: {lan: {performer: man, mark: girl}, grandmother: {mark: grandmother}}
"""
FILE = "xrdrama: 1\nid: man\nfigure: man.glb\ngestures: [everyday]\n"


def _codes(folder: Path, figure: bytes, more: str = "") -> dict[str, list[str]]:
    """The codes of a performer's problems, and of those of a show with it, by file name."""
    man = folder / "performers" / "man"
    man.mkdir(parents=True)
    (man / "man.glb").write_bytes(figure)
    (man / "performer.yaml").write_text(FILE + more)
    (folder / "boxes.show.yaml").write_text(SHOW)
    return {
        path.name: sorted({one.code for one in check_paths([path])[0] if one.code != "C011"})
        for path in (man / "performer.yaml", folder / "boxes.show.yaml")
    }


def test_a_figure_that_a_run_draws_passes(tmp_path: Path) -> None:
    # The control of the tests below. The face of the box man has two shapes of 52.
    assert _codes(tmp_path, box_man()) == {"performer.yaml": ["A012"], "boxes.show.yaml": ["A012"]}


def test_a_figure_that_a_run_refuses_is_an_error(tmp_path: Path) -> None:
    found = _codes(tmp_path, box_man(extra_joints=300))
    assert all("A009" in codes for codes in found.values())


def test_a_misspelt_shape_is_named_with_a_suggestion(tmp_path: Path) -> None:
    found = _codes(tmp_path, box_man(shapes=("jawOpne", "mouthSmileLeft")))
    assert all("A013" in codes for codes in found.values())


@pytest.mark.parametrize("prop", [b"", b"glTF", b"{}"])
def test_a_prop_that_cannot_be_drawn_is_an_error(tmp_path: Path, prop: bytes) -> None:
    (tmp_path / "performers").mkdir()
    (tmp_path / "performers" / "stick.glb").write_bytes(prop)
    found = _codes(tmp_path, box_man(), "holds: {right: ../stick.glb}\n")
    assert all("A009" in codes for codes in found.values())
