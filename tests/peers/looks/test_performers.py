"""Performers look the same in a browser as on the wall: CIEDE2000 of blocks of both pictures."""

from __future__ import annotations

from collections.abc import Iterator
from math import atan2

import msgspec
import numpy as np
import pytest

from tests.peers.looks.patches import block_differences
from tests.peers.looks.pictures import Pixels, Shot, Web, wall_picture, web
from xrdrama import content
from xrdrama.adapters.panda.set.materials import Quality
from xrdrama.adapters.panda.set.visitors import Appearance
from xrdrama.adapters.web.audience.bodies import Bodies
from xrdrama.gltf.figures import Figure
from xrdrama.performer import evaluate
from xrdrama.processes.figures import figure_file, figures_of
from xrdrama.processes.sets import compiled_scene
from xrdrama.show import Tick, advance, opening
from xrdrama.spatial import UP as UPWARD
from xrdrama.spatial import Pose, Quat, Vec3
from xrdrama.timing import FrameTime
from xrdrama.tools.sets import load_scene
from xrdrama.wire.frame import Frame

pytestmark = pytest.mark.peer
MEDIAN, MOST = 1.0, 3.0
FRAMES = 240
AWAY, EYES = 1.7, 1.25


class Scene(msgspec.Struct, frozen=True):
    """A frame of the drama, and its performers for both renderers."""

    frame: Frame
    figures: dict[str, Figure]
    appearances: tuple[Appearance, ...]
    state: dict[str, object]
    shots: dict[str, Shot]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web(tmp_path_factory.mktemp("performers")) as opened:
        yield opened


@pytest.fixture(scope="module")
def acted(page: Web) -> Scene:
    loaded = content.load_show("lantern_web")
    production = content.produce(loaded)
    figures = figures_of(loaded, production)
    files = {id: figure_file(figure) for id, figure in figures.items()}
    for hash, path in files.values():
        page.add_figure(hash, path)
    show = opening(production)
    for number in range(FRAMES):
        show, frame = advance(show, Tick(FrameTime.of(number, production.rate), ()))
    at = frame.time.shows_at
    performers = {id: member.performer for id, member in production.cast.items()}
    shown = tuple(
        Appearance(one.id, evaluate(one, performers[one.id], at), 1.0)
        for one in frame.performers
        if one.on == "set"
    )
    assert len(shown) == 2
    seen = [msgspec.structs.replace(one, presence=1.0) for one in frame.performers]
    bodies = Bodies(production, lambda id: files[id][0])
    state = {**bodies.names, "performers": bodies.of(seen, at)}
    scene, path = load_scene(frame.scene)
    compiled = compiled_scene(str(path))
    shots = {
        one.id: Shot(scene, compiled, dict(frame.params), before(one), seconds=at / 1e9)
        for one in shown
    }
    return Scene(frame, figures, shown, state, shots)


def before(one: Appearance) -> Pose:
    """A camera before a performer's face."""
    root = one.pose.root
    ahead = Quat.about(UPWARD, root.pan).rotate(Vec3(0.0, 1.0, 0.0))
    at = Vec3(root.at.x + AWAY * ahead.x, root.at.y + AWAY * ahead.y, root.at.z + EYES)
    return Pose(at, Quat.about(UPWARD, atan2(ahead.x, -ahead.y)))


def both(page: Web, acted: Scene, who: str, quality: Quality = "full") -> tuple[Pixels, Pixels]:
    shot = acted.shots[who]
    wall = wall_picture(shot, quality=quality, figures=acted.figures, appearances=acted.appearances)
    seen = page.picture(shot, quality=quality, state=acted.state)
    return wall, seen


@pytest.mark.parametrize("quality", ["full", "draft"])
@pytest.mark.parametrize("who", ["lan", "grandmother"])
def test_performers(page: Web, acted: Scene, who: str, quality: Quality) -> None:
    wall, seen = both(page, acted, who, quality)
    assert page.left_out == []
    found = block_differences(wall, seen)
    assert np.median(found) <= MEDIAN and np.percentile(found, 95) <= MOST, np.round(found, 1)
    # The negative control: without the performers it is another picture.
    empty = block_differences(wall_picture(acted.shots[who], quality=quality), seen)
    assert np.percentile(empty, 95) > 3 * MOST
