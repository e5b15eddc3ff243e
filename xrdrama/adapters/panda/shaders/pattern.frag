// A test pattern on a wall, drawn over the mixed picture. Colours are code values, as the LED
// processor receives them; places are pixels of the wall from its upper left corner.
uniform vec4 wall_box;     // the wall's left, bottom, right, top on the canvas, in pixels from below
uniform vec4 pattern_rule; // x: which pattern, y: the frame's number
uniform sampler2D wall_name;
uniform mat4 inner_clip_K; // each camera
uniform vec2 camera_frame_K; // each camera: its own frame as share of the inner picture
uniform sampler2D camera_name_K; // each camera
uniform vec3 camera_tint_K; // each camera
in vec3 stage_point;
out vec4 light;

const int GRID = 1, GEOMETRY = 2, RAMP = 3, BAR = 4, FRAME = 5, CAMERAS = 6, FLASH = 7;
const float EVERY = 0.5;  // metres between two lines of the geometry
const int BITS = 24;      // of the frame's number, along the lower edge

vec3 linear(vec3 code) {
    return mix(code / 12.92, pow((code + 0.055) / 1.055, vec3(2.4)), step(0.04045, code));
}

// The picture of a word over a colour, in a box: middle and height in pixels, y down.
vec3 lettered(vec3 below, sampler2D word, vec2 place, vec2 middle, float height) {
    vec2 size = vec2(textureSize(word, 0));
    vec2 box = vec2(height * size.x / size.y, height);
    vec2 uv = (place - middle) / box + 0.5;
    if (uv != clamp(uv, 0.0, 1.0)) return below;
    vec4 ink = textureLod(word, vec2(uv.x, 1.0 - uv.y), 0.0);
    vec3 code = pow(ink.rgb, vec3(1.0 / 2.2));
    return mix(below, code, ink.a);
}

// Lines of one pixel: every cell, the wall's outermost pixels, both middle lines, a circle.
vec3 grid(vec2 place, vec2 size) {
    float unit = min(size.x, size.y);
    float cell = max(8.0, exp2(round(log2(unit / 10.0))));
    vec2 pixel = floor(place);
    vec3 colour = vec3(0.05);
    if (mod(pixel.x, cell) < 0.5 || mod(pixel.y, cell) < 0.5) colour = vec3(0.55);
    float from = length(place - size * 0.5) - unit * 0.42;
    if (abs(from) < 1.0) colour = vec3(0.95, 0.85, 0.2);
    vec2 middle = abs(place - size * 0.5);
    if (min(middle.x, middle.y) < 1.0) colour = vec3(0.2, 0.9, 0.3);
    vec2 room = min(pixel, size - 1.0 - pixel);
    if (min(room.x, room.y) < 0.5) colour = vec3(1.0, 0.15, 0.1);
    return lettered(colour, wall_name, place, size * vec2(0.5, 0.3), unit * 0.12);
}

// Planes of the stage every half metre, where they cut the wall: x red, y green, z blue. They meet
// at the edges of walls that stand where the stage file says.
vec3 geometry() {
    vec3 colour = vec3(0.05);
    vec3 rate = fwidth(stage_point);
    vec3 off = abs(fract(stage_point / EVERY + 0.5) - 0.5) * EVERY;
    vec3 whole = abs(fract(stage_point * 0.5 + 0.5) - 0.5) * 2.0;
    for (int axis = 0; axis < 3; axis++) {
        if (rate[axis] < 1e-4) continue; // the wall lies in such a plane
        float on = 1.0 - smoothstep(0.5, 1.5, off[axis] / rate[axis]);
        float thick = 1.0 - smoothstep(1.5, 2.5, whole[axis] / rate[axis]);
        vec3 line = vec3(axis == 0 ? 1.0 : 0.15, axis == 1 ? 1.0 : 0.25, axis == 2 ? 1.0 : 0.2);
        colour = mix(colour, line, max(on * 0.75, thick));
    }
    return colour;
}

// Five rows: grey in all code values, red, green, blue, grey in 16 steps.
vec3 ramp(vec2 place, vec2 size) {
    float across = clamp(floor(floor(place.x) * 256.0 / size.x), 0.0, 255.0);
    int row = int(min(4.0, floor(place.y * 5.0 / size.y)));
    float level = across / 255.0;
    if (row == 4) return vec3(floor(across / 16.0) / 15.0);
    if (row == 0) return vec3(level);
    return level * vec3(row == 1, row == 2, row == 3);
}

// A white column and a white row that move by 8 and 4 pixels a frame.
vec3 bars(vec2 place, vec2 size) {
    vec2 at = mod(vec2(pattern_rule.y) * vec2(8.0, 4.0), size);
    vec2 width = max(vec2(4.0), floor(size / vec2(32.0, 24.0)));
    vec2 since = mod(floor(place) - at, size);
    return vec3(any(lessThan(since, width)) ? 1.0 : 0.03);
}

