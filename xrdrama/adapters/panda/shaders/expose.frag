#version 330
// One picture of an exposure, as its share of the light.
uniform sampler2D scene;
uniform vec4 share;
out vec4 light;
void main() {
    light = texelFetch(scene, ivec2(gl_FragCoord.xy), 0) * share.x;
}
