"""Plates on a set's sky and cards: where they are seen, in which colour, and how often uploaded."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.scene.compiling.test_compile import YARD
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.errors import DeviceError, LocalProtocolError
from xrdrama.scene.compiling.compile import compile_scene
from xrdrama.scene.parse import parse_scene
from xrdrama.scene.plates import Planes, PlateFacts
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.wire.frame import Projection

FRAMES = 4
FACTS = PlateFacts("0" * 32, 64, 32, FRAMES, (24, 1), "srgb", "bt709", full_range=True)
HEAD, MATERIALS = YARD.split("models:\n")[0], "models: {}\n"
TEXT = (
    HEAD.replace("height: 4}", "height: 4, scaled_by: glow}")
    + """\
  tone: {exposure: 0, white: 1, contrast: 0, lift: "#000000"}
"""
    + MATERIALS
    + """\
plates:
  around: {kind: sky, doc: Round., file: a.mp4, at_end: black, scaled_by: glow}
  screen: {kind: card, doc: A card., file: b.mp4, at: [0, 4, 0], width: 2, exposure: -1}
"""
)
VIEW = Projection(-0.5, 0.5, -0.5, 0.5, 0.1, 100.0)
WIDTH = 64
Picture = NDArray[np.uint8]


class Source:
    """Frames of one colour, whose left half is darker: luma is 40 times the number, plus 60."""

    ahead = 2

    def __init__(self) -> None:
        self.asked: list[tuple[int, ...]] = []
        self.late: set[int] = set()
        self.broken = False

    def frame(self, following: tuple[int, ...], *, wait: bool) -> Planes | None:
        self.asked.append(following)
        if self.broken:
            raise DeviceError("the plate is broken", "copy it")
        if following[0] in self.late and not wait:
            return None
        luma = np.full((32, 64), 60 + 40 * following[0], np.uint8)
        luma[:, :32] //= 2
        grey = np.full((16, 32), 128, np.uint8)
        return Planes(luma, grey, grey)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture
def sources() -> dict[str, Source]:
    return {"around": Source(), "screen": Source()}


@pytest.fixture
def stage(graphics: Graphics, sources: dict[str, Source]) -> Iterator[Seen]:
    yield Seen(graphics, sources)


class Seen:
    """The set, and a view from the origin along a direction."""

    def __init__(self, graphics: Graphics, sources: dict[str, Source], text: str = TEXT) -> None:
        scene, problems = parse_scene(text, "scene.yaml")
        assert scene is not None, problems
        compiled = compile_scene(scene, {}, plates={"a.mp4": FACTS, "b.mp4": FACTS})
        self.graphics = graphics
        self.set = VirtualSet(graphics, compiled, plates=sources)
        self.target = graphics.target("plates", WIDTH, WIDTH, "srgb8", sort=10)
        self.view = self.set.add_view(self.target)

    def draw(self, seconds: float, pan: float = 0.0, **params: float) -> Picture:
        self.view.place(Pose(Vec3(0.0, 0.0, 0.0), Quat.from_angles(pan=pan)), VIEW)
        self.set.update({"plate_time": seconds, **params}, (), 0.0)
        self.graphics.render()
        return self.graphics.picture(self.target)


def close_to(colour: NDArray[np.uint8], value: int) -> bool:
    return bool(np.abs(colour.astype(int) - value).max() <= 2)


def test_sky_and_card_show_the_frame_of_their_time_in_their_own_colours(stage: Seen) -> None:
    behind = stage.draw(1 / 24 + 1e-6, pan=180)
    # Behind is the seam: the plate's right half is seen on the left.
    assert close_to(behind[32, 8], 100) and close_to(behind[32, 56], 50)
    ahead = stage.draw(2 / 24 + 1e-6)
    assert close_to(ahead[2, 56], 140) and close_to(ahead[2, 8], 70)
    # The card is one stop darker, in linear light.
    linear = ((140 / 255 + 0.055) / 1.055) ** 2.4 / 2
    assert close_to(ahead[32, 40], round(255 * (1.055 * linear ** (1 / 2.4) - 0.055)))


def test_sky_turns_and_tilts_and_a_card_turns(
    graphics: Graphics, sources: dict[str, Source]
) -> None:
    turned = Seen(graphics, sources, TEXT.replace("at_end: black", "at_end: black, pan: 90"))
    left = turned.draw(0.0, pan=90)
    assert close_to(left[32, 8], 30) and close_to(left[32, 56], 60)
    away = Seen(graphics, sources, TEXT.replace("width: 2", "width: 2, pan: 90"))
    assert close_to(away.draw(0.0)[32, 40], 60), "a card that is seen from its edge is not there"


def test_plate_is_uploaded_only_when_its_frame_changes(
    stage: Seen, sources: dict[str, Source]
) -> None:
    for _ in range(3):
        stage.draw(0.0)
    assert sources["around"].asked == [(0, 1)]
    stage.draw(1.5 / 24)
    assert sources["around"].asked == [(0, 1), (1, 2)]


def test_late_frame_repeats_the_last_one_and_is_counted_by_name(
    stage: Seen, sources: dict[str, Source]
) -> None:
    before = stage.draw(0.0)
    sources["around"].late = {1, 2}
    assert (stage.draw(1 / 24)[2] == before[2]).all()
    stage.draw(2 / 24)
    assert stage.set.plates.late == {"around": 2}
    assert close_to(stage.draw(3 / 24)[2, 56], 180)
    assert stage.set.plates.late == {"around": 2}


def test_broken_plate_holds_its_last_picture_and_is_said_once(
    stage: Seen, sources: dict[str, Source], caplog: pytest.LogCaptureFixture
) -> None:
    before = stage.draw(0.0)
    sources["around"].broken = True
    assert (stage.draw(1 / 24)[2] == before[2]).all()
    stage.draw(2 / 24)
    assert [record.getMessage() for record in caplog.records] == [
        "the plate is broken: copy it; its last picture is held"
    ]
    assert stage.set.plates.late == {"around": 2}


def test_plate_that_has_ended_is_black_and_its_param_scales_it(stage: Seen) -> None:
    assert stage.draw(FRAMES / 24)[2].max() == 0
    assert stage.draw(0.0, glow=0.0)[2].max() == 0
    assert stage.draw(0.0)[2].max() > 50


def test_set_without_the_frames_of_its_plates_is_refused(graphics: Graphics) -> None:
    with pytest.raises(LocalProtocolError, match="around, screen have no source of frames"):
        Seen(graphics, {})


def test_studio_range_and_matrix_become_the_same_colours(graphics: Graphics) -> None:
    """White, black and pure red by the formulae of BT.709 and BT.601."""
    scene, _ = parse_scene(TEXT, "scene.yaml")
    assert scene is not None
    for matrix, (kr, kb) in {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114)}.items():
        facts = msgspec.structs.replace(FACTS, matrix=matrix, full_range=False, frames=1)
        compiled = compile_scene(scene, {}, plates={"a.mp4": facts, "b.mp4": facts})
        cb, cr = -kr / 2 / (1 - kb), 0.5
        rows = [np.full((4, 8), round(v), np.uint8)
                for v in (16 + 219 * kr, 128 + 224 * cb, 128 + 224 * cr)]  # fmt: skip

        class Red(Source):
            planes = Planes(*rows)

            def frame(self, following: tuple[int, ...], *, wait: bool) -> Planes | None:
                return self.planes

        made = VirtualSet(graphics, compiled, plates={"around": Red(), "screen": Red()})
        target = graphics.target("red", 8, 8, "srgb8", sort=11)
        made.add_view(target).place(Pose(Vec3(0.0, 0.0, 0.0), Quat()), VIEW)
        graphics.render()
        red, green, blue = graphics.picture(target)[0, 7].astype(int)
        assert red >= 253 and green <= 12 and blue <= 12, (matrix, red, green, blue)
        target.set_active(False)
