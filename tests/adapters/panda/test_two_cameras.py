"""Two cameras on one wall: whose picture each LED shows, and the edge between them; and the test
patterns, read back pixel by pixel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from panda3d.core import LVecBase4f

from xrdrama.adapters.panda.graphics import Graphics, Target, open_graphics
from xrdrama.adapters.panda.proof.cameras import verify_cameras
from xrdrama.adapters.panda.proof.test_range import TestRange as Pattern
from xrdrama.adapters.panda.proof.verify import P99_PX
from xrdrama.adapters.panda.wall.led_wall import LedWall
from xrdrama.adapters.panda.wall.mixing import led_shader
from xrdrama.adapters.panda.wall.turns import Turns
from xrdrama.errors import LocalProtocolError
from xrdrama.show.camera import view_at
from xrdrama.show.production import outer_views
from xrdrama.spatial import Pose
from xrdrama.stage import Stage, load_stage
from xrdrama.stage.prediction import Track
from xrdrama.timing import FrameTime, Timecode
from xrdrama.wire.commands import PATTERNS
from xrdrama.wire.frame import Frame, Projection, View

STAGE = """
xrdrama: 1
id: two
canvas: [640, 400]
eye_point: [0, -1, 1.5]
walls:
  front: {shape: flat, width: 6, height: 3, centre: [0, 3, 1.5], pixels: [640, 320]}
  side: {shape: flat, width: 2, height: 1, centre: [-2, -4, 2], pan: 180, pixels: [160, 80], at: [0, 320]}
cameras:
  wide: {focal_mm: 30, sensor_mm: [36, 20.25], picture: [960, 540], priority: 1, safe: {position: [-0.4, -2, 1.5]}}
  tele: {focal_mm: 55, sensor_mm: [36, 20.25], picture: [960, 540], subject: "2", priority: 2, feather: 0.05,
         safe: {position: [0.9, -1.5, 1.5], pan: 9}}
inner: {overscan: 1.25, feather: 0.02, pixels: [320, 180]}
outer: {density: 20}
"""  # noqa: E501
Bytes = NDArray[np.uint8]
Doubles = NDArray[np.float64]


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def stage() -> Stage:
    return load_stage(STAGE, "two.stage.yaml")


class Plain:
    """A subject whose views are of one colour each: the first of the cameras red, the second
    green, the outer pictures blue."""

    tone = None

    def __init__(self) -> None:
        self._number = count()

    def add_view(self, target: Target) -> Plain:
        number = next(self._number)
        target.buffer.set_clear_color_active(True)
        target.buffer.set_clear_color(LVecBase4f(number == 0, number == 1, number > 1, 1.0))
        return self

    def place(self, pose: Pose, projection: Projection) -> None:
        pass


def views_of(stage: Stage) -> tuple[View, ...]:
    inner = [view_at(stage, camera, Track(), 0)[0] for camera in stage.cameras]
    return (*inner, *outer_views(stage))


def drawn(graphics: Graphics, stage: Stage, patterns: dict[str, str], number: int = 0) -> Bytes:
    wall = LedWall(graphics, stage, Plain())
    wall.place(views_of(stage))
    wall.patterns.show(patterns, number)
    graphics.render()
    picture = graphics.picture(wall.canvas)
    for target in (*wall.inners.values(), *wall.outers.values(), wall.canvas):
        graphics.engine.remove_window(target.buffer)
    return picture


def front(picture: Bytes) -> Bytes:
    return picture[:320]


def seen_at(stage: Stage, camera: str) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    """For each LED of the front wall: x and y in the camera's inner picture, 0 to 1, and how far
    from the picture's edges it is, in LEDs across and down (negative outside)."""
    facet = stage.wall("front").facets[0]
    view = next(view for view in views_of(stage) if view.camera == camera)
    back = view.pose.inverse()
    x, y = np.zeros((320, 640)), np.zeros((320, 640))
    right = (facet.lower_right - facet.lower_left) * (1 / 640)
    up = (facet.upper_left - facet.lower_left) * (1 / 320)
    p = view.projection
    for row in range(320):
        for column in range(640):
            at = facet.lower_left + right * (column + 0.5) + up * (320 - row - 0.5)
            point = back.apply(at)
            x[row, column] = (point.x / point.y - p.left) / (p.right - p.left)
            y[row, column] = (point.z / point.y - p.bottom) / (p.top - p.bottom)
    across = np.abs(np.gradient(x, axis=1))
    down = np.abs(np.gradient(y, axis=0))
    return x, y, (0.5 - np.abs(x - 0.5)) / across, (0.5 - np.abs(y - 0.5)) / down


