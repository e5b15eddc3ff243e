"""Lens files: what is read, interpolation, encoder maps, and every mistake at its place."""

from __future__ import annotations

from math import inf
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from xrdrama.errors import AuthoringError
from xrdrama.stage.lenses import LensFile, Setting, load_lens, parse_lens
from xrdrama.stage.lenses.form import lens_schema

REPOSITORY = Path(__file__).resolve().parents[3]
ZOOM = (REPOSITORY / "examples" / "stages" / "zoom_24_70.lens.yaml").read_text("utf-8")
PRIME = """\
xrdrama: 1
id: prime
sensor_mm: [36, 20.25]
calibration:
  - {focal_mm: 35.2, radial: [1e-5, 0, 0, 0, 0, 0]}
"""
law = settings(deadline=None, max_examples=200)


@pytest.fixture(scope="module")
def zoom() -> LensFile:
    return load_lens(ZOOM, "zoom_24_70.lens.yaml")


def test_a_whole_file_is_read(zoom: LensFile) -> None:
    assert parse_lens(ZOOM)[1] == []
    assert (zoom.id, zoom.sensor_mm, zoom.zooms) == ("zoom_24_70", (36.0, 20.25), (24, 35, 50, 70))
    assert zoom.home == Setting(24.0, 0.0)
    first = zoom.points[0].optics
    assert (first.focal_mm, first.focus_m, first.entrance_pupil) == (24.2, inf, 0.092)
    assert first.distortion.radial == (1.02e-4, 0.0, 3.1e-8, 0.0, 0.0, 0.0)
    assert load_lens(PRIME).optics(load_lens(PRIME).home).focal_mm == 35.2


def test_calibrated_settings_are_exact_and_those_between_are_linear(zoom: LensFile) -> None:
    assert zoom.optics(Setting(50.0, 0.5)).focal_mm == 50.8
    assert zoom.optics(Setting(50.0, 0.25)).focal_mm == pytest.approx(50.4)  # half way in 1/m
    assert zoom.optics(Setting(60.0, 0.5)).focal_mm == pytest.approx((50.8 + 71.1) / 2)
    assert zoom.optics(Setting(60.0, 0.5)).distortion.radial[0] == pytest.approx(-9e-6)
    assert zoom.optics(Setting(60.0, 0.5)).entrance_pupil == pytest.approx((0.113 + 0.128) / 2)


def test_breathing_changes_the_focal_length_with_focus_alone(zoom: LensFile) -> None:
    focal = [zoom.optics(Setting(24.0, diopter)).focal_mm for diopter in (0.0, 0.5, 1.0, 2.0)]
    assert focal == sorted(focal) and focal[-1] - focal[0] == pytest.approx(0.9)


@law
@given(st.floats(1, 500), st.floats(0, 50))
def test_settings_outside_are_clamped(zoom_mm: float, diopter: float) -> None:
    lens = load_lens(ZOOM)
    inside = Setting(min(max(zoom_mm, 24.0), 70.0), min(diopter, 2.0))
    got, wanted = lens.optics(Setting(zoom_mm, diopter)), lens.optics(inside)
    assert got.focal_mm == wanted.focal_mm and got.distortion == wanted.distortion
    assert lens.calibrated(Setting(zoom_mm, diopter)) == (inside == Setting(zoom_mm, diopter))
    assert 24.2 <= got.focal_mm <= 74.6


@law
@given(st.floats(24, 69.9), st.floats(0.001, 0.1))
def test_optics_are_continuous(zoom_mm: float, step: float) -> None:
    lens = load_lens(ZOOM)
    one, other = (lens.optics(Setting(z, 0.3)).focal_mm for z in (zoom_mm, zoom_mm + step))
    assert 0 < other - one < 1.1 * step


