"""`xrdrama lens`: import, export, check; ST maps through real EXR files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from xrdrama.adapters.stmaps.exr import read_exr, write_exr
from xrdrama.adapters.stmaps.mapping import st_map
from xrdrama.cli import run
from xrdrama.content import find
from xrdrama.stage.lenses import Distortion, LensFile, Optics, load_lens
from xrdrama.stage.lenses.arrays import distorted

SENSOR = (36.0, 20.25)
SIZE = (320, 180)
BARREL = Optics(
    24.0, projection_offset=(0.3, -0.2),
    distortion=Distortion("D-U", (9e-5, 0.0, 3e-8, 0.0, 1e-11, 0.0), (2e-5, -1e-5)),
)  # fmt: skip
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def called(*words: object) -> tuple[int, str, str]:
        status = run([str(word) for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return called


def lens_in(path: Path) -> LensFile:
    return load_lens(path.read_text("utf-8"), str(path))


def test_opencv_calibration_is_imported(tmp_path: Path, call: Call) -> None:
    calibration = tmp_path / "calibration.yaml"
    storage = cv2.FileStorage(str(calibration), cv2.FILE_STORAGE_WRITE)
    storage.write("image_width", 1920)
    storage.write("image_height", 1080)
    storage.write("camera_matrix", np.array([[1900.0, 0, 960], [0, 1900.0, 540], [0, 0, 1]]))
    storage.write("distortion_coefficients", np.array([[-0.11, 0.08, 0.0007, -0.001, -0.02]]))
    storage.release()
    out = tmp_path / "taken.lens.yaml"
    status, said, _ = call(
        "lens", "import", calibration, "-o", out, "--sensor", "36x20.25", "--json"
    )
    assert status == 0 and json.loads(said)["settings"] == 1
    assert lens_in(out).model == "U-D"
    assert lens_in(out).points[0].optics.focal_mm == pytest.approx(36 * 1900 / 1920)
    assert call("check", out)[0] == 0 and call("fmt", "--check", out)[0] == 0
    # It is not written over, and without the sensor nothing is guessed.
    assert call("lens", "import", calibration, "-o", out, "--sensor", "36x20.25")[0] == 2
    status, _, error = call("lens", "import", calibration, "-o", tmp_path / "b.lens.yaml")
    assert status == 2 and "--sensor 36x20.25" in error and error.count("\n") == 1


def test_lens_is_exported_to_opentrackio_and_imported_again(tmp_path: Path, call: Call) -> None:
    words = ("lens", "export", "zoom_24_70", "--to", "opentrackio", "--zoom", 35, "--focus", 2)
    status, said, noted = call(*words)
    assert "--flange" in noted and noted.count("\n") == 1
    assert call(*words, "--flange", 52)[2] == ""  # the control
    sample = json.loads(said)
    assert status == 0 and sample["lens"]["pinholeFocalLength"] == 35.6
    (tmp_path / "sample.json").write_text(said, "utf-8")
    out = tmp_path / "back.lens.yaml"
    assert call("lens", "import", tmp_path / "sample.json", "-o", out, "--flange", 0)[0] == 0
    assert lens_in(out).points[0].optics.distortion.radial == (1.3e-5, 0.0, 4e-9, 0.0, 0.0, 0.0)
    status, _, error = call(*words[:-3], 90)
    assert status == 2 and "--zoom 24 to 70" in error


@pytest.mark.parametrize("way", ["redistort", "undistort"])
def test_map_that_is_exported_and_imported_is_the_same_lens(
    way: str, tmp_path: Path, call: Call
) -> None:
    exr, out = tmp_path / "map.exr", tmp_path / "fitted.lens.yaml"
    status, said, _ = call("lens", "export", "zoom_24_70", "--to", "stmap", "--map", way,
                           "--size", "320x180", "-o", exr, "--json")  # fmt: skip
    made = json.loads(said)
    assert status == 0 and made["outside"] == 0
    assert made["overscan"][0] == pytest.approx(1.05, abs=0.01)
    assert made["size"] == ([320, 180] if way == "redistort" else [336, 190])
    status, said, _ = call("lens", "import", exr, "-o", out, "--json")
    assert status == 0 and "differs from this lens by 0.0" in json.loads(said)["notes"][0]
    # What counts is where pixels are seen, through both lenses.
    ours = lens_in(find("lens", "zoom_24_70"))
    one, other = ours.optics(ours.home), lens_in(out).points[0].optics
    assert lens_in(out).model == ("D-U" if way == "redistort" else "U-D")
    for x, y in ((17.9, 10.0), (-9.0, 4.0), (0.5, -10.1)):
        wanted, got = one.sensor_to_tangent(x, y), other.sensor_to_tangent(x, y)
        px = [abs(a - b) * 24.2 / 36 * 1920 for a, b in zip(wanted, got, strict=True)]
        assert max(px) < 0.05


def test_map_for_another_sensor_is_named(tmp_path: Path, call: Call) -> None:
    exr = tmp_path / "map.exr"
    call("lens", "export", "zoom_24_70", "--to", "stmap", "--size", "320x180", "-o", exr)

    def notes(name: str, sensor: str) -> str:
        out = tmp_path / f"{name}.lens.yaml"
        status, said, _ = call("lens", "import", exr, "-o", out, "--sensor", sensor, "--json")
        assert status == 0
        return " ".join(json.loads(said)["notes"])

    said = notes("other", "32x18")
    assert "map.exr says that it is for a sensor of 36 x 20.25 mm" in said
    assert "--sensor 32x18 is used instead" in said
    assert "says that it is for" not in notes("same", "36x20.25")  # the control


def test_map_follows_the_convention() -> None:
    """x from the left, y from the bottom, at the middles of pixels; against single points."""
    overscan = (332 / 320, 188 / 180)
    redistort = st_map(BARREL, SENSOR, SIZE, 1.037, "redistort")
    assert redistort.shape == (180, 320, 2)
    for column, row in ((0, 0), (319, 179), (40, 120)):
        x = ((column + 0.5) / 320 - 0.5) * 36.0
        y = ((row + 0.5) / 180 - 0.5) * 20.25
        u, v = BARREL.undistorted(x, y)
        wanted = (u / (36.0 * overscan[0]) + 0.5, 0.5 - v / (20.25 * overscan[1]))
        assert redistort[row, column] == pytest.approx(wanted, abs=2e-7)
    assert redistort[0, 160, 1] > 0.9  # the top row samples the top: green is near 1


def sampled(values: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Values between the middles of pixels, bilinear."""
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    a, b = (x - column)[..., None], (y - row)[..., None]
    upper = values[row, column] * (1 - a) + values[row, column + 1] * a
    lower = values[row + 1, column] * (1 - a) + values[row + 1, column + 1] * a
    return upper * (1 - b) + lower * b


