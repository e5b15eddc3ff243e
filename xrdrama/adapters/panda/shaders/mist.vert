uniform mat4 p3d_ModelMatrix;
uniform mat4 p3d_ViewProjectionMatrix;
in vec4 vertex;
in vec2 texcoord;
in vec4 colour;
out vec2 uv;
out vec3 at;
out vec4 tint;

void main() {
  vec4 world = p3d_ModelMatrix * vertex;
#ifdef ALONG
  world.xyz = along_way(world.xyz);
#endif
  at = world.xyz;
  uv = texcoord;
  tint = colour;
  gl_Position = p3d_ViewProjectionMatrix * world;
}
