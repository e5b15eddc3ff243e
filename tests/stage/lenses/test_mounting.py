"""A camera of a stage that has a lens file: what it sees, and what is wrong between the two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from xrdrama.errors import Problem, UsageError
from xrdrama.stage import Stage, parse_stage
from xrdrama.stage.lenses.mounting import most_overscan

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"
STAGE = (STAGES / "zoom_volume.stage.yaml").read_text("utf-8")
ZOOM = (STAGES / "zoom_24_70.lens.yaml").read_bytes()


def files(content: bytes) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        if name != "zoom_24_70.lens.yaml":
            raise UsageError(f"there is no file {name!r}", "check the name")
        return content

    return read


def parsed(text: str, lens: bytes = ZOOM) -> tuple[Stage | None, list[Problem]]:
    return parse_stage(text, "stages/zoom_volume.stage.yaml", files(lens))


def test_camera_has_the_lens_of_its_file() -> None:
    stage, problems = parsed(STAGE)
    assert stage is not None and problems == []
    camera = stage.camera
    assert camera.lens_file is not None and camera.sensor_mm == (36.0, 20.25)
    # Until encoders are read: the widest zoom, at infinity.
    assert (camera.lens.focal, camera.entrance_pupil) == (0.0242, 0.092)
    long = camera.with_optics(camera.lens_file.points[-2].optics)
    assert long.lens.focal == pytest.approx(0.0711) and long.lens_file is camera.lens_file


@pytest.mark.parametrize(("old", "new", "code", "line", "words"), [
    ("  lens: zoom_24_70.lens.yaml\n", "", "F015", 15, "focal_mm: for a prime, or lens:"),
    ("  sensor_mm: [36, 20.25]", "  sensor_mm: [36, 20.25]\n  focal_mm: 35", "W041", 17,
     "remove focal_mm"),
    ("  sensor_mm: [36, 20.25]", "  sensor_mm: [36, 20.25]\n  entrance_pupil_mm: 60", "W041", 17,
     "remove entrance_pupil_mm"),
    ("zoom_24_70.lens", "zoom_24_71.lens", "W043", 15, "check the name"),
    ("zoom_24_70.lens.yaml", "/etc/passwd", "F003", 15, "relative path"),
    ("overscan: 1.15", "overscan: 1.08", "W045", 24, "write overscan: 1.1 or more"),
    ("sensor_mm: [36, 20.25]", "sensor_mm: [54, 30.375]", "W044", 16, "calibrate the lens"),
])  # fmt: skip
def test_problems_have_their_place(old: str, new: str, code: str, line: int, words: str) -> None:
    assert old in STAGE
    stage, problems = parsed(STAGE.replace(old, new))
    found = next(problem for problem in problems if problem.code == code)
    assert found.line == line and words in found.hint, found
    assert (stage is None) is (found.severity == "error")


def test_problems_of_the_lens_file_are_reported_in_that_file() -> None:
    stage, problems = parsed(STAGE, ZOOM.replace(b"mm: 50}", b"mm: 30}"))
    assert stage is None
    assert (problems[0].file, problems[0].code) == ("stages/zoom_24_70.lens.yaml", "K005")


def test_lens_that_is_not_text_is_refused() -> None:
    stage, problems = parsed(STAGE, b"\xff\xfe\x00\x01")
    assert stage is None and problems[0].code == "W043"


def test_lens_that_folds_on_a_larger_sensor_is_refused() -> None:
    # Monotonic on its own sensor (the corner is at 20.65 mm), but not on one half as large again.
    folding = ZOOM.replace(b"[-1.2e-5, 0, 2.0e-9, 0, 0, 0]}", b"[-6.0e-4, 0, 0, 0, 0, 0]}", 1)
    assert parsed(STAGE, folding)[0] is not None
    stage, problems = parsed(STAGE.replace("[36, 20.25]", "[54, 30.375]"), folding)
    assert stage is None
    found = next(problem for problem in problems if problem.code == "W044")
    assert found.severity == "error" and "at a radius of 23.57 mm" in found.message


def test_most_overscan_is_that_of_the_strongest_barrel() -> None:
    stage, _ = parsed(STAGE)
    assert stage is not None and stage.camera.lens_file is not None
    overscan, setting = most_overscan(stage.camera.lens_file, (36.0, 20.25))
    assert setting.zoom == 24.0 and 1.04 < overscan < 1.06
