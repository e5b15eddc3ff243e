"""Performers of a show on walls and in headsets: the same pictures, redrawn where they are seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from tests.adapters.panda.figure.ferry_man import frames_of, load, write_show
from tests.adapters.panda.test_unchanged import redrawn
from xrdrama.adapters.panda.graphics import open_graphics
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.adapters.panda.set.sets import Sets
from xrdrama.adapters.panda.set.sight import is_within, with_shadow
from xrdrama.adapters.panda.set.visitors import Box
from xrdrama.errors import UsageError
from xrdrama.performer import Root
from xrdrama.processes.figures import figures_of
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.viewers.programme import load_programme
from xrdrama.viewers.surroundings import Place
from xrdrama.wire.frame import Frame, Projection

WIDE = Projection(-0.5, 0.5, -0.4, 0.4, 0.1, 50.0)
EYE = Pose(Vec3(0.3, 1.0, 1.4), Quat())
OPEN = 10
"""The index of a viseme with an open mouth."""


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_show(tmp_path_factory.mktemp("ferry"))


@pytest.fixture(scope="module")
def ferry(show: Path) -> Iterator[tuple[StagePictures, list[Frame]]]:
    loaded, production = load(show)
    assert production.stage is not None
    outer = replace(production.stage.outer, every=1)
    production = replace(production, stage=replace(production.stage, outer=outer))
    pictures = stage_pictures(loaded, production, quality="draft", size=(160, 90))
    yield pictures, frames_of(production, 24)
    pictures.close()


def moved(frame: Frame, at: Vec3) -> Frame:
    """The frame with its performers elsewhere."""
    there = tuple(replace(one, root=Root(at, one.root.pan)) for one in frame.performers)
    return replace(frame, performers=there)


def test_a_performer_who_moves_is_drawn_again_where_it_is_seen(
    ferry: tuple[StagePictures, list[Frame]],
) -> None:
    pictures, frames = ferry
    every = set(pictures.wall.outers)
    assert every and frames[0].performers
    assert redrawn(pictures, frames[0]) == every
    assert redrawn(pictures, frames[12]) == every, "he breathes"
    behind = [moved(frame, Vec3(0.0, -40.0, 0.0)) for frame in frames]
    redrawn(pictures, behind[13])
    assert redrawn(pictures, behind[20]) == set(), "nobody sees him breathe"
    redrawn(pictures, replace(frames[21], performers=()))
    assert redrawn(pictures, replace(frames[22], performers=())) == set()
    panic = [replace(frame, panic=True) for frame in frames]
    redrawn(pictures, panic[21])
    assert redrawn(pictures, panic[22]) == set(), "nobody is there in a panic"


def test_without_those_who_are_seen_a_movement_is_missed(
    ferry: tuple[StagePictures, list[Frame]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, frames = ferry
    monkeypatch.setattr(Sets, "seen_by", lambda self, view: ())
    redrawn(pictures, frames[0])
    assert redrawn(pictures, frames[12]) == set()


def test_what_is_seen_of_a_box_follows_the_view_and_the_light() -> None:
    box = Box((-0.4, 6.0, 0.0), (0.4, 6.6, 1.8))
    assert is_within(box, EYE, WIDE)
    beside = Box((9.0, 6.0, 0.0), (9.8, 6.6, 1.8))
    assert not is_within(beside, EYE, WIDE)
    assert not is_within(beside, Pose(EYE.position, Quat.from_angles(pan=60.0)), WIDE)
    assert is_within(beside, Pose(EYE.position, Quat.from_angles(pan=-60.0)), WIDE)
    low = Vec3(-0.95, 0.0, -0.2)
    assert is_within(with_shadow(beside, low), EYE, WIDE), "its shadow is seen"
    assert not is_within(with_shadow(beside, None), EYE, WIDE)


def drawn_by(sets: Sets, graphics: Any, frame: Frame) -> Any:
    target = graphics.target("compared", 160, 128, "srgb8", sort=60)
    sets.add_view(target).place(EYE, WIDE)
    sets.update(frame)
    with graphics.only(target):
        graphics.render()
    return graphics.picture(target).astype(int)


def test_wall_and_headset_show_the_same_shapes(
    show: Path, ferry: tuple[StagePictures, list[Frame]], tmp_path: Path
) -> None:
    pictures, frames = ferry
    speaking = tuple(replace(one, mouth=(OPEN, 255)) for one in frames[3].performers)
    frame, silent = replace(frames[3], performers=speaking), frames[3]
    swapped = write_show(tmp_path, shapes=("mouthSmileLeft", "jawOpen"))
    wall = drawn_by(pictures._sets, pictures._graphics, frame)
    closed = drawn_by(pictures._sets, pictures._graphics, silent)
    seen = []
    for path in (show, swapped):
        graphics = open_graphics()
        eyes = [graphics.target("eye", 160, 128, "srgb8", sort=10)]
        place = Place(graphics, load_programme(str(path), {}, keys=False), eyes)
        place.views[0].place(EYE, WIDE)
        seen.append(drawn_by(place.sets, graphics, frame))
        graphics.close()
    assert np.abs(wall - seen[0]).max() <= 1
    assert np.abs(wall - closed).max() > 8, "the mouth moves the head"
    assert np.abs(wall - seen[1]).max() > 8, "the control: one channel swapped with another"


def test_a_figure_that_was_changed_or_is_missing_is_an_error(tmp_path: Path) -> None:
    path = write_show(tmp_path)
    loaded, production = load(path)
    assert set(figures_of(loaded, production)) == {"man"}
    write_show(tmp_path, extra_joints=1)
    with pytest.raises(UsageError, match="is not the one that the show was loaded with"):
        figures_of(loaded, production)
    (tmp_path / "performers" / "man" / "assets" / "man.glb").unlink()
    with pytest.raises(UsageError, match=r"there is no file .assets/man.glb"):
        figures_of(loaded, production)


def test_a_figure_with_300_joints_is_an_error_by_name(tmp_path: Path) -> None:
    loaded, production = load(write_show(tmp_path, extra_joints=300))
    error = r"of 'man', or what it holds, is invalid: .* joints; at most 256"
    with pytest.raises(UsageError, match=error):
        figures_of(loaded, production)
