uniform vec4 behaviour;
in vec3 cloth;
#if defined(HOLES) || defined(FAINT)
uniform vec4 base_factor;
uniform vec4 alpha;
in float faint;
#endif
#ifdef HOLES
uniform sampler2D base_picture;
in vec2 uv;
#endif
void main() {
#if defined(HOLES) || defined(FAINT)
  float opaque = base_factor.a * faint;
#ifdef HOLES
  opaque *= texture(base_picture, uv).a;
#endif
  if (opaque < alpha.x) discard;
#endif
  vec3 grain = floor(cloth * 90.0);
  float threshold = fract(sin(dot(grain, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
  if (threshold >= behaviour.y) discard;
}
