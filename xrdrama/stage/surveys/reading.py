"""Reads the points of a survey from CSV: spaces are allowed everywhere, numbers are strict.

The first line names the columns: x, y and z in metres (or x_mm, y_mm, z_mm), and where each point
is on the wall: `name` (a corner), `column` and `row` (corners of panels), or `across` and `down`
(pixels). A `note` column, empty lines and lines that begin with # are ignored.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from xrdrama.document.wording import short, suggestion
from xrdrama.errors import AuthoringError, Problem, UsageError
from xrdrama.spatial import Vec3
from xrdrama.stage.surveys.model import Form, Measured, SurveyFile

CORNERS = {
    "lower_left": (0.0, 0.0),
    "lower_right": (1.0, 0.0),
    "upper_right": (1.0, 1.0),
    "upper_left": (0.0, 1.0),
    "centre": (0.5, 0.5),
}
"""Named points: u to the right and v up, both 0 to 1 over the wall's pixels."""
MOST_POINTS = 2_000
_MOST_FAULTS = 20
_LARGEST = 1e7
_UNITS = {"": 1.0, "m": 1.0, "mm": 0.001}
_POSITIONS: dict[Form, tuple[str, ...]] = {
    "grid": ("column", "row"),
    "pixels": ("across", "down"),
    "name": ("name",),
}
_KNOWN = ("name", "column", "row", "across", "down", "x", "y", "z", "note")
_AXIS = re.compile(r"([xyz])(?: ?[\[(_]? ?(m|mm)[\])]?)?")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_COUNT = re.compile(r"[0-9]{1,5}")
_SUCH_AS = "write name,x,y,z or column,row,x,y,z (metres), or x_mm,y_mm,z_mm for millimetres"

Row = tuple[int, list[str]]


def read_survey(content: bytes, file: str) -> SurveyFile:
    """The points of a survey file called `file`; AuthoringError, with the lines, if it is
    invalid."""
    faults: list[_FaultError] = []
    points: list[Measured] = []
    form: Form = "name"
    try:
        rows = _rows(content)
        header = next(rows, None)
        if header is None:
            raise _FaultError(1, "the file is empty", _SUCH_AS)
        columns, metres = _columns(header)
        form = _form(header[0], columns)
        for row in rows:
            try:
                points.append(_point(row, columns, metres, form))
            except _FaultError as fault:
                faults.append(fault)
            if len(points) > MOST_POINTS:
                raise _FaultError(row[0], f"there are more than {MOST_POINTS} points", "use fewer")
            if len(faults) > _MOST_FAULTS:
                break
        faults += _doubles(points)
    except _FaultError as fault:
        faults.append(fault)
    if faults:
        raise AuthoringError(fault.problem(file) for fault in faults)
    return SurveyFile(form, tuple(points))


class _FaultError(UsageError):
    """What is wrong in a line."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.line = line

    def problem(self, file: str) -> Problem:
        return Problem(file, self.line, 1, "W060", "error", self.message, self.remedy)


def _rows(content: bytes) -> Iterator[Row]:
    """The cells of each line that has some, without the spaces around them, and its number."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _FaultError(1, "the file is not UTF-8 text", "save it as CSV (UTF-8)") from None
    lines = re.split(r"\r\n|\r|\n", text)
    first = next((line for line in lines if line.strip() and not line.lstrip().startswith("#")), "")
    mark = max(",;\t", key=first.count)
    for number, line in enumerate(lines, 1):
        if not line.strip(" \t,;") or line.lstrip().startswith("#"):
            continue
        try:
            (cells,) = csv.reader([line], delimiter=mark, skipinitialspace=True, strict=True)
        except (csv.Error, ValueError):
            raise _FaultError(number, f"{short(line)} is not a line of CSV",
                         "check its quotation marks") from None  # fmt: skip
        yield number, [cell.strip() for cell in cells]


