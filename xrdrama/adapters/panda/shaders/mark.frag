#version 330
// A frame's number as black and white blocks (wall/marks.py).
uniform vec4 corner;  // left and top in pixels from the lower left, the size of a block
uniform vec4 octets;  // of the number, the highest first
uniform vec4 check;   // their check sum
out vec4 colour;
void main() {
    int x = int((gl_FragCoord.x - corner.x) / corner.z);
    int y = int((corner.y - gl_FragCoord.y) / corner.z);  // rows from the top
    float octet = y == 5 ? check.x : octets[clamp(y - 1, 0, 3)];
    float bit = mod(floor(octet / exp2(float(8 - x))), 2.0);
    float lit = x == 9 || y == 6 ? 0.0 : (x == 0 || y == 0 ? 1.0 : bit);
    colour = vec4(vec3(lit), 1.0);
}
