"""Draw an arm with Panda3D, off screen, with a small skin shader of our own.

The drawing is linear light with the distance from the lens in alpha (0 = nothing there), twice as
large as the picture; `Layer` is what remains of it: premultiplied colour and coverage.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from hand import REST, Arm
from marks import marks
from mesh import Array
from numpy.typing import NDArray
from panda3d.core import (
    Camera,
    FrameBufferProperties,
    Geom,
    GeomEnums,
    GeomNode,
    GeomTriangles,
    GeomVertexArrayFormat,
    GeomVertexData,
    GeomVertexFormat,
    GraphicsEngine,
    GraphicsOutput,
    GraphicsPipe,
    GraphicsPipeSelection,
    LVecBase3f,
    LVecBase4f,
    NodePath,
    OmniBoundingVolume,
    PTA_LVecBase3f,
    Shader,
    Texture,
    WindowProperties,
    load_prc_file_data,
)

HERE = Path(__file__).parent
Image = NDArray[np.float32]

WIDTH, HEIGHT = 640, 480
SUPERSAMPLE = 2
FOCAL = 1.92
"""Half a picture's width is 1; so the lens sees 55 degrees across."""
SHADOW_SIZE = 1024
SHADOW_REACH = 0.34
"""Half the side (m) of the square that the key light's shadow map covers."""


class Lighting(NamedTuple):
    """Linear colours; directions point to the light, in the viewer's frame."""

    key_way: tuple[float, float, float]
    key: tuple[float, float, float]
    rim_way: tuple[float, float, float]
    rim: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]


class Look(NamedTuple):
    """The person: colour of skin and of coat, linear."""

    skin: tuple[float, float, float]
    cloth: tuple[float, float, float]


class Layer(NamedTuple):
    """Premultiplied linear colour (h, w, 3) and coverage (h, w, 1)."""

    colour: Image
    coverage: Image


