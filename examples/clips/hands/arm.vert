#version 330
uniform float focal; uniform vec2 shape;
in vec3 vertex; in vec3 normal; in vec3 rest_point; in vec3 rest_normal; in float cloth;
out vec3 place; out vec3 facing; out vec3 skin_place; out vec3 skin_facing; out float is_cloth;
void main() {
  place = vertex; facing = normal; skin_place = rest_point; skin_facing = rest_normal; is_cloth = cloth;
  float near = 0.05, far = 3.0, w = -vertex.z;
  gl_Position = vec4(focal * vertex.x, focal * vertex.y * shape.x / shape.y,
                     (w * (far + near) - 2.0 * far * near) / (far - near), w);
}
