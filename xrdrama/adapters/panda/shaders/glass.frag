// A rectilinear picture as the lens sees it, its values unchanged.
uniform sampler2D scene;
in vec2 uv;
out vec4 light;
void main() { light = textureLod(scene, through_glass(uv), 0.0); }
