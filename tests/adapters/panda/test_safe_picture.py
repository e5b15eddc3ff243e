"""The safe picture of panic: on every wall it is seen at once that it is meant."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from xrdrama import content
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.stage import Stage, Wall
from xrdrama.timing import FrameTime
from xrdrama.wire.commands import Panic
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def production() -> Production:
    return content.produce(content.load_show("lantern_demo"))


@pytest.fixture(scope="module")
def stage(production: Production) -> Stage:
    assert production.stage is not None
    return production.stage


@pytest.fixture(scope="module")
def frames(production: Production) -> tuple[Frame, Frame]:
    """A frame of the show, and one under panic."""
    show, made = opening(production), []
    for number in range(2):
        time = FrameTime.of(number, production.rate)
        entries = (Entry(0, time.shows_at - 1, Panic("director.1", True)),) if number else ()
        show, frame = advance(show, Tick(time, entries))
        made.append(frame)
    return made[0], made[1]


@pytest.fixture(scope="module")
def pictures(production: Production) -> Iterator[StagePictures]:
    loaded = content.load_show("lantern_demo")
    made = stage_pictures(loaded, production, quality="draft", size=(320, 180))
    yield made
    made.close()


def part(canvas: Pixels, wall: Wall) -> NDArray[np.float64]:
    """A wall's part of the canvas."""
    (left, top), (width, height) = wall.at, wall.pixels
    return canvas[top : top + height, left : left + width].astype(np.float64)


def signs(wall: NDArray[np.float64]) -> tuple[bool, bool]:
    """Whether a wall has the frame's four lines, and the two bars of a pause sign."""
    height, width = wall.shape[:2]
    unit, middle = min(width, height), (height // 2, width // 2)
    grey = wall.mean(axis=2)
    edge = round(unit * 0.06 + max(2.0, unit * 0.008) / 2)
    lines = (
        grey[edge, width // 4 : -width // 4], grey[-edge - 1, width // 4 : -width // 4],
        grey[height // 4 : -height // 4, edge], grey[height // 4 : -height // 4, -edge - 1],
    )  # fmt: skip
    offset = round(unit * 0.045)
    tall = slice(middle[0] - round(unit * 0.07), middle[0] + round(unit * 0.07))
    bars = (grey[tall, middle[1] - offset], grey[tall, middle[1] + offset])
    gap = grey[tall, middle[1]]
    return (
        all(np.median(line) > 120 for line in lines),
        all(bar.min() > 150 for bar in bars) and gap.max() < 120,
    )


def colour(wall: NDArray[np.float64]) -> float:
    """The mean difference between the channels."""
    return float((wall.max(axis=2) - wall.min(axis=2)).mean())


def test_every_wall_is_dim_nearly_grey_framed_and_has_a_pause_sign(
    pictures: StagePictures, frames: tuple[Frame, Frame], stage: Stage
) -> None:
    playing, panic = frames
    assert panic.panic and not playing.panic
    pictures.present(playing)
    before = pictures.newest("wall")
    pictures.present(panic)
    after = pictures.newest("wall")
    pictures.present(playing)
    again = pictures.newest("wall")
    for wall in stage.walls:
        shown, safe = part(before, wall), part(after, wall)
        assert signs(safe) == (True, True), wall.id
        assert signs(shown) == signs(part(again, wall)) == (False, False), "the control"
        # Without the signs themselves: the darker half of its pixels.
        assert np.median(safe) < 0.6 * np.median(shown)
    arc = stage.walls[0]
    assert colour(part(after, arc)) < 0.4 * colour(part(before, arc))


def test_a_set_without_a_safe_look_is_recognised_too(
    pictures: StagePictures, frames: tuple[Frame, Frame], stage: Stage
) -> None:
    playing, panic = frames
    pictures.present(msgspec.structs.replace(panic, params=playing.params))
    wall = pictures.newest("wall")
    assert all(signs(part(wall, one)) == (True, True) for one in stage.walls)
