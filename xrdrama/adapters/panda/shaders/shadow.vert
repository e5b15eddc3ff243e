uniform mat4 p3d_ModelViewProjectionMatrix;
in vec4 vertex;
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
  gl_Position = p3d_ModelViewProjectionMatrix * vertex;
}
