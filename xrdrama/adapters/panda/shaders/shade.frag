// The soft dark at the foot of what stands on a floor.
uniform vec4 behaviour;
in vec2 uv;
in vec3 at;
in vec4 tint;
out vec4 picture;

void main() {
  vec2 c = uv * 2.0 - 1.0;
  float edge = max(1.0 - dot(c, c), 0.0);
  picture = vec4(0.0, 0.0, 0.0, 0.72 * edge * edge * behaviour.y * tint.a);
}
