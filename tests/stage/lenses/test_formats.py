"""Lenses from OpenCV and OpenTrackIO, and to OpenTrackIO: own files, OpenCV as an oracle."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path
from typing import Any

import cv2
import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import UsageError
from xrdrama.stage.lenses import LensFile, Optics, Setting, load_lens
from xrdrama.stage.lenses.arrays import distorted
from xrdrama.stage.lenses.formats.opencv import read_opencv
from xrdrama.stage.lenses.formats.opentrackio import opentrackio_sample, read_opentrackio
from xrdrama.stage.lenses.formats.writing import FoundLens, lens_text, number

REPOSITORY = Path(__file__).resolve().parents[3]
SCHEMA = REPOSITORY.parent / "shared" / "vectors" / "opentrackio" / "schema.json"
SENSOR = (36.0, 20.25)
# A chessboard calibration as one gets it: two focal lengths, a centre that is off.
MATRIX = [[1931.42, 0.0, 968.31], [0.0, 1933.07, 533.85], [0.0, 0.0, 1.0]]
COEFFICIENTS = [-0.1183, 0.0891, 0.00074, -0.00112, -0.0212]


def calibration(path: Path, k: list[float], **more: Any) -> str:
    """A calibration as cv2.FileStorage writes it."""
    storage = cv2.FileStorage(str(path), cv2.FILE_STORAGE_WRITE)
    for name, value in {"image_width": 1920, "image_height": 1080, **more}.items():
        storage.write(name, value)
    storage.write("camera_matrix", np.array(MATRIX))
    storage.write("dist_coeffs", np.array([k]))
    storage.release()
    return path.read_text("utf-8")


def lens_of(found: FoundLens) -> LensFile:
    return load_lens(lens_text("imported", found))


def pixels(optics: Optics, sensor: tuple[float, float], rays: np.ndarray) -> np.ndarray:
    """Where rays (tangents right, down) are seen, in pixels from the corner of the picture."""
    at = distorted(optics.distortion, rays * optics.focal_mm) + optics.projection_offset
    return (at / sensor + 0.5) * (1920, 1080)


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
@pytest.mark.parametrize("k", [
    COEFFICIENTS, COEFFICIENTS[:4],
    [0.412, 0.0521, -0.00031, 0.00092, 0.0031, 0.529, 0.091, 0.0074],
])  # fmt: skip
def test_imported_calibration_projects_as_opencv_does(
    k: list[float], suffix: str, tmp_path: Path
) -> None:
    text = calibration(tmp_path / f"calibration{suffix}", k)
    x, y = np.meshgrid(np.linspace(-0.45, 0.45, 21), np.linspace(-0.25, 0.25, 13))
    rays = np.stack((x, y), -1).reshape(-1, 2)
    points = np.hstack((rays, np.ones((len(rays), 1))))
    theirs, _ = cv2.projectPoints(points, np.zeros(3), np.zeros(3), np.array(MATRIX), np.array(k))
    for from_middle, half in ((False, 0.0), (True, 0.5)):
        found = read_opencv(text, "calibration", SENSOR, from_middle=from_middle)
        lens = lens_of(found)
        ours = pixels(lens.optics(lens.home), lens.sensor_mm, rays)
        assert np.abs(ours - theirs.reshape(-1, 2) - half).max() < 1e-4  # the gate is 0.01 px
    # The control: the published conversion divides p by F^2.
    point = found.points[0]
    f = point.focal_mm
    bent = [p / f for p in point.tangential]
    optics = lens.optics(lens.home)
    wrong = pixels(
        Optics(f, projection_offset=optics.projection_offset,
               distortion=type(optics.distortion)("U-D", point.radial, (bent[0], bent[1]))),
        lens.sensor_mm, rays,
    )  # fmt: skip
    assert np.abs(wrong - theirs.reshape(-1, 2) - 0.5).max() > 0.5


def test_principal_point_is_converted_as_published(tmp_path: Path) -> None:
    text = calibration(tmp_path / "a.yaml", COEFFICIENTS)
    found = read_opencv(text, "a.yaml", SENSOR)
    (point,) = found.points
    assert found.model == "U-D" and point.focal_mm == pytest.approx(36 / 1920 * 1931.42)
    assert point.projection_offset_mm[0] == pytest.approx(36 / 1920 * (968.31 - 960))
    assert any("--from-middle" in note for note in found.notes)
    assert any("height is written" in note for note in found.notes)


def test_lists_and_other_names_are_read() -> None:
    text = json.dumps(
        {"cameraMatrix": MATRIX, "distCoeffs": COEFFICIENTS, "imageSize": [1920, 1080]}
    )
    assert read_opencv(text, "a.json", SENSOR).points[0].tangential[0] > 0
    bare = json.dumps({"mtx": MATRIX, "dist": [COEFFICIENTS]})
    assert read_opencv(bare, "a.json", SENSOR, size=(1920, 1080)).points


@pytest.mark.parametrize(("change", "message", "remedy"), [
    ({"camera_matrix": None}, "no camera_matrix", "dist_coeffs"),
    ({"camera_matrix": [1, 2]}, "2 numbers; expected 9", ""),
    ({"camera_matrix": [[-5, 0, 1], [0, 5, 1], [0, 0, 1]]}, "must be positive", ""),
    ({"camera_matrix": [["a", 0, 1], [0, 5, 1], [0, 0, 1]]}, "not a matrix of numbers", ""),
    ({"dist_coeffs": [1, 2, 3]}, "3 distortion coefficients", "calibrateCamera"),
    ({"dist_coeffs": [0.0] * 8 + [1, 0, 0, 0]}, "thin prism", "THIN_PRISM"),
    ({"fisheye_model": 1}, "fisheye", "standard model"),
    ({"image_size": None}, "how large its pictures", "--size"),
    ({"image_size": [1920, 1440]}, "by the calibration the sensor is 36 x", "1920 x 1440 pixels"),
])  # fmt: skip
def test_calibrations_that_cannot_be_used_are_refused(
    change: dict[str, Any], message: str, remedy: str
) -> None:
    whole = {"camera_matrix": MATRIX, "dist_coeffs": COEFFICIENTS, "image_size": [1920, 1080]}
    document = {k: v for k, v in {**whole, **change}.items() if v is not None}
    with pytest.raises(UsageError) as caught:
        read_opencv(json.dumps(document), "a.json", SENSOR)
    assert message in str(caught.value) and remedy in caught.value.remedy


SAMPLE: dict[str, Any] = {
    "static": {
        "camera": {"activeSensorPhysicalDimensions": {"width": 36.0, "height": 20.25}},
        "lens": {"make": "Our", "model": "Zoom"},
    },
    "lens": {
        "pinholeFocalLength": 35.4,
        "focusDistance": 2.0,
        "entrancePupilOffset": 0.153,
        "projectionOffset": {"x": 0.1, "y": -0.2},
        "distortionOffset": {"x": 0.01, "y": 0.02},
        "distortion": [{"radial": [1e-5, 0.0, 3e-9], "tangential": [1e-6, 2e-6]}],
        "encoders": {"zoom": 0.3, "focus": 0.6},
    },
}


def test_lens_block_is_read() -> None:
    found = read_opentrackio(json.dumps(SAMPLE), "a.json", flange_mm=52.0)
    lens = lens_of(found)
    optics = lens.optics(lens.home)
    assert (lens.title, lens.model, lens.sensor_mm) == ("Our Zoom", "D-U", SENSOR)
    assert (optics.focal_mm, optics.focus_m) == (35.4, pytest.approx(2.0))
    assert optics.entrance_pupil == pytest.approx(0.101)  # from the mount
    assert optics.projection_offset == (0.1, -0.2)
    assert optics.distortion.centre == (0.01, 0.02)
    assert optics.distortion.radial == (1e-5, 0.0, 3e-9, 0.0, 0.0, 0.0)
    assert optics.distortion.tangential == (1e-6, 2e-6)
    assert found.notes == ()
    assert "--flange" in read_opentrackio(json.dumps(SAMPLE), "a.json").notes[0]


def sample(zoom: float, focus: float, focal: float, distance: float | None) -> dict[str, Any]:
    lens: dict[str, Any] = {"pinholeFocalLength": focal,
                            "rawEncoders": {"zoom": int(zoom), "focus": int(focus)}}  # fmt: skip
    if distance:
        lens["focusDistance"] = distance
    return {"static": SAMPLE["static"], "lens": lens}


def test_log_of_a_zoom_makes_maps_and_settings() -> None:
    log = [
        sample(0, 0, 24.2, None), sample(0, 500, 24.6, 1.0), sample(1000, 500, 72.0, 1.0),
        sample(1000, 0, 70.0, None), sample(1000, 0, 70.0, None),
    ]  # fmt: skip
    found = read_opentrackio("\n".join(json.dumps(one) for one in log), "log.jsonl")
    lens = lens_of(found)
    assert len(lens.points) == 4 and lens.zooms == (24.2, 70.0)
    assert lens.zoom is not None and lens.zoom.meaning(500) == (pytest.approx(47.1), True)
    assert lens.focus is not None and lens.focus.meaning(500) == (1.0, True)
    # Breathing is not read as zoom: the same zoom number has two focal lengths.
    assert lens.optics(Setting(70.0, 1.0)).focal_mm == 72.0


@pytest.fixture(scope="module")
def zoom() -> LensFile:
    path = REPOSITORY / "examples" / "stages" / "zoom_24_70.lens.yaml"
    return load_lens(path.read_text("utf-8"))


def test_export_and_import_are_inverse(zoom: LensFile) -> None:
    for point in zoom.points:
        setting = Setting(point.zoom, point.diopter)
        text = json.dumps(opentrackio_sample(zoom, setting, SENSOR, flange_mm=52.0))
        found = read_opentrackio(text, "a.json", flange_mm=52.0)
        back = lens_of(found)
        optics = back.optics(back.home)
        wanted = point.optics
        assert optics.distortion == wanted.distortion and optics.focal_mm == wanted.focal_mm
        assert optics.entrance_pupil == pytest.approx(wanted.entrance_pupil, abs=1e-12)
        assert optics.focus_m == pytest.approx(wanted.focus_m) or wanted.focus_m == inf
    assert json.loads(text)["lens"]["distortion"][0]["model"] == "Brown-Conrady D-U"


def test_export_names_the_model_and_the_overscan(zoom: LensFile) -> None:
    made = opentrackio_sample(zoom, zoom.home, SENSOR)
    assert made["lens"]["distortion"][0]["overscan"] == pytest.approx(1.0497, abs=1e-3)
    u_d = LensFile("a", "a", SENSOR, zoom.points[:1], model="U-D")
    assert u_d.model == "U-D"


def test_exported_blocks_validate_against_the_published_schema(zoom: LensFile) -> None:
    """An extra check, where the published schema is beside this repository."""
    if not SCHEMA.is_file():
        return
    schema = json.loads(SCHEMA.read_text("utf-8"))
    made = opentrackio_sample(zoom, zoom.home, SENSOR, flange_mm=52.0)
    static = schema["properties"]["static"]["properties"]
    jsonschema.validate(made["lens"], schema["properties"]["lens"])
    jsonschema.validate(made["static"]["camera"], static["camera"])
    jsonschema.validate(made["static"]["lens"], static["lens"])


@pytest.mark.parametrize(("change", "words"), [
    ({"lens": {}}, "pinholeFocalLength"),
    ({"lens": None}, "pinholeFocalLength"),
    ({"static": {}}, "--sensor"),
    ({"lens": {**SAMPLE["lens"], "distortion": [{"radial": [1, "x"]}]}}, "not a number"),
    ({"lens": {**SAMPLE["lens"], "distortion": [{"radial": [0.0] * 9}]}}, "k1 to k6"),
])  # fmt: skip
def test_blocks_that_cannot_be_used_are_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read_opentrackio(json.dumps({**SAMPLE, **change}), "a.json")


def test_what_is_not_carried_over_is_listed() -> None:
    lens = {**SAMPLE["lens"], "exposureFalloff": {"a1": 1e-4},
            "distortion": [{"model": "Other", "radial": [1.0]}]}  # fmt: skip
    found = read_opentrackio(json.dumps({**SAMPLE, "lens": lens}), "a.json", flange_mm=0.0)
    assert any("exposureFalloff" in note for note in found.notes)
    assert any("'Other'" in note for note in found.notes)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["lens", "static", "camera", "pinholeFocalLength", "distortion", "radial",
                         "model", "encoders", "rawEncoders", "zoom", "width", "height", "x",
                         "camera_matrix", "dist_coeffs", "image_size", "data",
                         "activeSensorPhysicalDimensions", "focusDistance"]),
        inner, max_size=6,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(json_values)
def test_any_json_is_a_lens_or_a_usage_error(value: Any) -> None:
    text = json.dumps(value, default=str).replace("NaN", "0").replace("Infinity", "1e99")
    for read in (read_opentrackio, read_opencv):
        try:
            read(text, "a.json", SENSOR)
        except UsageError as error:
            assert error.message


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=80), st.integers(0, 400))
def test_any_damaged_calibration_is_a_lens_or_a_usage_error(text: str, at: int) -> None:
    whole = (
        "%YAML:1.0\n---\nimage_width: 1920\nimage_height: 1080\n"
        "camera_matrix: !!opencv-matrix\n   rows: 3\n   cols: 3\n   dt: d\n"
        "   data: [ 1931., 0., 968., 0., 1933., 533., 0., 0., 1. ]\n"
        "dist_coeffs: !!opencv-matrix\n   rows: 1\n   cols: 5\n   dt: d\n"
        "   data: [ -1.1e-01, 8.9e-02, 7.4e-04, -1.1e-03, -2.1e-02 ]\n"
    )
    assert read_opencv(whole, "a.yaml", SENSOR).points
    try:
        read_opencv(whole[:at] + text + whole[at + len(text) :], "a.yaml", SENSOR)
    except UsageError as error:
        assert error.message


@given(st.floats(1e-12, 1e6))
def test_numbers_survive_the_text(value: float) -> None:
    assert float(number(value)) == pytest.approx(value, rel=1e-11)
    assert "." in number(value) or "e" not in number(value)
