uniform vec4 behaviour;
in vec3 cloth;
void main() {
  vec3 grain = floor(cloth * 90.0);
  float threshold = fract(sin(dot(grain, vec3(12.9898, 78.233, 37.719))) * 43758.5453);
  if (threshold >= behaviour.y) discard;
}
