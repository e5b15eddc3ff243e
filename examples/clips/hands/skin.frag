#version 330
const int CREASES = 14, LINES = 18;
uniform vec3 light_x; uniform vec3 light_y; uniform vec3 light_z; uniform vec3 light_centre;
uniform float reach; uniform sampler2D shadow;
uniform vec3 key; uniform vec3 rim_way; uniform vec3 rim; uniform vec3 sky; uniform vec3 ground;
uniform vec3 skin; uniform vec3 coat;
uniform vec3 crease_at[CREASES]; uniform vec3 crease_way[CREASES];
uniform vec3 tip_at[5]; uniform vec3 tip_x[5]; uniform vec3 tip_y[5]; uniform vec3 tip_z[5];
uniform vec3 line_from[LINES]; uniform vec3 line_to[LINES];
in vec3 place; in vec3 facing; in vec3 skin_place; in vec3 skin_facing; in float is_cloth;
out vec4 colour;

float hash(vec3 p) { p = fract(p * 0.3183099 + vec3(0.71, 0.113, 0.419)); p *= 17.0;
  return fract(p.x * p.y * p.z * (p.x + p.y + p.z)); }
float noise(vec3 p) {
  vec3 i = floor(p), f = fract(p); f = f * f * (3.0 - 2.0 * f);
  return mix(mix(mix(hash(i), hash(i + vec3(1,0,0)), f.x),
                 mix(hash(i + vec3(0,1,0)), hash(i + vec3(1,1,0)), f.x), f.y),
             mix(mix(hash(i + vec3(0,0,1)), hash(i + vec3(1,0,1)), f.x),
                 mix(hash(i + vec3(0,1,1)), hash(i + vec3(1,1,1)), f.x), f.y), f.z);
}
float lit(vec3 p, vec3 n) {
  vec3 v = p + n * 0.0025 - light_centre;
  vec3 q = vec3(dot(v, light_x), dot(v, light_y), dot(v, light_z)) / reach;
  float turn = 6.2832 * hash(vec3(gl_FragCoord.xy, 1.0)), sum = 0.0;
  for (int i = 0; i < 16; ++i) {
    float a = turn + 2.39996 * float(i), r = 0.016 * sqrt((float(i) + 0.5) / 16.0);
    float depth = texture(shadow, (q.xy + r * vec2(cos(a), sin(a))) * 0.5 + 0.5).r;
    sum += step(depth, q.z + 0.012);
  }
  return sum / 16.0;
}
vec3 bumped(vec3 n, float h) {
  vec3 px = dFdx(place), py = dFdy(place), r1 = cross(py, n), r2 = cross(n, px);
  float det = dot(px, r1);
  if (abs(det) < 1e-14) return n;
  return normalize(abs(det) * n - sign(det) * (dFdx(h) * r1 + dFdy(h) * r2));
}
void main() {
  vec3 n = normalize(facing), s = skin_place, to_eye = normalize(-place);
  if (dot(n, to_eye) < 0.0 && is_cloth > 0.5) n = -n;
  float palm = smoothstep(-0.25, 0.35, skin_facing.z), rough, shine = 0.04;
  vec3 base, wrap;
  float height;
  if (is_cloth > 0.5) {
    float weave = noise(s * vec3(900.0, 1400.0, 900.0)), fold = noise(s * vec3(60.0, 25.0, 60.0));
    base = coat * (0.75 + 0.35 * weave) * (0.7 + 0.5 * fold);
    wrap = vec3(0.12); rough = 0.95; shine = 0.02; height = 0.0003 * weave + 0.004 * fold;
  } else {
    float blotch = noise(s * 48.0) * 0.6 + noise(s * 140.0) * 0.4;
    float grain = noise(s * 1100.0) * 0.6 + noise(s * 2300.0) * 0.4;
    base = mix(skin, skin * vec3(1.12, 1.05, 1.02), palm);
    base *= mix(vec3(0.95, 0.83, 0.80), vec3(1.05, 1.07, 1.06), blotch) * (0.97 + 0.06 * grain);
    height = 0.00016 * grain + 0.0006 * blotch;
    float warm = 0.0, nail = 0.0, edge = 0.0;
    for (int i = 0; i < 5; ++i) {
      vec3 d = s - tip_at[i];
      vec3 q = vec3(dot(d, tip_x[i]), dot(d, tip_y[i]), dot(d, tip_z[i]));
      warm += exp(-dot(d, d) / 0.00022);
      float wide = i == 0 ? 0.0075 : (i == 4 ? 0.0050 : 0.0060);
      vec2 oval = vec2(q.x / wide, (q.z - 0.0035) / (wide * 1.15));
      float ring = pow(pow(abs(oval.x), 3.0) + pow(abs(oval.y), 3.0), 1.0 / 3.0);
      float up = smoothstep(0.001, 0.003, q.y);
      nail = max(nail, up * (1.0 - smoothstep(0.86, 0.98, ring)));
      edge = max(edge, up * (1.0 - smoothstep(0.0, 0.14, abs(ring - 1.0))));
    }
    vec3 ball = s - vec3(0.030, 0.040, 0.030), heel = s - vec3(-0.030, 0.035, 0.020);
    float pads = exp(-dot(ball, ball) / 0.0005) + exp(-dot(heel, heel) / 0.0006);
    float red = clamp(0.75 * warm + 0.45 * pads * palm, 0.0, 0.9);
    base = mix(base, base * vec3(1.10, 0.80, 0.76), red);
    float crease = 0.0, wobble = 0.0016 * (noise(s * 130.0) - 0.5);
    for (int i = 0; i < CREASES; ++i) {
      vec3 d = s - crease_at[i];
      float along = dot(d, crease_way[i]) + wobble;
      vec3 across = d - crease_way[i] * dot(d, crease_way[i]);
      float nearby = 1.0 - smoothstep(0.010, 0.014, length(across));
      float fold = exp(-along * along / 1.7e-6) + 0.5 * exp(-pow(along - 0.0026, 2.0) / 1.2e-6);
      crease = max(crease, nearby * fold * (0.22 + 0.30 * palm) * (0.3 + 1.3 * blotch));
    }
    for (int i = 0; i < LINES; ++i) {
      vec2 a = line_from[i].xy, b = line_to[i].xy - a, q = s.xy + wobble - a;
      float flat_d = length(q - b * clamp(dot(q, b) / dot(b, b), 0.0, 1.0));
      float line = exp(-flat_d * flat_d / 1.5e-6) * (0.05 + 0.75 * blotch);
      crease = max(crease, smoothstep(0.4, 0.8, palm) * line);
    }
    base *= mix(vec3(1.0), vec3(0.72, 0.56, 0.52), crease);
    height -= 0.0008 * crease;
    base = mix(base, vec3(0.78, 0.52, 0.46) * (0.4 + dot(skin, vec3(0.5))), nail * 0.75);
    base *= 1.0 - 0.35 * edge * (1.0 - nail);
    height = mix(height, 0.0, nail);
    wrap = vec3(0.42, 0.22, 0.16); rough = mix(0.52, 0.36, nail);
  }
  n = bumped(n, height);
  vec3 towards = light_z;
  float facing_key = dot(n, towards), seen = lit(place, normalize(facing));
  vec3 soft = clamp((vec3(facing_key) + wrap) / ((1.0 + wrap) * (1.0 + wrap)), 0.0, 1.0);
  // Light that enters in the open and leaves in the shade comes out red.
  vec3 bleed = mix(vec3(seen), vec3(1.0), wrap * 0.35);
  vec3 light = key * soft * bleed;
  light += mix(ground, sky, 0.5 + 0.5 * n.y) * mix(0.75, 1.0, 0.5 + 0.5 * n.z);
  float facing_rim = dot(n, rim_way);
  light += rim * clamp((vec3(facing_rim) + wrap) / (1.0 + wrap), 0.0, 1.0);
  vec3 half_way = normalize(towards + to_eye);
  float power = 2.0 / (rough * rough * rough * rough) - 2.0;
  float gloss = pow(clamp(dot(n, half_way), 0.0, 1.0), power) * (power + 2.0) / 8.0;
  float fresnel = shine + (1.0 - shine) * pow(1.0 - clamp(dot(n, to_eye), 0.0, 1.0), 5.0);
  vec3 around = sky * 0.5 + rim * max(facing_rim + 0.3, 0.0);
  vec3 shiny = key * seen * max(facing_key, 0.0) * gloss * shine * 0.8
             + around * fresnel * 0.30 * (1.0 - rough * 0.6);
  colour = vec4(base * light + shiny, -place.z);
}
