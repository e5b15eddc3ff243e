"""A change of set is seen in the frame in which the story makes it, everywhere; fades mix light."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from xrdrama import content
from xrdrama.adapters.panda.pictures import StagePictures
from xrdrama.adapters.panda.set.residency import Residency
from xrdrama.adapters.panda.wall.turns import Turns
from xrdrama.run.outputs.outputs import Outputs
from xrdrama.run.outputs.pictures import stage_pictures
from xrdrama.run.outputs.warming import Late, WarmUp
from xrdrama.run.plan import Plan
from xrdrama.run.runner import Runner
from xrdrama.show import Production, Tick, advance, opening
from xrdrama.show.reach import sets_ahead
from xrdrama.spatial import IDENTITY, Pose, Vec3
from xrdrama.timing import FrameTime
from xrdrama.wire.frame import Frame, Projection

SIZE = (160, 90)
STORY = """\
xrdrama: 1
id: changes
title: Changes of set
scene: lantern_street
beats:
  lane: {script: "@wait 1020ms", next: tea}
  tea: {scene: tea_room, script: "@wait 1s", next: road}
  road: {scene: ridge_road, script: "@wait 990ms", next: again}
  again: {script: "@wait 1s", next: dissolve}
  dissolve:
    scene: tea_room
    transition: {fade: 500ms}
    script: "@wait 1s"
    ending: done
"""
SHOW = """\
xrdrama: 1
id: changes
story: changes
stage: arc_volume
rate: "24"
safe_plate: {file: wait.png}
"""
CUTS = (25, 49, 73)
FADE = 97
"""The first frame at or after the story's change, for each."""

Pixels = NDArray[np.float64]
Light = dict[str, Pixels]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> content.Loaded:
    folder = tmp_path_factory.mktemp("changes")
    for name, text in (("branches/changes.branch.yaml", STORY), ("shows/changes.show.yaml", SHOW)):
        path = folder / name
        path.parent.mkdir()
        path.write_text(text, "utf-8")
    Image.fromarray(np.full((8, 16, 3), (10, 200, 30), np.uint8)).save(folder / "shows/wait.png")
    return content.load_show(str(path))


@pytest.fixture(scope="module")
def production(loaded: content.Loaded) -> Production:
    made = content.produce(loaded)
    assert made.stage is not None
    outer = msgspec.structs.replace(made.stage.outer, density=5.0)
    stage = msgspec.structs.replace(made.stage.with_pictures(SIZE), outer=outer)
    return msgspec.structs.replace(made, stage=stage)


@pytest.fixture(scope="module")
def frames(production: Production) -> list[Frame]:
    show, made = opening(production), []
    for number in range(115):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
        made.append(frame)
    return made


@pytest.fixture(scope="module")
def warm(loaded: content.Loaded, production: Production) -> Iterator[tuple[StagePictures, WarmUp]]:
    pictures = stage_pictures(loaded, production, quality="draft")
    warm_up = WarmUp(Outputs.of(pictures))
    warm_up.run(production, threading.Event())
    warm_up.begin()
    yield pictures, warm_up
    pictures.close()


@pytest.fixture(scope="module")
def pictures(warm: tuple[StagePictures, WarmUp]) -> StagePictures:
    return warm[0]


