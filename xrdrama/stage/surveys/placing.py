"""Places a wall where its survey says it is, and finds what is wrong with the survey.

W060  error    a survey file that cannot be read
W061  error    points that do not determine where the wall is, or that are not on it
W062  error    mirrored points: left and right exchanged, or axes
W063  error    another size than the declared wall: a wrong unit
W064  warning  a point that the others contradict
W065  warning  a wall whose shape differs from the declared one
W066  warning  a wall that is far from its declared pose
W067  error    `survey_fit: mesh` without a complete grid of points
W068  warning  a mesh that is coarser than the wall's shape
"""

from __future__ import annotations

from itertools import permutations, product
from math import degrees

import msgspec
import numpy as np

from xrdrama.document import Node, Place, Reading, place_of
from xrdrama.errors import AuthoringError, UsageError
from xrdrama.spatial import Quat, Vec3
from xrdrama.stage.measured import Residual, Survey
from xrdrama.stage.model import Wall
from xrdrama.stage.surfaces.files import Files
from xrdrama.stage.surveys.fitting import (
    SURE,
    Doubles,
    Fit,
    Outliers,
    best_fit,
    find_outliers,
    spans_a_plane,
    spread,
)
from xrdrama.stage.surveys.mesh import meshed
from xrdrama.stage.surveys.model import Measured
from xrdrama.stage.surveys.positions import Positions
from xrdrama.stage.surveys.reading import read_survey
from xrdrama.stage.written import RawWall

DIFFERS = 0.010
"""A wall whose points are further from its declared shape than this, in metres, has another
shape."""
_SCALE = 1.25
"""The survey may be this much larger or smaller than the declared wall."""
_UNITS = {1000.0: "x_mm,y_mm,z_mm", 0.001: "x,y,z (metres)"}
_MOVED_M, _TURNED_DEG = 1.0, 30.0
_OUTSIDE_M = 1000.0
_SUITS_M = 0.5
"""Root mean square distance from the declared wall with which exchanged axes are recognised."""


def placed(wall: Wall, raw: RawWall, root: Node, reading: Reading, files: Files) -> Wall | None:
    """A wall where its survey says it is; None, with problems, if the survey cannot be used."""
    key = place_of(root, "walls", raw.id, "survey")
    folder = reading.file.rpartition("/")[0]
    path = f"{folder}/{raw.survey}" if folder else raw.survey
    try:
        found = read_survey(files(raw.survey), path)
        positions = Positions(wall, raw.panel, found.form, path)
        declared = [positions.declared(point) for point in found.points]
    except UsageError as error:
        reading.note(key, "W060", error.message, error.remedy)
        return None
    except AuthoringError as error:
        reading.problems.extend(error.problems)
        return None
    return _Placing(wall, raw, found.points, positions, declared, Place(path), reading, key).wall()