def test_maps_of_both_ways_undo_each_other() -> None:
    """A picture that is distorted by one and undistorted by the other is the first one."""
    redistort = st_map(BARREL, SENSOR, SIZE, 1.1, "redistort").astype(np.float64)
    undistort = st_map(BARREL, SENSOR, SIZE, 1.1, "undistort")
    height, width = undistort.shape[:2]
    x = redistort[..., 0] * width - 0.5
    y = (1.0 - redistort[..., 1]) * height - 0.5
    back = sampled(undistort, x, y)
    column, row = np.meshgrid(np.arange(320) + 0.5, np.arange(180) + 0.5)
    off = np.hypot(back[..., 0] * 320 - column, (1.0 - back[..., 1]) * 180 - row)
    assert off.max() < 0.01
    # The control: without the distortion of one of them.
    plain = st_map(Optics(24.0), SENSOR, SIZE, 1.1, "undistort")
    bent = sampled(plain, x, y)
    assert np.hypot(bent[..., 0] * 320 - column, (1 - bent[..., 1]) * 180 - row).max() > 5.0


def test_pixels_outside_the_domain_are_marked(tmp_path: Path) -> None:
    folding = Optics(24.0, distortion=Distortion("U-D", (-6e-4, 0.0, 0.0, 0.0, 0.0, 0.0)))
    values = st_map(folding, SENSOR, SIZE, 1.3, "undistort")
    outside = (values == -1.0).all(-1)
    assert outside[0, 0] and not outside[90, 160] and 0 < outside.sum() < outside.size // 4
    assert np.isnan(distorted(folding.distortion, np.array([[23.4, 13.2]]))).all()


