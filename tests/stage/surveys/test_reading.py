"""Survey files: lenient spaces, strict numbers, every fault with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xrdrama.errors import AuthoringError
from xrdrama.spatial import Vec3
from xrdrama.stage.surveys.reading import MOST_POINTS, read_survey

GOOD = "name,x,y,z\nlower_left,-2,4,0\nlower_right,2,4,0\nupper_left,-2,4,2\n"


def fault(text: str | bytes) -> tuple[int, str, str]:
    with pytest.raises(AuthoringError) as caught:
        read_survey(text if isinstance(text, bytes) else text.encode(), "wall.csv")
    first = caught.value.problems[0]
    assert (first.file, first.code, first.severity) == ("wall.csv", "W060", "error")
    return first.line, first.message, first.hint


@pytest.mark.parametrize("text", [
    GOOD,
    "\ufeff" + GOOD,
    GOOD.replace("\n", "\r\n"),
    GOOD.replace(",", " , ").replace("lower_left", "  Lower Left "),
    GOOD.replace(",", ";"),
    GOOD.replace(",", "\t"),
    "# measured 2026-11-30\n\n" + GOOD + "\n  \n,,,\n",
    GOOD.replace("lower_left", '"lower-left"'),
    GOOD.replace("x,y,z", "X [m], Y(m), z_m"),
    "note," + GOOD.replace("\n", "\nfirst day,").removesuffix("first day,").replace("first", "1st"),
])  # fmt: skip
def test_spaces_separators_and_notes_are_allowed(text: str) -> None:
    found = read_survey(text.encode(), "wall.csv")
    assert [point.key for point in found.points] == ["lower_left", "lower_right", "upper_left"]
    assert found.points[0].at == Vec3(-2.0, 4.0, 0.0)


def test_millimetres_are_declared_in_the_header() -> None:
    found = read_survey(b"column,row,x_mm,y_mm,z_mm\n0,2,-2000,4000,5\n", "wall.csv")
    (point,) = found.points
    assert (found.form, point.key, point.label) == ("grid", (0.0, 2.0), "column 0, row 2")
    assert (point.at - Vec3(-2.0, 4.0, 0.005)).length() < 1e-12


def test_a_name_beside_a_position_is_its_label() -> None:
    found = read_survey(b"name,across,down,x,y,z\nA1,0.5,20,1,2,3\n", "wall.csv")
    assert found.form == "pixels" and found.points[0].label == "A1"


@pytest.mark.parametrize(("text", "line", "message", "hint"), [
    ("", 1, "empty", "name,x,y,z"),
    ("\n# only a note\n", 1, "empty", "name,x,y,z"),
    (b"name,x,y,z\nlower_left,1,2,\xff\n", 1, "not UTF-8", "CSV"),
    ("name,x,y\nlower_left,1,2\n", 1, "columns z are missing", "name,x,y,z"),
    ("lower_left,1,2,3\n", 1, "unknown column 'lower_left'", ""),
    ("name,x,y,z,heigth\n", 1, "unknown column 'heigth'", ""),
    ("name,x,x,y,z\n", 1, "the column x is there twice", "remove"),
    ("name,x_mm,y,z\n", 1, "different units", "x_mm,y_mm,z_mm"),
    ("name,x_cm,y_cm,z_cm\n", 1, "unknown column 'x_cm'", ""),
    ("column,x,y,z\n", 1, "the column row is missing", "add row"),
    ("x,y,z\n1,2,3\n", 1, "no column says where the points are", "name,x,y,z"),
    ("column,row,across,down,x,y,z\n", 1, "column, row and across, down", "remove"),
    (GOOD + "upper_right,2,4\n", 5, "3 values under 4 columns", "one value for each"),
    (GOOD + "upper_right,2,4,2,1\n", 5, "5 values under 4 columns", "one value for each"),
    (GOOD + "upper_right,2,4,2 m\n", 5, "z is '2 m', not a number", "without its unit"),
    (GOOD + 'upper_right,"2,5",4,2\n', 5, "x is '2,5', not a number", "decimal point"),
    (GOOD + "upper_right,nan,4,2\n", 5, "x is 'nan', not a number", "decimal point"),
    (GOOD + "upper_right,1e99,4,2\n", 5, "x is '1e99'", "at most"),
    (GOOD + "upper_right,0x1,4,2\n", 5, "x is '0x1', not a number", ""),
    (GOOD + "upper_right,\u0663,4,2\n", 5, "not a number", ""),
    (GOOD + "uper_right,2,4,2\n", 5, "unknown point 'uper_right'", "upper_right"),
    (GOOD + "Lower Left,2,4,2\n", 5, "lower_left is in line 2, too", "remove"),
    (GOOD + '"upper_right,2,4,2\n', 5, "not a line of CSV", "quotation"),
    ("column,row,x,y,z\n0,-1,1,2,3\n", 2, "row is '-1', not a whole number", "count from 0"),
    ("column,row,x,y,z\n0.5,1,1,2,3\n", 2, "column is '0.5', not a whole number", "count from 0"),
    ("across,down,x,y,z\n0.5,-1,1,2,3\n", 2, "down is '-1', not a number of pixels", "count from"),
])  # fmt: skip
def test_a_fault_is_named_with_its_line(
    text: str | bytes, line: int, message: str, hint: str
) -> None:
    found = fault(text)
    assert found[0] == line and message in found[1] and hint in found[2], found


def test_all_faulty_lines_are_shown_at_once() -> None:
    with pytest.raises(AuthoringError) as caught:
        read_survey(b"name,x,y,z\nlower_left,a,2,3\nupper_left,1,b,3\n", "wall.csv")
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_points_are_bounded() -> None:
    rows = "".join(f"{n % 100},{n // 100},1,2,3\n" for n in range(MOST_POINTS + 1))
    assert "more than" in fault("column,row,x,y,z\n" + rows)[1]


@given(st.binary(max_size=200))
def test_bytes_raise_the_one_error(content: bytes) -> None:
    try:
        read_survey(content, "wall.csv")
    except AuthoringError as error:
        assert error.problems


_CELLS = st.text(st.sampled_from(list("0123456789.-+eE ,;\"'\t\n\r#xyz_mnaown\u0663\u2028\0")))


@given(st.lists(_CELLS, max_size=12))
def test_damaged_lines_raise_the_one_error(cells: list[str]) -> None:
    for head in ("name,x,y,z\n", "column;row;x;y;z\n", "across,down,x_mm,y_mm,z_mm\n", ""):
        try:
            found = read_survey((head + ",".join(cells)).encode(), "wall.csv")
        except AuthoringError as error:
            assert all(p.line >= 1 and p.hint for p in error.problems)
        else:
            assert all(abs(c) <= 1e7 for p in found.points for c in (p.at.x, p.at.y, p.at.z))
