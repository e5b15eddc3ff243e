"""The plate of panic: on every wall in one frame, upright, filled or fitted; broken ones named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from xrdrama import content
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.panda.wall.safe_plates import Plate, read_plate
from xrdrama.errors import RemoteProtocolError
from xrdrama.run.outputs.pictures import safe_plates_of
from xrdrama.scene.safe_plate import SafePlate
from xrdrama.stage import Stage, parse_stage
from xrdrama.tools.checking.contents import check_file

RED, GREEN, BLUE, WHITE = (200, 20, 20), (20, 160, 20), (20, 20, 220), (230, 230, 230)
STAGE = """\
xrdrama: 1
id: box
title: Two walls
canvas: [300, 200]
walls:
  wide: {shape: flat, pixels: [200, 50], at: [0, 0], centre: [0, 4, 2], width: 8, height: 2}
  side: {shape: flat, pixels: [100, 60], at: [220, 60], turned: 90, centre: [4, 0, 2], pan: -90,
    width: 5, height: 3}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [64, 36]}
eye_point: [0, -1, 1.6]
safe: {position: [0, -2, 1.7]}
tracking: {protocol: freed, subject: "1", latency: 10ms}
inner: {overscan: 1.0, pixels: [64, 36]}
"""
Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def plate_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 x 20: red and green above, blue and white below."""
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:10, :20], pixels[:10, 20:], pixels[10:, :20], pixels[10:, 20:] = RED, GREEN, BLUE, WHITE
    path = tmp_path_factory.mktemp("plates") / "wait.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture(scope="module")
def stage() -> Stage:
    made, problems = parse_stage(STAGE, "box.stage.yaml")
    assert made is not None, problems
    return made


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


class Nothing:
    """A subject whose pictures stay black."""

    tone = None

    def add_view(self, target: object) -> Nothing:
        return self

    def place(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def shown(graphics: Graphics, stage: Stage, plate_file: Path) -> Callable[[bool, str], Pixels]:
    """The canvas under panic with a plate that fills or fits, in a set with or without one."""
    walls = {}
    for fills in (True, False):
        plate = read_plate(SafePlate("wait.png", "fill" if fills else "fit"), plate_file)
        walls[fills] = LedWall(graphics, stage, Nothing(), plates={"lane": plate})

    def show(fills: bool, scene: str) -> Pixels:
        wall = walls[fills]
        wall.show(inner=False, outer=True, safe=True, scene=scene)
        with graphics.only(wall.canvas):
            graphics.render()
        return graphics.picture(wall.canvas)

    return show


def near(pixel: Pixels, colour: tuple[int, int, int]) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= 3)


def corners(part: Pixels) -> list[Pixels]:
    """A pixel of each quarter near the middle: upper left, right, lower left, right."""
    high, wide = part.shape[:2]
    rows, columns = (high // 2 - 4, high // 2 + 4), (wide // 2 - 6, wide // 2 + 6)
    return [part[row, column] for row in rows for column in columns]


@pytest.mark.parametrize("fills", [True, False])
def test_the_plate_is_upright_on_every_wall(
    shown: Callable[[bool, str], Pixels], stage: Stage, fills: bool
) -> None:
    canvas = shown(fills, "lane")
    for wall in stage.walls:
        (left, top), (width, height) = wall.at, wall.area
        part = np.rot90(canvas[top : top + height, left : left + width], wall.turned // 90)
        assert all(map(near, corners(part), (RED, GREEN, BLUE, WHITE))), wall.id
        ends = near(part[20, 3], RED), near(part[-20, -4], WHITE)
        wide = wall.id == "wide"
        assert ends == ((True, True) if fills or not wide else (False, False))
        assert fills or not wide or not part[20, 3].any(), "fitted on black"
        if not wide:  # 100 x 60 for a plate of 2 : 1
            assert part[2, 50].any() == fills


def test_a_set_without_a_plate_shows_the_pause_sign(shown: Callable[[bool, str], Pixels]) -> None:
    pause, plate = shown(True, "elsewhere"), shown(True, "lane")
    assert not near(pause[12, 50], RED) and near(plate[12, 50], RED)
    assert pause.max() > 150, "its sign"


@pytest.mark.parametrize(
    ("content_of", "message"),
    [
        (lambda good: good[:-30], "truncated"),
        (lambda good: b"GIF89a" + good, "not a PNG or JPEG"),
        (lambda good: b"", "not a PNG or JPEG"),
        (lambda good: good[:60] + b"\0\0\0\0" + good[64:], "damaged|decoded"),
    ],
)
def test_a_broken_plate_is_an_error(
    plate_file: Path, tmp_path: Path, content_of: Callable[[bytes], bytes], message: str
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(content_of(plate_file.read_bytes()))
    with pytest.raises(RemoteProtocolError, match=message):
        read_plate(SafePlate("broken.png"), broken)


@pytest.mark.parametrize(
    ("file", "words"),
    [("wait.png", ""), ("lost.png", "there is no file"), ("bad.png", "not a PNG or JPEG")],
)
def test_check_and_run_name_the_same_broken_plate(
    plate_file: Path, tmp_path: Path, file: str, words: str
) -> None:
    show = f"{SHOW}safe_plate: {{file: {file}, fit: fit}}\n"
    (tmp_path / "wait.png").write_bytes(plate_file.read_bytes())
    (tmp_path / "bad.png").write_bytes(b"nothing")
    path = tmp_path / "night.show.yaml"
    path.write_text(show, "utf-8")
    found = [one for one in check_file(path) if one.code == "H018"]
    loaded = content.load_show(str(path))
    said: list[str] = []
    plates = safe_plates_of(loaded, content.produce(loaded), said.append)
    if not words:
        assert not found and not said and not plates["lantern_street"].fills
        return
    (problem,) = found
    assert (problem.line, problem.severity) == (5, "warning")
    assert words in problem.message and words in said[0] and file in said[0] and not plates


SHOW = "xrdrama: 1\nid: night\nstory: one_lantern_too_many\nstage: arc_volume\n"


def test_a_set_has_its_own_plate(plate_file: Path, tmp_path: Path) -> None:
    (tmp_path / "wait.png").write_bytes(plate_file.read_bytes())
    path = tmp_path / "night.show.yaml"
    path.write_text(SHOW + "safe_plate: {file: wait.png}\n", "utf-8")
    loaded = content.load_show(str(path))
    production = content.produce(loaded)
    (name, scene), *_ = production.scenes.items()
    own = msgspec.structs.replace(scene, safe_plate=SafePlate("assets/none.png"))
    said: list[str] = []
    found = safe_plates_of(
        loaded, msgspec.structs.replace(production, scenes={name: own}), said.append
    )
    assert isinstance(found[name], Plate) and found[name].fills, "falls back to that of the show"
    assert "assets/none.png" in said[0] and repr(name) in said[0]
