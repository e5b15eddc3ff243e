#version 330
// A finished picture in a window.
uniform sampler2D picture;
in vec2 uv;
out vec4 light;
void main() { light = textureLod(picture, uv, 0.0); }
