#version 330
// The set that fades out, over the one that fades in: scene-linear light, blended by its share.
uniform sampler2D leaving;
uniform vec4 mix_rule; // x: its exposure as a multiple of the other set's, y: its share of the light
out vec4 light;
void main() {
    vec3 radiance = texelFetch(leaving, ivec2(gl_FragCoord.xy), 0).rgb;
    light = vec4(min(radiance * mix_rule.x, 6e4), mix_rule.y); // half floats end at 65504
}
