"""`stage new`: every line gives a stage without problems, or says which word is wrong."""

from __future__ import annotations

from math import isclose
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.authoring.new_stage import new_stage
from xrdrama.errors import UsageError
from xrdrama.stage import Stage, parse_stage
from xrdrama.tools.stages.new import write_new_stage

LINE = "arc radius 7 height 5 degrees 180 pitch 2.6 ceiling"


def stage_of(line: str) -> Stage:
    stage, problems = parse_stage(new_stage(line, "my"), "my.stage.yaml")
    assert stage is not None and not problems, problems
    return stage


def test_the_line_of_the_help_is_an_arc_with_a_ceiling() -> None:
    stage = stage_of(LINE)
    arc, ceiling = stage.walls
    assert [wall.id for wall in stage.walls] == ["wall", "ceiling"]
    assert len(arc.facets) == 44 and isclose(arc.pitch, 0.0026, rel_tol=0.003)
    first, last = arc.facets[0], arc.facets[-1]
    assert isclose((first.corners[0] - last.corners[1]).length(), 14.0)
    assert isclose(first.corners[3].z, 5.0)
    assert ceiling.facets[0].normal.z < -0.99 and isclose(ceiling.centre.z, 5.1)
    assert isclose(ceiling.pitch, 0.0026, rel_tol=0.003)
    assert stage.canvas == (arc.pixels[0], arc.pixels[1] + ceiling.pixels[1])


def size(word: str, least: float, most: float) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), st.floats(least, most).map(lambda n: f" {word} {n:.2f}"))


mains = st.one_of(
    st.builds(lambda *p: "flat" + "".join(p), size("width", 1, 20), size("height", 2, 8)),
    st.builds(lambda *p: "arc" + "".join(p), size("radius", 2, 12), size("height", 2, 8),
              size("degrees", 20, 340)),
)  # fmt: skip
lines = st.builds(
    lambda main, pitch, more, lens: f"{main} pitch {pitch:.2f}{more}{lens}",
    mains, st.floats(6.0, 20.0),
    st.sampled_from(["", " ceiling", " floor", " ceiling floor", " floor ceiling pitch 12"]),
    size("lens", 12, 200),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(lines)
def test_every_line_gives_a_stage_whose_eye_point_sees_each_wall(line: str) -> None:
    stage = stage_of(line)
    for wall in stage.walls:
        assert any(facet.sees(stage.eye_point) for facet in wall.facets)
        assert wall.at[1] + wall.pixels[1] <= stage.canvas[1]


@pytest.mark.parametrize(
    ("line", "says", "hint"),
    [
        ("", "names no wall", "arc radius"),
        ("arc raduis 7", "unknown word 'raduis'", "radius"),
        ("arch", "unknown word 'arch'", "arc"),
        ("arc radius", "radius has no number", "metres|of m"),
        ("arc radius seven", "radius has no number: 'seven'", "of m"),
        ("arc radius nan", "radius nan is out of range", "0.5 to 60"),
        ("arc radius 0", "radius 0 is out of range", "0.5 to 60"),
        ("flat radius 3", "radius is not a size of flat", "width"),
        ("flat ceiling tilt 3", "tilt is not a size of ceiling", "depth"),
        ("radius 3 arc", "before the first wall", "begin with"),
        ("floor", "first wall is a floor", "begin with"),
        ("mesh wall.obj", "does not describe a mesh", "pixels"),
        ("mesh wall.obj pixels 10x20 distance -1", "distance -1 is out of range", "0 to 100"),
        ("mesh wall.obj pixels 99999x20", "99999 x 20 pixels", "pitch"),
        ("arc flat arc", "arc is there twice", "once"),
        ("arc radius 7 radius 8", "two values of radius", "remove"),
        ("arc radius 50 pitch 0.5", "pixels; a canvas has at most 16384", "pitch"),
        ("survey wall.csv arc", "belongs to the first wall", "survey wall.csv"),
        ("arc ceiling survey wall.csv", "belongs to the first wall", "survey wall.csv"),
        ("flat panel", "panel has no size", "panel 0.5"),
        ("flat panel 0.5x", "panel has no size: '0.5x'", "panel 0.5"),
        ("flat panel 500", "panel 500 is out of range", "0.05 to 2.5"),
        ("flat panel 0.5 pixels 0x9", "pixels 0 is out of range", "1 to 2048"),
        ("flat pixels 192x192", "pixels without panel", "panel 0.5"),
        ("flat panel 0.5 panel 1", "two values of panel", "remove"),
        ("flat panel 0.5 pixels 192 pitch 2", "both pixels and pitch", "remove"),
        ("panel 0.5 flat", "before the first wall", "begin with"),
        ("arc survey", "survey has no file name", "wall.csv"),
        ("arc survey a.csv survey b.csv", "two values of survey", "remove one"),
        ("arc survey a:b", "survey has no file name: 'a:b'", "wall.csv"),
        ("mesh wall.obj pixels 10x20 survey a:b", "no file name: 'a:b'", "wall.csv"),
    ],
)
def test_a_wrong_line_names_the_word_and_the_remedy(line: str, says: str, hint: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        new_stage(line, "my")
    assert any(word in caught.value.remedy for word in hint.split("|"))


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(["arc", "flat", "floor", "ceiling", "radius", "7", "-1", "1e9",
                                 "pitch", "2.6mm", "degrees", "nan", "x", "lens", "#",
                                 "survey", "panel", "0.5x1", "pixels"])))  # fmt: skip
