"""What a previsualisation plays: picks, late walls, latency, lenses that do not fit, keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from xrdrama import content
from xrdrama.content.stages import load_stage_file
from xrdrama.errors import UsageError
from xrdrama.stage.delays import Delay, DelayLine
from xrdrama.timing import NS, FrameRate
from xrdrama.tools.previs import opening
from xrdrama.tools.previs.keys import keys_of, next_lens, pressed
from xrdrama.tools.previs.layers import LAYERS
from xrdrama.tools.previs.moves import of_take
from xrdrama.tools.previs.opening import (
    AFTER_MOVE_S,
    LONGEST_S,
    Previs,
    Wanted,
    latency_of,
    open_previs,
)
from xrdrama.tools.previs.playing import Playback
from xrdrama.tools.takes.instead import with_lens

RATE = FrameRate(24)


@pytest.fixture(scope="module")
def previs() -> Previs:
    return open_previs(Wanted("lantern_demo", seconds=20.0))


def played(previs: Previs, frames: int, choices: tuple[str, ...] = ()) -> Playback:
    playback = Playback(previs.production, previs.samples, previs.latency.lag_ns, choices)
    for _ in range(frames):
        playback.step()
    return playback


def test_late_walls_show_an_earlier_frame(previs: Previs) -> None:
    playback = Playback(previs.production, previs.samples, round(6 * NS / 24))
    for _ in range(40):
        playback.step()
    assert playback.walls(late=False).number == 39 and playback.walls(late=True).number == 33
    assert playback.exposed_at(late=True) == RATE.shows_at(39)
    half = Playback(previs.production, previs.samples, round(2.5 * NS / 24))
    for _ in range(40):
        half.step()
    assert half.walls(late=True).number == 36
    assert half.exposed_at(late=True) == pytest.approx(38.5 * NS / 24, abs=2)


def test_wanted_options_are_picked_and_picks_survive_a_step_back(previs: Previs) -> None:
    open_at = next(
        number for number, frame in enumerate(_frames(previs, 20 * 24)) if frame.choice is not None
    )
    option = _frames(previs, open_at + 1)[-1].choice.options[0].id  # type: ignore[union-attr]
    playback = played(previs, open_at + 3, (option, "nothing_of_this_name"))
    assert playback.left == ["nothing_of_this_name"]
    ahead = [playback.step().beat for _ in range(60)]
    playback.restart(keep_until=playback.number)
    again = [playback.step().beat for _ in range(open_at + 63)]
    assert again[-60:] == ahead and again[-1] != again[0]


def test_picks_after_the_time_that_is_gone_back_to_are_undone(previs: Previs) -> None:
    frames = _frames(previs, 20 * 24)
    open_at = next(number for number, frame in enumerate(frames) if frame.choice is not None)
    choice = frames[open_at].choice
    assert choice is not None
    playback = played(previs, open_at + 3)
    playback.press(choice.options[0].id)
    picked = [playback.step() for _ in range(3)]
    assert picked[-1].beat != frames[open_at + 2].beat, "the pick has an effect"
    playback.restart(keep_until=open_at)
    again = [playback.step() for _ in range(open_at + 6)]
    assert [frame.beat for frame in again] == [frame.beat for frame in frames[: open_at + 6]]


def _frames(previs: Previs, count: int) -> list:  # type: ignore[type-arg]
    playback = played(previs, 0)
    return [playback.step() for _ in range(count)]


def test_latency_is_that_of_the_stage_an_option_or_assumed(previs: Previs) -> None:
    assert latency_of(replace(previs.stage, delays=DelayLine()), RATE).source == "assumed"
    line = DelayLine(tracker=Delay(ns=8_000_000), render=Delay(frames=2), is_declared=True)
    declared = latency_of(replace(previs.stage, delays=line), RATE)
    assert declared.source == "stage file" and declared.lag_ns == round(2 * NS / 24)
    assert declared.total_ms == pytest.approx(8 + 2000 / 24, abs=1e-3)
    given = latency_of(previs.stage, RATE, Delay(frames=3))
    assert (given.source, given.total_frames) == ("option", 3.0)


def test_a_lens_that_folds_on_the_sensor_of_the_camera_is_refused(tmp_path: Path) -> None:
    text = content.read_text(content.find("lens", "zoom_24_70"))
    folding = tmp_path / "folding.lens.yaml"
    folding.write_text(text.replace("[-1.2e-5, 0, 2.0e-9, 0, 0, 0]", "[-6.0e-4, 0, 0, 0, 0, 0]", 1))
    camera = load_stage_file(content.find("stage", "arc_volume")).camera
    assert with_lens(camera, str(folding)).lens_file is not None
    large = replace(camera, lens=replace(camera.lens, sensor=(0.054, 0.030375)))
    with pytest.raises(UsageError, match="does not fit the camera 'main'"):
        with_lens(large, str(folding))


def test_a_move_file_with_errors_and_a_missing_take_are_refused(tmp_path: Path) -> None:
    for move in ("nowhere", str(tmp_path / "nothing.take")):
        with pytest.raises(UsageError):
            open_previs(Wanted("lantern_demo", move=move))


def test_a_take_moves_only_the_camera_that_it_tracked(take: Path) -> None:
    tele = content.load_stage_file(content.find("stage", "two_cameras")).camera_named("tele")
    samples = of_take(take, tele)
    assert {sample.subject for sample in samples} == {"2"} and samples[0].at == 0
    with pytest.raises(UsageError, match=r"camera 'tele' \(subject '9'\)") as refused:
        of_take(take, replace(tele, subject="9"))
    assert refused.value.remedy.endswith("the take has subject 1 and 2")


def test_keys_switch_every_layer_and_are_all_listed(previs: Previs) -> None:
    keys = [layer.key for layer in LAYERS.values()]
    assert len(set(keys)) == len(keys)
    for name, layer in LAYERS.items():
        assert pressed(layer.key).layer == name
    listed = {key for key, *_ in keys_of(2)}
    assert {key.upper() for key in keys} | {"C", "H", "Space"} <= listed
    assert pressed("3").number == 3 and pressed("space").action == "pause"
    assert pressed("x") == pressed("y"), "keys without effect"
    camera = previs.stage.camera
    assert next_lens(camera, longer=True) == 40 and next_lens(camera, longer=False) == 35


def test_another_stage_leaves_out_moves_of_cameras_that_it_does_not_have() -> None:
    previs = open_previs(Wanted("lantern_two_cameras", stage="arc_volume"))
    assert previs.camera == "main" and not previs.samples
    for camera in ("wide", "tele"):
        notice = f"the stage 'arc_volume' has no camera '{camera}': its move is left out"
        assert notice in previs.notices


def test_it_is_as_long_as_the_move_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LONGEST_S == 1800
    monkeypatch.setattr(opening, "LONGEST_S", 60.0)
    move = tmp_path / "short.move.yaml"
    keys = "keys:\n  - {at: 0s, position: [0, -2, 1.5]}\n  - {at: %s, position: [0, -1, 1.5]}\n"
    move.write_text(keys % "1500ms", "utf-8")
    show = Wanted("lantern_two_cameras", camera="tele", move=str(move))
    assert open_previs(show).seconds == pytest.approx(1.5 + AFTER_MOVE_S)
    move.write_text(keys % "65s", "utf-8")
    long = open_previs(show)
    assert long.seconds == 60 and "only the first 60 s of 66 s are shown" in long.notices
