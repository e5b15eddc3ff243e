"""Captions that follow lazily, in what Monado is handed and in what its compositor shows."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from contextlib import closing
from itertools import pairwise
from math import atan2, degrees, exp
from pathlib import Path

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.adapters.bridge.cores import Core
from tests.peers.monado.audience import SHOW, sharp_show, words_of
from tests.peers.monado.puppet import HEAD, Puppet
from tests.peers.monado.stand import Screen, Service, ended, own_network
from tests.peers.monado.test_compositor import PAPER, eyes, pixel
from tests.peers.monado.witness import Handed
from tests.waiting import wait_until
from xrdrama import content
from xrdrama.adapters.openxr.interaction.anchor import FARTHEST, FREE, LAG, NEAR, START
from xrdrama.adapters.panda.lettering.sheets import whole_pixels
from xrdrama.processes.statuses import Report
from xrdrama.show import Tick, advance, opening
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import NS, FrameRate, FrameTime
from xrdrama.viewers.boards import on_sheet
from xrdrama.viewers.surroundings import CAPTIONS_AT
from xrdrama.wire.codec import encode
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer
Picture = NDArray[np.uint8]
WITNESS = Path(__file__).with_name("witness.py")
LITTLE, FAR = 11.0, 48.0
"""Degrees that the head turns: within what is free, and beyond."""
NEARLY = 12.0
"""Pixels."""
FRAMES = 6
"""Frames that are seen before a picture is taken, however slow the machine is."""


class Still:
    """A core whose show stands still on its first words."""

    def __init__(self, folder: Path) -> None:
        self.core = Core(folder / "still.take")
        self.frame = first_words()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._publish)
        self._thread.start()
        self.core.begin()

    def _publish(self) -> None:
        number = 0
        while not self._stop.wait(1 / 24):
            number += 1
            time_ = FrameTime.of(number, FrameRate.parse("24"))
            self.core.server.publish(encode(msgspec.structs.replace(self.frame, time=time_)), [])

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self.core.close()


def first_words() -> Frame:
    """The first frame of the drama in which somebody speaks."""
    production = content.produce(content.load_show(SHOW))
    show = opening(production)
    for number in range(1000):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
        if frame.captions:
            return frame
    raise AssertionError("nobody speaks")


class Turned:
    """Words that stay, before a head that turns a little, then far, then is centred: every frame
    that was handed in, and pictures."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "handed.jsonl"
        self.log.touch()
        self.marks: dict[str, int] = {}
        self.pictures: dict[str, tuple[Picture, Picture]] = {}
        with (
            own_network(),
            closing(Screen(folder)) as screen,
            closing(Service(folder, screen, percent=30)) as service,
            closing(Still(folder)) as still,
        ):
            self.frame = still.frame
            command = [service.prefix, sys.executable, str(WITNESS), str(self.log), "xrdrama"]
            command += ["viewer", still.core.server.endpoint, sharp_show(folder), "--on", "headset"]
            report = folder / "viewer.json"
            command += ["--log", str(report)]
            with (
                ended(subprocess.Popen(command, env=service.viewer_environment())) as viewer,
                closing(Puppet()) as puppet,
            ):
                self._look(puppet, screen, "ahead", 0.0, 1.0)
                self._look(puppet, screen, "little", LITTLE, 1.0)
                self._look(puppet, screen, "far", FAR, 3.0)
                self._look(puppet, screen, "aside", FAR - LITTLE, 0.5)
                puppet.presses_b = True
                self._look(puppet, screen, "centred", FAR - LITTLE, 2.0)
                viewer.terminate()
                assert viewer.wait(20) == 0
        self.handed = self._handed()
        for name, pair in self.pictures.items():  # for people to look at
            Image.fromarray(np.hstack(pair)).save(folder / f"{name}.png")
        self.projections = msgspec.json.decode(report.read_bytes(), type=Report).eyes

    def _handed(self) -> list[Handed]:
        lines = self.log.read_bytes().splitlines(keepends=True)
        return [msgspec.json.decode(one, type=Handed) for one in lines if one.endswith(b"\n")]

    def _look(self, puppet: Puppet, screen: Screen, name: str, pan: float, seconds: float) -> None:
        """Turn the head, and take a picture after some time and some frames with words."""
        puppet.stand(HEAD.position, Quat.from_angles(pan=pan))
        since = time.monotonic_ns()
        wait_until(lambda: self._enough(since + round(seconds * NS)), 120.0, f"frames of {name}")
        self.pictures[name] = eyes(screen)
        self.marks[name] = time.monotonic_ns()

    def _enough(self, since: int) -> bool:
        later = [h for h in self._handed() if h.at > since and h.eyes and h.captions]
        return len(later) >= FRAMES

    def during(self, name: str) -> list[Handed]:
        """The frames with a caption between the mark before and this one."""
        names = list(self.marks)
        place = names.index(name)
        since = self.marks[names[place - 1]] if place else 0
        return [
            h for h in self.handed if since < h.at <= self.marks[name] and h.eyes and h.captions
        ]


