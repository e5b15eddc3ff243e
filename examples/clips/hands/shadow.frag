#version 330
in float depth; out vec4 colour;
void main() { colour = vec4(depth, 0.0, 0.0, 1.0); }
