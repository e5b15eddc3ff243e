uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 vertex;
out vec3 cloth;
void main() {
  cloth = vertex.xyz;
  gl_Position = p3d_ModelViewProjectionMatrix * vertex;
}
