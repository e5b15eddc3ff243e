// How LED walls light what stands on the stage: each wall is a few glowing patches, whose colour
// is read from the canvas's small mipmaps. Included by vertex shaders, after #version.
const int PATCHES = 16;
uniform sampler2D canvas;
uniform vec4 patch_at[PATCHES];   // middle, metres; w: area, square metres (0: none)
uniform vec4 patch_out[PATCHES];  // direction of its light; w: mipmap level that holds it
uniform vec4 patch_uv[PATCHES];   // xy: middle on the canvas, z: v near its foot, w: level there (below 0: it hangs)

vec3 patch_light(int i) { return textureLod(canvas, patch_uv[i].xy, patch_out[i].w).rgb; }

// Irradiance / pi of all patches at a point; `wrap` lets light reach round soft edges.
vec3 wall_light(vec3 point, vec3 normal, float wrap) {
    vec3 sum = vec3(0.0);
    for (int i = 0; i < PATCHES; ++i) {
        if (patch_at[i].w <= 0.0) continue;
        vec3 way = patch_at[i].xyz - point;
        float far2 = dot(way, way);
        way *= inversesqrt(far2);
        float facing = max((dot(normal, way) + wrap) / (1.0 + wrap), 0.0);
        float leaving = max(-dot(patch_out[i].xyz, way), 0.0);
        sum += patch_light(i) * facing * leaving * patch_at[i].w / (3.14159 * (far2 + patch_at[i].w * 0.3));
    }
    return sum;
}

// What the feet of the walls near a point of the floor show: the ground that the floor goes on
// from. w: metres to the nearest foot, about.
vec4 ground_shown(vec3 point) {
    vec4 sum = vec4(0.0);
    float nearest = 1e4;
    for (int i = 0; i < PATCHES; ++i) {
        if (patch_at[i].w <= 0.0 || patch_uv[i].w < 0.0) continue;
        vec2 way = patch_at[i].xy - point.xy;
        float far2 = dot(way, way);
        float share = 1.0 / (0.35 + far2 * far2);
        sum += vec4(textureLod(canvas, patch_uv[i].xz, patch_uv[i].w).rgb, 1.0) * share;
        // Across the wall, not to the middle of the patch.
        nearest = min(nearest, abs(dot(way, patch_out[i].xy)) + 0.15 * sqrt(far2));
    }
    return vec4(sum.rgb / max(sum.a, 1e-6), nearest);
}
