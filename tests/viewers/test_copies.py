"""Our pictures, depth and darkened edges, copied as a runtime's images get them: into textures of
the same formats, in our own context."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from panda3d.core import Texture

from xrdrama.adapters.openxr.pictures.gl import Copying
from xrdrama.adapters.panda.edges import PIXELS, Edges, shade
from xrdrama.adapters.panda.graphics import Graphics, Target, open_graphics

Texels = NDArray[Any]
STEPS = 4
SIZE = (64, 48)


@pytest.fixture(scope="module")
def graphics() -> Iterator[Graphics]:
    made = open_graphics()
    made.target("context", 8, 8)
    made.render()
    yield made
    made.close()


def texels(
    graphics: Graphics, texture: Texture, kind: type, shape: tuple[int, ...]
) -> NDArray[Any]:
    graphics.engine.extract_texture_data(texture, graphics.host.get_gsg())
    image: Any = texture.get_ram_image()
    return np.frombuffer(memoryview(image), kind).reshape(shape).copy()


def deep(graphics: Graphics, name: str, depth: float) -> Target:
    """A target with nothing in it but this depth."""
    made = graphics.target(name, *SIZE, "rgba16f", sort=3, depth=True)
    made.buffer.set_clear_depth_active(True)
    made.buffer.set_clear_depth(depth)
    return made


def test_darkened_edges_are_copied_as_they_were_made(graphics: Graphics) -> None:
    edges = Edges(graphics, STEPS)
    into = graphics.target("image", PIXELS, PIXELS, "rgba8", sort=2)
    graphics.render()
    box = (0, 0, PIXELS, PIXELS)
    with Copying() as copying:
        copying.copy(edges.names[STEPS - 1], graphics.driver_name(into), box, (PIXELS, PIXELS))
    found = texels(graphics, into.texture, np.uint8, (PIXELS, PIXELS, 4))
    assert np.abs(found.astype(int) - shade(1.0).astype(int)).max() <= 1
    assert len(set(edges.names)) == STEPS


def test_depth_is_copied_and_only_in_its_part(graphics: Graphics) -> None:
    source, image = deep(graphics, "near", 0.25), deep(graphics, "image", 0.75)
    graphics.render()
    assert source.depth is not None and image.depth is not None
    part = (SIZE[0] // 2, SIZE[1] // 2)
    copying = Copying()
    for _ in range(2):  # the second time with the framebuffers of the first
        with copying:
            copying.copy_depth(graphics.name_of(source.depth), graphics.name_of(image.depth), part)
    found = texels(graphics, image.depth, np.float32, (SIZE[1], SIZE[0]))
    assert (found[: part[1], : part[0]] == 0.25).all()
    assert (found[part[1] :, :] == 0.75).all() and (found[:, part[0] :] == 0.75).all()
    copying.close()
