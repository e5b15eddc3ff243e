uniform vec4 eye;
in vec2 corner;
in vec3 at;
in vec3 light;
flat in vec3 source;
flat in vec2 extent;
out vec4 picture;

void main() {
  float r2 = dot(corner, corner);
  if (r2 >= 1.0) discard;
  float edge = 1.0 - r2;
  float spread = (0.16 * exp(-2.2 * r2) + 0.55 * exp(-14.0 * r2)) * edge * edge;
  vec3 seen = light * spread * (1.0 - 0.7 * air_between(eye.xyz, at));
  picture = vec4(added(seen), 1.0);
}