def test_encoder_counts_have_a_meaning(zoom: LensFile) -> None:
    assert zoom.zoom is not None and zoom.focus is not None
    assert zoom.zoom.meaning(2048) == (24.0, True)
    assert zoom.zoom.meaning((21400 + 40700) / 2) == (42.5, True)
    assert zoom.zoom.meaning(61440) == (70.0, True)
    assert zoom.zoom.meaning(0) == (24.0, False)
    assert zoom.zoom.meaning(1e9) == (70.0, False)
    assert zoom.focus.meaning(33800) == (0.5, True)  # 2 m
    assert zoom.focus.meaning(64512) == (0.0, True)


@law
@given(st.floats(2048, 61000), st.floats(1, 400))
def test_encoder_map_is_monotonic(at: float, step: float) -> None:
    lens = load_lens(ZOOM)
    assert lens.zoom is not None and lens.focus is not None
    assert lens.zoom.meaning(at)[0] < lens.zoom.meaning(at + step)[0]
    assert lens.focus.meaning(at)[0] > lens.focus.meaning(at + step)[0]


def test_a_map_may_decrease() -> None:
    text = ZOOM.replace("at: 2048, mm: 24", "at: 0, mm: 70").replace("at: 61440, mm: 70",
                        "at: 61440, mm: 24")  # fmt: skip
    text = text.replace("mm: 35}", "mm: 5x}").replace("mm: 50}", "mm: 35}").replace("5x", "50")
    lens = load_lens(text)
    assert lens.zoom is not None and lens.zoom.meaning(0) == (70.0, True)


