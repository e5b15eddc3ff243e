"""A recorded performance drawn again through another lens or camera, or on another stage: what is
drawn, and what is said to differ; on a real take of one second."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np
import pytest
from PIL import Image

from xrdrama import content
from xrdrama.cli import run
from xrdrama.errors import UsageError
from xrdrama.show.take import read_take
from xrdrama.spatial import Vec3
from xrdrama.stage import Stage
from xrdrama.timing import FrameTime, Timecode
from xrdrama.tools.takes.instead import Difference, Instead, Opened, open_instead
from xrdrama.tools.takes.rendering import needed
from xrdrama.wire.frame import Frame

SHOW = "lantern_two_cameras"
STAGE = content.find("stage", "two_cameras")


def named(opened: Opened) -> dict[str, tuple[str, str]]:
    return {one.name: (one.taken, one.drawn) for one in opened.differences}


def stage_of(opened: Opened) -> Stage:
    assert opened.production.stage is not None
    return opened.production.stage


def test_without_other_values_nothing_differs(take: Path) -> None:
    opened = open_instead(take, Instead())
    assert opened.production is opened.recorded and not opened.differences
    assert all(same for _, _, same in opened.frames())
    assert opened.camera == "wide" and opened.film().count > 60


def test_a_lens_swap_changes_the_projection_and_nothing_else(take: Path) -> None:
    opened = open_instead(take, Instead(lens="64"))
    assert named(opened) == {"cameras.wide.focal_mm": ("32", "64")}
    before = open_instead(take, Instead())
    for (_, frame, same), (_, other, _) in zip(opened.frames(), before.frames(), strict=True):
        assert same, "the story is the one of the take"
        wide, tele = frame.views[:2]
        assert wide.projection.right == pytest.approx(other.views[0].projection.right / 2)
        assert wide.pose == other.views[0].pose
        assert tele == other.views[1] and frame.captions == other.captions


def test_another_camera_follows_its_own_samples(take: Path) -> None:
    opened = open_instead(take, Instead(camera="tele"))
    assert named(opened) == {"camera": ("wide", "tele")}
    _, frame, _ = list(opened.frames())[12]
    pose, _ = opened.film().at(frame)
    assert pose is not None
    assert (pose.position - frame.cameras[1].camera.position).length() < 0.02
    assert (pose.position - frame.cameras[0].camera.position).length() > 1.0


def test_poses_are_computed_again_for_a_corrected_stage(take: Path, tmp_path: Path) -> None:
    """The tracker's origin was 0.5 m off, and a wall 10 cm."""
    text = STAGE.read_text("utf-8")
    for old, new in (
        ("centre: [0, 0, 0]", "centre: [0, 0.1, 0]"),
        ("tracking: {protocol", "tracking: {origin: {position: [0.5, 0, 0]}, protocol"),
        ("actors/", f"{STAGE.parent}/actors/"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    text = text.replace(f"{STAGE.parent}/actors/stand_in.glb", "stand_in.glb")
    (tmp_path / "stand_in.glb").write_bytes((STAGE.parent / "actors/stand_in.glb").read_bytes())
    file = tmp_path / "two_cameras.stage.yaml"
    file.write_text(text, "utf-8")
    opened = open_instead(take, Instead(stage=str(file)))
    found = named(opened)
    assert set(found) == {"walls.arc.shape", "tracking.origin"}
    assert found["tracking.origin"][1] == "0.5, 0, 0 pan 0 tilt 0 roll 0"
    before = open_instead(take, Instead())
    for (_, frame, _), (_, other, _) in zip(opened.frames(), before.frames(), strict=True):
        moved = frame.views[0].pose.position - other.views[0].pose.position
        assert (moved - Vec3(0.5, 0.0, 0.0)).length() < 1e-6


def test_a_camera_without_samples_is_said(take: Path, tmp_path: Path) -> None:
    text = STAGE.read_text("utf-8").replace('subject: "2"', 'subject: "9"')
    text = "\n".join(line for line in text.splitlines() if not line.startswith("stand_in"))
    file = tmp_path / "two_cameras.stage.yaml"
    file.write_text(text + "\n", "utf-8")
    opened = open_instead(take, Instead(camera="tele", stage=str(file)))
    assert "no tracking of subject 9" in opened.findings[0]
    assert Difference("cameras.tele.subject", "2", "9") in opened.differences


def test_a_lens_file_can_be_swapped_in(take: Path) -> None:
    opened = open_instead(take, Instead(lens="zoom_24_70"))
    assert named(opened)["cameras.wide.lens"] == ("none", "zoom_24_70")
    _, frame, same = next(opened.frames())
    assert same and frame.views[0].lens is not None


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        (Instead(camera="tle"), "has no camera 'tle'"),
        (Instead(lens="0.1"), "a focal length is 0.5 to 10000 mm"),
        (Instead(lens="nan"), "a focal length is 0.5 to 10000 mm"),
        (Instead(lens="fifty"), "fifty"),
        (Instead(stage="two_camras"), "two_camras"),
    ],
)
def test_unknown_values_are_refused(take: Path, instead: Instead, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        open_instead(take, instead)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--camera", "tle"], "did you mean 'tele'?"),
        (["--size", "12x9"], "write WIDTHxHEIGHT"),
        (["--lens", "24,35"], "a video has one lens"),
        (["--still", "first"], "write frame numbers"),
        (["--still", "9000"], "the take has no frame 9000"),
    ],
)
def test_render_explains_mistakes(
    take: Path, tmp_path: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["render", str(take), "--out", str(tmp_path), *options]) == 2
    assert said in capsys.readouterr().err