def light(pictures: StagePictures) -> Light:
    """What is seen: each wall of the canvas in halves, and the camera's picture."""
    canvas = pictures.newest("wall").astype(np.float64)
    found = {"lens": pictures.newest("lens").astype(np.float64)[: SIZE[1] // 2]}
    for wall in pictures.wall.stage.walls:
        (left, top), (width, height) = wall.at, wall.area
        part = canvas[top : top + height, left : left + width]
        found[f"{wall.id} left"], found[f"{wall.id} right"] = np.array_split(part, 2, axis=1)
    return found


def drawn(pictures: StagePictures, frame: Frame, walls: Frame | None = None) -> Light:
    pictures.present(frame, walls=walls)
    return light(pictures)


def far(one: Pixels, other: Pixels) -> float:
    return float(np.abs(one - other).mean())


@pytest.fixture(scope="module")
def references(pictures: StagePictures, frames: list[Frame]) -> dict[str, Light]:
    """What each set looks like, a second away from any change."""
    found = {}
    for frame in (frames[12], frames[36], frames[60]):
        for before in frames[frame.number - 6 : frame.number]:
            pictures.present(before)
        found[frame.scene] = drawn(pictures, frame)
    return found


def sets_seen(seen: Light, references: dict[str, Light]) -> set[str]:
    """The set that each part shows: the one whose reference is nearest."""
    return {
        min(references, key=lambda scene: far(references[scene][part], pixels))
        for part, pixels in seen.items()
    }


def test_the_story_changes_sets_in_these_frames(frames: list[Frame]) -> None:
    changes = [b.number for a, b in itertools.pairwise(frames) if a.scene != b.scene]
    assert changes == [*CUTS, FADE]


def test_a_cut_is_seen_in_its_frame_on_every_wall_and_through_the_lens(
    pictures: StagePictures, frames: list[Frame], references: dict[str, Light]
) -> None:
    for cut in CUTS:
        for frame in frames[cut - 2 : cut + 2]:
            seen = drawn(pictures, frame)
            assert sets_seen(seen, references) == {frame.scene}, frame.number


def test_a_cut_one_frame_late_is_noticed(
    pictures: StagePictures, frames: list[Frame], references: dict[str, Light]
) -> None:
    """The negative controls: late walls, and outer pictures that wait for their turn."""
    for cut in CUTS:
        pictures.present(frames[cut - 1])
        late = drawn(pictures, frames[cut], walls=frames[cut - 1])
        assert sets_seen(late, references) == {frames[cut - 1].scene}
        pictures._turns._shown = (frames[cut].scene, False, False)
        in_turns = sets_seen(drawn(pictures, frames[cut]), references)
        assert in_turns == {frames[cut - 1].scene, frames[cut].scene}


def test_a_fade_mixes_the_light_of_both_sets(pictures: StagePictures, frames: list[Frame]) -> None:
    def linear(frame: Frame) -> tuple[Pixels, float]:
        """The scene-linear inner picture, and the exposure of its set."""
        pictures.present(frame)
        exposure = pictures._sets._sets[frame.scene].tone["tone"].get_element(0)[0]
        picture = pictures._graphics.values(pictures.wall.inner)[..., :3]
        return np.minimum(picture.astype(np.float64), 1e3), exposure

    shares = []
    for frame in (frames[FADE], frames[FADE + 3], frames[FADE + 9]):
        fade = frame.fade
        assert fade is not None
        shares.append(fade.share)
        leaving = msgspec.structs.replace(
            frame, scene=fade.scene, params=fade.params, lights=fade.lights, fade=None
        )
        (old, e_old), (new, e_new) = (
            linear(one) for one in (leaving, msgspec.structs.replace(frame, fade=None))
        )
        mixed, _ = linear(frame)
        expected = old * (e_old / e_new) * fade.share + new * (1.0 - fade.share)
        assert np.abs(mixed - expected).mean() < 0.01 * expected.mean()
        assert np.abs(mixed - old * (e_old / e_new)).mean() > 0.02 * expected.mean(), "the control"
    assert shares == pytest.approx([0.936667, 0.686667, 0.186667], abs=1e-5)
    assert all(frame.fade is None for frame in frames[FADE + 12 :])


def test_the_frame_after_a_fade_shows_one_set_everywhere(
    pictures: StagePictures, frames: list[Frame]
) -> None:
    for frame in frames[FADE + 8 : FADE + 12]:
        pictures.present(frame)
    assert frames[FADE + 11].fade is not None and frames[FADE + 12].fade is None
    after = drawn(pictures, frames[FADE + 12])
    fresh = msgspec.structs.replace(frames[FADE + 12], scene="tea_room", fade=None)
    pictures.present(frames[60])
    again = drawn(pictures, fresh)
    assert all(far(after[part], again[part]) < 0.05 for part in after)


def test_part_of_a_take_that_begins_after_a_cut_shows_what_the_whole_take_shows(
    pictures: StagePictures, frames: list[Frame], references: dict[str, Light]
) -> None:
    """Outer pictures of a part come from earlier frames, which may be of another set."""
    every = pictures.wall.stage.outer.every
    for first in (CUTS[1] + 1, CUTS[2] + 3):
        for frame in frames[first - every : first + 1]:
            pictures.present(frame)
        whole = light(pictures)
        pictures._turns = Turns(pictures.wall.outers, every)
        for frame in frames[first - every : first]:
            pictures.draw_outer(frame)
        part = drawn(pictures, frames[first])
        assert sets_seen(part, references) == {frames[first].scene}
        assert all(far(part[name], whole[name]) < 0.2 for name in whole)


def test_nothing_is_made_late_by_cuts_and_fades(
    warm: tuple[StagePictures, WarmUp], frames: list[Frame]
) -> None:
    pictures, warm_up = warm
    for frame in (*frames[23:27], *frames[48:50], *frames[72:74], *frames[96:99], *frames[106:111]):
        pictures.present(frame)
    pictures.present(msgspec.structs.replace(frames[112], panic=True))
    canvas = pictures.newest("wall")
    for wall in pictures.wall.stage.walls:
        left, top = wall.at[0] + wall.area[0] // 2, wall.at[1] + wall.area[1] // 2
        assert np.abs(canvas[top, left].astype(int) - (10, 200, 30)).max() < 3, "the plate, at once"
    pictures.present(frames[113])
    assert far(canvas[::8, ::8].astype(float), pictures.newest("wall")[::8, ::8]) > 20
    late = warm_up.late()
    assert late == Late(driver_code_late_kb=late.driver_code_late_kb)
    assert late.driver_code_late_kb in (None, 0)


def test_the_window_shows_the_set_of_its_frame(
    pictures: StagePictures, frames: list[Frame]
) -> None:
    """As a window draws: a view that is developed, without a stage, with a pose for each set."""
    graphics = pictures._graphics
    target = graphics.target("window", *SIZE, "srgb8", sort=60)
    view = pictures._sets.add_view(target)
    at, across = Pose(Vec3(0.0, -1.0, 1.6), IDENTITY), 0.7
    projection = Projection(-across, across, -0.4, 0.4, 0.05, 300.0)

    def shown(frame: Frame) -> Pixels:
        view.place(at, projection, leaving=at)
        with graphics.only(target):
            pictures._sets.update(frame)
            graphics.render()
        return graphics.picture(target).astype(np.float64)

    sets = {frame.scene: shown(frame) for frame in (frames[12], frames[36], frames[60])}
    for cut in CUTS:
        for frame in frames[cut - 1 : cut + 2]:
            picture = shown(frame)
            assert min(sets, key=lambda name: far(sets[name], picture)) == frame.scene
    mixed, ends = shown(frames[FADE + 6]), (sets["lantern_street"], sets["tea_room"])
    assert all(far(mixed, end) > 3 for end in ends)
    target.set_active(False)


class Watched:
    """An output that draws the frames near cuts, and notes which sets their pictures show."""

    DRAWS = True

    def __init__(self, pictures: StagePictures, references: dict[str, Light]) -> None:
        self._pictures, self._references = pictures, references
        self.seen: dict[int, set[str]] = {}

    def present(self, frame: Frame) -> None:
        if any(-3 <= frame.number - cut <= 3 for cut in CUTS):
            self.seen[frame.number] = sets_seen(drawn(self._pictures, frame), self._references)

    def close(self) -> None:
        """The pictures are used by other tests."""


@pytest.mark.parametrize("fixed_rate", [True, False])
def test_a_run_shows_each_cut_in_its_frame(
    loaded: content.Loaded,
    production: Production,
    pictures: StagePictures,
    frames: list[Frame],
    references: dict[str, Light],
    tmp_path: Path,
    fixed_rate: bool,
) -> None:
    """Live, frames may be drawn late, but none of them shows another set than its own."""
    assert production.stage is not None
    tracking = msgspec.structs.replace(production.stage.tracking, port=0)
    stage = msgspec.structs.replace(production.stage, tracking=tracking)
    plan = Plan(tmp_path, fixed_rate=fixed_rate, seconds=2.3, operator=False, warm_up=False)
    watched = Watched(pictures, references)
    made = msgspec.structs.replace(production, stage=stage)
    Runner(loaded, made, plan, Outputs.of(watched)).run(threading.Event())
    assert watched.seen == {number: {frames[number].scene} for number in watched.seen}
    assert watched.seen
    if fixed_rate:
        assert len(watched.seen) == 14


# Last, because from here on not all sets are kept.
@pytest.fixture(scope="module")
def kept(warm: tuple[StagePictures, WarmUp], production: Production) -> Residency:
    """One byte for sets that the next beats do not need."""
    pictures, _ = warm
    kept = pictures.keep(sets_ahead(production.story), 1)
    for name in kept.sizes:
        kept.warmed(name)
    return kept


def textures(pictures: StagePictures) -> int:
    gsg: Any = pictures._graphics.host.get_gsg()
    return int(gsg.get_prepared_objects().get_num_prepared_textures())


def test_what_the_next_beats_need_is_uploaded_before_the_cut_and_the_rest_released(
    warm: tuple[StagePictures, WarmUp], kept: Residency, frames: list[Frame]
) -> None:
    pictures, warm_up = warm
    warm_up.begin()
    before = textures(pictures)
    for beat, ready in (
        ("lane", {"lantern_street", "tea_room"}),
        ("tea", {"tea_room", "ridge_road"}),
        ("road", {"ridge_road", "lantern_street"}),
        ("again", {"lantern_street", "tea_room"}),
        ("dissolve", {"tea_room"}),
    ):
        mine = [frame for frame in frames if frame.beat == beat]
        for frame in (*mine[:2], *mine[-2:]):
            pictures.present(frame)
        assert kept.resident == ready, beat
    assert textures(pictures) < before - 10, "the others were released"
    assert warm_up.late().textures_uploaded_late == 0 and pictures.late_by_name() == {}


def test_a_set_that_is_not_ready_is_counted_by_name(
    warm: tuple[StagePictures, WarmUp], kept: Residency, frames: list[Frame]
) -> None:
    """The negative control: nothing is uploaded ahead."""
    pictures, warm_up = warm
    kept._pace = 0
    for frame in (frames[0], frames[1], *frames[23:27]):
        pictures.present(frame)
    before = warm_up.late().textures_uploaded_late
    for frame in frames[47:51]:
        pictures.present(frame)
    assert pictures.late_by_name()["set ridge_road"] == 1
    assert warm_up.late().textures_uploaded_late > before
