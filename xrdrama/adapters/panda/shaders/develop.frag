// A picture of a set, pixel for pixel, as it is displayed.
uniform sampler2D scene;
out vec4 picture;
void main() {
  picture = vec4(displayed(texelFetch(scene, ivec2(gl_FragCoord.xy), 0).rgb), 1.0);
}
