// Scene-linear radiance to a displayed picture: exposure, a shoulder, contrast, lift. The one
// description of it, included wherever a picture of a set is developed.
uniform vec4 tone;       // x: factor of exposure, y: 1 / white^2, z: contrast
uniform vec4 tone_lift;

vec3 displayed(vec3 radiance) {
  vec3 x = min(radiance * tone.x, 1e4);  // half floats may overflow to infinity
  vec3 y = clamp(x * (1.0 + x * tone.y) / (1.0 + x), 0.0, 1.0);
  vec3 s = sqrt(y);
  s = mix(s, s * s * (3.0 - 2.0 * s), tone.z);
  return tone_lift.rgb + (1.0 - tone_lift.rgb) * s * s;
}