@pytest.fixture(scope="module")
def mixed(graphics: Graphics, stage: Stage) -> Bytes:
    return front(drawn(graphics, stage, {}))


@pytest.fixture(scope="module")
def tele(stage: Stage) -> tuple[Doubles, Doubles, Doubles, Doubles]:
    return seen_at(stage, "tele")


def test_the_overlap_shows_the_higher_priority_everywhere(
    mixed: Bytes, stage: Stage, tele: tuple[Doubles, ...]
) -> None:
    wide = seen_at(stage, "wide")
    overscan = stage.camera_named("tele").inner.grown[0]
    own = np.maximum(np.abs(tele[0] - 0.5), np.abs(tele[1] - 0.5)) < 0.5 / overscan
    overlap = own & (np.minimum(wide[2], wide[3]) > 0)
    assert overlap.sum() > 10_000
    assert (mixed[overlap] == (0, 255, 0)).all()
    # The control: with the priorities exchanged, none of these pixels shows the other camera.
    assert not (mixed[overlap] == (255, 0, 0)).all(axis=1).any()


def test_exchanged_priorities_exchange_the_overlap(
    graphics: Graphics, stage: Stage, tele: tuple[Doubles, ...]
) -> None:
    high = msgspec.structs.replace(stage.camera_named("wide"), priority=3)
    picture = front(drawn(graphics, stage.with_camera(high), {}))
    wide = seen_at(stage, "wide")
    own = np.minimum(wide[2], wide[3]) > 30
    overlap = own & (np.minimum(tele[2], tele[3]) > 0)
    assert overlap.any() and (picture[overlap] == (255, 0, 0)).all()


def test_the_edge_between_cameras_lies_within_a_pixel(
    graphics: Graphics, stage: Stage, tele: tuple[Doubles, ...]
) -> None:
    """Without a feather, every LED that is more than one pixel from the edge is on its side."""
    camera = stage.camera_named("tele")
    hard = msgspec.structs.replace(camera.inner, feather=0.0)
    sharp = stage.with_camera(msgspec.structs.replace(camera, inner=hard))
    picture = front(drawn(graphics, sharp, {}))
    green = (picture == (0, 255, 0)).all(axis=2)
    room = np.minimum(tele[2], tele[3])
    assert green[room > 1.0].all() and not green[room < -1.0].any()
    # The control: an edge that is two pixels off does not pass.
    moved = np.roll(green, 2, axis=1)
    assert not (moved[room > 1.0].all() and not moved[room < -1.0].any())


def test_each_camera_has_its_own_feather(
    graphics: Graphics, stage: Stage, mixed: Bytes, tele: tuple[Doubles, ...]
) -> None:
    row = 160
    x, y = tele[0][row], tele[1][row]
    soft = stage.camera_named("tele").inner.feather
    within = (x > 0) & (x < soft) & (np.abs(y - 0.5) < 0.3)
    t = x[within] / soft
    share = t * t * (3 - 2 * t)
    found = mixed[row, within, 1].astype(float) / 255
    linear = np.where(found <= 0.04045, found / 12.92, ((found + 0.055) / 1.055) ** 2.4)
    assert within.sum() >= 5
    assert np.abs(linear - share).max() < 0.01


