// A figure under the light of its set: each kind of material takes light in its own way.
uniform vec4 eye;
uniform vec4 base_factor;
uniform vec4 finish;     // x: roughness, y: metalness, z: scale of the normal map
uniform vec4 emission;
uniform vec4 alpha;      // x: what is less opaque is cut out, y: strength of the occlusion picture
uniform vec4 behaviour;  // y: presence
uniform vec4 key_toward; // w: 1 when it shines
uniform vec4 key_colour;
uniform vec4 point_at[4];      // w: 1 / reach^2
uniform vec4 point_colour[4];
uniform vec4 around[6];  // +x, -x, +y, -y, +z, -z: light of baked lamps; w: open sky
uniform vec4 lamp;       // where most of it comes from; w: how one-sided it is
uniform vec4 lamp_light;
uniform vec4 fill;       // the mean light here

in vec3 facing;
in vec4 tint;
in vec4 haze;
in vec3 cloth;
#ifdef PICTURES
in vec2 uv;
#endif
#ifdef BASE_PICTURE
uniform sampler2D base_picture;
#endif
#ifdef ROUGH_PICTURE
uniform sampler2D rough_picture;
#endif
#ifdef OCCLUSION
uniform sampler2D occlusion_picture;
#endif
#ifdef NORMALS
uniform sampler2D normal_picture;
in vec4 along;
#endif
out vec4 picture;

// How far light reaches round the terminator, by colour; light under skin is red.
#if defined(SKIN)
const vec3 WRAP = vec3(0.42, 0.20, 0.12);
#elif defined(HAIR)
const vec3 WRAP = vec3(0.30);
#elif defined(CLOTH)
const vec3 WRAP = vec3(0.18);
#else
const vec3 WRAP = vec3(0.0);
#endif

vec3 n = vec3(0.0), v = vec3(0.0), base = vec3(0.0), strand = vec3(0.0);
float nv = 0.0, rough = 0.0, metal = 0.0, shade = 1.0;
vec3 diffuse = vec3(0.0), gloss = vec3(0.0), fuzz = vec3(0.0), rim = vec3(0.0);

vec4 around_at(vec3 d) {
  vec3 s = d * d;
  return s.x * (d.x < 0.0 ? around[1] : around[0]) + s.y * (d.y < 0.0 ? around[3] : around[2])
       + s.z * (d.z < 0.0 ? around[5] : around[4]);
}

// Irradiance / pi of lamps and sky; it has no sharp direction. A body is before the light of the
// floor, and its far side before the lamps that are on the other.
vec3 soft_light(vec3 d) {
  vec4 c = around_at(d);
  float side = 0.5 + 0.5 * dot(d, lamp.xyz);
  float below = 1.0 - 0.55 * max(-d.z, 0.0);
  return (c.rgb * mix(1.0, 0.45 + 0.95 * side, min(2.2 * lamp.w, 1.0))
          + (ambient_radiance(d) + flash_irradiance(d)) * c.w) * below;
}

// What one light adds from direction l: `soft` round the form, `hard` where nothing is before it.
void shine(vec3 l, vec3 light, float open) {
  float nl = dot(n, l);
  vec3 soft = clamp((nl + WRAP) / ((1.0 + WRAP) * (1.0 + WRAP)), 0.0, 1.0);
  diffuse += light * soft * open;
  // Light from behind catches the edge.
  float edge = 1.0 - nv, against = clamp(0.35 - dot(l, v), 0.0, 1.0);
  rim += light * (open * against * edge * edge * edge * smoothstep(-0.35, 0.25, nl));
#if defined(HAIR)
  // Strands: a ring of light across them, near and far side.
  vec3 h = normalize(l + v);
  float th = dot(strand, h), sine = sqrt(max(1.0 - th * th, 0.0));
  float seen = smoothstep(-0.4, 0.5, nl) * open;
  float s2 = sine * sine, s8 = s2 * s2; s8 *= s8;
  float s32 = s8 * s8; s32 *= s32;
  gloss += light * seen * (0.10 * s32 * s8 + base * 0.28 * s8);
#elif defined(CLOTH)
  // Fibres that stand off the weave: seen at the rim, and back towards the light.
  float lift = 1.0 - nv;
  fuzz += light * open * clamp((nl + 0.45) / 1.45, 0.0, 1.0) * (lift * lift + 0.25 * max(dot(l, v), 0.0) * lift);
#elif defined(EYES) || defined(WET)
  if (nl > 0.0) {
    // At least as wide as a pixel, so that an eye keeps its light from afar.
    float k = 1.0 / (0.0016 + rough * rough);
    vec3 r = reflect(-v, n);
    gloss += light * open * min(exp(k * (dot(r, l) - 1.0)) * 9.0, 9.0);
  }
#else
  if (nl > 0.0) gloss += light * open * nl * glint(n, l, v, max(rough, 0.15));
#endif
}

