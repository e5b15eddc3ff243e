"""`stage check STAGE --move FILE --json`, its charts and its page."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from xrdrama import content
from xrdrama.adapters.charts.chart import shade, ticks
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.stage.choosing import led_by
from xrdrama.tools.stages.checking import checked_stage
from xrdrama.tools.stages.moves import moves_of
from xrdrama.tools.takes.film_camera import FilmCamera
from xrdrama.tools.takes.replaying import open_take

STAGES = Path(__file__).resolve().parents[3] / "examples" / "stages"
CHARTS = {"coverage.png", "overscan.png", "plan.png", "moire_lens.png", "moire_focus.png"}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first part of the example that leaves the wall, shortened."""
    path = tmp_path_factory.mktemp("moves") / "leaves.move.yaml"
    path.write_text(
        "keys:\n"
        "  - {at: 0s, position: [0.4, -1.2, 1.5], pan: 30, tilt: 1}\n"
        "  - {at: 1500ms, position: [0.2, -0.9, 1.5], pan: 74, tilt: 2}\n",
        "utf-8",
    )
    return path


def test_the_machine_form_has_the_keys_that_are_fixed(
    short: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stage", "check", "arc_volume", "--move", str(short), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) >= {"problems", "coverage", "overscan_advice", "moire", "budget"}
    first, last = found["coverage"][0], found["coverage"][-1]
    assert len(found["coverage"]) == 37 and first["move"] == "leaves"
    assert first["off"] < 0.001 < last["off"] and last["edge"] == "left"
    assert 0 < first["seconds_to_off"] < 1.5 and last["seconds_to_off"] == 0
    assert 0 < first["grazing_deg"]["worst"] <= first["grazing_deg"]["mean"] <= 90
    assert found["departures"]["leaves"][0]["side"] == "left"
    advice = found["overscan_advice"]
    assert advice["latency_frames"] == pytest.approx(3.548, abs=0.001) and advice["declared"]
    assert advice["unpredicted"]["needed_95"] <= advice["unpredicted"]["needed_99"]
    assert set(advice["by_frames"]) == {"1", "3", "6", "11"}
    assert found["moire"]["lenses"]["risk"] and found["budget"]["needed"][0] > 100


def test_charts_and_a_page_are_written(short: Path, tmp_path: Path) -> None:
    found = checked_stage("arc_volume", (str(short),), "24", tmp_path)
    assert {path.name for path in found.files} == {*CHARTS, "stage.html"}
    page = (tmp_path / "stage.html").read_text("utf-8")
    for name in CHARTS:
        data = (tmp_path / name).read_bytes()
        assert len(data) < 100_000
        assert len(Image.open(io.BytesIO(data)).convert("RGB").getcolors(99999) or []) > 8
    assert page.count("data:image/png;base64,") == len(CHARTS)
    assert not re.search(r'(src|href)="(?!data:)', page)  # it needs no other file
    assert "first at the left edge" in page and "Nothing here was measured on a stage" in page


def test_texts_of_a_stage_are_escaped(tmp_path: Path, short: Path) -> None:
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    stage = tmp_path / "flat_wall.stage.yaml"
    stage.write_text(text.replace("title: One flat wall", 'title: "<script>alert(1)</script>"'))
    checked_stage(str(stage), (str(short),), "24", tmp_path / "out")
    assert "<script>" not in (tmp_path / "out" / "stage.html").read_text("utf-8")


def test_two_moves_have_their_own_charts(tmp_path: Path, short: Path) -> None:
    other = tmp_path / "other.move.yaml"
    other.write_text(short.read_text("utf-8").replace("1500ms", "1s"), "utf-8")
    found = checked_stage("flat_wall", (str(short), str(other)), "24", tmp_path)
    assert {"coverage_1.png", "coverage_2.png"} <= {path.name for path in found.files}
    assert {row["move"] for row in found.machine_form()["coverage"]} == {"leaves", "other"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("flat_wall", ("no_such",)), "no move 'no_such'"),
        (("flat_wall", ("demo",), "0"), "--fps"),
        (("no_such",), "no stage"),
    ],
)
def test_bad_requests_are_one_line(arguments: tuple[object, ...], says: str) -> None:
    with pytest.raises(UsageError, match=re.escape(says)):
        checked_stage(*arguments)  # type: ignore[arg-type]


