// Sky and air: the one description that every renderer includes under its own header.
// Frame: Z up, metres. Radiance is linear. No #version, and nothing of any engine.

uniform vec4 sky_zenith, sky_middle, sky_horizon, sky_ground, sky_glow;
uniform vec4 glow_toward;
uniform vec4 moon_toward;   // w: cosine of half the disc's width
uniform vec4 moon_halo;     // colour times halo times param
uniform vec4 moon_disc;     // colour times param
uniform vec4 air;           // x: share of light lost a metre, y: 1 / height, z: share of clouds, w: clear metres
uniform vec4 air_glow;
uniform vec4 flash_way[3];   // where each slot flashes
uniform vec4 flash_light[3]; // and its light now
uniform vec4 ambient[9];
uniform vec4 moment;        // x: seconds within the loop, y: wind
uniform vec4 curve_flicker[3], curve_sway[3], curve_gust;  // x: hertz, y: share

uniform vec4 way;           // x: phase here, y: turns a metre (radians), z: bend, w: rise

const float TURN = 6.28318531;
const float GLOW = 1.2;

// The smooth sky; xrdrama/scene/compiling/sky.py is the same in numpy.
vec3 sky_radiance(vec3 d) {
  vec3 c = mix(sky_horizon.rgb, sky_middle.rgb, smoothstep(0.0, 0.28, d.z));
  c = mix(c, sky_zenith.rgb, smoothstep(0.18, 0.85, d.z));
  float facing = max(dot(d.xy, glow_toward.xy), 0.0);
  c += sky_glow.rgb * facing * facing * exp(-6.0 * max(d.z, 0.0));
  return mix(sky_ground.rgb, c, smoothstep(-0.12, 0.0, d.z));
}

vec3 moon_radiance(vec3 d) {
  float near = max(dot(d, moon_toward.xyz), 0.0);
  // near^28 and near^300, by products: powers cost several times as much.
  float near4 = near * near; near4 *= near4;
  float near8 = near4 * near4, near16 = near8 * near8, near32 = near16 * near16;
  float near256 = near32 * near32; near256 *= near256; near256 *= near256;
  float broad = near16 * near8 * near4;
  float tight = near256 * near32 * near8 * near4;
  return moon_halo.rgb * (0.45 * tight + 0.10 * broad);
}

// Three slots, each of which flashes every 2.4 s at a place and in a hue of its own (set/flashes.py).
vec3 flash_radiance(vec3 d) {
  vec3 sum = vec3(0.0);
#ifdef FLASHES
  for (int slot = 0; slot < 3; slot++) {
    float near = max(dot(d, flash_way[slot].xyz), 0.0);
    float near8 = near * near; near8 *= near8; near8 *= near8;
    float near32 = near8 * near8; near32 *= near32;
    float near160 = near32 * near32; near160 *= near160; near160 *= near32;
    sum += flash_light[slot].rgb * (0.34 * near8 + 1.5 * near160);
  }
#endif
  return sum;
}

// What flashes bring to a surface that faces n.
vec3 flash_irradiance(vec3 n) {
  vec3 sum = vec3(0.0);
#ifdef FLASHES
  for (int slot = 0; slot < 3; slot++)
    sum += flash_light[slot].rgb * (0.15 + 0.38 * max(dot(n, flash_way[slot].xyz), 0.0));
#endif
  return sum;
}

// Irradiance / pi from the sky (spherical harmonics, bands 0 to 2).
vec3 ambient_radiance(vec3 n) {
  vec3 c = ambient[0].rgb + ambient[1].rgb * n.y + ambient[2].rgb * n.z + ambient[3].rgb * n.x;
  c += ambient[4].rgb * (n.x * n.y) + ambient[5].rgb * (n.y * n.z);
  c += ambient[6].rgb * (3.0 * n.z * n.z - 1.0) + ambient[7].rgb * (n.x * n.z);
  c += ambient[8].rgb * (n.x * n.x - n.y * n.y);
  return max(c, vec3(0.0));
}

// Share of light that the air between two points takes, thinner with height.
float air_between(vec3 from, vec3 to) {
  vec3 ray = to - from;
  float rise = ray.z * air.y;
  float mean = abs(rise) > 1e-3 ? (1.0 - exp(-rise)) / rise : 1.0 - 0.5 * rise;
  float far = max(length(ray) - air.w, 0.0);
  return 1.0 - exp(-air.x * far * exp(-max(from.z, 0.0) * air.y) * mean);
}

// The light of the air between two points, and in w the share that it covers.
vec4 air_seen(vec3 from, vec3 to) {
  vec3 ray = to - from;
  float distance = length(ray);
  vec3 d = ray / max(distance, 1e-4);
  vec3 level = normalize(vec3(d.xy, max(d.z, 0.03)));
  vec3 between = sky_radiance(level) + 0.6 * moon_radiance(level) + flash_radiance(level);
  // Lamps light the air near them: strongest low down and not far away.
  between += air_glow.rgb * exp(-0.22 * max(to.z, 0.0)) * exp(-0.035 * distance);
  return vec4(between, air_between(from, to));
}

// Light that is added to what is behind it: a little more than its radiance, since the display
// transform shows dark light darker than it is.
vec3 added(vec3 radiance) { return radiance * GLOW; }

// A flame's brightness around 1; amount is the share that moves.
float flickered(float amount, float phase) {
  float sum = 0.0;
  for (int i = 0; i < 3; i++)
    sum += curve_flicker[i].y * sin(TURN * (curve_flicker[i].x * moment.x + phase * float(3 + 4 * i)));
  return 1.0 + amount * sum;
}

// Where a vertex hangs that sways by up to `most` radians about a pivot.
vec3 swayed(vec3 p, vec3 pivot, float phase, float most) {
  float x = 0.0, y = 0.0;
  for (int i = 0; i < 3; i++) {
    float at = TURN * (curve_sway[i].x * moment.x + phase * float(2 + 3 * i));
    x += curve_sway[i].y * sin(at);
    y += curve_sway[i].y * cos(at * 0.5 + 1.7 * float(i));
  }
  // A gust runs along the street, so that what hangs there answers one after the other.
  float gust = 1.0 + curve_gust.y * sin(TURN * curve_gust.x * moment.x - 0.35 * pivot.y);
  // The harder it blows, the more all lean with it.
  float a = most * moment.y * gust * (x + 0.2 + 0.6 * moment.y), b = 0.6 * most * moment.y * gust * y;
  vec3 d = p - pivot;
  d = vec3(d.x * cos(a) - d.z * sin(a), d.y, d.x * sin(a) + d.z * cos(a));
  d = vec3(d.x, d.y * cos(b) - d.z * sin(b), d.y * sin(b) + d.z * cos(b));
  return pivot + d;
}

// A point of a straight road along y, on the road that winds; nothing moves at the stage itself.
vec3 along_way(vec3 p) {
  float a = way.x, b = way.x + way.y * p.y;
  p.x += way.z * ((sin(b) - sin(a)) / -way.y + cos(a) * p.y);
  p.z += way.w * ((sin(2.0 * b) - sin(2.0 * a)) / (-2.0 * way.y) + cos(2.0 * a) * p.y);
  return p;
}

// Octahedral coordinates (0 to 1) of a direction.
vec2 octahedral(vec3 d) {
  vec2 p = d.xy / (abs(d.x) + abs(d.y) + abs(d.z));
  vec2 folded = (1.0 - abs(p.yx)) * vec2(p.x < 0.0 ? -1.0 : 1.0, p.y < 0.0 ? -1.0 : 1.0);
  return (d.z < 0.0 ? folded : p) * 0.5 + 0.5;
}
