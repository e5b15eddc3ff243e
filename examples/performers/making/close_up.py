"""Draw a head close up before there is a model, for its makers and for the face model.

The light is simpler than that of a set: a key, a fill, a rim and soft light from the sky.
`face_sheet.py` draws sheets with it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from making.part import Finish, Part, smooth_normals
from panda3d.core import (
    Camera,
    Geom,
    GeomNode,
    GeomTriangles,
    GeomVertexArrayFormat,
    GeomVertexData,
    GeomVertexFormat,
    NodePath,
    PerspectiveLens,
    Shader,
    Texture,
)
from PIL import Image

from xrdrama.adapters.panda.graphics import Graphics, open_graphics

_VERTEX = """#version 330
uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 p3d_Vertex; in vec3 normal; in vec2 uv; in vec3 tint;
out vec3 at, n, paint; out vec2 place;
void main() {
  gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
  at = p3d_Vertex.xyz; n = normal; paint = tint; place = vec2(uv.x, 1.0 - uv.y);
}"""

_FRAGMENT = """#version 330
uniform sampler2D colour; uniform sampler2D bumps;
uniform vec3 base, glow, eye, key, key_light, fill, fill_light, rim, rim_light, sky, ground;
uniform float rough, soft, has_bumps;
in vec3 at, n, paint; in vec2 place; out vec4 result;
vec3 bumped(vec3 N) {
  if (has_bumps < 0.5) return N;
  vec3 dx = dFdx(at), dy = dFdy(at); vec2 ux = dFdx(place), uy = dFdy(place);
  float det = ux.x * uy.y - ux.y * uy.x;
  if (abs(det) < 1e-12) return N;
  vec3 T = (dx * uy.y - dy * ux.y) / det, B = (dy * ux.x - dx * uy.x) / det;
  T = normalize(T - N * dot(N, T)); B = normalize(B - N * dot(N, B));
  vec3 b = texture(bumps, place).xyz * 2.0 - 1.0;
  return normalize(T * b.x + B * b.y + N * b.z);
}
vec3 lit(vec3 N, vec3 V, vec3 L, vec3 light, vec3 albedo) {
  float d = dot(N, L);
  vec3 wrap = soft * vec3(0.42, 0.22, 0.16);
  vec3 diffuse = clamp((vec3(d) + wrap) / (1.0 + wrap), 0.0, 1.0);
  vec3 H = normalize(L + V);
  float a = max(rough * rough, 0.004), h = max(dot(N, H), 0.0);
  float k = h * h * (a * a - 1.0) + 1.0;
  float edge = 0.04 + 0.96 * pow(1.0 - max(dot(V, H), 0.0), 5.0);
  float shine = a * a / (3.14159 * k * k) * edge * 0.25;
  return light * (albedo * diffuse + min(shine, 6.0) * max(d, 0.0) * 3.14159);
}
void main() {
  vec3 N = normalize(n), V = normalize(eye - at);
  if (!gl_FrontFacing) N = -N;
  N = bumped(N);
  vec3 albedo = base * paint * texture(colour, place).rgb;
  vec3 total = albedo * mix(ground, sky, N.z * 0.5 + 0.5);
  total += lit(N, V, normalize(key), key_light, albedo);
  total += lit(N, V, normalize(fill), fill_light, albedo);
  total += lit(N, V, normalize(rim), rim_light, albedo);
  total += glow;
  total = (total * (2.51 * total + 0.03)) / (total * (2.43 * total + 0.59) + 0.14);
  result = vec4(total, 1.0);
}"""

LIGHTS = {
    "plain": {
        "key": (-0.6, -0.9, 0.7), "key_light": (1.05, 1.0, 0.93), "fill": (0.9, -0.6, 0.1),
        "fill_light": (0.20, 0.22, 0.26), "rim": (0.5, 1.0, 0.6), "rim_light": (0.5, 0.5, 0.55),
        "sky": (0.42, 0.44, 0.48), "ground": (0.20, 0.18, 0.17),
    },
    "night": {
        "key": (0.9, -0.7, 0.15), "key_light": (1.15, 0.62, 0.28), "fill": (-0.8, -0.5, 0.3),
        "fill_light": (0.10, 0.14, 0.26), "rim": (-0.7, 0.9, 0.7), "rim_light": (0.35, 0.5, 0.95),
        "sky": (0.10, 0.12, 0.21), "ground": (0.07, 0.05, 0.05),
    },
}  # fmt: skip


@dataclass(frozen=True)
class Pose:
    """What a picture shows: weights of morphs, and turns in degrees (pan + to the own left)."""

    shapes: Mapping[str, float]
    pan: float = 0.0
    tilt: float = 0.0
    eyes_pan: float = 0.0
    eyes_tilt: float = 0.0


def _turn(pan: float, tilt: float) -> np.ndarray:
    """(3, 3) a turn about +Y by pan, after a lift of the face by tilt; glTF's axes, degrees."""
    p, t = np.radians([pan, -tilt])
    about_y = np.array([[np.cos(p), 0, np.sin(p)], [0, 1, 0], [-np.sin(p), 0, np.cos(p)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(t), -np.sin(t)], [0, np.sin(t), np.cos(t)]])
    return about_y @ about_x


