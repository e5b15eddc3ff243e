"""Light of the photo booth: its shaders, and two settings of lamps."""

from __future__ import annotations

from dataclasses import dataclass

VERTEX = """#version 330
uniform mat4 p3d_ModelViewProjectionMatrix; uniform mat4 light;
in vec4 p3d_Vertex; in vec3 normal; in vec2 uv; in vec4 tint;
out vec3 n; out vec3 at; out vec2 st; out vec4 shade; out vec4 lit;
void main() { at = p3d_Vertex.xyz; n = normal; st = uv; shade = tint; lit = light * p3d_Vertex;
  gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex; }"""
FRAGMENT = """#version 330
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
DEPTH = """#version 330
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