class Studio:
    """An off-screen picture of one arm; `draw` gives its layer."""

    def __init__(self, arm: Arm) -> None:
        load_prc_file_data("", "gl-version 3 3\nnotify-level-display error\ngl-debug 0")
        load_prc_file_data("", "textures-power-2 none\nvertex-animation-align-16 0")
        self._arm = arm
        self._engine = GraphicsEngine()
        pipe = GraphicsPipeSelection.get_global_ptr().make_module_pipe("p3headlessgl")
        if pipe is None:
            raise SystemExit(
                "Panda3D has no off-screen GL here: install libegl1 and libgl1-mesa-dri"
            )
        size = (WIDTH * SUPERSAMPLE, HEIGHT * SUPERSAMPLE)
        # A small surface owns the context; what is drawn into are frame buffer objects of it.
        self._owner = self._engine.make_output(
            pipe, "owner", -100, FrameBufferProperties(), WindowProperties(size=(16, 16)),
            GraphicsPipe.BF_refuse_window,
        )  # fmt: skip
        nothing = LVecBase4f(0.0, 0.0, 0.0, 0.0)
        self._picture, self._pixels = self._target(pipe, "picture", size, nothing)
        far = LVecBase4f(-9.0, 0.0, 0.0, 1.0)
        self._shadow, depths = self._target(pipe, "shadow", (SHADOW_SIZE, SHADOW_SIZE), far)
        depths.set_wrap_u(Texture.WM_clamp)
        depths.set_wrap_v(Texture.WM_clamp)
        self._vertices, node = self._geometry()
        self._hand = self._stage(self._picture, node, "arm.vert", "skin.frag")
        self._caster = self._stage(self._shadow, node, "shadow.vert", "shadow.frag")
        self._shadow.set_sort(-10)
        self._hand.set_shader_input("shadow", depths)
        self._hand.set_shader_input("focal", FOCAL)
        self._hand.set_shader_input("shape", (float(WIDTH), float(HEIGHT)))
        _, self._rest_normals = arm.posed(REST)
        for name, rows in marks(arm).items():
            self._vectors(name, rows)

    def draw(self, points: Array, normals: Array, look: Look, lighting: Lighting) -> Layer:
        """The arm with `points` and `normals` (n, 3) as the lens at 0 sees it, looking to -z."""
        rows = np.concatenate(
            [points, normals, self._arm.rest, self._rest_normals, self._arm.cloth[:, None]], axis=1
        ).astype("<f4")
        self._vertices.modify_array_handle(0).copy_data_from(rows.tobytes())
        self._light(points, look, lighting)
        self._engine.render_frame()
        self._engine.extract_texture_data(self._pixels, self._picture.get_gsg())
        raw = np.frombuffer(bytes(self._pixels.get_ram_image()), np.float32)
        bgra = raw.reshape(HEIGHT * SUPERSAMPLE, WIDTH * SUPERSAMPLE, 4)[::-1]
        colour, depth = bgra[..., 2::-1], bgra[..., 3]
        covered = (depth > 0.0).astype(np.float32)
        shade = _occlusion(depth, covered)
        # What little light there is in a fold has been through skin: it is red.
        tint = np.stack([np.exp(-shade * k) for k in (0.75, 1.0, 1.05)], axis=-1)
        linear = np.ascontiguousarray(colour * covered[..., None] * tint, dtype=np.float32)
        small = (WIDTH, HEIGHT)
        shrunk = cv2.resize(linear, small, interpolation=cv2.INTER_AREA)
        coverage = cv2.resize(covered, small, interpolation=cv2.INTER_AREA)[..., None]
        return Layer(np.asarray(shrunk, np.float32), np.asarray(coverage, np.float32))

    def close(self) -> None:
        """Release the graphics memory."""
        self._engine.remove_all_windows()

    def _target(
        self, pipe: GraphicsPipe, name: str, size: tuple[int, int], empty: LVecBase4f
    ) -> tuple[GraphicsOutput, Texture]:
        """A surface of 32-bit floats, what it is cleared to, and the texture that it fills."""
        shape = FrameBufferProperties()
        shape.set_rgba_bits(32, 32, 32, 32)
        shape.set_float_color(True)
        shape.set_depth_bits(24)
        output = self._engine.make_output(
            pipe, name, 0, shape, WindowProperties(size=size), GraphicsPipe.BF_refuse_window,
            self._owner.get_gsg(), self._owner,
        )  # fmt: skip
        if output is None:
            raise SystemExit(f"this GL cannot draw into floats, {size[0]} by {size[1]}")
        texture = Texture(name)
        output.add_render_texture(texture, GraphicsOutput.RTM_bind_or_copy)
        output.set_clear_color_active(True)
        output.set_clear_color(empty)
        return output, texture

    def _geometry(self) -> tuple[GeomVertexData, GeomNode]:
        layout = GeomVertexArrayFormat()
        for column, width in (
            ("vertex", 3), ("normal", 3), ("rest_point", 3), ("rest_normal", 3), ("cloth", 1),
        ):  # fmt: skip
            layout.add_column(column, width, GeomEnums.NT_float32, GeomEnums.C_other)
        data = GeomVertexData(
            "arm", GeomVertexFormat.register_format(GeomVertexFormat(layout)), Geom.UH_dynamic
        )
        data.set_num_rows(len(self._arm.rest))
        triangles = GeomTriangles(Geom.UH_static)
        for a, b, c in self._arm.triangles:
            triangles.add_vertices(int(a), int(b), int(c))
        geometry = Geom(data)
        geometry.add_primitive(triangles)
        node = GeomNode("arm")
        node.add_geom(geometry)
        node.set_bounds(OmniBoundingVolume())
        node.set_final(True)
        return node.modify_geom(0).modify_vertex_data(), node

    def _stage(
        self, output: GraphicsOutput, node: GeomNode, vertex: str, fragment: str
    ) -> NodePath[Any]:
        root: NodePath[Any] = NodePath("root")
        root.set_two_sided(True)
        root.attach_new_node(node)
        sources = [(HERE / name).read_text() for name in (vertex, fragment)]
        root.set_shader(Shader.make(Shader.SL_GLSL, vertex=sources[0], fragment=sources[1]))
        region = output.make_display_region()
        region.set_camera(root.attach_new_node(Camera("lens")))
        return root

    def _vectors(self, name: str, rows: Sequence[Array]) -> None:
        values = PTA_LVecBase3f.empty_array(len(rows))
        for i, row in enumerate(rows):
            values.set_element(i, LVecBase3f(*(float(x) for x in row)))
        self._hand.set_shader_input(name, values)

    def _light(self, points: Array, look: Look, lighting: Lighting) -> None:
        way = np.array(lighting.key_way) / np.linalg.norm(lighting.key_way)
        side = np.cross([0.0, 1.0, 0.0], way)
        side /= np.linalg.norm(side)
        bare = points[self._arm.cloth < 0.5]
        centre = (bare.max(axis=0) + bare.min(axis=0)) / 2.0
        rim = np.array(lighting.rim_way) / np.linalg.norm(lighting.rim_way)
        shared = {
            "light_x": side, "light_y": np.cross(way, side), "light_z": way, "light_centre": centre,
        }  # fmt: skip
        for root in (self._hand, self._caster):
            for name, value in shared.items():
                root.set_shader_input(name, LVecBase3f(*(float(x) for x in value)))
            root.set_shader_input("reach", SHADOW_REACH)
        own = {
            "key": lighting.key, "rim_way": rim, "rim": lighting.rim, "sky": lighting.sky,
            "ground": lighting.ground, "skin": look.skin, "coat": look.cloth,
        }  # fmt: skip
        for name, value in own.items():
            self._hand.set_shader_input(name, LVecBase3f(*(float(x) for x in value)))


def _occlusion(depth: Image, covered: Image) -> Image:
    """The depth of each pixel in a fold: its distance minus that of its surroundings."""
    total = np.zeros_like(depth)
    for radius, strength in ((5.0, 60.0), (14.0, 32.0)):
        weight = cv2.GaussianBlur(covered, (0, 0), radius) + 1e-4
        around = cv2.GaussianBlur(depth * covered, (0, 0), radius) / weight
        # A finger in front darkens what is behind it only where it is near.
        total += np.clip((depth - around) * strength, 0.0, 0.55)
    return np.asarray(total * covered, np.float32)