void main() {
  if (behaviour.y < 1.0) {
    // Dissolves in grains of cloth, the same ones from every eye.
    vec3 grain = floor(cloth * 90.0);
    float threshold = fract(sin(dot(grain, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
    if (threshold >= behaviour.y) discard;
  }
  n = normalize(facing);
#ifdef TWO_SIDED
  if (!gl_FrontFacing) n = -n;
#endif
  v = normalize(eye.xyz - at);
  base = base_factor.rgb * tint.rgb;
  rough = finish.x;
  metal = finish.y;
#ifdef BASE_PICTURE
  vec4 painted = texture(base_picture, uv);
  base *= painted.rgb;
#ifdef MASKED
  if (painted.a * base_factor.a < alpha.x) discard;
#endif
#endif
#ifdef ROUGH_PICTURE
  vec3 worn = texture(rough_picture, uv).rgb;
  rough *= worn.g;
  metal *= worn.b;
#endif
#ifdef OCCLUSION
  shade = mix(1.0, texture(occlusion_picture, uv).r, alpha.y);
#endif
  vec3 outward = n;
#ifdef NORMALS
  vec3 mapped = texture(normal_picture, uv).xyz * 2.0 - 1.0;
  vec3 t = normalize(along.xyz), b = cross(n, t) * along.w;
  n = normalize(t * mapped.x * finish.z + b * mapped.y * finish.z + n * max(mapped.z, 0.1));
#endif
  nv = clamp(dot(n, v), 0.0, 1.0);
#ifdef HAIR
  strand = vec3(0.0, 0.0, -1.0) + n * n.z;
  strand = normalize(strand + n * 0.12 + vec3(1e-4, 0.0, 0.0));
#endif
#ifdef SKIN
  rough = clamp(rough, 0.34, 0.6);
#endif
#if defined(EYES) || defined(WET)
  vec3 bent = fwidth(outward);
  rough = sqrt(0.0036 + dot(bent, bent) * 0.35);
#endif

  // Light from everywhere; under skin it comes round from where most of it is.
  vec3 soft = soft_light(n);
#ifdef SKIN
  vec3 round_light = soft_light(normalize(n + 0.7 * lamp.xyz));
  soft = mix(soft, round_light, vec3(0.46, 0.22, 0.14) * lamp.w);
#endif
  // What most of the lamps' light comes from also gleams.
  shine(lamp.xyz, lamp_light.rgb * lamp.w * 0.8, 1.0);
  diffuse = soft;

  float nk = dot(n, key_toward.xyz);
  if (key_toward.w > 0.0 && nk > -0.45) {
#ifdef FULL
    float lit = lit_by_key(outward);
#else
    float lit = smoothstep(0.25, 0.65, around_at(n).w);
#endif
    shine(key_toward.xyz, key_colour.rgb, lit);
  }
  for (int i = 0; i < int(points.x); i++) {
    vec3 way = point_at[i].xyz - at;
    float far2 = dot(way, way), share = far2 * point_at[i].w;
    float window = clamp(1.0 - share * share, 0.0, 1.0);
    if (window > 0.0)
      shine(way * inversesqrt(far2), point_colour[i].rgb * (window * window / (far2 + 0.10)), 1.0);
  }
#ifdef MODEL_LIGHTS
  for (int i = 0; i < MODEL_LIGHTS; i++) {
    vec3 l, arrives = model_light(i, l);
    shine(l, arrives, 1.0);
  }
#endif
  // A little of the light of the place from where it is seen, so that a face can be read.
  diffuse += fill.rgb * (0.08 + 0.26 * nv);

  float grazing = 1.0 - nv, g2 = grazing * grazing;
  vec3 r = reflect(-v, n);
  vec3 behind = soft_light(r);
  vec3 radiance = base * (1.0 - metal) * diffuse * shade;
#if defined(SKIN)
  radiance += gloss * 0.05 * shade + behind * (0.020 + 0.30 * g2 * g2) * shade + rim * (0.15 + base) * shade;
#elif defined(EYES) || defined(WET)
  radiance += (gloss * 0.30 + behind * (0.03 + 0.35 * g2 * g2 * grazing)) * mix(0.5, 1.0, shade);
#elif defined(HAIR)
  radiance += (gloss + rim * (0.25 + base) + behind * (0.02 + 0.16 * g2) * (base * 2.0 + 0.15)) * shade;
#elif defined(CLOTH)
  vec3 fibre = mix(base, vec3(dot(base, vec3(0.3333))), 0.3) + 0.035;
  radiance += (fuzz * 0.55 + rim * 1.1 + behind * (0.75 * g2 * grazing)) * fibre * shade;
#else
  vec3 f0 = mix(vec3(0.04), base, metal);
  vec3 fresnel = f0 + (max(vec3(1.0 - rough), f0) - f0) * (g2 * g2 * grazing);
#ifdef FULL
  vec3 mirrored = reflected(r, rough) * around_at(r).w + around_at(r).rgb;
#else
  vec3 mirrored = behind;
#endif
  radiance += (gloss * f0 + mirrored * fresnel + rim * (f0 + 0.1)) * shade;
#endif
#ifdef GLOWS
  radiance += emission.rgb;
#endif
  picture = vec4(mix(radiance, haze.rgb, haze.a), 1.0);
}
