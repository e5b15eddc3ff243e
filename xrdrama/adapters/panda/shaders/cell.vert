// The processor canvas: every LED draws itself where its wall lies on the canvas. Of the parts in
// wall/cells.py only the cells of one are drawn.
uniform mat4 inner_clip_K; // each camera
uniform float inner_feather_K; // each camera
uniform vec4 mix_rule; // z: inner on
in vec4 vertex;
in vec3 cell_corner;
in vec3 cell_across;
in vec3 cell_up;
in vec2 texcoord;
out vec3 stage_point;

// Whether a cell lies outside all views so far, and within the soft edge of one.
void judge(mat4 clip, float feather, inout bool unseen, inout bool covered) {
    vec3 corners[4] = vec3[4](cell_corner, cell_corner + cell_across, cell_corner + cell_up,
                              cell_corner + cell_across + cell_up);
    float edge = 2.0 * feather - 1.0;
    bvec4 beyond = bvec4(true);
    bool behind = true, within = true;
    for (int i = 0; i < 4; i++) {
        vec4 c = clip * vec4(corners[i], 1.0);
        // A little more than the frame, so that rounding loses no LED.
        vec4 past = vec4(-c.x, c.x, -c.y, c.y) - c.w * 1.001;
        beyond = bvec4(beyond.x && past.x > 0.0, beyond.y && past.y > 0.0,
                       beyond.z && past.z > 0.0, beyond.w && past.w > 0.0);
        behind = behind && c.w <= 0.0;
        within = within && c.w > 0.0 && max(abs(c.x), abs(c.y)) <= (-edge - 0.001) * c.w;
    }
    unseen = unseen && (behind || any(beyond));
    covered = covered || within;
}

void main() {
    bool unseen = true, covered = false;
    judge(inner_clip_K, inner_feather_K, unseen, covered); // each camera
    unseen = unseen || mix_rule.z <= 0.0;
    covered = covered && mix_rule.z >= 1.0;
#if defined(OUTER)
    bool drawn = unseen;
#elif defined(COVERED)
    bool drawn = covered;
#else
    bool drawn = !unseen && !covered;
#endif
    stage_point = vertex.xyz;
    gl_Position = drawn ? vec4(texcoord * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