def pan_of(pose: Pose) -> float:
    """Where a sheet stands, in degrees to the left of what is ahead of the stage's origin."""
    at = pose.position - HEAD.position
    return degrees(atan2(-at.x, at.y))


def gaze(handed: Handed) -> float:
    """Where the head is turned to."""
    return handed.eyes[0].rotation.angles()[0]


@pytest.fixture(scope="module")
def turned(tmp_path_factory: pytest.TempPathFactory) -> Turned:
    return Turned(tmp_path_factory.mktemp("captions"))


def test_captions_stand_in_the_room_while_the_gaze_is_near(turned: Turned) -> None:
    frames = turned.during("little")
    assert len(frames) >= FRAMES
    assert all(in_stage for handed in frames for in_stage, _ in handed.quads)
    assert {handed.quads[-1][1] for handed in frames} == {turned.during("ahead")[-1].quads[-1][1]}
    # The control: the head has turned, so that words locked to it would have gone along.
    assert gaze(frames[-1]) == pytest.approx(LITTLE, abs=0.1)


def test_captions_come_after_a_head_that_turns_away(turned: Turned) -> None:
    frames = [handed for handed in turned.during("far") if gaze(handed) > FAR - 0.1]
    assert len(frames) >= FRAMES
    ways = [gaze(handed) - pan_of(handed.quads[-1][1]) for handed in frames]
    assert NEAR + 1.0 < ways[0] <= FARTHEST + 0.1  # not left behind, and not there at once
    assert all(later <= sooner + 1e-3 for sooner, later in pairwise(ways))  # and no swing
    assert ways[-1] == ways[-2] == pytest.approx(NEAR, abs=0.05)
    spans = np.diff([handed.shows_at / NS for handed in frames])
    assert (-np.diff(ways) / spans).max() <= FARTHEST / LAG
    # Monado turned the head at once: the whole way is that of one rest, in closed form.
    for handed, way in zip(frames, ways, strict=True):
        since = (handed.shows_at - frames[0].shows_at) / NS
        assert way == pytest.approx(max(NEAR, eased(ways[0], since)), abs=0.6)


def eased(way: float, seconds: float) -> float:
    """What is left of a way by the formula, from any frame of the easing that is not its start."""
    began = next(t / 1e3 for t in range(5000) if left_at(t / 1e3) <= way)
    return left_at(began + seconds)


def left_at(seconds: float) -> float:
    shrunk = seconds**2 / (2 * START * LAG) if seconds < START else (seconds - START / 2) / LAG
    return FARTHEST * exp(-shrunk)


def test_captions_are_before_a_viewer_who_centres_the_view(turned: Turned) -> None:
    aside, centred = turned.during("aside")[-1], turned.during("centred")[-1]
    assert NEAR < abs(gaze(aside) - pan_of(aside.quads[-1][1])) < FREE
    assert gaze(centred) - pan_of(centred.quads[-1][1]) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize(
    ("name", "off"), [("ahead", 0.0), ("little", LITTLE), ("far", NEAR), ("centred", 0.0)]
)
def test_the_compositor_shows_the_words_where_they_stand(
    turned: Turned, name: str, off: float
) -> None:
    for side in (0, 1):
        left, _, right, _ = edges_of(turned, off)[side]
        found = middle_of_words(turned, name, side)
        assert abs(found - (left + right) / 2) < NEARLY
        if name == "little":  # the control: locked to the head they would be found ahead
            left, _, right, _ = edges_of(turned, 0.0)[side]
            assert abs(found - (left + right) / 2) > 4 * NEARLY


def middle_of_words(turned: Turned, name: str, side: int) -> float:
    """The middle of what is as light as paper at the words' height: pixels from the left."""
    _, top, _, bottom = edges_of(turned, 0.0)[side]
    light = turned.pictures[name][side][top:bottom].min(axis=2) > PAPER
    columns = np.nonzero(light.sum(axis=0) > 0)[0]
    assert len(columns) > 40, "there are no words"
    return float(columns.min() + columns.max()) / 2


def edges_of(turned: Turned, off: float) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of the words in each eye's picture, `off` degrees to the right."""
    box = whole_pixels(words_of(msgspec.structs.replace(turned.frame, choice=None)))
    assert box is not None
    found = []
    ahead = turned.during("ahead")[-1]
    head = ahead.eyes[0].lerp(ahead.eyes[1], 0.5)
    aside = Pose(head.position, Quat.from_angles(pan=off)) * Pose(-head.position)
    for side in (0, 1):
        eye = (aside * ahead.eyes[side]).inverse()
        picture = turned.pictures["ahead"][side]
        left, low = pixel(turned.projections[side], eye.apply(place(head, box[:2])), picture)
        right, high = pixel(turned.projections[side], eye.apply(place(head, box[2:])), picture)
        found.append((round(left), round(high), round(right), round(low)))
    return found


def place(head: Pose, corner: tuple[int, ...]) -> Vec3:
    return head.apply(CAPTIONS_AT.apply(on_sheet(*corner)))
