"""OpenCV calibrations as lenses: files of cv2.FileStorage (YAML or JSON).

OpenCV maps undistorted to distorted points (U-D) in units of the focal length. With the focal
length F in millimetres its coefficients become OpenLensIO's by

    k1, k2, k3 -> k1, k3, k5      divided by F^2, F^4, F^6
    k4, k5, k6 -> k2, k4, k6      divided by F^2, F^4, F^6
    p1, p2     -> p1, p2          divided by F

The published note (OpenCV to OpenTrackIO, 2025-09-02) divides p by F^2, which is wrong: p
multiplies a product of two coordinates, each F times larger, and the result is F times larger. The
offset of the projection is (w/ws) (cx - ws/2) as in that note. OpenCV itself counts from the middle
of the first pixel: `from_middle` adds that half pixel.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

import msgspec

from xrdrama.document import Mapping, Node, Scalar, Sequence, compose
from xrdrama.errors import Problem, UsageError
from xrdrama.stage.lenses.distortion import Point
from xrdrama.stage.lenses.formats.writing import FoundLens, FoundPoint

_MATRIX = ("camera_matrix", "cameraMatrix", "Camera_Matrix", "intrinsic_matrix", "K", "mtx")
_COEFFICIENTS = (
    "dist_coeffs", "distortion_coefficients", "distCoeffs", "Distortion_Coefficients",
    "distortion", "D", "dist",
)  # fmt: skip
_WIDTH = ("image_width", "image_Width", "imageWidth", "width")
_HEIGHT = ("image_height", "image_Height", "imageHeight", "height")
_SIZE = ("image_size", "imageSize", "img_size")
_LENGTHS = (4, 5, 8, 12, 14)
_ASPECT = 0.02
_NUMBER = re.compile(r"[+-]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})([eE][+-]?[0-9]{1,3})?")
_REMEDY = "save camera_matrix, dist_coeffs and image_size (or image_width, image_height)"


def read_opencv(
    text: str, file: str, sensor_mm: Point, *, size: tuple[int, int] | None = None,
    from_middle: bool = False,
) -> FoundLens:  # fmt: skip
    """The lens of a calibration on a sensor of `sensor_mm` (width, height); UsageError with the
    reason if it cannot be used. `size` is that of the pictures, if the file does not have it."""
    root = _document(text, file)
    if root.get("fisheye_model") not in (None, 0, 0.0):
        raise UsageError(f"{file} is a fisheye calibration, which OpenLensIO cannot describe",
                         "calibrate with the standard model of OpenCV")  # fmt: skip
    matrix = _numbers(root, _MATRIX, file)
    k = _numbers(root, _COEFFICIENTS, file)
    if len(matrix) != 9:
        raise UsageError(f"{file}: the camera matrix has {len(matrix)} numbers; expected 9",
                         _REMEDY)  # fmt: skip
    if len(k) not in _LENGTHS:
        raise UsageError(
            f"{file}: there are {len(k)} distortion coefficients; expected 4, 5, 8, 12 or 14",
            "save the result of cv2.calibrateCamera as it is",
        )
    if any(k[8:]):
        raise UsageError(
            f"{file}: the thin prism and tilt coefficients (s1 to tau_y) are not zero, and "
            "OpenLensIO has none",
            "calibrate without CALIB_THIN_PRISM_MODEL and CALIB_TILTED_MODEL",
        )  # fmt: skip
    across, down = size or _size(root, file)
    fx, fy, cx, cy = matrix[0], matrix[4], matrix[2], matrix[5]
    if not (fx > 0 and fy > 0):
        raise UsageError(f"{file}: the focal lengths in the camera matrix are {fx:g} and {fy:g}",
                         "they must be positive: calibrate again")  # fmt: skip
    return _found(k, (fx, fy, cx, cy), (across, down), sensor_mm, file, from_middle)


def _found(
    k: list[float],
    matrix: tuple[float, float, float, float],
    size: tuple[int, int],
    sensor_mm: Point,
    file: str,
    from_middle: bool,
) -> FoundLens:
    fx, fy, cx, cy = matrix
    (across, down), (w, h) = size, sensor_mm
    focal = w / across * fx
    # OpenLensIO has one focal length: other proportions of a pixel are those of the sensor.
    height = focal * down / fy
    notes = []
    if abs(height / h - 1.0) > _ASPECT:
        raise UsageError(
            f"{file}: by the calibration the sensor is {w:g} x {height:.4g} mm, not {w:g} x {h:g}",
            f"give the part of the sensor that makes a picture of {across} x {down} pixels",
        )
    if abs(height / h - 1.0) > 1e-9:
        apart = abs(fy / fx * h / w * across / down - 1)
        notes.append(
            f"the calibration's two focal lengths differ by {apart:.3%} on this sensor: its height "
            f"is written as {height:.6g} mm"
        )
    half = 0.5 if from_middle else 0.0
    offset = (w / across * (cx + half - across / 2), height / down * (cy + half - down / 2))
    if not from_middle:
        notes.append(
            "the principal point is converted as OpenTrackIO's note says, from the corner of the "
            "picture; OpenCV counts from the middle of the first pixel: --from-middle adds half a "
            "pixel"
        )
    k1, k2, p1, p2, k3, k4, k5, k6 = [*k[:8], *[0.0] * (8 - len(k[:8]))]
    f2 = focal * focal
    point = FoundPoint(
        focal,
        projection_offset_mm=offset,
        radial=(k1 / f2, k4 / f2, k2 / f2**2, k5 / f2**2, k3 / f2**3, k6 / f2**3),
        tangential=(p1 / focal, p2 / focal),
    )
    return FoundLens((w, height), (point,), "U-D", notes=tuple(notes))


def _document(text: str, file: str) -> dict[str, Any]:
    """The top level of a file: numbers, lists of numbers, and mappings of these."""
    if text.lstrip().startswith("{"):
        try:
            root = msgspec.json.decode(text)
        except (msgspec.DecodeError, RecursionError) as error:
            raise UsageError(f"{file} is not valid JSON: {error}", "save it again") from None
        if not isinstance(root, dict):
            raise UsageError(f"{file} has no calibration at its top level", _REMEDY)
        return root
    # OpenCV's header and tags are not YAML of today; without them the rest is.
    plain = re.sub(r"\A\ufeff?%YAML[^\n]*", "", text)
    plain = re.sub(r"!!opencv-(matrix|nd-matrix)", "", plain).replace("\n---", "\n", 1)
    problems: list[Problem] = []
    node = compose(plain, file, problems)
    if not isinstance(node, Mapping):
        reason = f"{problems[0].line}: {problems[0].message}" if problems else "not a mapping"
        raise UsageError(f"{file} cannot be read as an OpenCV calibration: {reason}", _REMEDY)
    value = _plain(node)
    return value if isinstance(value, dict) else {}


def _plain(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key.text: _plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    text = node.text.strip()
    return float(text) if _NUMBER.fullmatch(text) else node.text


def _first(root: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((root[name] for name in names if name in root), None)


def _numbers(root: dict[str, Any], names: tuple[str, ...], file: str) -> list[float]:
    """The numbers of a matrix: {rows, cols, data}, or nested lists."""
    found = _first(root, names)
    if found is None:
        raise UsageError(f"{file} has no {names[0]}", _REMEDY)
    if isinstance(found, dict):
        found = found.get("data")
    flat: list[Any] = []
    waiting = [found]
    while waiting:
        item = waiting.pop(0)
        if isinstance(item, list) and len(flat) + len(item) <= 64:
            waiting = item + waiting
        else:
            flat.append(item)
    if not all(_is_number(item) for item in flat):
        raise UsageError(f"{file}: {names[0]} is not a matrix of numbers", _REMEDY)
    return [float(item) for item in flat]


def _is_number(item: Any) -> bool:
    return isinstance(item, (int, float)) and not isinstance(item, bool) and isfinite(item)


def _size(root: dict[str, Any], file: str) -> tuple[int, int]:
    found = _first(root, _SIZE)
    if isinstance(found, dict):
        found = found.get("data", [found.get("width"), found.get("height")])
    pair = found if isinstance(found, list) else [_first(root, _WIDTH), _first(root, _HEIGHT)]
    if len(pair) != 2 or not all(_is_number(n) and 1 <= n <= 100_000 for n in pair):
        raise UsageError(f"{file} does not say how large its pictures are",
                         "add --size 1920x1080")  # fmt: skip
    return int(pair[0]), int(pair[1])