def test_both_cameras_pass_the_proof_in_their_own_regions(graphics: Graphics, stage: Stage) -> None:
    proofs = verify_cameras(graphics, stage)
    assert set(proofs) == {"wide", "tele"}
    for proof in proofs.values():
        assert proof.position_px.p99 < P99_PX
        wrong = proof.wrong_view_1mm_px
        assert wrong.p99 > 10 * P99_PX
        assert wrong.median == pytest.approx(wrong.expected, rel=0.10)
        assert proof.passed
    assert proofs["tele"].covered == 0 and proofs["wide"].covered > 0.1
    assert 0.8 < proofs["wide"].own + proofs["wide"].covered < 0.9  # the wall is 3 m high


def test_a_wall_that_ignores_priority_fails_the_proof(
    graphics: Graphics, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the wall mixes in the order of the file reversed."""
    true = LedWall.__init__

    def wrong(
        self: LedWall, graphics: Graphics, stage: Stage, *rest: object, **more: object
    ) -> None:
        turned = [msgspec.structs.replace(one, priority=-one.priority) for one in stage.cameras]
        true(self, graphics, msgspec.structs.replace(stage, cameras=tuple(turned)), *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(LedWall, "__init__", wrong)
    proofs = verify_cameras(graphics, stage)
    assert not proofs["tele"].passed


# -- patterns -------------------------------------------------------------------------------------


def test_a_pattern_covers_its_wall_and_no_other(
    graphics: Graphics, stage: Stage, mixed: Bytes
) -> None:
    whole = drawn(graphics, stage, {})
    one = drawn(graphics, stage, {"side": "grid"})
    assert (front(one) == front(whole)).all()
    assert (one[320:, :160] != whole[320:, :160]).any(axis=2).mean() > 0.99
    assert (one[320:, 160:] == whole[320:, 160:]).all()


def test_the_ramp_has_every_code_value_in_its_place(graphics: Graphics, stage: Stage) -> None:
    picture = front(drawn(graphics, stage, {"front": "ramp"})).astype(int)
    expected = np.floor(np.arange(640) * 256 / 640)
    assert np.abs(picture[20, :, 0] - expected).max() <= 1
    assert set(picture[20, :, 0]) >= set(range(2, 254))
    assert (picture[100, :, 1:] == 0).all() and np.abs(picture[100, :, 0] - expected).max() <= 1
    assert len(set(picture[300, :, 0])) == 16


@pytest.mark.parametrize("number", [0, 1234, 987_654])
def test_the_frame_number_can_be_read_by_a_machine(
    graphics: Graphics, stage: Stage, number: int
) -> None:
    picture = front(drawn(graphics, stage, {"front": "frame"}, number))
    bits = [picture[300, int((index + 0.5) * 640 / 24), 0] > 128 for index in range(24)]
    assert sum(bit << (23 - index) for index, bit in enumerate(bits)) == number


def test_the_bar_moves_eight_pixels_a_frame(graphics: Graphics, stage: Stage) -> None:
    first, second = (
        front(drawn(graphics, stage, {"front": "bar"}, number))[250, :, 0] > 128
        for number in (10, 11)
    )
    assert first.sum() == 20 and (np.roll(first, 8) == second).all()
    assert np.flatnonzero(first)[0] == 80


def test_geometry_lines_lie_where_the_stage_says(graphics: Graphics, stage: Stage) -> None:
    """The front wall is 6 m wide around x = 0, so x = 1 m is 4 of 6 m from its left."""
    picture = front(drawn(graphics, stage, {"front": "geometry"})).astype(int)
    red = picture[30, :, 0] - picture[30, :, 2]
    for metres in (-2, 0, 2):  # whole even metres are bright
        around = (metres + 3) / 6 * 640
        columns = np.flatnonzero(red > 200)
        assert np.abs(columns + 0.5 - around).min() < 1.0
    assert (picture[30, int(640 * 3.25 / 6)] < 80).all()  # between two lines


def test_the_grid_marks_the_outermost_pixels(graphics: Graphics, stage: Stage) -> None:
    picture = front(drawn(graphics, stage, {"front": "grid"})).astype(int)
    for edge in (picture[0], picture[-1], picture[:, 0], picture[:, -1]):
        assert (edge[:, 0] > 200).all() and (edge[:, 1] < 100).all()
    assert (picture[1, 5] < 100).all()


def test_camera_frames_are_drawn_where_the_cameras_look(
    graphics: Graphics, stage: Stage, tele: tuple[Doubles, ...]
) -> None:
    picture = front(drawn(graphics, stage, {"front": "cameras"})).astype(int)
    own = 0.5 / stage.camera_named("tele").inner.grown[0]
    x, y = tele[0] - 0.5, tele[1] - 0.5
    inside = (np.abs(x) < own - 0.02) & (np.abs(y) < own - 0.02) & (y < -0.1)
    blue = picture[..., 2] - picture[..., 0]
    assert (blue[inside] > 40).all()
    white = (picture > 240).all(axis=2)
    edge = np.abs(np.abs(x) - own) * 640 / 2 < 1.0
    sides = edge & (np.abs(y) < own - 0.02)
    assert (white & sides).sum() > 0.5 * sides.sum()


@pytest.mark.parametrize("patterns", [{"front": "stripes"}, {"back": "grid"}])
def test_unknown_patterns_and_walls_are_refused(
    graphics: Graphics, stage: Stage, patterns: dict[str, str]
) -> None:
    wall = LedWall(graphics, stage, Plain())
    with pytest.raises(LocalProtocolError, match="there is no pattern"):
        wall.patterns.show(patterns, 0)
    wall.patterns.show(dict.fromkeys(["front", "side"], PATTERNS[0]), 0)
    for target in (*wall.inners.values(), *wall.outers.values(), wall.canvas):
        graphics.engine.remove_window(target.buffer)


def test_a_view_of_an_unknown_camera_is_refused(graphics: Graphics, stage: Stage) -> None:
    wall = LedWall(graphics, stage, Plain())
    view = msgspec.structs.replace(views_of(stage)[0], camera="crane")
    with pytest.raises(LocalProtocolError, match="no camera 'crane'"):
        wall.place((view,))
    for target in (*wall.inners.values(), *wall.outers.values(), wall.canvas):
        graphics.engine.remove_window(target.buffer)


# -- turns of the outer pictures ------------------------------------------------------------------


def frame(number: int, frozen_at: int | None = None) -> Frame:
    time = FrameTime(number, number * 10, Timecode(0, 0, 0, 0))
    return Frame(time, "first", "yard", {}, frozen_at=frozen_at)


def test_frozen_outer_pictures_are_drawn_once_and_then_not() -> None:
    turns = Turns(["a", "b"], every=2)
    assert [turns.due(frame(n)) for n in range(4)] == [{"a", "b"}, {"b"}, {"a"}, {"b"}]
    assert turns.due(frame(4, frozen_at=35)) == {"a", "b"}
    assert [turns.due(frame(n, frozen_at=35)) for n in range(5, 9)] == [set()] * 4
    assert turns.due(frame(9)) == {"a", "b"}
    # Frozen again, they are other pictures.
    assert turns.due(frame(10, frozen_at=95)) == {"a", "b"}


def test_cells_show_what_they_show_when_every_led_looks_up_every_picture(
    graphics: Graphics, stage: Stage
) -> None:
    tele = msgspec.structs.replace(stage, cameras=stage.cameras[1:])
    wall = LedWall(graphics, tele, Pattern(positions=False))
    wall.place(views_of(tele))

    def canvas() -> Bytes:
        graphics.render()
        return graphics.picture(wall.canvas)

    parts = wall.parts
    in_cells, alone = canvas(), {}
    for part in parts:
        for other, paths in parts.items():
            for path in paths:
                path.show() if other == part else path.hide()
        alone[part] = canvas().any(axis=2)
    for paths in parts.values():
        for path in paths:
            path.hide()
    for path in parts["MIXED"]:
        path.show()
        path.set_shader(led_shader(1))
    assert np.abs(in_cells.astype(int) - canvas()).max() <= 1
    # Every LED is in one part, and none of the parts is empty.
    assert (sum(shown.astype(int) for shown in alone.values()) == in_cells.any(axis=2)).all()
    assert min(shown.sum() for shown in alone.values()) > 3000
    for target in (*wall.inners.values(), *wall.outers.values(), wall.canvas):
        graphics.engine.remove_window(target.buffer)