def test_any_words_give_a_stage_or_the_one_error(words: list[str]) -> None:
    try:
        text = new_stage(" ".join(words), "my")
    except UsageError:
        return
    if "survey: " not in text:
        assert parse_stage(text, "my.stage.yaml")[0] is not None


def test_a_file_is_written_once_and_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "my.stage.yaml"
    assert write_new_stage("flat pitch 10 floor", out) == []
    before = out.read_bytes()
    with pytest.raises(UsageError, match="exists already"):
        write_new_stage("flat", out)
    assert out.read_bytes() == before
    for wrong in ("my.yaml", "My.stage.yaml", "a b.stage.yaml", ".stage.yaml"):
        with pytest.raises(UsageError, match="not the name of a stage file"):
            write_new_stage("flat", tmp_path / wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["my.stage.yaml"]


@pytest.mark.parametrize("line", ["flat width 4", "arc radius 4", "mesh a.obj pixels 10x20"])
def test_the_survey_of_the_first_wall_is_in_the_file(line: str) -> None:
    assert "    # survey: wall.csv " in new_stage(line, "my")
    assert "    survey: Hall_2.csv " in new_stage(f"{line} survey Hall_2.csv", "my")


@pytest.mark.parametrize(
    ("line", "panel", "pixels"),
    [
        ("flat width 5 height 3 panel 0.5", "[0.5, 0.5], pixels: [192, 192]", (1920, 1152)),
        ("flat width 5 height 3 panel 0.5mx1m pixels 96x200", "[0.5, 1], pixels: [96, 200]",
         (960, 600)),
        ("flat width 5 height 3 panel 0.5 pitch 5", "[0.5, 0.5], pixels: [100, 100]", (1000, 600)),
        ("arc radius 5 height 3 degrees 70 panel 0.5 pixels 96", "[0.5, 0.5], pixels: [96, 96]",
         (1152, 576)),
        ("arc radius 8 height 4 degrees 143.3 panel 1 pitch 5", "[1, 1], pixels: [200, 200]",
         (4000, 800)),
    ],
)  # fmt: skip
def test_panels_are_in_the_file_and_count_the_pixels(
    line: str, panel: str, pixels: tuple[int, int]
) -> None:
    text = new_stage(line, "my")
    assert f"    panel: {{size: {panel}}}\n" in text
    stage = stage_of(line)
    assert stage.walls[0].pixels == pixels == stage.canvas
    assert "panel:" not in new_stage("flat width 5 height 3", "my")


def test_a_ceiling_has_panels_of_its_own_or_the_pitch_of_the_first_wall() -> None:
    stage = stage_of("flat width 5 panel 0.5 pixels 100 ceiling depth 3 panel 1 pixels 100")
    assert [wall.pixels for wall in stage.walls] == [(1000, 600), (500, 300)]
    stage = stage_of("flat width 5 panel 0.5 pixels 100 ceiling depth 3")
    assert [wall.pixels for wall in stage.walls] == [(1000, 600), (1000, 600)]


def test_the_surveyed_line_of_the_stages_readme_is_written(tmp_path: Path) -> None:
    stages = Path(__file__).parents[2] / "examples/stages"
    line = next(
        line.split('"')[1]
        for line in (stages / "README.md").read_text().splitlines()
        if "stage new" in line and "survey wall.csv" in line
    )
    (tmp_path / "wall.csv").write_bytes((stages / "surveyed_arc.csv").read_bytes())
    write_new_stage(line, tmp_path / "hall.stage.yaml")
    without = line.replace(" panel 0.5", "")
    assert without != line
    with pytest.raises(UsageError, match="has no panel:"):
        write_new_stage(without, tmp_path / "other.stage.yaml")
