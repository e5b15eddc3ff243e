#version 330
// A ring that runs out clockwise, or fills, from the top.
uniform vec4 ring;   // x: fraction that stands, y: thickness, z: pixels across
uniform vec4 colour; // w: opacity
in vec2 uv;
out vec4 light;
void main() {
    vec2 p = uv * 2.0 - 1.0;
    float soft = 3.0 / max(ring.z, 8.0);
    float r = length(p);
    float band = smoothstep(ring.y + soft, ring.y, abs(r - (1.0 - ring.y - soft)));
    float turn = atan(p.x, p.y) / 6.2831853;
    turn = turn < 0.0 ? turn + 1.0 : turn;
    float on = ring.x >= 1.0 ? 1.0 : smoothstep(ring.x + 0.004, ring.x - 0.004, turn);
    vec3 c = mix(vec3(0.02), colour.rgb, on);
    light = vec4(c, band * mix(0.45, 1.0, on) * colour.w);
}
