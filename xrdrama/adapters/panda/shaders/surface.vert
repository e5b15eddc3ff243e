uniform mat4 p3d_ModelMatrix;
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 behaviour;  // x: glow, y: fade, z: sway in radians, w: flicker
uniform vec4 baked[4];
uniform vec4 eye;
uniform vec4 key_toward;
uniform vec4 key_colour;
uniform vec4 points;     // x: how many shine
uniform vec4 point_at[4];      // w: 1 / reach^2
uniform vec4 point_colour[4];

in vec4 vertex;
in vec3 normal;
in vec4 colour;
in vec4 bake;
#ifdef PICTURES
in vec2 texcoord;
out vec2 uv;
#endif
#ifdef UV1
in vec2 texcoord1;
out vec2 uv1;
#endif
#ifdef UV2
in vec2 texcoord2;
out vec2 uv2;
#endif
#ifdef UV3
in vec2 texcoord3;
out vec2 uv3;
#endif
#ifdef UV4
in vec2 texcoord4;
out vec2 uv4;
#endif
#ifdef NORMALS
in vec4 tangent;
out vec4 along;
#endif
#ifdef MOVES
in vec4 motion;
#endif
#ifdef JOINTS
uniform vec4 joint_rows[3 * JOINTS];  // three rows of each joint's matrix
in vec4 joints;
in vec4 weights;
#endif
out vec3 at;
out vec3 facing;
out vec4 tint;
out vec3 lamps;
out float glow;
#ifndef FINE_AIR
out vec4 haze;
#endif
invariant gl_Position;
#ifdef FADES
out vec3 cloth;
#endif

void main() {
#ifdef JOINTS
  vec4 across = vec4(0.0), forward = vec4(0.0), upward = vec4(0.0);
  for (int i = 0; i < 4; i++) {
    int row = 3 * int(joints[i]);
    across += weights[i] * joint_rows[row];
    forward += weights[i] * joint_rows[row + 1];
    upward += weights[i] * joint_rows[row + 2];
  }
  mat3 turned = transpose(mat3(across.xyz, forward.xyz, upward.xyz));
  vec4 world = vec4(dot(across, vertex), dot(forward, vertex), dot(upward, vertex), 1.0);
#else
  mat3 turned = mat3(p3d_ModelMatrix);
  vec4 world = p3d_ModelMatrix * vertex;
#endif
#ifdef ALONG
  world.xyz = along_way(world.xyz);
#endif
#ifdef UNEVEN
  facing = transpose(inverse(turned)) * normal;
#else
  facing = turned * normal;
#endif
  glow = behaviour.x;
#ifdef MOVES
  world.xyz = swayed(world.xyz, motion.xyz, motion.w, behaviour.z);
  glow *= flickered(behaviour.w, motion.w);
#endif
#ifdef FADES
  cloth = vertex.xyz;
#endif
#ifdef PICTURES
  uv = texcoord;
#endif
#ifdef UV1
  uv1 = texcoord1;
#endif
#ifdef UV2
  uv2 = texcoord2;
#endif
#ifdef UV3
  uv3 = texcoord3;
#endif
#ifdef UV4
  uv4 = texcoord4;
#endif
#ifdef NORMALS
  along = vec4(turned * tangent.xyz, tangent.w);
#endif
  at = world.xyz;
  tint = colour;
#if defined(GLASS) || defined(MASKED)
  // Alpha is how opaque it is; otherwise it is how much of the sky is seen from here.
  float open_sky = 1.0;
#else
  float open_sky = colour.a;
#endif
  vec4 share = bake * bake;
  lamps = baked[0].rgb * share.x + baked[1].rgb * share.y + baked[2].rgb * share.z + baked[3].rgb * share.w;
  vec3 n = normalize(facing);
  lamps += flash_irradiance(n) * open_sky;
  for (int i = 0; i < int(points.x); i++) {
    vec3 way = point_at[i].xyz - at;
    float far2 = dot(way, way), share = far2 * point_at[i].w;
    float window = clamp(1.0 - share * share, 0.0, 1.0);
    float arrives = max(dot(n, way) * inversesqrt(far2) * 0.85 + 0.15, 0.0);
    lamps += point_colour[i].rgb * (arrives * window * window / (far2 + 0.10));
  }
#ifndef FULL
  // All light at the corners; what sees little of the sky is held to be in the key's shadow too.
  lamps += ambient_radiance(n) * open_sky;
  float open = smoothstep(0.25, 0.65, open_sky);
  lamps += key_colour.rgb * (key_toward.w * open * max(dot(n, key_toward.xyz), 0.0));
#endif
#ifndef FINE_AIR
  haze = air_seen(eye.xyz, at);
#endif
  gl_Position = p3d_ViewProjectionMatrix * world;
}
