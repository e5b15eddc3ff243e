"""Looking at a picture must not change those that come after it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from xrdrama import content
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Tick, advance, opening
from xrdrama.timing import FrameTime
from xrdrama.wire.commands import ParamSet
from xrdrama.wire.events import Entry
from xrdrama.wire.frame import Frame


@pytest.fixture(scope="module")
def played() -> tuple[Frame, Frame]:
    """Two frames of the demo, apart enough that every outer picture is due: lit, and then dark."""
    production = content.produce(content.load_show("lantern_demo"))
    show, frames = opening(production), []
    for number in range(13):
        time = FrameTime.of(number, production.rate)
        dark = ParamSet("director", "lantern_glow", 0.0), ParamSet("director", "exposure", 0.4)
        entries = [Entry(n, time.shows_at - 1, event) for n, event in enumerate(dark)]
        show, frame = advance(show, Tick(time, tuple(entries if number == 12 else ())))
        frames.append(frame)
    return frames[0], frames[12]


@pytest.fixture
def pictures() -> Iterator[StagePictures]:
    loaded = content.load_show("lantern_demo")
    made = stage_pictures(loaded, content.produce(loaded), quality="draft", size=(320, 180))
    yield made
    made.close()


def test_reading_the_wall_does_not_freeze_it(
    played: tuple[Frame, Frame], pictures: StagePictures
) -> None:
    lit, dark = played
    for frame in (lit, dark):
        pictures.present(frame)
        pictures.present(frame)
    unseen = pictures.newest("lens"), pictures.newest("wall")
    for frame in (lit, dark):
        pictures.present(frame)
        seen = pictures.newest("lens"), pictures.newest("wall")
    for never_looked, looked in zip(unseen, seen, strict=True):
        assert np.abs(never_looked.astype(int) - looked).mean() < 0.5
    pictures.present(lit)
    brighter = pictures.newest("lens").mean() - seen[0].mean()
    assert brighter > 5, "the control: the two frames do not look alike"