@pytest.mark.parametrize(("make", "message"), [
    (lambda path: path.write_bytes(b"not an exr"), "is not an EXR file"),
    (lambda path: path.write_bytes(b"\x76\x2f\x31\x01" + bytes(200)), "cannot be read"),
    (lambda path: write_exr(path, np.full((8, 8, 2), -1.0, np.float32), {}), "which way"),
    (lambda path: write_exr(path, np.full((8, 8, 2), np.nan, np.float32), {"map": "undistort"}),
     "which sensor"),
    (lambda path: write_exr(path, np.random.default_rng(1).random((40, 40, 2), np.float32),
                            {"map": "redistort", "sensor_width": 36.0, "sensor_height": 20.25,
                             "focal_mm": 24.0}), "every Brown-Conrady lens"),
])  # fmt: skip
def test_broken_maps_are_one_line(make: Any, message: str, tmp_path: Path, call: Call) -> None:
    make(tmp_path / "map.exr")
    status, _, error = call("lens", "import", tmp_path / "map.exr", "-o", tmp_path / "a.lens.yaml")
    assert status == 2 and message in error and error.count("\n") == 1
    assert not (tmp_path / "a.lens.yaml").exists()


def test_header_of_a_map_survives(tmp_path: Path) -> None:
    values = st_map(BARREL, SENSOR, SIZE, 1.05, "redistort")
    write_exr(tmp_path / "a.exr", values, {"map": "redistort", "focal_mm": 24.0})
    again, notes = read_exr(tmp_path / "a.exr")
    assert np.array_equal(again, values) and notes == {"map": "redistort", "focal_mm": 24.0}


def test_check_lists_settings_and_the_needed_overscan(tmp_path: Path, call: Call) -> None:
    status, said, _ = call("lens", "check", "zoom_24_70", "--json")
    found = json.loads(said)
    assert status == 0 and found["problems"] == [] and len(found["settings"]) == 12
    assert found["overscan"] == {"needed": pytest.approx(1.0497, abs=1e-3), "zoom_mm": 24.0}
    assert "no problems found" in call("lens", "check", "zoom_24_70")[1]
    text = find("lens", "zoom_24_70").read_text("utf-8")
    bad = tmp_path / "bad.lens.yaml"
    bad.write_text(text.replace("id: zoom_24_70", "id: bad").replace("1.02e-4", "-2.0e-3"), "utf-8")
    status, said, _ = call("lens", "check", bad, "--json")
    assert status == 1 and json.loads(said)["problems"][0]["code"] == "K009"


def test_fold_in_the_overscan_is_a_warning(tmp_path: Path, call: Call) -> None:
    lens = tmp_path / "a.lens.yaml"
    lens.write_text(
        "xrdrama: 1\nid: a\nsensor_mm: [36, 20.25]\ncalibration:\n"
        "  - {focal_mm: 24, radial: [-6.0e-4, 0, 0, 0, 0, 0]}\n", "utf-8",
    )  # fmt: skip
    status, said, _ = call("lens", "check", lens, "--json")
    (problem,) = json.loads(said)["problems"]
    assert status == 0 and (problem["code"], problem["severity"]) == ("K010", "warning")
    assert "23.57 mm" in problem["message"] and json.loads(said)["settings"][0]["domain_mm"] > 23
    assert (
        json.loads(call("lens", "check", lens, "--json", "--overscan", "1.1")[1])["problems"] == []
    )


@pytest.mark.parametrize(("words", "message"), [
    (("import", "nowhere.yaml", "-o", "a.lens.yaml"), "there is no file"),
    (("import", "nowhere.yaml", "-o", "a.yaml"), "not the name of a lens file"),
    (("export", "zoom_24_70", "--to", "stmap"), "add --out NAME.exr"),
    (("export", "zoom_24_70", "--to", "stmap", "-o", "a.exr", "--size", "12"), "write 1920x1080"),
    (("export", "zoom_24_70", "--to", "stmap", "-o", "a.exr", "--map", "x"), "redistort or"),
    (("export", "zoom_24_70", "--to", "word"), "opentrackio or stmap"),
    (("export", "zoom_24_71", "--to", "opentrackio"), "zoom_24_70"),
])  # fmt: skip
def test_wrong_usage_is_one_line(
    words: tuple[str, ...], message: str, tmp_path: Path, call: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    status, out, error = call("lens", *words)
    assert (status, out) == (2, "") and message in error and error.count("\n") == 1
