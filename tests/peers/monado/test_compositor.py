"""What reaches the eyes: the composited picture of Monado's main compositor, photographed."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.peers.monado.audience import SHOW, Performance, sharp_show, words_of
from tests.peers.monado.puppet import Puppet
from tests.peers.monado.stand import Screen, Service, own_network
from xrdrama import content
from xrdrama.adapters.panda.lettering.sheets import whole_pixels
from xrdrama.show.take import read_take
from xrdrama.spatial import Pose, Vec3
from xrdrama.viewers.boards import on_sheet
from xrdrama.viewers.surroundings import CAPTIONS_AT
from xrdrama.wire.events import Presented
from xrdrama.wire.frame import Frame, Projection

pytestmark = pytest.mark.peer
Picture = NDArray[np.uint8]
AWAY = 2.5
"""Metres from the eyes to the lantern that is looked at."""
PAPER = 150
"""What is lighter than this in each colour is lit paper, or the letters of a caption."""
ROOM = 60
"""Pixels round where the lantern should be, in which it is looked for."""


class Photographed:
    """Pictures of both eyes at chosen moments, and where the eyes were."""

    def __init__(self, folder: Path) -> None:
        with (
            own_network(),
            closing(Screen(folder)) as screen,
            closing(Service(folder, screen)) as service,
            closing(
                Performance(folder / "out", service.viewer_environment(), "vr", sharp_show(folder))
            ) as show,
            closing(Puppet()) as puppet,
        ):
            self.spoken, self.captioned = photograph(show, screen, is_said)
            show.hold(True)  # the line ends, and the story stays there
            _, self.silent = photograph(show, screen, is_silent)
            show.hold(False)
            self.lantern = lantern()
            puppet.stand(self.lantern - standpoint() - Vec3(0.0, AWAY, 0.0))
            _, self.near = photograph(show, screen, is_awake)
            result: dict[str, Any] = show.end()
        for name in ("captioned", "silent", "near"):  # for people to look at
            Image.fromarray(np.hstack(getattr(self, name))).save(folder / f"{name}.png")
        self.report = result["viewer"]["report"]
        take = read_take(Path(result["take"]).read_bytes())
        last = [e.event for e in take.entries if isinstance(e.event, Presented)][-1]
        self.poses: tuple[Pose, ...] = last.poses
        self.projections = [msgspec.convert(edges, Projection) for edges in self.report["eyes"]]

    def theory(self, side: int, point: Vec3, picture: Picture) -> tuple[float, float]:
        """Where an eye sees a point of the set: pixels from the left and from the top."""
        return pixel(self.projections[side], self.poses[side].inverse().apply(point), picture)


def pixel(edges: Projection, seen: Vec3, picture: Picture) -> tuple[float, float]:
    """Where a point before an eye is in its picture: pixels from the left and from the top."""
    height, width = picture.shape[:2]
    x = (seen.x / seen.y - edges.left) / (edges.right - edges.left)
    y = (edges.top - seen.z / seen.y) / (edges.top - edges.bottom)
    return x * width, y * height


def is_said(frame: Frame) -> bool:
    return bool(frame.captions) and frame.choice is None and frame.number > 40


def is_silent(frame: Frame) -> bool:
    return not frame.captions and frame.choice is None


def is_awake(frame: Frame) -> bool:
    return 1.2 < float(frame.params["thirteenth"]) < 1.8


def photograph(
    show: Performance, screen: Screen, right: Callable[[Frame], bool]
) -> tuple[Frame, tuple[Picture, Picture]]:
    """Both eyes' pictures of a moment that lasts: a frame takes its time to the screen."""
    while True:
        before = show.wait(right, 90.0)
        time.sleep(1.2)  # longer than a frame takes to the screen
        assert show.frame is not None
        if (show.frame.captions, right(show.frame)) == (before.captions, True):
            taken = eyes(screen)
            if show.frame.captions == before.captions:
                return before, taken


def eyes(screen: Screen) -> tuple[Picture, Picture]:
    """The two halves of the compositor's window, which shows each eye's picture."""
    picture = screen.picture()
    rows, columns = np.nonzero(picture.any(axis=2))
    found = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    middle = found.shape[1] // 2
    return found[:, :middle], found[:, middle : 2 * middle]


def standpoint() -> Vec3:
    """Where on the set's floor the viewer stands."""
    production = content.produce(content.load_show(SHOW))
    at = production.scenes["lantern_street"].places["film_camera"].pose.position
    return Vec3(at.x, at.y, 0.0)


def lantern() -> Vec3:
    production = content.produce(content.load_show(SHOW))
    return production.scenes["lantern_street"].places["thirteenth"].pose.position


@pytest.fixture(scope="module")
def photographed(tmp_path_factory: pytest.TempPathFactory) -> Photographed:
    return Photographed(tmp_path_factory.mktemp("compositor"))


def glow(picture: Picture, near: tuple[float, float]) -> tuple[float, float]:
    """The middle of the brightest thing round a place."""
    left, top = round(near[0]) - ROOM, round(near[1]) - ROOM
    part = picture[max(0, top) : top + 2 * ROOM, max(0, left) : left + 2 * ROOM]
    light = part.min(axis=2) > PAPER
    assert light.sum() > 500, "there is nothing bright"
    rows, columns = np.mgrid[0 : part.shape[0], 0 : part.shape[1]]
    x = (columns * light).sum() / light.sum() + max(0, left) + 0.5
    y = (rows * light).sum() / light.sum() + max(0, top) + 0.5
    return float(x), float(y)


def test_both_eyes_see_a_known_point_with_its_parallax(photographed: Photographed) -> None:
    pictures, point = photographed.near, photographed.lantern
    theory = [photographed.theory(side, point, pictures[side]) for side in (0, 1)]
    found = [glow(pictures[side], theory[side]) for side in (0, 1)]
    expected = theory[0][0] - theory[1][0]
    parallax = found[0][0] - found[1][0]
    assert expected > 4.0
    assert abs(parallax - expected) < 1.0
    assert abs(found[0][1] - found[1][1]) < 1.0  # and none up or down
    # The control: eyes that are exchanged are found out.
    assert abs(-parallax - expected) > 4.0
    for side in (0, 1):
        assert np.hypot(*np.subtract(found[side], theory[side])) < 25.0  # it sways


def test_both_eyes_see_the_captions(photographed: Photographed) -> None:
    overlay = words_of(msgspec.structs.replace(photographed.spoken, choice=None))
    box = whole_pixels(overlay)
    assert box is not None
    head = photographed.poses[0].lerp(photographed.poses[1], 0.5)
    for side in (0, 1):
        with_words, without = photographed.captioned[side], photographed.silent[side]
        corners = []
        for x, y in (box[:2], box[2:]):
            place = CAPTIONS_AT.apply(on_sheet(x, y))
            eye = photographed.poses[side].inverse().apply(head.apply(place))
            corners.append(pixel(photographed.projections[side], eye, with_words))
        (left, low), (right, high) = corners
        rows, columns = slice(round(high), round(low)), slice(round(left), round(right))
        assert letters(with_words[rows, columns]) > 0.01
        assert letters(without[rows, columns]) < 0.001


def letters(picture: Picture) -> float:
    """The share of pixels as light as paper."""
    assert picture.size > 3000
    return float((picture.min(axis=2) > PAPER).mean())


def test_every_frame_that_was_waited_for_was_ended(photographed: Photographed) -> None:
    report = photographed.report
    assert report["waited"] == report["ended"] > 20
    assert report["lost_poses"] == report["bounded_fovs"] == 0
