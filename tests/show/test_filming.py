"""How a film camera takes its picture: late walls, the shutter, the iris, and missing values."""

from __future__ import annotations

from math import inf

import msgspec
import pytest
from msgspec.structs import replace

from xrdrama.errors import UsageError
from xrdrama.show.filming import AS_SEEN, Filming, LateWalls, exposed
from xrdrama.show.iris import Iris
from xrdrama.show.lenses import view_lens
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.stage import Stage, load_stage
from xrdrama.stage.delays import Delay, parse_delay
from xrdrama.stage.effects import Effects, parse_effects
from xrdrama.stage.lenses import Optics
from xrdrama.stage.model import StandIn
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.wire.frame import Frame, ViewLens

TEXT = """
xrdrama: 1
id: here
canvas: [1600, 640]
eye_point: [0, 0, 1.5]
walls: {main: {shape: flat, width: 10, height: 4, centre: [0, 4, 2], pixels: [1600, 640]}}
camera: {focal_mm: 40, sensor_mm: [36, 20.25], picture: [640, 360], aperture: 2.8}
"""
RATE = FrameRate(24)
AT = Pose(Vec3(0.0, 0.0, 1.5))
STAGE = load_stage(TEXT, "here.stage.yaml")
LINE = "latency: {render: 2 frames, processor: 1 frame, camera: 0.5 frames}\n"


def frame(number: int) -> Frame:
    return Frame(FrameTime.of(number, RATE), "beat", "scene", {})


def filming(names: str, **values: float | Delay) -> Filming:
    return Filming(parse_effects(names), **values)  # type: ignore[arg-type]


