"""The distortion of the film camera's lens, applied to a rectilinear picture with overscan."""

from __future__ import annotations

from math import ceil

from panda3d.core import CardMaker, LVecBase4f, NodePath, OmniBoundingVolume, Shader

from xrdrama.adapters.panda.shading import source
from xrdrama.show.lenses import optics_of
from xrdrama.stage import Camera
from xrdrama.stage.lenses import seen
from xrdrama.stage.lenses.mounting import most_overscan
from xrdrama.wire.frame import Projection, ViewLens

NEAR, FAR = 0.05, 200.0


def glass_shader(fragment: str) -> Shader:
    """A shader whose fragment part can call `through_glass`."""
    text = f"#version 330\n{source('glass.glsl')}\n{source(fragment)}"
    return Shader.make(Shader.SL_GLSL, source("lens.vert"), text)


def card(name: str, fragment: str) -> NodePath:
    """A card over a whole picture that is drawn with `glass_shader(fragment)`, without a lens."""
    maker = CardMaker(name)
    maker.set_frame(-1.0, 1.0, -1.0, 1.0)
    path = NodePath(maker.generate())
    path.set_shader(glass_shader(fragment))
    path.set_depth_test(False)
    path.set_depth_write(False)
    path.node().set_bounds(OmniBoundingVolume())
    path.node().set_final(True)
    fit(path, None, Projection(-1.0, 1.0, -1.0, 1.0, NEAR, FAR))
    return path


def fit(path: NodePath, lens: ViewLens | None, drawn: Projection) -> None:
    """Set the lens through which a card shows its picture, and what that picture covers."""
    frame = LVecBase4f(drawn.left, drawn.right, drawn.bottom, drawn.top)
    if lens is None:
        path.set_shader_inputs(
            glass_sensor=LVecBase4f(1.0), glass_upper=LVecBase4f(0.0), glass_lower=LVecBase4f(0.0),
            glass_offset=LVecBase4f(0.0), glass_frame=frame,
        )  # fmt: skip
        return
    k1, k2, k3, k4, k5, k6 = lens.radial
    path.set_shader_inputs(
        glass_sensor=LVecBase4f(*lens.sensor_mm, *lens.projection_offset_mm),
        glass_upper=LVecBase4f(k1, k3, k5, lens.focal_mm),
        glass_lower=LVecBase4f(k2, k4, k6, 1.0 if lens.model == "D-U" else 2.0),
        glass_offset=LVecBase4f(*lens.tangential, *lens.distortion_offset_mm),
        glass_frame=frame,
    )


def drawn_through(lens: ViewLens) -> Projection:
    """The rectilinear projection that covers everything that a lens sees."""
    left, right, bottom, top = seen(optics_of(lens), lens.sensor_mm)
    return Projection(left, right, bottom, top, NEAR, FAR)


def grown(size: tuple[int, int], camera: Camera) -> tuple[int, int]:
    """Pixels of a rectilinear picture that covers what a camera sees at any setting of its lens, as
    fine in its middle as a picture of `size`."""
    if camera.lens_file is None:
        return size
    overscan, _ = most_overscan(camera.lens_file, camera.sensor_mm)
    return ceil(size[0] * overscan), ceil(size[1] * overscan)