def _columns(header: Row) -> tuple[dict[str, int], float]:
    """The place of each column by its name, and metres for one unit of x, y and z."""
    line, cells = header
    columns: dict[str, int] = {}
    units = []
    for index, cell in enumerate(cells):
        name = cell.lower()
        if axis := _AXIS.fullmatch(name):
            name = axis[1]
            units.append(axis[2] or "")
        elif name not in _KNOWN:
            hint = suggestion(name, _KNOWN) if name else _SUCH_AS
            raise _FaultError(line, f"unknown column {short(cell)}", hint)
        if name in columns:
            raise _FaultError(line, f"the column {name} is there twice", "remove one of them")
        columns[name] = index
    missing = [axis for axis in "xyz" if axis not in columns]
    if missing:
        raise _FaultError(line, f"the columns {', '.join(missing)} are missing", _SUCH_AS)
    if len(set(units)) > 1:
        raise _FaultError(line, "x, y and z have different units", "use one unit: x_mm,y_mm,z_mm")
    return columns, _UNITS[units[0]]


def _form(line: int, columns: dict[str, int]) -> Form:
    """How the points say where they are on the wall."""
    complete: list[Form] = []
    for form, names in _POSITIONS.items():
        found = [name for name in names if name in columns]
        if found and len(found) < len(names):
            lost = next(name for name in names if name not in found)
            raise _FaultError(
                line, f"the column {lost} is missing", f"add {lost} beside {found[0]}"
            )
        if found:
            complete.append(form)
    if not complete:
        raise _FaultError(line, "no column says where the points are on the wall", _SUCH_AS)
    if {"grid", "pixels"} <= set(complete):
        raise _FaultError(line, "there are column, row and across, down", "remove one of the two")
    return complete[0]


def _point(row: Row, columns: dict[str, int], metres: float, form: Form) -> Measured:
    line, cells = row
    while len(cells) > len(columns) and not cells[-1]:
        cells = cells[:-1]
    if len(cells) != len(columns):
        raise _FaultError(line, f"there are {len(cells)} values under {len(columns)} columns",
                     "write one value for each column, with a decimal point")  # fmt: skip
    x, y, z = (_number(line, axis, cells[columns[axis]]) * metres for axis in "xyz")
    name = cells[columns["name"]] if "name" in columns else ""
    if form == "name":
        key = re.sub(r"[ _-]+", "_", name.lower())
        if key not in CORNERS:
            raise _FaultError(line, f"unknown point {short(name)}", suggestion(key, CORNERS))
        return Measured(key, line, key, Vec3(x, y, z))
    place = [(axis, cells[columns[axis]]) for axis in _POSITIONS[form]]
    numbers = [_count(line, axis, cell, whole=form == "grid") for axis, cell in place]
    label = name or ", ".join(f"{axis} {cell}" for axis, cell in place)
    return Measured(short(label).strip("'\""), line, (numbers[0], numbers[1]), Vec3(x, y, z))


def _number(line: int, name: str, cell: str) -> float:
    """A coordinate, in the unit of the file."""
    if not _NUMBER.fullmatch(cell):
        hint = "write a number with a decimal point, without its unit"
        raise _FaultError(line, f"{name} is {short(cell)}, not a number", hint)
    value = float(cell)
    if not abs(value) <= _LARGEST:
        raise _FaultError(line, f"{name} is {short(cell)}", f"expected at most {_LARGEST:g}")
    return value


def _count(line: int, name: str, cell: str, *, whole: bool) -> float:
    """A column, a row, or a position in pixels."""
    if not (_COUNT if whole else _NUMBER).fullmatch(cell) or not 0 <= float(cell) <= 1e5:
        kind = "a whole number" if whole else "a number of pixels"
        raise _FaultError(
            line, f"{name} is {short(cell)}, not {kind}", "count from 0 at the upper left"
        )
    return float(cell)


def _doubles(points: Sequence[Measured]) -> Iterator[_FaultError]:
    first: dict[str | tuple[float, float], Measured] = {}
    for point in points:
        other = first.setdefault(point.key, point)
        if other is not point:
            message = f"{point.label} is in line {other.line}, too"
            yield _FaultError(point.line, message, "remove one of the two")