def test_walls_show_the_frame_that_was_due_so_many_frames_before() -> None:
    walls = LateWalls(RATE, 3 * NS // 24)
    assert [walls.shown(frame(n)).number for n in range(6)] == [0, 0, 0, 0, 1, 2]
    assert walls.film_at(frame(7)) == pytest.approx(RATE.shows_at(7), abs=1)


def test_walls_keep_a_frame_until_the_next_one_that_was_made() -> None:
    walls = LateWalls(RATE, 2 * NS // 24)
    made = [0, 1, 5, 6, 7, 8]  # a live show skips frames that come too late
    assert [walls.shown(frame(n)).number for n in made] == [0, 0, 1, 1, 5, 6]


def test_a_fraction_of_a_frame_moves_the_exposure_before_the_frame() -> None:
    """3.5 frames late: the walls show frame 4 while frame 8 is exposed, at 7.5."""
    walls = LateWalls(RATE, round(3.5 * NS / 24))
    shown = [walls.shown(frame(n)).number for n in range(9)]
    assert shown[-1] == 4 and walls.late == 4
    assert walls.film_at(frame(8)) == pytest.approx(7.5 * NS / 24, abs=3)


def test_without_slip_walls_are_in_time() -> None:
    walls = LateWalls(RATE, AS_SEEN.lag(STAGE, RATE))
    assert [walls.shown(frame(n)).number for n in range(3)] == [0, 1, 2]
    assert walls.film_at(frame(2)) == RATE.shows_at(2)


def test_slip_is_the_delay_line_of_the_stage_or_the_latency_given() -> None:
    late = load_stage(TEXT + LINE, "here.stage.yaml")
    assert filming("slip").lag(late, RATE) == pytest.approx(3.5 * NS / 24, abs=2)
    given = filming("slip", latency=Delay(frames=6))
    assert given.lag(late, RATE) == given.lag(STAGE, RATE) == NS // 4
    seen = load_stage(TEXT + LINE.replace("}", ", predict_to: seen}"), "here.stage.yaml")
    assert given.lag(seen, RATE) == pytest.approx(9.5 * NS / 24, abs=2)
    with pytest.raises(UsageError, match="does not say how late") as error:
        filming("slip").lag(STAGE, RATE)
    assert "--latency" in str(error.value)


@pytest.mark.parametrize(
    ("text", "delay"),
    [("3", Delay(frames=3)), ("2.5 frames", Delay(frames=2.5)), ("125ms", Delay(ns=NS // 8)),
     ("0", Delay()), ("241", None), ("soon", None), ("-1", None), ("11s", None), ("", None)],
)  # fmt: skip
def test_a_latency_is_frames_or_a_time(text: str, delay: Delay | None) -> None:
    assert parse_delay(text) == delay


@pytest.mark.parametrize("value", ["shutter", "aperture", "focus"])
def test_a_value_without_its_effect_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match=f"--{value} has no effect without"):
        filming("slip,off_angle", **{value: 4.0}).check()
    filming("motion_blur,depth_of_field", **{value: 4.0}).check()


def test_the_shutter_is_open_for_its_angle() -> None:
    camera = STAGE.camera
    assert filming("motion_blur").open_for(camera, RATE) == NS // 48
    assert filming("motion_blur", shutter=0.0).open_for(camera, RATE) == 0
    assert AS_SEEN.open_for(camera, RATE) == 0


def iris(stage: Stage, lens: ViewLens | None = None, **values: float) -> Iris | None:
    sent = values.pop("sent", None), values.pop("sent_focus", None)
    return filming("depth_of_field", **values).iris(stage.camera, stage, AT, lens, sent)


def test_an_iris_is_of_the_option_then_the_tracker_then_the_stage() -> None:
    near = STAGE.with_camera(replace(STAGE.camera, focus=2.0))
    assert iris(near) == Iris(2.8, 2.0)
    assert iris(near, sent=4.0, sent_focus=3.0) == Iris(4.0, 3.0)
    assert iris(near, sent=4.0, aperture=1.4, focus=5.0) == Iris(1.4, 5.0)
    lens = view_lens(Optics(40.0), (36.0, 20.25))
    assert iris(near, lens, sent_focus=3.0) == Iris(2.8, inf)
    assert AS_SEEN.iris(STAGE.camera, STAGE, AT) is None


def test_a_camera_without_a_focus_distance_is_in_focus_on_the_stand_in() -> None:
    stage = replace(STAGE, stand_in=StandIn("a.glb", Vec3(1.0, 3.0, 0.0)))
    assert iris(stage) == Iris(2.8, 3.0)


def test_missing_values_of_the_depth_of_field_are_named() -> None:
    with pytest.raises(UsageError, match="focus distance of the camera 'main' is unknown"):
        iris(STAGE)
    blind = STAGE.with_camera(replace(STAGE.camera, aperture=None))
    with pytest.raises(UsageError, match="aperture of the camera 'main' is unknown"):
        iris(blind, focus=3.0)


def moving(at: int) -> tuple[Pose, ViewLens | None]:
    return Pose(Vec3(0.5 * at / NS, 0.0, 1.5), Quat.from_angles(pan=10.0 * at / NS)), None


def test_an_exposure_is_around_its_time() -> None:
    found = exposed(moving, NS, NS // 24, None, STAGE.camera, STAGE)
    middle, _ = moving(NS)
    places = [one.pose.position.x for one in found]
    assert len(found) >= 8 and places == sorted(places)
    assert sum(places) / len(found) == pytest.approx(middle.position.x, abs=1e-6)
    assert places[-1] - places[0] == pytest.approx(0.5 / 24, rel=0.15)


@pytest.mark.parametrize(("depth", "moves"), [(2.0, False), (4.0, True)])
def test_what_is_in_focus_is_at_one_place_of_every_picture(depth: float, moves: bool) -> None:
    found = exposed(moving, 0, 0, Iris(1.4, 2.0), STAGE.camera, STAGE)
    seen = []
    for one in found:
        at = one.pose.inverse().apply(Vec3(0.3, depth, 1.7))
        seen.append((at.x / at.y + one.shift[0], at.z / at.y + one.shift[1]))
    apart = max(abs(x - seen[0][0]) for x, _ in seen)
    assert (apart > 1e-3) == moves and (moves or apart < 1e-12)


@pytest.mark.parametrize(
    ("open_for", "iris"), [(0, None), (0, Iris(1e6, 3.0)), (0, Iris(1.4, 4.0))]
)
def test_without_blur_an_exposure_is_one_picture(open_for: int, iris: Iris | None) -> None:
    (only,) = exposed(moving, NS, open_for, iris, STAGE.camera, STAGE)
    assert (only.pose, only.lens, only.shift) == (*moving(NS), (0.0, 0.0))


def test_effects_are_kept_in_a_message() -> None:
    """As the processes that draw get them."""
    made = Filming(Effects(slip=True), latency=Delay(frames=3))
    assert msgspec.json.decode(msgspec.json.encode(made), type=Filming) == made