bool segment(int digit, int which) {
    const int LIT[10] = int[](0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f);
    return ((LIT[digit] >> which) & 1) == 1;
}

// One digit in a box of 0 to 1, y down, from seven segments.
bool lit(vec2 p, int digit) {
    if (p != clamp(p, 0.0, 1.0)) return false;
    const float T = 0.16;
    bool upper = p.y < 0.5 + T * 0.25, lower = p.y > 0.5 - T * 0.25;
    return (p.y < T * 0.5 && segment(digit, 0)) || (p.x < T && upper && segment(digit, 1))
        || (p.x > 1.0 - T && upper && segment(digit, 2))
        || (abs(p.y - 0.5) < T * 0.25 && segment(digit, 3))
        || (p.x < T && lower && segment(digit, 4)) || (p.x > 1.0 - T && lower && segment(digit, 5))
        || (p.y > 1.0 - T * 0.5 && segment(digit, 6));
}

// The frame's number in digits, and in bits along the lower edge: the highest on the left.
vec3 number(vec2 place, vec2 size) {
    float bottom = size.y * 0.8;
    if (place.y > bottom) {
        int index = int(place.x * float(BITS) / size.x);
        int bit = (int(pattern_rule.y) >> (BITS - 1 - index)) & 1;
        return vec3(bit == 1 ? 1.0 : 0.06, bit == 1 ? 1.0 : 0.06, bit == 1 ? 1.0 : 0.12);
    }
    float digits = 6.0;
    vec2 box = vec2(min(size.x * 0.9 / digits, bottom * 0.4), bottom * 0.7);
    vec2 p = (place - vec2(size.x * 0.5 - digits * box.x * 0.5, bottom * 0.15)) / box;
    int column = int(floor(p.x));
    if (column < 0 || column >= 6) return vec3(0.03);
    int power = int(pow(10.0, float(5 - column)) + 0.5);
    int digit = (int(pattern_rule.y) / power) % 10;
    return lit(vec2((fract(p.x) - 0.12) / 0.76, p.y), digit) ? vec3(1.0, 0.8, 0.35) : vec3(0.03);
}

// A camera's inner picture, its own frame in it, and its name as the camera reads it.
vec3 framed(vec3 below, mat4 clip, vec2 frame, sampler2D name, vec3 tint) {
    vec4 c = clip * vec4(stage_point, 1.0);
    vec2 uv = c.xy / c.w;
    if (c.w <= 0.0 || max(abs(uv.x), abs(uv.y)) > 1.0) return below;
    vec2 own = uv / frame; // -1 to 1 in the camera's own frame
    vec2 room = 1.0 - abs(own);
    vec3 colour = min(room.x, room.y) < 0.0 ? tint * 0.3 : tint * 0.55;
    vec2 rate = fwidth(own);
    vec2 lines = abs(room) / rate;
    if (min(lines.x, lines.y) < 1.5 && min(room.x, room.y) > -2.0 * max(rate.x, rate.y))
        colour = vec3(1.0);
    if (min(abs(own.x) / rate.x, abs(own.y) / rate.y) < 0.75 && max(abs(own.x), abs(own.y)) < 0.12)
        colour = vec3(1.0);
    vec2 down = vec2(own.x, -own.y) * frame / frame.y;
    return lettered(colour, name, down, vec2(0.0, -0.76), 0.26);
}

vec3 cameras() {
    vec3 colour = vec3(0.04);
    colour = framed(colour, inner_clip_K, camera_frame_K, camera_name_K, camera_tint_K); // each camera
    return colour;
}

// White for three frames out of every twenty, in some of them at one place and in some at another,
// so that a video of it fits a reference at one latency only.
vec3 flashes() {
    uint frame = uint(pattern_rule.y), block = frame / 20u;
    uint mixed = (block ^ 61u) * 2654435761u;
    mixed = (mixed ^ (mixed >> 15)) * 2246822519u;
    uint first = (mixed >> 16) % 15u, at = frame % 20u;
    return vec3(at >= first && at < first + 3u ? 1.0 : 0.03);
}

void main() {
    vec2 size = wall_box.zw - wall_box.xy;
    vec2 place = vec2(gl_FragCoord.x - wall_box.x, wall_box.w - gl_FragCoord.y);
    int which = int(pattern_rule.x + 0.5);
    vec3 code = vec3(0.0);
    if (which == GRID) code = grid(place, size);
    else if (which == GEOMETRY) code = geometry();
    else if (which == RAMP) code = ramp(place, size);
    else if (which == BAR) code = bars(place, size);
    else if (which == FRAME) code = number(place, size);
    else if (which == CAMERAS) code = cameras();
    else if (which == FLASH) code = flashes();
    light = vec4(linear(code), 1.0);
}
