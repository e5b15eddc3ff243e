"""The stage floor is a choice of the set, and changes with the set."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from panda3d.core import LVecBase4f
from PIL import Image as Pillow

from xrdrama import content
from xrdrama.adapters.panda.graphics import Graphics, open_graphics
from xrdrama.adapters.panda.lens.stage_view import ThroughTheLens
from xrdrama.adapters.panda.set.laid import Laid
from xrdrama.gltf.meshes import Image
from xrdrama.scene.model import Floor, FloorKind
from xrdrama.spatial import Pose, Quat, Vec3

DOWN = Pose(Vec3(0.0, -2.0, 2.0), Quat.from_angles(tilt=-50))
Picture = NDArray[np.int16]
KINDS: tuple[FloorKind, ...] = ("stone", "boards", "asphalt", "plain", "none")


def red() -> Image:
    data = io.BytesIO()
    Pillow.new("RGB", (4, 4), (220, 10, 10)).save(data, "PNG")
    return Image("red", "image/png", data.getvalue())


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    yield made
    made.close()


@pytest.fixture(scope="module")
def seen(graphics: Graphics) -> Callable[[str], Picture]:
    """The floor below walls that glow evenly, without a stand-in."""
    stage, _ = content.read_stage(content.find("stage", "arc_volume"))
    assert stage is not None
    canvas = graphics.target("canvas", 64, 32, "srgb8", sort=1)
    canvas.buffer.set_clear_color_active(True)
    canvas.buffer.set_clear_color(LVecBase4f(0.5, 0.5, 0.5, 1.0))
    floors = {kind: Laid(Floor(kind)) for kind in KINDS}
    floors["tinted"] = Laid(Floor("plain", Vec3(0.1, 0.1, 1.0), wet=0.0))
    floors["picture"] = Laid(Floor("picture", wet=0.0, file="red.png"), red())
    lens = ThroughTheLens(graphics, stage, canvas, floors=floors, size=(96, 54))
    lens.place(DOWN)

    def drawn(name: str) -> Picture:
        lens.lay(name)
        graphics.render()
        return graphics.picture(lens.picture).astype(np.int16)

    return drawn


def test_each_kind_looks_different_and_comes_back_the_same(seen: Callable[[str], Picture]) -> None:
    pictures = {kind: seen(kind) for kind in KINDS}
    for kind, one in pictures.items():
        for other, another in pictures.items():
            assert (kind == other) == (np.abs(one - another).mean() < 0.5), (kind, other)
    assert (seen("stone") == pictures["stone"]).all()
    assert (seen("a set that nobody named") == pictures["stone"]).all()


def test_colour_and_picture_of_the_floor_are_seen(seen: Callable[[str], Picture]) -> None:
    r, _, b = seen("tinted")[27, 48]
    assert b > 1.5 * r
    r, _, b = seen("picture")[27, 48]
    assert r > 1.5 * b
    r, _, b = seen("plain")[27, 48]
    assert abs(r - b) < 8, "the control: without a colour it is grey"


def test_no_floor_is_black(seen: Callable[[str], Picture]) -> None:
    assert seen("none")[27, 48].max() < 8
    assert seen("plain")[27, 48].max() > 30