MISTAKES = [
    ("at: 40700, mm: 50", "at: 2047, mm: 50", "K004", 13, "sort the points"),
    ("at: 40700, mm: 50", "at: 40700, mm: 30", "K005", 13, "correct this point"),
    ("at: 40700, mm: 50", "at: 40700, mm: 35", "K005", 13, "correct this point"),
    ("at: 33800, m: 2", "at: 33800, m: 0.7", "K005", 19, "correct this point"),
    ("  zoom:\n", "  zoom:\n    unit: normalised\n", "K003", 12, "unit: raw"),
    ("zoom: 24, focus: 2,", "zoom: 24, focus: 0.5,", "K006", 24, "remove one"),
    ("radial: [1.02e-4", "radial: [1.02", "", 0, ""),
    ("radial: [1.02e-4, 0,", "radial: [1.02e-4, -1e-2,", "K009", 25, "k2, k4, k6 below"),
    ("radial: [1.02e-4,", "radial: [-2e-3,", "K009", 25, "1/mm^2"),
    ("focus: 2, focal_mm: 24.5", "focus: infinite, focal_mm: 24.5", "F004", 24, ""),
    ("focal_mm: 24.5", "focal_m: 24.5", "F014", 24, "focal_mm"),
    ("model: D-U", "model: DU", "F008", 7, "D-U"),
    ("mm: 24}", "mm: nan}", "F004", 11, ""),
    ("radial: [1.02e-4, 0, 3.1e-8, 0, 0, 0]", "radial: [1.02e-4, 0]", "F009", 25, ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code", "line", "hint"), MISTAKES)
def test_mistakes_are_reported_at_their_place(
    old: str, new: str, code: str, line: int, hint: str
) -> None:
    assert old in ZOOM
    lens, problems = parse_lens(ZOOM.replace(old, new, 1), "a.lens.yaml")
    if not code:  # a strong lens, but one that does not fold
        assert lens is not None
        return
    assert lens is None
    assert (problems[0].code, problems[0].line) == (code, line), problems
    assert hint in problems[0].hint


def test_fold_names_the_radius() -> None:
    _, problems = parse_lens(ZOOM.replace("radial: [1.02e-4,", "radial: [-2e-3,"), "a.lens.yaml")
    assert "the model folds at a radius of 12.94 mm, inside the frame" in problems[0].message
    assert "20.65 mm" in problems[0].message


def test_fold_between_two_calibrated_zooms_is_found() -> None:
    # Each of the two is monotonic in the frame; half way between them the model folds.
    wide = "[7.6e-4, -9.2e-4, -2.4e-6, -7.7e-7, 0, 0]"
    long = "[7.0e-4, 4.07e-3, 3.64e-6, 1.05e-5, 0, 0]"
    head = PRIME[: PRIME.index("  - {")]
    both = f"  - {{focal_mm: 24, radial: {wide}}}\n  - {{focal_mm: 70, radial: {long}}}\n"
    text = f"{head}{both}encoders: {{zoom: {{points: [{{at: 0, mm: 24}}, {{at: 1, mm: 70}}]}}}}\n"
    lens, problems = parse_lens(text)
    assert lens is None and [problem.code for problem in problems] == ["K009"]
    assert "at a zoom of 35.5 mm between two calibrated ones" in problems[0].message
    for radial in (wide, long):  # the control
        assert parse_lens(f"{head}  - {{focal_mm: 24, radial: {radial}}}\n")[0] is not None


def test_lens_without_the_encoder_that_it_needs_is_refused() -> None:
    without = ZOOM[: ZOOM.index("encoders:")] + ZOOM[ZOOM.index("calibration:") :]
    lens, problems = parse_lens(without)
    assert lens is None
    assert [problem.code for problem in problems] == ["K007", "K007"]
    assert "zoom encoder" in problems[0].message and "focus encoder" in problems[1].message


def test_encoder_that_reaches_beyond_the_calibration_is_a_warning() -> None:
    lens, problems = parse_lens(ZOOM.replace("mm: 70}", "mm: 75}"))
    assert lens is not None and [p.code for p in problems] == ["K008"]


@pytest.mark.parametrize(("old", "new", "hint"), [
    ("focal_mm: 24.5", "focal_mm: 2450", "hundredths of a millimetre, write 24.5"),
    ("focus: 2, focal_mm: 24.5", "focus: 2000, focal_mm: 24.5", "millimetres, write 2"),
    ("entrance_pupil_mm: 91", "entrance_pupil_mm: 0.091", "metres, write 91"),
    ("sensor_mm: [36, 20.25]", "sensor_mm: [3.6, 2.025]", "centimetres, write 36"),
])  # fmt: skip
def test_a_likely_unit_is_named(old: str, new: str, hint: str) -> None:
    _, problems = parse_lens(ZOOM.replace(old, new))
    found = [problem for problem in problems if problem.code == "Q001"]
    assert found and hint in found[0].hint


def test_schema_accepts_the_example_and_refuses_a_misspelt_key() -> None:
    validator = jsonschema.Draft202012Validator(lens_schema())
    document = yaml.safe_load(ZOOM)
    assert not list(validator.iter_errors(document))
    document["calibrations"] = document.pop("calibration")
    assert list(validator.iter_errors(document))


def test_errors_are_raised_together() -> None:
    with pytest.raises(AuthoringError) as caught:
        load_lens(ZOOM.replace("mm: 24}", "mm: x}").replace("m: 2}", "m: y}"))
    assert len(caught.value.problems) == 2


damage = st.tuples(st.text(alphabet=st.sampled_from(ZOOM), max_size=60), st.integers(0, len(ZOOM)))


def check_damaged(text: str, at: int) -> None:
    damaged = ZOOM[:at] + text + ZOOM[at + len(text) :]
    lens, problems = parse_lens(damaged)
    assert lens is not None or any(problem.severity == "error" for problem in problems)
    assert all(problem.line >= 1 and problem.message for problem in problems)


@settings(deadline=None, max_examples=500)
@given(damage)
def test_damaged_text_is_a_list_of_problems(damaged: tuple[str, int]) -> None:
    check_damaged(*damaged)


@pytest.mark.soak
@settings(deadline=None, max_examples=100_000)
@given(damage)
def test_many_damaged_texts_are_lists_of_problems(damaged: tuple[str, int]) -> None:
    check_damaged(*damaged)