def test_ticks_are_round_and_inside() -> None:
    assert ticks(0, 1) == [0, 0.2, 0.4, 0.6, 0.8, 1.0]
    assert ticks(-4.4, 6.1) == [-4, -2, 0, 2, 4, 6]
    assert shade(0.0) != shade(0.5) != shade(1.0)


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [("--method", "guess", "--method 'guess'"), ("--wall", "1,2", "--wall '1,2' is not a place"),
     ("--reference", "0.5,0.5,0.6,0.1", "--reference"), ("--fps", "none", "--fps"),
     ("--wall", "0.05,0.1,0.4,0.8", "--wall 0.05,0.1,0.4,0.8 overlap"),
     ("--wall", "0.4,0.1,0.4,0.8", "overlap: both would show the same")],
)  # fmt: skip
def test_bad_options_of_stage_latency_are_one_line(
    option: str, value: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stage", "latency", "no_such.mp4", option, value]) == 2
    assert says in capsys.readouterr().err


def test_advice_names_its_camera_and_the_others() -> None:
    first, second = (checked_stage("two_cameras", camera=name) for name in ("", "tele"))
    assert first.lines()[0] == "this advice is for the camera wide; for tele add --camera"
    assert (second.camera, second.machine_form()["other_cameras"]) == ("tele", ("wide",))
    assert first.machine_form()["budget"] != second.machine_form()["budget"]
    with pytest.raises(UsageError, match="no camera 'tel'") as refused:
        checked_stage("two_cameras", camera="tel")
    assert refused.value.remedy == "did you mean 'tele'?"
    assert "for tele add" not in "".join(checked_stage("flat_wall").lines())


def test_residuals_of_a_survey_are_shown_for_each_point(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["stage", "check", "surveyed_arc", "--json"]) == 0
    survey = json.loads(capsys.readouterr().out)["surveys"]["arc"]
    assert survey["points"] == len(survey["residuals"]) == 15 and not survey["left_out"]
    assert 0.5 < survey["median_mm"] < survey["max_mm"] < 3
    assert survey["max_mm"] == max(each["mm"] for each in survey["residuals"])
    assert run(["stage", "check", "surveyed_arc"]) == 0
    printed = capsys.readouterr().out
    assert f"15 points, residual median {survey['median_mm']:.1f} mm" in " ".join(printed.split())
    assert all(f"column {n}, row 3: " in printed for n in (0, 3, 6, 9, 12))


def test_canvases_are_named_with_their_walls(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["stage", "check", "two_canvases", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["canvases"]
    assert found["top"] == {
        "size": [480, 320], "at": [0, 360], "display": "DP-3", "walls": ["ceiling", "floor"]
    }  # fmt: skip
    assert run(["stage", "check", "two_canvases"]) == 0
    assert "canvas walls: 960 x 360 pixels, walls arc, display DP-2" in capsys.readouterr().out
    every, top = tmp_path / "all.png", tmp_path / "top.png"
    assert run(["stage", "pattern", "two_canvases", "grid", "--out", str(every)]) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "walls (960 x 360 at 0,0), top (480 x 320 at 0,360); --canvas draws one" in printed
    command = ["stage", "pattern", "two_canvases", "grid", "--out", str(top)]
    assert run([*command, "--canvas", "top"]) == 0
    whole, part = Image.open(every), Image.open(top)
    assert whole.size == (960, 680) and part.size == (480, 320)
    assert whole.crop((0, 360, 480, 680)).tobytes() == part.tobytes()
    assert whole.crop((1, 360, 481, 680)).tobytes() != part.tobytes(), "the control"
    capsys.readouterr()
    assert run([*command, "--canvas", "tpo"]) == 2
    assert "no canvas 'tpo': did you mean 'top'?" in capsys.readouterr().err


def test_a_take_moves_the_camera_that_is_checked(take: Path, tmp_path: Path) -> None:
    recorded, _, production = open_take(take, embedded=True)
    stage = content.load_stage_file(content.find("stage", "two_cameras"))
    for camera in stage.cameras:
        (move,) = moves_of(led_by(stage, camera.id), (str(take),))
        first = FilmCamera.of_take(recorded, production, camera.id).places(10_000)[0]
        assert (move.pose_at(0).position - first.position).length() < 1e-9, camera.id
    found = checked_stage("two_cameras", (str(take),), "24", tmp_path, "tele")
    assert "Computed for the camera tele from" in (tmp_path / "stage.html").read_text("utf-8")
    assert found.camera == "tele"


def test_a_take_without_tracking_of_the_camera_names_what_it_has(take: Path) -> None:
    with pytest.raises(UsageError, match="no tracking of the camera 'main'") as refused:
        checked_stage(str(_other_subject(take.parent)), (str(take),))
    assert refused.value.remedy.endswith("the take has subject 1 and 2")


def _other_subject(folder: Path) -> Path:
    text = (STAGES / "flat_wall.stage.yaml").read_text("utf-8")
    path = folder / "other.stage.yaml"
    path.write_text(text.replace('subject: "1"', 'subject: "9"'), "utf-8")
    return path


def test_moves_of_one_name_are_kept_apart(short: Path, tmp_path: Path) -> None:
    other = tmp_path / short.name
    other.write_text(short.read_text("utf-8").replace("1500ms", "1s"), "utf-8")
    found = checked_stage("flat_wall", (str(short), str(other)))
    assert found.advised is not None
    assert [len(of) for of in found.advised.moments.values()] == [37, 25]
