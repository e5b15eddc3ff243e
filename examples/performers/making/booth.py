"""A photo booth for figures: pictures of posed GLBs under plain light and under the lane's light.

The maker's own eye, not the renderer of a show: light from a key with shadows, sky and a rim.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from making.glb_figure import Figure, Piece
from panda3d import core as p
from PIL import Image

_VERTEX = """#version 330
uniform mat4 p3d_ModelViewProjectionMatrix; uniform mat4 light;
in vec4 p3d_Vertex; in vec3 normal; in vec2 uv; in vec4 tint;
out vec3 n; out vec3 at; out vec2 st; out vec4 shade; out vec4 lit;
void main() { at = p3d_Vertex.xyz; n = normal; st = uv; shade = tint; lit = light * p3d_Vertex;
  gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex; }"""
_FRAGMENT = """#version 330
uniform sampler2D colour; uniform sampler2D bumps; uniform sampler2D rough; uniform sampler2D depth;
uniform vec4 base; uniform vec3 has; uniform float roughness; uniform vec3 glow;
uniform vec3 eye; uniform vec3 key_way; uniform vec3 key; uniform vec3 sky; uniform vec3 ground;
uniform vec3 rim_way; uniform vec3 rim; uniform float exposure; uniform vec2 metal_soft;
in vec3 n; in vec3 at; in vec2 st; in vec4 shade; in vec4 lit; out vec4 result;
float light_share(vec3 nn) {
  vec3 q = lit.xyz / lit.w * 0.5 + 0.5; float sum = 0.0;
  for (int i = -1; i <= 1; i++) for (int j = -1; j <= 1; j++)
    sum += texture(depth, q.xy + vec2(i, j) / 1100.0).r + 0.0022 < q.z ? 0.0 : 1.0;
  return sum / 9.0; }
float glossy(vec3 nn, vec3 way, vec3 to_eye, float r) {
  vec3 h = normalize(way + to_eye); float a = r * r; float d = max(dot(nn, h), 0.0);
  float k = d * d * (a * a - 1.0) + 1.0; return min(a * a / (3.14 * k * k) * 0.25, 6.0); }
void main() {
  vec4 albedo = base * vec4(shade.rgb, 1.0);
  if (has.x > 0.5) { vec4 t = texture(colour, st); albedo *= vec4(pow(t.rgb, vec3(2.2)), t.a); }
  if (albedo.a < 0.4) discard;
  vec3 nn = normalize(n); if (!gl_FrontFacing) nn = -nn;
  if (has.y > 0.5) {
    vec3 dx = dFdx(at), dy = dFdy(at); vec2 sx = dFdx(st), sy = dFdy(st);
    vec3 t = dx * sy.y - dy * sx.y, b = dy * sx.x - dx * sy.x;
    float det = sx.x * sy.y - sy.x * sx.y; t *= sign(det); b *= sign(det);
    t -= nn * dot(nn, t); b -= nn * dot(nn, b);
    float size = max(max(dot(t, t), dot(b, b)), 1e-20);
    vec3 m = texture(bumps, st).xyz * 2.0 - 1.0;
    nn = normalize(t * inversesqrt(size) * m.x - b * inversesqrt(size) * m.y + nn * m.z); }
  float r = roughness, metal = metal_soft.x;
  if (has.z > 0.5) { vec4 t = texture(rough, st); r *= t.g; metal *= t.b; }
  vec3 to_eye = normalize(eye - at); float open = light_share(nn);
  float wrap = metal_soft.y;
  float k = max((dot(nn, key_way) + wrap) / (1.0 + wrap), 0.0) * mix(open, 1.0, 0.0);
  float m = max(dot(nn, rim_way), 0.0);
  vec3 light = key * k + rim * m + mix(ground, sky, nn.y * 0.5 + 0.5);
  vec3 f0 = mix(vec3(0.04), albedo.rgb, metal);
  float grazing = pow(1.0 - max(dot(nn, to_eye), 0.0), 5.0);
  vec3 shine = (key * open * max(dot(nn, key_way), 0.0) * glossy(nn, key_way, to_eye, r)
    + rim * m * glossy(nn, rim_way, to_eye, r)) * (f0 + grazing * (1.0 - r))
    + (f0 + 0.4 * grazing * (1.0 - r)) * (1.0 - 0.6 * r)
    * mix(ground, sky, reflect(-to_eye, nn).y * 0.5 + 0.5);
  vec3 c = (albedo.rgb * (1.0 - metal) * light + shine + glow) * exposure;
  c = c * (2.51 * c + 0.03) / (c * (2.43 * c + 0.59) + 0.14);
  result = vec4(pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0); }"""
_DEPTH = """#version 330
void main() {}"""


@dataclass(frozen=True)
class Light:
    """Key, rim and surroundings: directions towards the light and linear colours."""

    key_way: tuple[float, float, float]
    key: tuple[float, float, float]
    rim_way: tuple[float, float, float]
    rim: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]
    behind: tuple[float, float, float]
    exposure: float = 1.0


PLAIN = Light((-0.45, 0.65, 0.75), (1.25, 1.20, 1.10), (0.7, 0.5, -0.7), (0.5, 0.55, 0.7),
              (0.36, 0.38, 0.43), (0.19, 0.17, 0.15), (0.20, 0.21, 0.22), 0.62)  # fmt: skip
NIGHT = Light((0.75, 0.45, 0.60), (2.6, 1.25, 0.45), (-0.7, 0.5, -0.6), (0.55, 0.75, 1.35),
              (0.12, 0.16, 0.30), (0.13, 0.075, 0.05), (0.035, 0.045, 0.085), 0.85)  # fmt: skip


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
        self.shader = p.Shader.make(p.Shader.SL_GLSL, _VERTEX, _FRAGMENT)

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
        blank = p.Shader.make(p.Shader.SL_GLSL, _VERTEX, _DEPTH)
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
    ) -> Image.Image:
        """A picture of posed figures: the view's middle, where from (degrees), metres of height."""
        group = self.scene.attach_new_node("figures")
        for figure, turns, shapes in figures:
            matrices = figure.matrices(turns, np.asarray(lift))
            for piece in figure.pieces:
                self._piece(group, figure, piece, *figure.posed(piece, matrices, shapes))
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
