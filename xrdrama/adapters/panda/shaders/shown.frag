#version 330
// A picture in a window, whole: as large as the window's shape lets it be, black beside it.
uniform sampler2D picture;
uniform vec4 fit; // xy: the share of the window that the picture covers
in vec2 uv;
out vec4 colour;
void main() {
    vec2 at = (uv - 0.5) / fit.xy + 0.5;
    bool inside = all(greaterThanEqual(at, vec2(0.0))) && all(lessThanEqual(at, vec2(1.0)));
    colour = vec4(inside ? texture(picture, at).rgb : vec3(0.0), 1.0);
}
