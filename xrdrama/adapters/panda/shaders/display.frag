#version 330
// A canvas on a display: one pixel for one pixel, whatever the window's size.
uniform sampler2D canvas;
uniform vec4 part; // left and bottom of the canvas in the picture of all canvases, width, height
out vec4 colour;
void main() {
    vec2 place = floor(gl_FragCoord.xy);
    bool is_inside = all(lessThan(place, part.zw));
    ivec2 texel = ivec2(place + part.xy);
    colour = vec4(is_inside ? texelFetch(canvas, texel, 0).rgb : vec3(0.0), 1.0);
}
