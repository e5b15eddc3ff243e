uniform vec4 eye;
uniform sampler2D noise_field;
in vec2 uv;
in vec3 at;
in vec3 light;
out vec4 picture;

void main() {
  float n = texture(noise_field, at.yz * 0.13 + vec2(moment.x * 0.004, moment.x * 0.0025)).a;
#ifdef FULL
  n = n * 0.6 + texture(noise_field, at.xz * 0.31 - vec2(moment.x * 0.006, 0.0)).b * 0.4;
#endif
  float across = 4.0 * uv.x * (1.0 - uv.x);
  float down = smoothstep(0.0, 0.22, uv.y) * (1.0 - uv.y) * (1.0 - uv.y * 0.5);
  float near = smoothstep(0.6, 2.6, distance(eye.xyz, at));
  picture = vec4(added(light * (across * down * near * mix(0.55, 1.45, n))), 1.0);
}
