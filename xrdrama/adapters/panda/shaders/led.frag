// What each LED shows: the inner frusta where the tracked cameras look, the outer picture around.
// All are pictures taken from a point of the stage, so an LED at stage_point shows the pixel that
// lies on the ray from that point through it. A line that ends with "each camera" is repeated for
// every camera, K = 0 being the one with the lowest priority (led_shader in wall/mixing.py). The
// parts OUTER and COVERED leave out a picture that no LED of theirs shows. PAUSED, PLATE: panic.
uniform sampler2D outer_picture;
uniform mat4 outer_clip;
uniform sampler2D inner_picture_K; // each camera
uniform mat4 inner_clip_K; // each camera
uniform float inner_feather_K; // each camera: the soft edge as share of the width
uniform vec4 wall_box; // the wall's left, bottom, right, top on the canvas, in pixels from below
uniform vec4 mix_rule; // y: brightness, z: inner on, w: outer on
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

#ifdef PLATE
uniform sampler2D safe_plate;
uniform vec2 plate_rule; // x: width / height of the plate, y: 1 to fill the wall, 0 to fit into it
uniform vec3 wall_turn; // cosine and sine of the wall's rotation on the canvas; -1 if mirrored

// The plate on the wall, upright as the wall stands; black around it.
vec3 plate() {
    vec2 size = wall_box.zw - wall_box.xy;
    vec2 at = gl_FragCoord.xy - wall_box.xy - size * 0.5;
    at = vec2(wall_turn.x * at.x - wall_turn.y * at.y, wall_turn.y * at.x + wall_turn.x * at.y);
    at.x *= wall_turn.z;
    size = abs(wall_turn.y) > 0.5 ? size.yx : size;
    float wider = size.x / size.y / plate_rule.x;
    bool cut_height = (wider > 1.0) == (plate_rule.y > 0.5);
    vec2 uv = at / size * (cut_height ? vec2(1.0, 1.0 / wider) : vec2(wider, 1.0)) + 0.5;
    bool outside = any(lessThan(uv, vec2(0.0))) || any(greaterThan(uv, vec2(1.0)));
    return outside ? vec3(0.0) : textureLod(safe_plate, uv, 0.0).rgb;
}
#endif

// A camera's picture over what is below it.
vec4 over(vec4 below, sampler2D picture, mat4 clip, float feather) {
    float ahead;
    vec2 uv = seen(clip, ahead);
    // The soft edge lies in the overscan, outside the camera's own frame.
    vec2 edge = min(uv, 1.0 - uv);
    float soft = max(feather, 1e-6);
    float inside = ahead > 0.0 ? smoothstep(0.0, soft, edge.x) * smoothstep(0.0, soft, edge.y) : 0.0;
    inside = min(edge.x, edge.y) < 0.0 ? 0.0 : inside;
    if (feather <= 0.0) inside = (ahead > 0.0 && min(edge.x, edge.y) >= 0.0) ? 1.0 : 0.0;
    return mix(below, textureLod(picture, uv, 0.0), inside * mix_rule.z);
}

void main() {
#ifdef COVERED
    light = vec4(0.0);
#else
    float outer_ahead;
    vec2 outer_uv = seen(outer_clip, outer_ahead);
    light = textureLod(outer_picture, clamp(outer_uv, 0.0, 1.0), 0.0) * mix_rule.w;
#endif
#ifndef OUTER
    light = over(light, inner_picture_K, inner_clip_K, inner_feather_K); // each camera
#endif
#ifdef DEVELOPED
    light.rgb = displayed(light.rgb);
#endif
    light.rgb *= mix_rule.y;
#ifdef PAUSED
    light.rgb = paused(light.rgb);
#endif
#ifdef PLATE
    light.rgb = plate();
#endif
}
