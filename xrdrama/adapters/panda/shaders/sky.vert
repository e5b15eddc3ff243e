uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 eye;
in vec4 vertex;
out vec3 toward;

void main() {
  toward = vertex.xyz;
  vec4 clip = p3d_ViewProjectionMatrix * vec4(eye.xyz + vertex.xyz * 100.0, 1.0);
  // On the far plane, behind everything.
  gl_Position = vec4(clip.xy, clip.w * 0.999999, clip.w);
}
