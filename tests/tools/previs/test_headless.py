"""A previsualisation without a screen: pictures, numbers, layers, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PIL import Image

from xrdrama.adapters.audio.files import read_sound
from xrdrama.adapters.charts.board import places
from xrdrama.adapters.video.files import stills
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.tools.previs.drawing import Drawing
from xrdrama.tools.previs.headless import assumed_in, worst_of
from xrdrama.tools.previs.layers import LAYERS, parse_layers
from xrdrama.tools.previs.numbers import machine_form
from xrdrama.tools.previs.opening import Previs, Wanted, open_previs

SIZE = (480, 270)
SHOW, STILL = "lantern_two_cameras", 46
BOX = places(SIZE, 16 / 9, live=False)


PAN = """
keys:
  - {at: 0s, position: [0, -2.9, 1.35]}
  - {at: 1.6s, position: [0, -2.9, 1.35]}
  - {at: 2.2s, position: [0.3, -2.9, 1.35], pan: -24}
"""


@pytest.fixture(scope="module")
def previs(tmp_path_factory: pytest.TempPathFactory) -> Previs:
    """A fast pan during a caption: the edge of the inner frustum is in the picture."""
    move = tmp_path_factory.mktemp("move") / "pan.move.yaml"
    move.write_text(PAN, "utf-8")
    return open_previs(Wanted("lantern_demo", move=str(move), size=SIZE, seconds=3.0))


@pytest.fixture(scope="module")
def drawing(previs: Previs) -> Iterator[Drawing]:
    drawing = Drawing(previs, frozenset({"slip"}), draft=True)
    for _ in range(STILL):
        drawing.playback.step()
        drawing.prepare()
    drawing.playback.step()
    yield drawing
    drawing.close()


def drawn(drawing: Drawing, *layers: str) -> NDArray[np.int16]:
    drawing.layers = frozenset(layers)
    frame = drawing.playback.walls(late=False)
    return drawing.draw(frame)[0].astype(np.int16)


def part(picture: NDArray[np.int16], box: Any) -> NDArray[np.int16]:
    return picture[box.top : box.top + box.height, box.left : box.left + box.width]


def test_lens_view_plans_and_numbers_are_in_the_picture(drawing: Drawing) -> None:
    picture = drawn(drawing, "slip")
    assert picture.shape == (270, 480, 3)
    for box in (BOX.lens, BOX.top, BOX.side, BOX.numbers):
        assert part(picture, box).std() > 8.0
    amber = (np.abs(part(picture, BOX.top) - (255, 180, 107)).sum(-1) < 60).sum()
    assert amber > 10, "the footprint of the inner frustum is in the top view"


def test_each_layer_changes_the_lens_view(drawing: Drawing) -> None:
    """The same layers give an equal picture, so it is the layer that changes it."""
    plain, again, late = drawn(drawing), drawn(drawing), drawn(drawing, "slip")
    assert np.array_equal(part(plain, BOX.lens), part(again, BOX.lens))
    for layer in LAYERS:
        # Walls in time have the edge of the inner frustum outside of the picture.
        before, others = (late, ("slip",)) if layer == "overscan_edge" else (plain, ())
        difference = part(drawn(drawing, layer, *others) - before, BOX.lens)
        assert 0.0005 < (difference != 0).any(-1).mean() < 0.99, layer
    assert np.array_equal(part(drawn(drawing, "overscan_edge"), BOX.lens), part(plain, BOX.lens))


def test_numbers_are_those_of_late_walls_whatever_layers_are_drawn(drawing: Drawing) -> None:
    frame = drawing.playback.walls(late=False)
    found = []
    for layers in ({"slip"}, set(), set(LAYERS)):
        drawing.layers = frozenset(layers)
        found.append(machine_form(drawing.draw(frame)[1]))
    assert found[0] == found[1] == found[2] and found[0]["slip_px"] > 1.0


def test_the_tracking_of_the_numbers_is_that_of_the_chosen_camera(previs: Previs) -> None:
    chosen = open_previs(Wanted("lantern_two_cameras", camera="tele", size=SIZE, seconds=1.0))
    samples = tuple(one for one in chosen.samples if one.subject == "1")
    drawing = Drawing(replace(chosen, samples=samples), frozenset(), draft=True)
    try:
        for _ in range(12):
            frame = drawing.playback.step()
        assert frame.tracked is not None and frame.tracked.state == "live"
        numbers = drawing.draw(frame)[1]
        assert numbers.tracking == machine_form(numbers)["tracking"] != "live"
    finally:
        drawing.close()


def test_an_overscan_that_nothing_reaches_is_the_worst() -> None:
    shot = dict.fromkeys(("share_on_walls", "grazing_deg", "slip_px", "slip_wall_px"), 1.0)
    shot |= dict.fromkeys(("moire_wall", "moire_focus"), 0.5)
    shots = [{**shot, "frame": at, "overscan_needed": needs} for at, needs in ((0, 1.2), (1, None))]
    assert worst_of(shots)["overscan_needed"] == {"value": None, "frame": 1}
    assert worst_of(shots[:1])["overscan_needed"] == {"value": 1.2, "frame": 0}


def test_only_what_is_assumed_is_reported(drawing: Drawing) -> None:
    numbers = drawing.draw(drawing.playback.walls(late=False))[1]
    camera = replace(drawing.chosen, aperture=None, photosites=(4096, 2304))

    def assumed(**iris: object) -> tuple[str, ...]:
        return assumed_in([replace(numbers, iris=replace(numbers.iris, **iris))], camera)

    known: dict[str, object] = {"aperture_from": "tracker", "focus_from": "lens"}
    assert assumed(**known) == ()
    assert "f/2.8" in assumed(**{**known, "aperture_from": "assumed"})[0]
    assert "at 5 m" in assumed(**{**known, "focus_from": "assumed"})[0]


def test_layers_are_named_and_unknown_ones_get_a_suggestion() -> None:
    usual = {name for name, layer in LAYERS.items() if layer.is_on}
    assert parse_layers("") == usual and parse_layers("", "slip") == usual - {"slip"}
    assert parse_layers("all") == set(LAYERS) and parse_layers("none") == frozenset()
    assert parse_layers("moire, slip") == {"moire", "slip"}
    for text, without in (("moir", ""), ("", "caption")):
        with pytest.raises(UsageError, match="there is no layer") as error:
            parse_layers(text, without)
        assert "did you mean" in str(error.value)


def test_report_and_stills_of_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--still", "2,4", "--size", "480x270", "--quality", "draft", "--json"]
    assert run(["previs", SHOW, "--headless", "--out", str(tmp_path), *options]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [shot["frame"] for shot in report["shots"]] == [2, 4] and report["simulated"] is True
    latency = report["latency"]
    assert latency["source"] == "stage file" and latency["total_frames"] == pytest.approx(3.548)
    assert report["shots"][0]["focus_from"] == "stand-in"
    for file in report["files"]:
        with Image.open(file) as picture:
            assert picture.size == SIZE


def test_video_has_every_frame_and_the_sound_of_the_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--seconds", "0.25", "--size", "480x270", "--quality", "draft", "--json"]
    assert run(["previs", SHOW, "--headless", "--out", str(tmp_path), *options]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["frames"] == len(report["shots"]) == 6 and report["stopped"] is False
    assert [path.name for path in tmp_path.iterdir()] == ["previs.mp4"], "nothing else is left"
    pictures = stills(tmp_path / "previs.mp4", range(8))
    assert sorted(pictures) == list(range(6)) and pictures[0].shape == (270, 480, 3)
    assert read_sound(tmp_path / "previs.mp4").any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["lantern_headset"], "has no stage"),
        ([SHOW, "--camera", "tel"], "no camera 'tel': did you mean 'tele'"),
        ([SHOW, "--lens", "0.2"], "a focal length is"),
        ([SHOW, "--layers", "slipp"], "did you mean 'slip'"),
        ([SHOW, "--live", "camera:x"], "not the number of a camera"),
        ([SHOW, "--live", "file:nothing.mp4"], "does not exist"),
        ([SHOW, "--still", "99999"], "has the frames 0 to"),
        ([SHOW, "--latency", "six"], "is not a delay"),
        ([SHOW, "--shutter", "90"], "has no effect without motion_blur"),
        (["some.take"], "is a take"),
    ],
)
def test_wrong_use_is_one_line_with_a_remedy(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["previs", *options, "--headless"]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
