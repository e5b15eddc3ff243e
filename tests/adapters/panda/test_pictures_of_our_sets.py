"""Pictures of our other sets: the golden one, what every param does, and that nothing lingers.

What a renderer does with any set is tested with the first one, in test_virtual_set.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.scene.our_sets import our_set
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.set.virtual_set import VirtualSet
from xrdrama.scene.model import ParamValue, Scene
from xrdrama.show.framing import lights_of
from xrdrama.stage import inner_frustum
from xrdrama.tools.sets import LENS, STANDPOINT
from xrdrama.wire.frame import Projection

GOLDENS = Path(__file__).parents[2] / "goldens"
SIZE = (320, 180)
SECONDS = 12.5
MEAN_OFF, BLOCK_OFF, BLOCK = 1.0, 5.0, 20
SEEN = 24

# A state that holds all that the set can show, and changes that its golden picture must not allow.
STATES: dict[str, dict[str, ParamValue]] = {
    "tea_room": {
        "time_of_day": 0.3, "sun": 1.0, "sky_fill": 1.0, "lamp": 0.8, "embers": 1.0, "steam": 1.0,
        "dust": 0.8, "wind": 0.5, "rain": 0.5, "haze": 0.4, "exposure": 0.1,
    },
    "ridge_road": {
        "speed": 13.0, "distance": 318.0, "time_of_day": 0.25, "sun": 1.0, "headlights": 0.8,
        "oncoming": 0.9, "gallery": 1.0, "lamps": 0.8, "haze": 0.35, "rain": 0.5, "wind": 0.3,
        "exposure": 0.1,
    },
}  # fmt: skip
OTHER: dict[str, dict[str, ParamValue]] = {
    "tea_room": {"time_of_day": 0.36, "lamp": 0.4, "sun": 0.7, "dust": 0.4},
    "ridge_road": {"distance": 319.0, "oncoming": 0.88, "sun": 0.7, "time_of_day": 0.35},
}

Picture = NDArray[np.uint8]
Draw = Callable[[Mapping[str, ParamValue], float], Picture]


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module", params=sorted(STATES))
def drawn_set(request: pytest.FixtureRequest, graphics: Graphics) -> tuple[Scene, Draw]:
    scene, compiled = our_set(request.param)
    virtual = VirtualSet(graphics, compiled)
    target = graphics.target(request.param, *SIZE, "srgb8", sort=10)
    frustum = inner_frustum(STANDPOINT, LENS, near=0.1, far=500.0)
    view = virtual.add_view(target)
    numbers = (frustum.left, frustum.right, frustum.bottom, frustum.top, frustum.near, frustum.far)
    view.place(frustum.pose, Projection(*numbers))

    def draw(params: Mapping[str, ParamValue], seconds: float) -> Picture:
        values = {**scene.defaults(), **params}
        virtual.update(values, lights_of(scene, values), seconds)
        graphics.render()
        return graphics.picture(target)

    return scene, draw


def _off(one: Picture, other: Picture) -> NDArray[np.int16]:
    return np.abs(one.astype(np.int16) - other.astype(np.int16))


def _is_golden(picture: Picture, name: str) -> bool:
    with Image.open(GOLDENS / f"{name}.png") as golden:
        off = _off(picture, np.asarray(golden.convert("RGB")))
    height, width, _ = off.shape
    blocks = off.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3).mean((1, 3, 4))
    return bool(off.mean() < MEAN_OFF and blocks.max() < BLOCK_OFF)


def test_picture_is_the_golden_one(drawn_set: tuple[Scene, Draw], tmp_path: Path) -> None:
    """When a change is meant: look at the picture that the failure names, and copy it over."""
    scene, draw = drawn_set
    picture = draw(STATES[scene.id], SECONDS)
    drawn = tmp_path / f"{scene.id}.png"
    Image.fromarray(picture).save(drawn)
    assert (GOLDENS / drawn.name).is_file(), f"there is no golden picture; this was drawn: {drawn}"
    assert _is_golden(picture, scene.id), f"this was drawn: {drawn}"
    # The negative controls of the gate.
    for name, value in OTHER[scene.id].items():
        other = draw({**STATES[scene.id], name: value}, SECONDS)
        assert not _is_golden(other, scene.id), name


def test_every_param_changes_the_picture(drawn_set: tuple[Scene, Draw]) -> None:
    scene, draw = drawn_set
    state = STATES[scene.id]
    unseen = []
    rates = {param.grows_by for param in scene.params.values()}
    for name, param in scene.params.items():
        if name in rates:
            continue  # it changes what grows by it, not the picture
        # What passes is out of sight at both ends, so the state of the golden picture counts, too.
        least = draw({**state, name: param.least}, SECONDS)
        others = (draw({**state, name: value}, SECONDS) for value in (param.most, state[name]))
        if max((_off(least, other) > SEEN).sum() for other in others) < 100:
            unseen.append(name)
    assert not unseen
    # The negative control: nothing changed is nothing seen.
    assert (draw(state, SECONDS) == draw(dict(reversed(state.items())), SECONDS)).all()


def test_frame_does_not_depend_on_what_was_drawn_before(drawn_set: tuple[Scene, Draw]) -> None:
    scene, draw = drawn_set
    state = STATES[scene.id]
    first = draw(state, SECONDS)
    assert (draw(scene.looks["safe"], 7000.0) != first).any()
    assert (draw(state, SECONDS) == first).all()
    # The negative control: the set moves.
    assert (draw(state, SECONDS + 0.5) != first).any()


def test_road_has_no_seam(graphics: Graphics) -> None:
    """Across the ends of its stretches and of the whole round, a step changes the picture as much
    as a step elsewhere does."""
    scene, compiled = our_set("ridge_road")
    virtual = VirtualSet(graphics, compiled)
    target = graphics.target("seam", *SIZE, "srgb8", sort=10)
    view = virtual.add_view(target)
    round_ = scene.params["distance"].most

    def changed(place: str, at: float, step: float = 0.01) -> float:
        frustum = inner_frustum(scene.places[place].pose, LENS, near=0.1, far=500.0)
        ends = (frustum.left, frustum.right, frustum.bottom, frustum.top)
        view.place(frustum.pose, Projection(*ends, frustum.near, frustum.far))
        pictures = []
        for distance in (at, (at + step) % round_):
            values = {**scene.defaults(), "distance": distance}
            virtual.update(values, lights_of(scene, values), SECONDS)
            graphics.render()
            pictures.append(graphics.picture(target))
        return float(_off(*pictures).mean())

    for place in ("film_camera", "rear_window", "valley_window"):
        ordinary = [changed(place, at) for at in (20.0, 50.0, 130.0, 200.0, 400.0)]
        seams = [changed(place, at - 0.005) for at in (96.0, 288.0, round_)]
        assert max(seams) <= 1.5 * max(ordinary), place
        # The negative control: a loop that does not close is seen.
        assert changed(place, round_ - 0.005, 48.0) > 3.0 * max(ordinary), place
    graphics.engine.remove_window(target.buffer)
