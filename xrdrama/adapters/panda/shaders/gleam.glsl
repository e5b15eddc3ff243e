// Light with a direction, as surfaces and figures have it: the key's shadow, gleams, reflections.
uniform mat4 shadow_clip;
uniform sampler2DShadow shadow_map;
uniform vec4 points;     // y: how far the sky has turned
uniform sampler2D reflections_before;
uniform sampler2D reflections_after;
#ifdef MODEL_LIGHTS
uniform vec4 model_light_at[MODEL_LIGHTS];      // w: 1 / reach^2, 0 without limit
uniform vec4 model_light_way[MODEL_LIGHTS];     // w: 1 for a directional light
uniform vec4 model_light_colour[MODEL_LIGHTS];  // irradiance / pi at one metre
uniform vec4 model_light_cone[MODEL_LIGHTS];    // x, y: scale and offset of the cosine
#endif

in vec3 at;

float lit_by_key(vec3 n) {
  vec4 p = shadow_clip * vec4(at + n * 0.05, 1.0);
  vec3 c = p.xyz * 0.5 + 0.5;
  c.z -= 0.0006;
  // Four taps half a texel off, each of which the card blends from four: nine texels in all.
  vec2 step = vec2(0.5, -0.5) / SHADOW_WIDTH;
  return 0.25 * (textureLod(shadow_map, c + vec3(step.xx, 0.0), 0.0) + textureLod(shadow_map, c + vec3(step.xy, 0.0), 0.0)
               + textureLod(shadow_map, c + vec3(step.yx, 0.0), 0.0) + textureLod(shadow_map, c + vec3(step.yy, 0.0), 0.0));
}

// Microfacet lobe (GGX) times visibility, for one light.
float glint(vec3 n, vec3 l, vec3 v, float rough) {
  vec3 h = normalize(l + v);
  float a = rough * rough, nh = max(dot(n, h), 0.0), lh = max(dot(l, h), 0.1);
  float d = nh * nh * (a * a - 1.0) + 1.0001;
  return min(a * a / (4.0 * d * d * lh * lh * (a + 0.5)), 40.0);
}

vec3 reflected(vec3 r, float rough) {
  vec2 where = octahedral(r);
  vec3 c = textureLod(reflections_before, where, rough * 4.0).rgb;
  if (points.y > 0.0) c = mix(c, textureLod(reflections_after, where, rough * 4.0).rgb, points.y);
  return c;
}

#ifdef MODEL_LIGHTS
// What a light of a model brings to a point, and where from.
vec3 model_light(int i, out vec3 l) {
  vec3 way = model_light_at[i].xyz - at;
  float far2 = dot(way, way);
  if (model_light_way[i].w > 0.0) {
    l = -model_light_way[i].xyz;
    return model_light_colour[i].rgb;
  }
  l = way * inversesqrt(max(far2, 1e-8));
  float share = far2 * model_light_at[i].w;
  float window = clamp(1.0 - share * share, 0.0, 1.0);
  float cone = clamp(-dot(l, model_light_way[i].xyz) * model_light_cone[i].x + model_light_cone[i].y, 0.0, 1.0);
  return model_light_colour[i].rgb * (window * cone * cone / max(far2, 1e-4));
}
#endif
