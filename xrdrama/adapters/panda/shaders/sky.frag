uniform sampler2D noise_field;
in vec3 toward;
out vec4 picture;

void main() {
  vec3 d = normalize(toward);
  // Below the horizon is the same sky again, for water to show.
  d.z = abs(d.z);
  vec3 c = sky_radiance(d);
#ifndef PLAIN
  vec3 halo = moon_radiance(d);
  float near = dot(d, moon_toward.xyz);
  float cover = 0.0;
  if (d.z > 0.0 && air.z > 0.0) {
    vec2 where = d.xy / (d.z + 0.22);
    vec2 drift = vec2(moment.x * 0.0004, moment.x * 0.00015);
    float n = texture(noise_field, where * 0.16 + drift).a * 0.55
            + texture(noise_field, where * 0.34 - drift).b * 0.30
            + texture(noise_field, where * 0.9 + drift * 2.0).g * 0.15;
    cover = smoothstep(0.62 - 0.35 * air.z, 0.80 - 0.2 * air.z, n) * smoothstep(0.02, 0.25, d.z);
  }
  float size = 1.0 - moon_toward.w;
  float disc = smoothstep(size * 1.06, size * 0.94, 1.0 - near);
  vec2 face = vec2(dot(d.xy, vec2(moon_toward.y, -moon_toward.x)), d.z - moon_toward.z);
  float maria = texture(noise_field, face * 3.5 / max(sqrt(size), 1e-3) * 0.08 + 0.3).b;
  c += halo * (1.0 + 0.9 * cover) + flash_radiance(d) * (1.0 + 1.5 * cover);
  // Clouds stand dark before the glow and silver where the moon is behind their edge.
  vec3 cloud = c * 0.75 + sky_horizon.rgb * 0.22 + moon_disc.rgb * (0.012 + 0.05 * pow(max(near, 0.0), 10.0));
  c = mix(c, cloud, cover);
  c += moon_disc.rgb * disc * (0.72 + 0.42 * smoothstep(0.35, 0.65, maria)) * (1.0 - 0.75 * cover);
#endif
  picture = vec4(c, 1.0);
}
