#version 330
// What each LED shows: the inner frustum where the tracked camera looks, the outer picture around.
// Both are pictures taken from a point of the stage, so an LED at stage_point shows the pixel that
// lies on the ray from that point through it.
uniform sampler2D inner_picture;
uniform sampler2D outer_picture;
uniform mat4 inner_clip;
uniform mat4 outer_clip;
uniform vec4 mix_rule; // x: feather as share of the width, y: brightness, z: inner on, w: outer on
in vec3 stage_point;
out vec4 light;

vec2 seen(mat4 clip, out float ahead) {
    vec4 c = clip * vec4(stage_point, 1.0);
    ahead = c.w;
    return c.xy / c.w * 0.5 + 0.5;
}

void main() {
    float ahead;
    vec2 uv = seen(inner_clip, ahead);
    // The soft edge lies in the overscan, outside the camera's own frame.
    vec2 edge = min(uv, 1.0 - uv);
    float soft = max(mix_rule.x, 1e-6);
    float inside = ahead > 0.0 ? smoothstep(0.0, soft, edge.x) * smoothstep(0.0, soft, edge.y) : 0.0;
    inside = min(edge.x, edge.y) < 0.0 ? 0.0 : inside;
    if (mix_rule.x <= 0.0) inside = (ahead > 0.0 && min(edge.x, edge.y) >= 0.0) ? 1.0 : 0.0;
    vec4 inner = textureLod(inner_picture, uv, 0.0);
    float outer_ahead;
    vec2 outer_uv = seen(outer_clip, outer_ahead);
    vec4 outer = textureLod(outer_picture, clamp(outer_uv, 0.0, 1.0), 0.0);
    light = mix(outer * mix_rule.w, inner, inside * mix_rule.z);
    light.rgb *= mix_rule.y;
}
