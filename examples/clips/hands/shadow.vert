#version 330
uniform vec3 light_x; uniform vec3 light_y; uniform vec3 light_z; uniform vec3 light_centre;
uniform float reach;
in vec3 vertex; out float depth;
void main() {
  vec3 v = vertex - light_centre;
  vec3 p = vec3(dot(v, light_x), dot(v, light_y), dot(v, light_z)) / reach;
  depth = p.z; gl_Position = vec4(p.xy, -p.z, 1.0);
}
