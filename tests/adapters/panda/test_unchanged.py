"""Outer pictures are redrawn only when what they show has changed, and then always."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from tests.content.test_texts import FILES, PIER, write_model
from xrdrama import content
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.show import Tick, advance, opening
from xrdrama.spatial import Vec3
from xrdrama.timing import FrameTime
from xrdrama.wire.frame import Frame, Light, View

STILL = PIER.replace("    before:", "    clouds: 0\n    before:")
SPARKS = """\
particles:
  sparks: {kind: spark, doc: Sparks., count: 40, least: [-1, 2, 0], most: [1, 3, 2], size: 0.05,
    speed: 1, colour: "#ffaa44"}
"""
Change = Callable[[Frame], Frame]


def drawn(folder: Path, scene: str) -> tuple[StagePictures, list[Frame]]:
    """What draws a small show in a set, and its first frames, each with all outer pictures due."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    path = folder / "scenes" / "pier" / "scene.yaml"
    path.write_text(scene, "utf-8")
    write_model(path)
    loaded = content.load_show(str(folder / "ferry.show.yaml"))
    production = content.produce(loaded)
    assert production.stage is not None
    outer = replace(production.stage.outer, every=1)
    production = replace(production, stage=replace(production.stage, outer=outer))
    show, frames = opening(production), []
    for number in range(4):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
        frames.append(frame)
    return stage_pictures(loaded, production, quality="draft", size=(160, 90)), frames


@pytest.fixture(scope="module")
def still(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StagePictures, list[Frame]]]:
    made = drawn(tmp_path_factory.mktemp("still"), STILL)
    yield made
    made[0].close()


def nearer(view: View) -> View:
    return replace(view, projection=replace(view.projection, near=0.2))


def redrawn(pictures: StagePictures, frame: Frame) -> set[str]:
    """The outer pictures that are drawn when a frame is presented."""
    pictures.present(frame)
    return {name for name, target in pictures.wall.outers.items() if target.active}


def test_a_set_in_which_nothing_moves_is_drawn_once(
    still: tuple[StagePictures, list[Frame]],
) -> None:
    pictures, frames = still
    every = set(pictures.wall.outers)
    pictures._turns._contents.clear()  # other tests have drawn before
    assert [redrawn(pictures, frame) for frame in frames[:3]] == [every, set(), set()]
    kept = pictures.newest("wall")
    pictures._turns._contents.clear()
    assert redrawn(pictures, frames[3]) == every
    assert np.array_equal(pictures.newest("wall"), kept), "the picture that was kept was right"


@pytest.mark.parametrize(
    "change",
    [
        lambda frame: replace(frame, params={**frame.params, "dial": 0.5}),
        lambda frame: replace(frame, lights=(Light("key", Vec3(4.0, 0.0, 0.0)),)),
        lambda frame: replace(frame, views=tuple(map(nearer, frame.views))),
    ],
    ids=["param", "light", "view"],
)
def test_what_changes_is_drawn_again(
    still: tuple[StagePictures, list[Frame]], change: Change
) -> None:
    pictures, frames = still
    every = set(pictures.wall.outers)
    redrawn(pictures, frames[0])
    assert redrawn(pictures, frames[1]) == set()
    assert redrawn(pictures, change(frames[2])) == every
    assert redrawn(pictures, frames[3]) == every, "and when it is as before"


def test_a_set_that_moves_by_itself_is_drawn_every_time(tmp_path: Path) -> None:
    for scene in (PIER, STILL + SPARKS):  # clouds; sparks
        pictures, frames = drawn(tmp_path, scene)
        assert all(redrawn(pictures, frame) == set(pictures.wall.outers) for frame in frames)
        pictures.close()


def test_without_the_state_of_the_set_a_change_is_missed(
    still: tuple[StagePictures, list[Frame]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: the change below is drawn because the set says that it changed.
    pictures, frames = still
    monkeypatch.setattr(Sets, "state", ())
    redrawn(pictures, frames[0])
    changed = replace(frames[1], lights=(Light("key", Vec3(4.0, 0.0, 0.0)),))
    assert redrawn(pictures, changed) == set()
