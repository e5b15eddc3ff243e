// A picture of a set, pixel for pixel, as it is displayed.
uniform sampler2D scene;
#ifdef DEPTH
uniform sampler2D depth;
uniform float sky_is_open;  // 1: where nothing is in front of the sky, nothing is shown
#endif
out vec4 picture;
void main() {
  picture = vec4(displayed(texelFetch(scene, ivec2(gl_FragCoord.xy), 0).rgb), 1.0);
#ifdef DEPTH
  // Premultiplied: black lets additive displays through, too.
  picture *= 1.0 - sky_is_open * step(1.0, texelFetch(depth, ivec2(gl_FragCoord.xy), 0).r);
#endif
}
