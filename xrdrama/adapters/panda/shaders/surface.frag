uniform vec4 eye;
uniform vec4 base_factor;
uniform vec4 finish;     // x: roughness, y: metalness, z: scale of the normal map, w: wet
uniform vec4 emission;   // w: lying snow that it takes
uniform vec4 alpha;      // x: what is less opaque is cut out, y: strength of the occlusion picture
uniform vec4 behaviour;
uniform vec4 snowfall;   // rgb: colour, w: amount
uniform vec4 key_toward; // w: 1 when it shines
uniform vec4 key_colour;
uniform sampler2D noise_field;

in vec3 facing;
in vec4 tint;
in vec3 lamps;
in float glow;
#ifndef FINE_AIR
in vec4 haze;
#endif
#ifdef PICTURES
in vec2 uv;
#endif
#ifdef UV1
in vec2 uv1;
#endif
#ifdef UV2
in vec2 uv2;
#endif
#ifdef UV3
in vec2 uv3;
#endif
#ifdef UV4
in vec2 uv4;
#endif
// Which coordinates each picture is laid by.
#ifndef BASE_UV
#define BASE_UV uv
#endif
#ifndef ROUGH_UV
#define ROUGH_UV uv
#endif
#ifndef EMISSIVE_UV
#define EMISSIVE_UV uv
#endif
#ifndef NORMAL_UV
#define NORMAL_UV uv
#endif
#ifndef OCCLUSION_UV
#define OCCLUSION_UV uv
#endif
#ifdef OCCLUSION_PICTURE
uniform sampler2D occlusion_picture;
#endif
#ifdef BASE_PICTURE
uniform sampler2D base_picture;
#endif
#ifdef ROUGH_PICTURE
uniform sampler2D rough_picture;
#endif
#ifdef EMISSION_PICTURE
uniform sampler2D emission_picture;
#endif
#ifdef NORMALS
uniform sampler2D normal_picture;
in vec4 along;
#endif
#ifdef FADES
in vec3 cloth;
#endif
out vec4 picture;

#ifdef UNLIT
uniform vec4 tone;       // as in tone.glsl
// The radiance that the tone curve shows as a colour at exposure 0.
float unlit(float shown) {
  float wanted = sqrt(clamp(shown, 0.0, 1.0)), s = wanted, c = tone.z;
  for (int i = 0; i < 4; i++)
    s -= ((1.0 - c) * s + c * s * s * (3.0 - 2.0 * s) - wanted) / max(1.0 - c + 6.0 * c * s * (1.0 - s), 0.05);
  float y = clamp(s * s, 0.0, 1.0), half_b = 0.5 * (1.0 - y);
  return (sqrt(half_b * half_b + y * tone.y) - half_b) / tone.y;
}
#endif

