// A frame of a plate as linear light: luma and chroma planes to red, green and blue, and these
// through the plate's transfer function. Rows run from the top. Included after look.glsl.
uniform sampler2D plate_luma, plate_blue, plate_red;
uniform vec4 plate_gain;        // x: factor; 0 is black
uniform vec4 plate_chroma;      // red from Cr, green from Cb, green from Cr, blue from Cb
uniform vec4 plate_luma_scale;  // x: factor of luma, y: its offset, z: offset of chroma
uniform vec4 plate_turn;        // sky: x: pan, y: horizon, radians

vec3 plate_light(vec2 uv) {
  float y = texture(plate_luma, uv).r * plate_luma_scale.x + plate_luma_scale.y;
  float blue = texture(plate_blue, uv).r + plate_luma_scale.z;
  float red = texture(plate_red, uv).r + plate_luma_scale.z;
  vec3 v = vec3(y + plate_chroma.x * red, y + plate_chroma.y * blue + plate_chroma.z * red,
                y + plate_chroma.w * blue);
  v = clamp(v, 0.0, 1.0);
#ifdef PLATE_SRGB
  vec3 light = mix(v / 12.92, pow((v + 0.055) / 1.055, vec3(2.4)), step(0.04045, v));
#else
  vec3 light = pow(v, vec3(2.4));  // BT.1886, black at 0
#endif
  return light * plate_gain.x;
}

// Where a direction is in an equirectangular picture.
vec2 plate_around(vec3 d) {
  float left = atan(-d.x, d.y) - plate_turn.x, up = asin(clamp(d.z, -1.0, 1.0)) - plate_turn.y;
  return vec2(0.5 - left / 6.28318531, clamp(0.5 - up / 3.14159265, 0.0, 1.0));
}