def test_a_contact_sheet_shows_the_lenses_in_one_command(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--sheet", "--lens", "32,64", "--still", "12", "--size", "320x180"]
    arguments = ["render", str(take), *options, "--quality", "draft", "--out", str(tmp_path)]
    assert run([*arguments, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["frames"] == [12] and found["files"] == [str(tmp_path / "sheet.png")]
    by_lens = {
        lens: {one["name"]: one["drawn"] for one in each}
        for lens, each in found["differences"].items()
    }
    assert by_lens["64"]["cameras.wide.focal_mm"] == "64"
    assert "cameras.wide.focal_mm" not in by_lens["32"]
    sheet = np.asarray(Image.open(tmp_path / "sheet.png").convert("L"), float)
    assert sheet.shape == (6 + 2 * 186, 6 + 326)
    wide, long = sheet[6:186, 6:326], sheet[192:372, 6:326]
    # Twice the focal length shows the middle half of the picture, twice as large.
    middle = Image.fromarray(wide[45:135, 80:240].astype(np.uint8)).resize((320, 180))
    inside = slice(40, 120), slice(60, 260)  # without labels and captions

    def alike(one: Any, other: Any) -> float:
        return float(np.corrcoef(np.asarray(one, float).ravel(), other.ravel())[0, 1])

    assert alike(np.asarray(middle)[inside], long[inside]) > 0.85
    assert alike(wide[inside], long[inside]) < 0.6  # the control: it is not the same picture


def test_stills_of_a_torn_take_name_the_damage(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = take.read_bytes()
    cuts = (data[: len(data) * part // 60] for part in range(59, 0, -1))
    torn = tmp_path / "torn.take"
    torn.write_bytes(next(cut for cut in cuts if not read_take(cut).ticks))
    arguments = ["render", str(torn), "--out", str(tmp_path / "stills")]
    for options, said in (
        (["--still", "3"], "frame 3 is not among those before the damage"),
        (["--sheet"], "no frame can be read before the damage"),
    ):
        assert run([*arguments, *options, "--json"]) == 1
        out, error = capsys.readouterr()
        assert said in error and "no whole record" in error and "from byte" in error
        assert json.loads(out)["torn"] and json.loads(out)["files"] == []


def test_stills_before_the_damage_are_drawn(
    take: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    torn = tmp_path / "torn.take"
    torn.write_bytes(take.read_bytes()[:-400])
    options = ["--still", "3,9000", "--size", "64x36", "--quality", "draft"]
    assert run(["render", str(torn), *options, "--out", str(tmp_path), "--json"]) == 1
    out, error = capsys.readouterr()
    assert json.loads(out)["frames"] == [3] and (tmp_path / "still_000003.png").exists()
    assert "frame 9000 is not among" in error and "frame 3 " not in error


def test_a_size_that_stretches_the_picture_is_said(take: Path) -> None:
    (said,) = open_instead(take, Instead(size=(1000, 1000))).findings
    assert "the aspect ratio of the picture (1000 x 1000 pixels) differs from that of the" in said
    assert "use --size 1000x562" in said
    assert not open_instead(take, Instead(size=(640, 360))).findings  # the control


# -- which frames are needed ----------------------------------------------------------------------


class Played:
    """Frames with these times of a freeze."""

    def __init__(self, *frozen_at: int | None) -> None:
        self._frozen_at = frozen_at

    def frames(self) -> Iterator[tuple[int, Frame, bool]]:
        for number, frozen_at in enumerate(self._frozen_at):
            time = FrameTime(number, number, Timecode(0, 0, 0, 0))
            yield number, Frame(time, "b", "s", {}, frozen_at=frozen_at), True


@pytest.mark.parametrize(
    ("frozen_at", "first", "expected"),
    [
        ([None] * 8, 4, [2, 3, 4, 5]),
        ([None] * 8, 0, [0, 1]),
        ([None, 1, 1, 1, 1, 1, 1, 1], 5, [1, 3, 4, 5, 6]),
        ([None, 1, 1, 1, 1, 1, None, None], 5, [1, 3, 4, 5, 6]),
        ([None, 1, None, 3, 3, 3, 3, 3], 6, [3, 4, 5, 6, 7]),
        ([None, None, None, None, 4, 4, 4, 4], 5, [3, 4, 5, 6]),
        ([None, 1, 1, None, None, None, None, None], 6, [4, 5, 6, 7]),
    ],
)
def test_frames_that_outer_pictures_come_from_are_drawn_first(
    frozen_at: list[int | None], first: int, expected: list[int]
) -> None:
    played = cast(Opened, Played(*frozen_at))
    assert [index for index, _, _ in needed(played, first, first + 2, 2)] == expected


def test_instead_is_false_only_without_values() -> None:
    assert not Instead() and all(Instead(**{name: "x"}) for name in ("camera", "lens", "stage"))
    assert msgspec.json.decode(msgspec.json.encode(Instead(size=(16, 16))), type=Instead)