def posed(
    parts: Sequence[Part], joints: Mapping[str, np.ndarray], pose: Pose
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Points and normals (glTF's axes) of each part in a pose of head and eyes."""
    whole = _turn(pose.pan, pose.tilt)
    gaze = _turn(pose.eyes_pan, pose.eyes_tilt)
    found = []
    for part in parts:
        points, moved = part.points.copy(), False
        for name, weight in pose.shapes.items():
            if weight and name in part.morphs:
                points += weight * part.morphs[name]
                moved = True
        normals = smooth_normals(points, part.triangles) if moved else part.normals
        p, n = np.zeros_like(points), np.zeros_like(points)
        total = sum(np.broadcast_to(w, len(points)) for w in part.follows.values())
        for joint, weight in part.follows.items():
            share = (np.broadcast_to(weight, len(points)) / total)[:, None]
            head = joints["head"]
            if joint.endswith("Eye"):
                own = joints[joint]
                q = whole @ gaze
                at = head + whole @ (own - head)
                p += share * (at + (points - own) @ q.T)
                n += share * (normals @ q.T)
            elif joint in ("head", "jaw"):
                p += share * (head + (points - head) @ whole.T)
                n += share * (normals @ whole.T)
            else:
                half = _turn(pose.pan / 2, pose.tilt / 2)
                neck = joints["neck"]
                p += share * (neck + (points - neck) @ half.T if joint == "neck" else points)
                n += share * normals
        found.append((p, n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)))
    return found


def _ours(rows: np.ndarray) -> np.ndarray:
    return np.column_stack([rows[:, 0], -rows[:, 2], rows[:, 1]]).astype(np.float32)


def _texture(name: str, content: bytes, *, srgb: bool) -> Texture:
    picture = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")) if content else None
    if picture is None:
        picture = np.full((1, 1, 3), 255, np.uint8)
    texture = Texture(name)
    kind = Texture.F_srgb if srgb else Texture.F_rgb
    texture.setup_2d_texture(picture.shape[1], picture.shape[0], Texture.T_unsigned_byte, kind)
    texture.set_ram_image(np.ascontiguousarray(picture[::-1, :, ::-1]).tobytes())
    texture.set_minfilter(Texture.FT_linear_mipmap_linear)
    texture.set_anisotropic_degree(4)
    return texture


class Studio:
    """A camera in front of one figure's parts; `picture` draws a pose."""

    def __init__(
        self, parts: Sequence[Part], finishes: Sequence[Finish], joints: Mapping[str, np.ndarray],
        size: tuple[int, int] = (640, 640), *, oversampled: int = 2,
        graphics: Graphics | None = None,
    ) -> None:  # fmt: skip
        self.parts, self.joints = parts, joints
        self.size = size
        self.graphics = graphics or open_graphics()
        self.target = self.graphics.target(
            "close_up", size[0] * oversampled, size[1] * oversampled, read_back=True
        )
        self.scene = NodePath("scene")
        self.scene.set_shader(Shader.make(Shader.SL_GLSL, _VERTEX, _FRAGMENT))
        self.lens = PerspectiveLens()
        self.camera = self.scene.attach_new_node(Camera("camera", self.lens))
        self.target.buffer.make_display_region().set_camera(self.camera)
        self.target.buffer.set_clear_color((0.035, 0.04, 0.055, 1))
        looks = {finish.name: finish for finish in finishes}
        self.nodes = [self._node(part, looks[part.material]) for part in parts]

    def _node(self, part: Part, look: Finish) -> GeomNode:
        node = GeomNode(part.name)
        path = self.scene.attach_new_node(node)
        path.set_two_sided(look.double_sided)
        path.set_shader_inputs(
            colour=_texture(part.name, look.colour, srgb=True),
            bumps=_texture(part.name + " bumps", look.normal, srgb=False),
            has_bumps=float(bool(look.normal)), base=look.base, glow=look.emissive,
            rough=look.roughness, soft=float(look.name.startswith("skin")),
        )  # fmt: skip
        return node

    def picture(
        self, pose: Pose, *, light: str = "plain", at: np.ndarray, far: float = 0.75,
        field: float = 26.0, turn: float = 0.0, rise: float = 0.0,
    ) -> np.ndarray:  # fmt: skip
        """(height, width, 3) bytes of a pose; the camera looks at `at` (glTF's axes).

        `far` metres away, `field` degrees high, from `turn` degrees to the figure's own left.
        """
        rows = posed(self.parts, self.joints, pose)
        for part, node, (points, normals) in zip(self.parts, self.nodes, rows, strict=True):
            node.remove_all_geoms()
            node.add_geom(_geom(part, points, normals))
        goal = _ours(np.asarray(at, float)[None])[0].astype(float)
        t, r = np.radians([turn, rise])
        eye = goal + far * np.array([np.sin(t) * np.cos(r), -np.cos(t) * np.cos(r), np.sin(r)])
        self.camera.set_pos(*map(float, eye))
        self.camera.look_at(*map(float, goal))
        ratio = self.size[0] / self.size[1]
        self.lens.set_fov(np.degrees(2 * np.arctan(np.tan(np.radians(field / 2)) * ratio)), field)
        self.lens.set_near_far(0.05, 20)
        self.scene.set_shader_inputs(eye=tuple(map(float, eye)), **LIGHTS[light])
        self.graphics.render()
        raw = self.graphics.picture(self.target)
        return np.asarray(Image.fromarray(raw).resize(self.size, Image.Resampling.BOX))


def _geom(part: Part, points: np.ndarray, normals: np.ndarray) -> Geom:
    array = GeomVertexArrayFormat()
    array.add_column("vertex", 3, Geom.NT_float32, Geom.C_point)
    array.add_column("normal", 3, Geom.NT_float32, Geom.C_normal)
    array.add_column("uv", 2, Geom.NT_float32, Geom.C_other)
    array.add_column("tint", 3, Geom.NT_float32, Geom.C_other)
    layout = GeomVertexFormat.register_format(GeomVertexFormat(array))
    rows = np.column_stack([_ours(points), _ours(normals), part.uv, part.colours])
    data = GeomVertexData(part.name, layout, Geom.UH_dynamic)
    data.unclean_set_num_rows(len(rows))
    view = memoryview(data.modify_array(0)).cast("B").cast("f")
    view[:] = memoryview(np.ascontiguousarray(rows, np.float32).ravel())
    faces = GeomTriangles(Geom.UH_static)
    faces.set_index_type(Geom.NT_uint32)
    indices = faces.modify_vertices()
    indices.unclean_set_num_rows(part.triangles.size)
    memoryview(indices).cast("B").cast("I")[:] = memoryview(
        np.ascontiguousarray(part.triangles, np.uint32).ravel()
    )
    geom = Geom(data)
    geom.add_primitive(faces)
    return geom
