#version 330
// What each LED shows: the inner frustum where the tracked camera looks, the outer picture around.
// Both are pictures taken from a point of the stage, so an LED at stage_point shows the pixel that
// lies on the ray from that point through it.
uniform sampler2D inner_picture;
uniform sampler2D outer_picture;
uniform mat4 inner_clip;
uniform mat4 outer_clip;
uniform vec4 wall_box; // the wall's left, bottom, right, top on the canvas, in pixels from below
uniform float safe; // 1: the safe picture
uniform vec4 mix_rule; // x: feather as share of the width, y: brightness, z: inner on, w: outer on
in vec3 stage_point;
out vec4 light;

vec2 seen(mat4 clip, out float ahead) {
    vec4 c = clip * vec4(stage_point, 1.0);
    ahead = c.w;
    return c.xy / c.w * 0.5 + 0.5;
}

// How far a place is inside a rectangle round the middle, in pixels; soft over one pixel.
float inside_box(vec2 from_middle, vec2 half_size) {
    vec2 room = half_size - abs(from_middle);
    return clamp(min(room.x, room.y) + 0.5, 0.0, 1.0);
}

// Dim, nearly without colour, in a thin frame with a pause sign: meant to be seen as a pause.
vec3 paused(vec3 colour) {
    vec2 size = wall_box.zw - wall_box.xy;
    vec2 place = gl_FragCoord.xy - wall_box.xy - size * 0.5;
    float unit = min(size.x, size.y);
    float grey = dot(colour, vec3(0.2126, 0.7152, 0.0722));
    vec3 quiet = mix(vec3(grey) * vec3(0.92, 0.97, 1.08), colour, 0.18) * 0.42;
    vec2 half_frame = size * 0.5 - unit * 0.06;
    float line = max(2.0, unit * 0.008);
    float within = inside_box(place, half_frame);
    float frame = within - inside_box(place, half_frame - line);
    vec2 bar = vec2(abs(place.x) - unit * 0.045, place.y);
    float sign = inside_box(bar, vec2(unit * 0.022, unit * 0.085));
    quiet *= mix(0.35, 1.0, within);
    return mix(quiet, vec3(0.83, 0.78, 0.68), max(frame * 0.75, sign * 0.9));
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
    if (safe > 0.5) light.rgb = paused(light.rgb);
}
