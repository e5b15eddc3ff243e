#version 330
// A line on a wall, of one colour.
uniform vec4 colour;
out vec4 light;
void main() { light = colour; }