class _Placing:
    def __init__(
        self,
        wall: Wall,
        raw: RawWall,
        points: tuple[Measured, ...],
        positions: Positions,
        declared: list[Vec3],
        file: Place,
        reading: Reading,
        key: Place,
    ) -> None:
        self._wall, self._raw, self._points, self._positions = wall, raw, points, positions
        self._file, self._reading, self._key = file, reading, key
        self._declared, self._measured = _rows(declared), _rows([point.at for point in points])
        self._named = f"wall {wall.id!r}"

    def wall(self) -> Wall | None:
        """The surveyed wall; None if there are errors."""
        if not (self._determine() and self._is_of_its_size() and self._is_inside()):
            return None
        outliers = find_outliers(self._declared, self._measured)
        used = np.ones(len(self._points), bool)
        used[list(outliers.found)] = False
        fit = best_fit(self._declared, self._measured, used)
        if not self._faces_as_declared(fit):
            return None
        survey = self._survey(fit, used)
        self._warn(survey, outliers)
        if self._raw.survey_fit == "mesh":
            return self._mesh(fit, survey)
        facets = tuple(facet.moved(fit.pose) for facet in self._wall.facets)
        return msgspec.structs.replace(self._wall, facets=facets, survey=survey)

    def _note(self, code: str, message: str, hint: str, severity: str = "error") -> None:
        is_error = severity == "error"
        self._reading.note(
            self._key, code, f"{self._named}: {message}", hint, "error" if is_error else "warning"
        )

    def _note_line(self, code: str, line: int, message: str, hint: str) -> None:
        place = Place(self._file.file, line, 1)
        self._reading.note(place, code, f"{self._named}: {message}", hint)

    def _determine(self) -> bool:
        """False, with a problem, for points that leave the wall's position open."""
        last = self._points[-1].line if self._points else 1
        if len(self._points) < 3:
            self._note_line(
                "W061", last, f"the survey has {len(self._points)} points; 3 are needed, not in a "
                "line", "measure the corners of the wall",
            )  # fmt: skip
            return False
        if not (spans_a_plane(self._declared) and spans_a_plane(self._measured)):
            names = ", ".join(point.label for point in self._points[:6])
            self._note_line(
                "W061", last, f"the points of the survey are in a line: {names}, which leaves the "
                "wall's rotation open", "measure a point that is away from that line",
            )  # fmt: skip
            return False
        return True

    def _is_of_its_size(self) -> bool:
        """False, with a problem, for a survey in another unit, or of another wall."""
        ratio = spread(self._measured) / spread(self._declared)
        if 1 / _SCALE <= ratio <= _SCALE:
            return True
        unit = next(
            (text for size, text in _UNITS.items() if size / _SCALE < ratio < size * _SCALE), ""
        )
        self._note(
            "W063", f"the points of the survey are {ratio:.4g} times as far apart as on the "
            "declared wall",
            f"the numbers look like {'millimetres' if ratio > 1 else 'metres'}: write {unit} in "
            f"the first line of {self._raw.survey}" if unit
            else "correct the size of the wall, or the survey",
        )  # fmt: skip
        return False

    def _is_inside(self) -> bool:
        for point, at in zip(self._points, self._measured, strict=True):
            if np.abs(at).max() > _OUTSIDE_M:
                self._note_line(
                    "W061", point.line, f"{point.label} is more than {_OUTSIDE_M:g} m from the "
                    "stage's origin", "subtract the position of the stage's origin",
                )  # fmt: skip
                return False
        return True

    def _faces_as_declared(self, fit: Fit) -> bool:
        """False, with a problem, for points that are mirrored, which makes a flat wall face the
        other way, and for a survey with other axes than the stage."""
        normal = self._wall.facets[0].normal
        turned = degrees(Quat().angle_to(fit.pose.rotation))
        if fit.mirrored:
            what = "the points of the survey are mirrored"
        elif fit.pose.rotation.rotate(normal).dot(normal) < 0.0:
            what = "with this survey the wall faces the other way: its points are mirrored"
        elif turned > _TURNED_DEG and self._exchanged():
            what = f"the survey turns it by {turned:.0f} degrees: its axes are not the stage's"
        else:
            return True
        self._note(
            "W062", what, self._exchanged()
            or "check whether left and right or two axes are exchanged, and pan: of the wall",
        )  # fmt: skip
        return False

    def _exchanged(self) -> str:
        """A hint which axes of the survey are exchanged or have the other sign; "" if none are."""

        def apart(points: Doubles) -> float:
            return float(np.sqrt(np.mean(np.sum((points - self._declared) ** 2, axis=1))))

        found = []
        for order in permutations(range(3)):
            for signs in product((1.0, -1.0), repeat=3):
                points = self._measured[:, order] * np.array(signs)
                found.append((apart(points), sum(sign < 0 for sign in signs), order, signs))
        best, _, order, signs = min(found)
        if best > _SUITS_M or 4 * best > apart(self._measured):
            return ""
        names = [("-" if sign < 0 else "") + "xyz"[axis]
                 for axis, sign in zip(order, signs, strict=True)]  # fmt: skip
        return f"its axes look like {', '.join(names)}: convert them to x, y, z of the stage"

    def _survey(self, fit: Fit, used: np.ndarray) -> Survey:
        residuals = tuple(
            Residual(point.label, point.line, round(off * 1000, 3), left_out=not kept)
            for point, off, kept in zip(self._points, fit.off.tolist(), used.tolist(), strict=True)
        )
        middle = self._declared.mean(0)
        moved = float(np.linalg.norm(fit.rotation @ middle + fit.shift - middle))
        turned = degrees(Quat().angle_to(fit.pose.rotation))
        return Survey(
            self._raw.survey, self._raw.survey_fit, residuals, round(moved, 4), round(turned, 3)
        )

    def _warn(self, survey: Survey, outliers: Outliers) -> None:
        mesh = survey.fit == "mesh"
        for each in (one for one in survey.residuals if one.left_out):
            does = "the mesh goes through it" if mesh else "it is left out of the fit"
            self._note(
                "W064", f"{each.point} (line {each.line}) is {each.mm:.1f} mm from where the other "
                f"points have the wall; {does}", "measure it again, or remove it", "warning",
            )  # fmt: skip
        if outliers.ambiguous:
            names = " or ".join(self._points[index].label for index in outliers.ambiguous)
            self._note(
                "W064", f"one point contradicts the others, and these points do not say which: "
                f"{names}", "measure more points, or these again", "warning",
            )  # fmt: skip
        elif survey.max_mm > DIFFERS * 1000 and not mesh:
            self._note(
                "W065", f"its points are up to {survey.max_mm:.1f} mm (median "
                f"{survey.median_mm:.1f} mm) from the declared shape",
                "correct the size of the wall, or write survey_fit: mesh with a grid of points",
                "warning",
            )  # fmt: skip
        if survey.moved_m > _MOVED_M or survey.turned_deg > _TURNED_DEG:
            self._note(
                "W066", f"the survey moves it by {survey.moved_m:.2f} m and turns it by "
                f"{survey.turned_deg:.1f} degrees", self._exchanged()
                or "correct centre, pan, tilt and roll, or check the survey's axes and origin",
                "warning",
            )  # fmt: skip

    def _mesh(self, fit: Fit, survey: Survey) -> Wall | None:
        """The wall as a mesh through the points."""
        keys = [self._positions.uv(point) for point in self._points]

        def shape(u: float, v: float) -> Vec3 | None:
            at = self._positions.at(u, v)
            return fit.pose.apply(at) if at else None

        points = {key: point.at for key, point in zip(keys, self._points, strict=True)}
        labels = {key: point.label for key, point in zip(keys, self._points, strict=True)}
        try:
            facets, coarse = meshed(self._wall, points, labels, shape)
        except UsageError as error:
            self._note("W067", error.message, error.remedy)
            return None
        if coarse > max(SURE, survey.max_mm / 1000):
            self._note(
                "W068", f"between its points the mesh is up to {coarse * 1000:.1f} mm from the "
                "declared shape", "measure a finer grid: each edge of a column", "warning",
            )  # fmt: skip
        return msgspec.structs.replace(self._wall, facets=facets, survey=survey)


def _rows(points: list[Vec3]) -> Doubles:
    return np.array([(point.x, point.y, point.z) for point in points], float).reshape(-1, 3)
