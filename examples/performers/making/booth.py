"""A photo booth for figures: pictures of posed GLBs under plain light and under the lane's light.

The maker's own eye, not the renderer of a show: light from a key with shadows, sky and a rim.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import numpy as np
from making.booth_light import DEPTH, FRAGMENT, PLAIN, VERTEX, Light
from making.glb_figure import Figure, Piece
from panda3d import core as p
from PIL import Image


class Booth:
    """Draws figures; one for a process."""

    def __init__(self, size: tuple[int, int] = (420, 640)) -> None:
        p.load_prc_file_data(
            "",
            "window-type offscreen\ngl-version 3 3\naudio-library-name null\n"
            "framebuffer-multisample 1\nmultisamples 4\nmodel-cache-dir\n"
            "textures-power-2 none\naux-display\nnotify-level-display error",
        )
        pipe = p.GraphicsPipeSelection.get_global_ptr().make_module_pipe("p3headlessgl")
        self.engine = p.GraphicsEngine()
        frame = p.FrameBufferProperties()
        frame.set_rgba_bits(8, 8, 8, 8)
        frame.set_depth_bits(24)
        frame.set_multisamples(4)
        self.size = size
        self.out = self.engine.make_output(
            pipe,
            "booth",
            0,
            frame,
            p.WindowProperties(size=size),
            p.GraphicsPipe.BF_refuse_window,
        )
        self.picture = p.Texture("picture")
        self.out.add_render_texture(self.picture, p.GraphicsOutput.RTM_copy_ram)
        self.scene = p.NodePath("scene")
        self.camera = self.scene.attach_new_node(p.Camera("camera"))
        self.out.make_display_region().set_camera(self.camera)
        self._shadow(pipe)
        self.shader = p.Shader.make(p.Shader.SL_GLSL, VERTEX, FRAGMENT)

    def _shadow(self, pipe: p.GraphicsPipe) -> None:
        frame = p.FrameBufferProperties()
        frame.set_depth_bits(24)
        self.shade = self.engine.make_output(
            pipe, "shadow", -1, frame, p.WindowProperties(size=(1100, 1100)),
            p.GraphicsPipe.BF_refuse_window, self.out.get_gsg(), self.out,
        )  # fmt: skip
        self.depth = p.Texture("depth")
        self.depth.set_wrap_u(p.SamplerState.WM_clamp)
        self.shade.add_render_texture(
            self.depth, p.GraphicsOutput.RTM_bind_or_copy, p.GraphicsOutput.RTP_depth
        )
        eye = p.Camera("light")
        self.lens = p.OrthographicLens()
        self.lens.set_film_size(2.6, 2.6)
        self.lens.set_near_far(0.5, 8.0)
        eye.set_lens(self.lens)
        blank = p.Shader.make(p.Shader.SL_GLSL, VERTEX, DEPTH)
        state = p.NodePath("state")
        state.set_shader(blank, 10)
        eye.set_initial_state(state.get_state())
        self.light = self.scene.attach_new_node(eye)
        self.shade.make_display_region().set_camera(self.light)

    def photograph(
        self,
        figures: list[tuple[Figure, Mapping[str, np.ndarray], Mapping[str, float]]],
        *,
        at: tuple[float, float, float],
        pan: float,
        tilt: float = 0.0,
        tall: float,
        light: Light = PLAIN,
        lift: tuple[float, float, float] = (0.0, 0.0, 0.0),
        held: tuple[str, Figure] | None = None,
    ) -> Image.Image:
        """A picture of posed figures: the view's middle, where from (degrees), metres of height."""
        group = self.scene.attach_new_node("figures")
        for figure, turns, shapes in figures:
            matrices = figure.matrices(turns, np.asarray(lift))
            for piece in figure.pieces:
                self._piece(group, figure, piece, *figure.posed(piece, matrices, shapes))
            if held is not None:
                grip = matrices[figure.names.index(held[0])]
                for piece in held[1].pieces:
                    rows = piece.rows
                    place = grip @ piece.matrix
                    points = rows["POSITION"] @ place[:3, :3].T + place[:3, 3]
                    self._piece(group, held[1], piece, points, rows["NORMAL"] @ place[:3, :3].T)
        self._floor(group)
        far = tall * 3.2
        a, b = np.radians([pan, tilt])
        way = np.array([np.sin(a) * np.cos(b), np.sin(b), np.cos(a) * np.cos(b)])
        eye = np.asarray(at) + far * way
        lens = p.PerspectiveLens()
        fov = 2 * np.degrees(np.arctan(tall / 2 / far))
        lens.set_aspect_ratio(self.size[0] / self.size[1])
        lens.set_min_fov(fov)
        lens.set_fov(2 * np.degrees(np.arctan(tall / 2 / far * self.size[0] / self.size[1])), fov)
        lens.set_near_far(0.05, 50.0)
        self.camera.node().set_lens(lens)
        self._aim(self.camera, eye, np.asarray(at))
        key = np.asarray(light.key_way) / np.linalg.norm(light.key_way)
        self._aim(self.light, np.array([0, 0.9, 0]) + key * 4, np.array([0, 0.9, 0]))
        rim = np.asarray(light.rim_way) / np.linalg.norm(light.rim_way)
        to_light = p.LMatrix4(self.scene.get_mat(self.light)) * self.lens.get_projection_mat()
        group.set_shader_inputs(
            eye=p.LVector3(*eye), key_way=p.LVector3(*key), key=p.LVector3(*light.key),
            rim_way=p.LVector3(*rim), rim=p.LVector3(*light.rim), sky=p.LVector3(*light.sky),
            ground=p.LVector3(*light.ground), exposure=light.exposure, light=to_light,
            depth=self.depth,
        )  # fmt: skip
        self.out.set_clear_color(p.LColor(*[v ** (1 / 2.2) * 0.8 for v in light.behind], 1))
        self.engine.render_frame()
        self.engine.render_frame()
        group.remove_node()
        image = np.frombuffer(self.picture.get_ram_image_as("RGB"), np.uint8)
        return Image.fromarray(image.reshape(self.size[1], self.size[0], 3)[::-1])

    @staticmethod
    def _aim(node: p.NodePath, eye: np.ndarray, at: np.ndarray) -> None:
        node.set_pos(*eye)
        node.look_at(p.LPoint3(*at), p.LVector3(0, 1, 0))

    def _floor(self, group: p.NodePath) -> None:
        n = 24
        angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
        points = np.c_[2.5 * np.sin(angle), 0 * angle, 2.5 * np.cos(angle)]
        rows = {
            "POSITION": points, "NORMAL": np.tile([0, 1.0, 0], (n, 1)),
            "TEXCOORD_0": np.zeros((n, 2)), "COLOR_0": np.ones((n, 4)),
        }  # fmt: skip
        triangles = np.array([(0, i, i + 1) for i in range(1, n - 1)])
        node = self._geom(group, rows["POSITION"], rows["NORMAL"], rows, triangles)
        self._dressed(node, (0.30, 0.30, 0.31, 1.0), 0.9, 0.0)

    def _piece(self, group: p.NodePath, figure: Figure, piece: Piece, points: np.ndarray,
               normals: np.ndarray) -> None:  # fmt: skip
        node = self._geom(group, points, normals, piece.rows, piece.triangles)
        material = figure.document["materials"][piece.material]
        surface = material["pbrMetallicRoughness"]
        self._dressed(
            node, tuple(surface["baseColorFactor"]), surface["roughnessFactor"],
            surface["metallicFactor"],
            figure.picture(surface.get("baseColorTexture")),
            figure.picture(material.get("normalTexture")),
            figure.picture(surface.get("metallicRoughnessTexture")),
            material.get("emissiveFactor", (0, 0, 0)),
            soft=0.35 if material["name"].startswith(("skin", "cloth")) else 0.05,
        )  # fmt: skip
        node.set_two_sided(bool(material.get("doubleSided")))

    @staticmethod
    def _geom(group: p.NodePath, points: np.ndarray, normals: np.ndarray,
              rows: Mapping[str, np.ndarray], triangles: np.ndarray) -> p.NodePath:  # fmt: skip
        form = p.GeomVertexArrayFormat()
        form.add_column("vertex", 3, p.Geom.NT_float32, p.Geom.C_point)
        form.add_column("normal", 3, p.Geom.NT_float32, p.Geom.C_vector)
        form.add_column("uv", 2, p.Geom.NT_float32, p.Geom.C_other)
        form.add_column("tint", 4, p.Geom.NT_float32, p.Geom.C_other)
        made = p.GeomVertexFormat()
        made.add_array(form)
        data = p.GeomVertexData("data", p.GeomVertexFormat.register_format(made), p.Geom.UH_static)
        data.unclean_set_num_rows(len(points))
        table = np.concatenate([points, normals, rows["TEXCOORD_0"], rows["COLOR_0"]], 1)
        memoryview(data.modify_array(0)).cast("B")[:] = table.astype("<f4").tobytes()
        index = p.GeomTriangles(p.Geom.UH_static)
        index.set_index_type(p.Geom.NT_uint32)
        array = index.modify_vertices()
        array.unclean_set_num_rows(triangles.size)
        memoryview(array).cast("B")[:] = triangles.astype("<u4").tobytes()
        geom = p.Geom(data)
        geom.add_primitive(index)
        node = p.GeomNode("piece")
        node.add_geom(geom)
        return group.attach_new_node(node)

    def _dressed(self, node: p.NodePath, base: tuple, roughness: float, metal: float,
                 *pictures: bytes | tuple, soft: float = 0.05) -> None:  # fmt: skip
        pictures = pictures or (b"", b"", b"", (0, 0, 0))
        textures = [self._texture(content) for content in pictures[:3]]
        node.set_shader(self.shader)
        node.set_shader_inputs(
            base=p.LVector4(*base), roughness=float(roughness), metal_soft=p.LVector2(metal, soft),
            has=p.LVector3(*[1.0 if content else 0.0 for content in pictures[:3]]),
            glow=p.LVector3(*pictures[3]), colour=textures[0], bumps=textures[1], rough=textures[2],
        )  # fmt: skip

    @staticmethod
    def _texture(content: bytes) -> p.Texture:
        texture = p.Texture()
        array = np.full((1, 1, 3), 255, np.uint8)
        if content:
            array = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))
        h, w, c = array.shape
        kind = p.Texture.F_rgba if c == 4 else p.Texture.F_rgb
        texture.setup_2d_texture(w, h, p.Texture.T_unsigned_byte, kind)
        order = [2, 1, 0, 3][:c]
        # Rows from above first: texture coordinates then count from the upper edge, as in glTF.
        texture.set_ram_image(np.ascontiguousarray(array[..., order]).tobytes())
        texture.set_minfilter(p.SamplerState.FT_linear_mipmap_linear)
        texture.set_anisotropic_degree(4)
        return texture
