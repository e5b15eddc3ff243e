// Particles by formula: where each is follows from its seeds and the moment alone.
uniform vec4 spark_way[3]; // where each flash throws its sparks
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 eye;
uniform vec4 box_least;
uniform vec4 box_size;
uniform vec4 particle;  // x: size, y: cycles a second, z: amount, w: lives of a loop
uniform vec4 emission;

in vec4 vertex;
in vec2 texcoord;
in vec4 seed;
out vec2 corner;
out vec4 light;  // w: how much it hides

void main() {
  corner = texcoord * 2.0 - 1.0;
  vec3 centre = vertex.xyz;
  float size = particle.x * (0.6 + 0.8 * seed.w), t = moment.x * particle.y;
  vec2 shape = vec2(1.0);
  vec3 along = vec3(0.0);
  light = vec4(emission.rgb, 0.0);
#if defined(SNOW)
  vec3 s = vec3(seed.x, seed.y, fract(seed.z - t * (seed.w > 0.5 ? 2.0 : 1.0)));
  centre = box_least.xyz + s * box_size.xyz;
  float sweep = TURN * (seed.w * 7.0 + 3.0 * s.z);
  centre.xy += vec2(sin(sweep), cos(sweep * 0.7)) * (0.15 + 0.5 * moment.y);
  centre.x += moment.y * 2.2 * (0.5 - s.z);
  float seen = step(seed.w * 0.98 + 0.01 * seed.x, particle.z);
  vec3 around = ambient_radiance(vec3(0.0, 0.0, 1.0)) * 8.0
              + air_glow.rgb * exp(-0.25 * max(centre.z, 0.0)) * 9.0 + flash_irradiance(vec3(0.0, 0.0, 1.0));
  light = vec4(emission.rgb * around, 0.9) * seen;
#elif defined(RAIN)
  vec3 s = vec3(seed.x, seed.y, fract(seed.z - t * (seed.w > 0.5 ? 6.0 : 5.0)));
  centre = box_least.xyz + s * box_size.xyz;
  vec3 fallen = normalize(vec3(0.28 * moment.y, -0.10 * moment.y, -1.0));
  centre.xy += fallen.xy * (1.0 - s.z) * box_size.z;
  along = fallen;
  float seen = step(seed.w * 0.98 + 0.01 * seed.x, particle.z);
  light = vec4(emission.rgb * (ambient_radiance(vec3(0.0, 0.0, 1.0)) * 0.9 + sky_horizon.rgb * 0.5), 0.0) * seen;
  size = particle.x * (0.7 + 0.6 * seed.y);
#elif defined(MOTE)
  float turn = TURN * (t + seed.w);
  centre += vec3(sin(turn * 2.0 + seed.x * 9.0), cos(turn + seed.y * 7.0), sin(turn * 3.0)) * 0.35;
  light.rgb *= particle.z * (0.35 + 0.65 * sin(turn * 5.0 + seed.z * 20.0)) * step(0.0, particle.z);
  light.rgb = max(light.rgb, 0.0);
#elif defined(SPARK)
  float life = fract(t * (0.7 + 0.6 * floor(seed.w * 3.0) / 3.0) + seed.x);
  centre = box_least.xyz + box_size.xyz * 0.5;
  centre += vec3((seed.y - 0.5) * 0.35 * life, (seed.z - 0.5) * 0.35 * life, 0.02 + 0.75 * life * (0.4 + seed.w));
  centre.x += 0.05 * sin(TURN * (2.0 * life + seed.y));
  light.rgb *= particle.z * (1.0 - life) * (1.0 - life);
#elif defined(RISE)
  float flight = clamp(particle.z * 1.55 - seed.w * 0.55, 0.0, 1.0);
  centre = box_least.xyz + vec3(seed.xy, 0.0) * box_size.xyz;
  float up = flight * flight * (1.6 - 0.6 * flight);
  centre.z += box_size.z * up * (0.45 + 0.75 * seed.z);
  centre.x += (seed.x - 0.5) * 9.0 * up + 1.2 * sin(TURN * (t * (1.0 + floor(seed.y * 3.0)) + seed.w)) * up;
  centre.y += 14.0 * up * seed.y;
  float lit = smoothstep(0.0, 0.06, flight) * (1.0 - smoothstep(0.93, 1.0, flight) * 0.4);
  light = vec4(emission.rgb * flickered(0.25, seed.w) * lit, lit);
  shape = vec2(1.0, 1.25);
#elif defined(BURST)
  int slot = int(seed.w * 2.999);
  vec3 toward = spark_way[slot].xyz, flare = flash_light[slot].rgb;
  float age = fract(moment.x / 2.4 + float(slot) * 0.37) * 2.4;
  vec3 ray = normalize(seed.xyz * 2.0 - 1.0 + 1e-4);
  float slowing = exp(-2.4 * age), reach = 0.70 + 0.30 * seed.x;
  float fall = box_size.x * 0.10 * age;
  centre = toward * box_size.y + ray * (box_size.x * (1.0 - slowing) * reach) - vec3(0.0, 0.0, fall * age);
  // A spark draws a line along its way: long while it flies, a point that falls in the end.
  along = ray * (2.4 * box_size.x * reach * slowing) - vec3(0.0, 0.0, 2.0 * fall);
  float last = 1.0 - age / 2.4;
  float glints = 0.45 + 0.55 * step(0.35, fract(seed.y * 31.0 + age * 7.0));
  // Golden first, then the colour of its salt, which outlives the flash.
  vec3 hot = mix(flare, dot(flare, vec3(0.5, 0.4, 0.1)) * vec3(1.35, 0.95, 0.45), 0.7 * slowing);
  light.rgb *= hot * (9.0 * exp(1.3 * age) * last * sqrt(last) * glints);
  size = particle.x * (0.45 + 0.55 * seed.z);
#elif defined(STAR)
  vec3 ray = normalize(vec3(seed.xy * 2.0 - 1.0, 0.06 + seed.z * 1.1));
  centre = eye.xyz + ray * box_size.y;
  float twinkle = 0.75 + 0.25 * sin(TURN * (t * (1.0 + floor(seed.w * 5.0)) + seed.x));
  float bright = seed.w * seed.w; bright *= bright;
  light.rgb *= (0.15 + bright) * twinkle * particle.z * smoothstep(0.05, 0.35, ray.z);
  size = particle.x * (0.6 + 0.7 * bright);
#endif
  vec3 way = eye.xyz - centre;
  float far = length(way);
  vec3 back = way / max(far, 1e-3);
  vec3 right = normalize(vec3(-back.y, back.x, 0.0) + vec3(1e-5, 0.0, 0.0));
  vec3 up_ = cross(back, right);
#ifdef BURST
  vec3 flown = along - back * dot(along, back);
  float drawn = length(flown);
  up_ = flown / max(drawn, 1e-3);
  right = cross(up_, back);
  shape.y = 1.0 + 0.11 * drawn / size;
#endif
#ifdef RAIN
  // A drop draws a line along its fall.
  up_ = normalize(along - back * dot(along, back));
  right = cross(up_, back);
  shape.y = 20.0;
#endif
  vec3 at = centre + (right * corner.x * shape.x + up_ * corner.y * shape.y) * size * 0.5;
#ifdef RISE
  light.rgb *= 1.0 - 0.45 * air_between(eye.xyz, centre);
#endif
#if defined(SNOW) || defined(MOTE) || defined(RAIN)
  light *= smoothstep(0.4, 1.6, far);
#endif
  gl_Position = p3d_ViewProjectionMatrix * vec4(at, 1.0);
  if (dot(light, vec4(1.0)) <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
