// A figure: vertices follow joints, and those of a face its shapes.
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 eye;
uniform vec4 joint_rows[3 * JOINTS];  // three rows of each joint's matrix, to the set's frame
in vec4 vertex;
in vec3 normal;
in vec4 joints;
in vec4 weights;
in vec4 colour;
#ifdef PICTURES
in vec2 texcoord;
out vec2 uv;
#endif
#ifdef NORMALS
in vec4 tangent;
out vec4 along;
#endif
#ifdef MORPHS
uniform sampler2D morph_offsets;     // two texels for each target and vertex: place, normal
uniform vec4 morph_active[MORPHS];   // first: x: how many, y: vertices; then x: target, y: weight
in float morph_row;
#endif
out vec3 at;
out vec3 facing;
out vec4 tint;
out vec4 haze;
out vec3 cloth;
invariant gl_Position;

#ifdef MORPHS
vec3 offset(int texel) {
  return texelFetch(morph_offsets, ivec2(texel & 1023, texel >> 10), 0).xyz;
}
#endif

void main() {
  vec4 place = vertex;
  vec3 n = normal;
#ifdef MORPHS
  if (morph_row >= 0.0) {
    int count = int(morph_active[0].x), rows = int(morph_active[0].y);
    for (int i = 1; i <= count; i++) {
      int texel = 2 * (int(morph_active[i].x) * rows + int(morph_row));
      place.xyz += morph_active[i].y * offset(texel);
      n += morph_active[i].y * offset(texel + 1);
    }
  }
#endif
  vec4 across = vec4(0.0), forward = vec4(0.0), upward = vec4(0.0);
  for (int i = 0; i < 4; i++) {
    int row = 3 * int(joints[i]);
    across += weights[i] * joint_rows[row];
    forward += weights[i] * joint_rows[row + 1];
    upward += weights[i] * joint_rows[row + 2];
  }
  at = vec3(dot(across, place), dot(forward, place), dot(upward, place));
  facing = vec3(dot(across.xyz, n), dot(forward.xyz, n), dot(upward.xyz, n));
#ifdef NORMALS
  along = vec4(dot(across.xyz, tangent.xyz), dot(forward.xyz, tangent.xyz),
               dot(upward.xyz, tangent.xyz), tangent.w);
#endif
#ifdef PICTURES
  uv = texcoord;
#endif
  tint = colour;
  cloth = vertex.xyz;
  haze = air_seen(eye.xyz, at);
  gl_Position = p3d_ViewProjectionMatrix * vec4(at, 1.0);
}