void main() {
#ifdef FADES
  // Dissolves in grains of cloth, the same ones from every eye.
  vec3 grain = floor(cloth * 90.0);
  float threshold = fract(sin(dot(grain, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
  if (threshold >= behaviour.y) discard;
#endif
  vec3 n = normalize(facing);
#ifdef TWO_SIDED
  if (!gl_FrontFacing) n = -n;
#endif
  vec3 outward = n;
  vec3 v = normalize(eye.xyz - at);
  vec3 base = base_factor.rgb * tint.rgb;
  float rough = finish.x, shade = tint.a, relief = 1.0;
  float metal = finish.y, opaque = 1.0;
#if defined(GLASS) || defined(MASKED)
  opaque = base_factor.a * tint.a;
  shade = 1.0;
#endif
#ifdef BASE_PICTURE
  vec4 painted = texture(base_picture, BASE_UV);
  base *= painted.rgb;
  opaque *= painted.a;
#endif
#ifdef MASKED
  if (opaque < alpha.x) discard;
#endif
#ifdef ROUGH_PICTURE
  vec3 worn = texture(rough_picture, ROUGH_UV).rgb;
  rough *= worn.g;
  metal *= worn.b;
#endif
  float open_sky = shade;
#ifdef OCCLUSION_PICTURE
  open_sky *= mix(1.0, texture(occlusion_picture, OCCLUSION_UV).r, alpha.y);
#endif
#ifdef WATER
  vec2 ripple = texture(noise_field, at.xy * 0.11 + vec2(0.0, moment.x * 0.01)).rg
              + texture(noise_field, at.xy * 0.043 - vec2(moment.x * 0.0075, 0.0)).gr - 1.0;
  n = normalize(n + vec3(ripple.x * 0.10, ripple.y * 0.22, 0.0));
#endif
#ifdef NORMALS
  vec3 mapped = texture(normal_picture, NORMAL_UV).xyz * 2.0 - 1.0;
  vec3 t = normalize(along.xyz), b = cross(n, t) * along.w;
#ifdef TWO_SIDED
  // From behind a bump is a dent.
  if (!gl_FrontFacing) t = -t;
#endif
  vec3 flat_n = n;
  n = normalize(t * mapped.x * finish.z + b * mapped.y * finish.z + n * mapped.z);
  // Baked lamps have no direction left: let them come from the front and a little above.
  vec3 from = normalize(flat_n + vec3(0.0, 0.0, 0.7));
  relief = clamp(dot(n, from) / max(dot(flat_n, from), 0.2), 0.0, 1.6);
#endif
#ifdef SNOWS
#ifdef FULL
  float drift = texture(noise_field, at.xy * 0.41).g - 0.5;
#else
  float drift = 0.0;
#endif
  // What takes less snow begins to take it later.
  float depth = n.z + drift * 1.1 - 1.10 + 0.38 * emission.w + snowfall.w * 1.1;
  float lying = smoothstep(0.20, 0.95, depth) * mix(0.6, 1.0, emission.w) * smoothstep(0.1, 0.5, facing.z);
  base = mix(base, snowfall.rgb, lying);
  rough = mix(rough, 0.85, lying);
#endif
  float nv = max(dot(n, v), 0.0);
  vec3 f0 = mix(vec3(0.04), base, metal);
#ifdef FULL
  vec3 diffuse = ambient_radiance(n) * open_sky + lamps * relief;
#else
  vec3 diffuse = lamps * relief;
#endif
  vec3 gloss = vec3(0.0);

#if defined(FULL) && !defined(BACKDROP)
  float nl = dot(n, key_toward.xyz);
  if (key_toward.w > 0.0 && nl > 0.0 && shade > 0.1) {
    float lit = lit_by_key(outward) * nl;
    diffuse += key_colour.rgb * lit;
#ifdef REFLECTS
    gloss += key_colour.rgb * lit * glint(n, key_toward.xyz, v, max(rough, 0.12));
#endif
  }
#endif
#ifdef MODEL_LIGHTS
  for (int i = 0; i < MODEL_LIGHTS; i++) {
    vec3 l;
    vec3 arrives = model_light(i, l);
    arrives *= max(dot(n, l), 0.0);
    diffuse += arrives;
#ifdef REFLECTS
    gloss += arrives * glint(n, l, v, max(rough, 0.12));
#endif
  }
#endif
  vec3 radiance = base * (1.0 - metal) * diffuse;

#ifdef REFLECTS
  float grazing = 1.0 - nv;
  float g2 = grazing * grazing;
  vec3 fresnel = f0 + (max(vec3(1.0 - rough), f0) - f0) * (g2 * g2 * grazing);
  vec3 r = reflect(-v, n);
  r.z = abs(r.z);
  // Lamps that reach this place are also seen in it, blurred over what is wet.
  vec3 around = reflected(r, rough) * open_sky + lamps * 0.35;
#ifdef FULL
  around += flash_radiance(r) * open_sky;
#endif
  radiance += around * fresnel * mix(max(0.35, metal), 1.0, finish.w);
  radiance += gloss * mix(f0, vec3(1.0), 0.06 * finish.w);
#endif

#ifdef GLOWS
  vec3 light = emission.rgb * glow;
#ifdef EMISSION_PICTURE
  light *= texture(emission_picture, EMISSIVE_UV).rgb;
#elif defined(PAPER)
  // Paper is brightest where the flame shines straight through it.
  light *= tint.rgb * mix(0.30, 1.0, nv * nv);
#endif
  radiance += light;
#endif
#ifdef UNLIT
  radiance = vec3(unlit(base.r), unlit(base.g), unlit(base.b));
#endif
#ifdef FINE_AIR
  vec4 haze = air_seen(eye.xyz, at);
#endif
  radiance = mix(radiance, haze.rgb, haze.a);
#ifdef WATER
  // Half a mirror: what stands below the surface is the picture of what stands above it.
  float film = mix(0.42, 0.30, grazing);
  picture = vec4(radiance * film, film);
#elif defined(GLASS)
  picture = vec4(radiance * opaque, opaque);
#else
  picture = vec4(radiance, 1.0);
#endif
}
