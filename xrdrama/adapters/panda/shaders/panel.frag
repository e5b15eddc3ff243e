#version 330
// The canvas on the wall, exactly as it was drawn.
uniform sampler2D canvas;
uniform vec4 canvas_part; // the wall's own LEDs, u and v: their neighbours are on another wall
in vec2 canvas_uv;
out vec4 light;
void main() { light = textureLod(canvas, clamp(canvas_uv, canvas_part.xy, canvas_part.zw), 0.0); }
