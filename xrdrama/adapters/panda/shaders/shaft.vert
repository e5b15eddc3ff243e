// A sheet of dusty air that the key light crosses: its far edge is where the light goes.
uniform mat4 p3d_ModelMatrix;
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 key_toward;
uniform vec4 key_colour;
uniform vec4 behaviour;
in vec4 vertex;
in vec3 normal;     // of the opening, into the room
in vec2 texcoord;   // x: across, y: 0 at the opening, 1 at the far edge
in vec4 colour;
in vec4 motion;     // w: how far the light goes, metres
out vec2 uv;
out vec3 at;
out vec3 light;

void main() {
  at = (p3d_ModelMatrix * vertex).xyz - key_toward.xyz * (motion.w * texcoord.y);
  uv = texcoord;
  float enters = max(-dot(normalize(mat3(p3d_ModelMatrix) * normal), key_toward.xyz), 0.0);
  light = key_colour.rgb * colour.rgb * (behaviour.x * key_toward.w * enters);
  gl_Position = p3d_ViewProjectionMatrix * vec4(at, 1.0);
  if (dot(light, vec3(1.0)) <= 1e-5) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
