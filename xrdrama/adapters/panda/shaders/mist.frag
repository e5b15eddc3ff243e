uniform vec4 eye;
uniform vec4 behaviour;
uniform sampler2D noise_field;
in vec2 uv;
in vec3 at;
in vec4 tint;
out vec4 picture;

void main() {
  vec2 drift = vec2(moment.x * 0.0025, 0.0);
  float n = texture(noise_field, uv * vec2(1.0, 0.35) + drift).a;
#ifdef FULL
  n = n * 0.6 + texture(noise_field, uv * vec2(2.0, 0.8) - drift * 2.0).b * 0.4;
#endif
  vec2 edge = smoothstep(0.0, 0.35, uv) * smoothstep(0.0, 0.35, 1.0 - uv);
  float far = distance(eye.xyz, at);
  float amount = tint.a * edge.x * edge.y * smoothstep(0.25, 0.75, n) * smoothstep(2.0, 6.0, far);
  amount *= behaviour.x;
  vec3 d = (at - eye.xyz) / far;
  vec3 level = normalize(vec3(d.xy, max(d.z, 0.04)));
  vec3 c = tint.rgb * (sky_radiance(level) + moon_radiance(level) + flash_radiance(level))
         + air_glow.rgb * 0.7 * exp(-0.3 * max(at.z, 0.0)) * exp(-0.06 * far);
  picture = vec4(c * amount, amount);
}
