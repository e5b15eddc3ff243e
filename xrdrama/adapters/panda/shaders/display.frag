#version 330
// The canvas on a display: one pixel for one pixel, whatever the window's size.
uniform sampler2D canvas;
out vec4 colour;
void main() {
    colour = vec4(texelFetch(canvas, ivec2(gl_FragCoord.xy), 0).rgb, 1.0);
}
