#version 330
uniform sampler2D letters;
uniform vec4 fade; // x: opacity
in vec2 uv;
out vec4 light;
void main() {
    vec4 c = texture(letters, uv);
    light = vec4(c.rgb, c.a * fade.x);
}
