#version 330
// A test range in two pictures: where its points are (metres), or checkers under a lamp.
uniform vec4 range_rule; // x: 1 writes positions
in vec3 stage_point;
in vec3 facing;
out vec4 light;
void main() {
    vec3 cell = floor(stage_point * 2.0 + 0.01);
    float checker = mod(cell.x + cell.y + cell.z, 2.0);
    float lamp = 0.35 + 0.65 * abs(dot(normalize(facing), normalize(vec3(0.4, -0.7, 0.6))));
    vec3 colour = mix(vec3(0.06, 0.10, 0.22), vec3(0.85, 0.55, 0.25), checker) * lamp;
    light = range_rule.x > 0.5 ? vec4(stage_point, 1.0) : vec4(colour, 1.0);
}
