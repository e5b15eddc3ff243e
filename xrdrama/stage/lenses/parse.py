"""Parse the text of a `*.lens.yaml` file to a LensFile; each problem has its position."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from xrdrama.document import Node, Place, Reading, compose, place_of
from xrdrama.document.kinds import is_other_kind
from xrdrama.document.plausible import with_likely_units
from xrdrama.document.shapes import MISSING
from xrdrama.document.wording import plain
from xrdrama.errors import AuthoringError, Problem
from xrdrama.stage.lenses.form import INFINITY, LENS
from xrdrama.stage.lenses.model import Calibrated, LensFile, Setting, metres
from xrdrama.stage.lenses.optics import fold_in
from xrdrama.stage.lenses.plausible import LENS_UNITS
from xrdrama.stage.lenses.written import RawLens, RawMap

_BETWEEN = 4
"""Settings between two calibrated ones that are checked for folds."""
_SAME = 1e-9


def parse_lens(text: str, file: str = "lens") -> tuple[LensFile | None, list[Problem]]:
    """The LensFile (None if there are errors) and all problems of its file."""
    problems: list[Problem] = []
    root = compose(text, file, problems)
    reading = Reading(file, problems)
    if root is not None and is_other_kind(root, "lens", problems):
        return None, problems
    raw = LENS.read(root, reading) if root is not None else MISSING
    if root is not None:
        problems[:] = with_likely_units(LENS_UNITS, root, problems)
    if root is None or not isinstance(raw, RawLens):
        return None, problems
    lens = _checked(raw, root, reading)
    return (None if _has_errors(problems) else lens), problems


def load_lens(text: str, file: str = "lens") -> LensFile:
    """The LensFile that a text describes; AuthoringError with all problems if there is an error."""
    lens, problems = parse_lens(text, file)
    if lens is None:
        raise AuthoringError(problems)
    return lens


def _has_errors(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _checked(raw: RawLens, root: Node, reading: Reading) -> LensFile | None:
    encoders = raw.encoders
    if encoders.zoom is not None:
        _check_map(encoders.zoom, [stop.mm for stop in encoders.zoom.points], "zoom", reading)
    if encoders.focus is not None:
        far = [1 / stop.m for stop in encoders.focus.points]
        _check_map(encoders.focus, far, "focus", reading)
    if not raw.calibration or _has_errors(reading.problems):
        if not raw.calibration:
            place = place_of(root, "calibration")
            reading.note(place, "K001", "the lens has no calibrated setting",
                         "add one, such as - {focal_mm: 35}")  # fmt: skip
        return None
    points = sorted(
        (point.calibrated(raw.model) for point in raw.calibration),
        key=lambda point: (point.zoom, point.diopter),
    )
    lens = LensFile(
        raw.id,
        raw.title or raw.id,
        raw.sensor_mm,
        tuple(points),
        encoders.zoom.zoom() if encoders.zoom else None,
        encoders.focus.focus() if encoders.focus else None,
        raw.model,
    )
    _check_settings(lens, reading)
    if not _has_errors(reading.problems):
        _check_encoders(lens, root, reading)
        _check_folds(lens, reading)
    return lens


def _check_map(raw: RawMap, means: list[float], name: str, reading: Reading) -> None:
    """Encoder numbers must increase, what they mean must only increase or only decrease."""
    stops = raw.points
    if len(stops) < 2:
        reading.note(raw.place, "K002", f"the {name} map has {len(stops)} point; expected 2 or "
                     "more", "add the two ends of the ring")  # fmt: skip
        return
    if raw.unit == "normalised":
        for stop in stops:
            if not 0.0 <= stop.at <= 1.0:
                message = f"at: {plain(stop.at)} is not a number of a normalised encoder"
                hint = "write a number from 0 to 1, or unit: raw"
                reading.note(stop.place, "K003", message, hint)
                return
    rises = means[1] > means[0]
    for (before, stop), (old, new) in zip(pairwise(stops), pairwise(means), strict=True):
        if stop.at <= before.at:
            message = f"the {name} map is not in order: {plain(stop.at)} follows {plain(before.at)}"
            reading.note(stop.place, "K004", message, "sort the points by at, without duplicates")
            return
        if new == old or (new > old) is not rises:
            message = (
                f"the {name} map is not monotonic: at {plain(stop.at)} it turns back or stays the "
                "same, so an encoder's number would not have one meaning"
            )
            hint = "correct this point, or remove it"
            reading.note(stop.place, "K005", message, hint)
            return


def _check_settings(lens: LensFile, reading: Reading) -> None:
    for one, other in pairwise(lens.points):
        same_zoom = abs(one.zoom - other.zoom) < _SAME
        if same_zoom and abs(one.diopter - other.diopter) < _SAME:
            message = f"duplicate setting: zoom {plain(one.zoom)} mm, focus {_distance(one)}"
            place = max(one.place, other.place, key=lambda place: place.line)
            reading.note(place, "K006", message, "remove one of them, or write its focus or zoom")


def _distance(point: Calibrated) -> str:
    return f"{plain(round(metres(point.diopter), 3))} m" if point.diopter else INFINITY


def _check_encoders(lens: LensFile, root: Node, reading: Reading) -> None:
    """What the calibration varies with must be known from an encoder, over the same range."""
    place = place_of(root, "calibration")
    zooms = lens.zooms
    if len(zooms) > 1 and lens.zoom is None:
        message = f"the lens is calibrated at {len(zooms)} zooms but has no map of a zoom encoder"
        reading.note(place, "K007", message, "add encoders: zoom:, or keep one zoom")
    if len({point.diopter for point in lens.points}) > 1 and lens.focus is None:
        message = "the lens is calibrated at several focus distances but has no map of a focus "
        hint = "add encoders: focus:, or keep one distance"
        reading.note(place, "K007", f"{message}encoder", hint)
    if lens.zoom is not None and len(zooms) > 1:
        low, high = sorted((lens.zoom.means[0], lens.zoom.means[-1]))
        if low < zooms[0] - _SAME or high > zooms[-1] + _SAME:
            message = (
                f"the zoom encoder reaches from {plain(low)} to {plain(high)} mm, the calibration "
                f"only from {plain(zooms[0])} to {plain(zooms[-1])} mm: the nearest setting is used"
            )
            hint = "calibrate the ends of the zoom ring, too"
            reading.note(place_of(root, "encoders", "zoom"), "K008", message, hint, "warning")


def settings(lens: LensFile) -> Iterator[tuple[Setting, Place]]:
    """The calibrated settings and some between each two neighbours, each with the place of the
    calibrated setting that it belongs to."""
    zooms = lens.zooms
    for point in lens.points:
        yield Setting(point.zoom, point.diopter), point.place
    for one, other in pairwise(lens.points):
        if one.zoom == other.zoom:
            for i in range(1, _BETWEEN):
                between = one.diopter + (other.diopter - one.diopter) * i / _BETWEEN
                yield Setting(one.zoom, between), other.place
    for low, high in pairwise(zooms):
        for point in lens.points:
            if point.zoom in (low, high):
                for i in range(1, _BETWEEN):
                    yield Setting(low + (high - low) * i / _BETWEEN, point.diopter), point.place


def _check_folds(lens: LensFile, reading: Reading) -> None:
    reported: set[Place] = set()
    for setting, place in settings(lens):
        optics = lens.optics(setting)
        fold = fold_in(optics, lens.sensor_mm)
        if fold is not None and place not in reported:
            is_between = not _is_calibrated(lens, setting)
            if is_between and reported:  # a fault of a calibrated setting
                return
            reported.add(place)
            message = (
                f"the distortion cannot be used: {fold.reason} at a radius of {fold.radius:.2f} "
                f"mm, inside the frame (its corner is at {fold.corner:.2f} mm)"
            )
            if is_between:
                message += f", at a zoom of {setting.zoom:.1f} mm between two calibrated ones"
            hint = (
                "check the order of radial (k1, k3, k5 above and k2, k4, k6 below the line), its "
                "unit (1/mm^2 ...) and sensor_mm"
            )
            reading.note(place, "K009", message, hint)


def _is_calibrated(lens: LensFile, setting: Setting) -> bool:
    return any(p.zoom == setting.zoom and p.diopter == setting.diopter for p in lens.points)
