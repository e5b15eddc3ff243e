uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 vertex;
#ifdef JOINTS
uniform vec4 joint_rows[3 * JOINTS];
in vec4 joints;
in vec4 weights;
#endif
out vec3 cloth;
#if defined(HOLES) || defined(FAINT)
in vec4 colour;
out float faint;
#endif
#ifdef HOLES
in vec2 HOLES;
out vec2 uv;
#endif
void main() {
  cloth = vertex.xyz;
#if defined(HOLES) || defined(FAINT)
  faint = colour.a;
#endif
#ifdef HOLES
  uv = HOLES;
#endif
  vec4 at = vertex;
#ifdef JOINTS
  at = vec4(0.0, 0.0, 0.0, 1.0);
  for (int i = 0; i < 4; i++) {
    int row = 3 * int(joints[i]);
    at.x += weights[i] * dot(joint_rows[row], vertex);
    at.y += weights[i] * dot(joint_rows[row + 1], vertex);
    at.z += weights[i] * dot(joint_rows[row + 2], vertex);
  }
#endif
  gl_Position = p3d_ModelViewProjectionMatrix * at;
}
