uniform mat4 p3d_ModelMatrix;
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 behaviour;  // x: glow, y: fade, z: sway in radians, w: flicker
uniform vec4 baked[4];

in vec4 vertex;
in vec3 normal;
in vec4 colour;
in vec4 bake;
#ifdef PICTURES
in vec2 texcoord;
out vec2 uv;
#endif
#ifdef NORMALS
in vec4 tangent;
out vec4 along;
#endif
#ifdef MOVES
in vec4 motion;
#endif
out vec3 at;
out vec3 facing;
out vec4 tint;
out vec3 lamps;
out float glow;
#ifdef FADES
out vec3 cloth;
#endif

void main() {
  vec4 world = p3d_ModelMatrix * vertex;
  facing = mat3(p3d_ModelMatrix) * normal;
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
#ifdef NORMALS
  along = vec4(mat3(p3d_ModelMatrix) * tangent.xyz, tangent.w);
#endif
  at = world.xyz;
  tint = colour;
  vec4 share = bake * bake;
  lamps = baked[0].rgb * share.x + baked[1].rgb * share.y + baked[2].rgb * share.z + baked[3].rgb * share.w;
  lamps += flash_irradiance(normalize(facing)) * colour.a;
  gl_Position = p3d_ViewProjectionMatrix * world;
}
