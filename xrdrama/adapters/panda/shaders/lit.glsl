// How LED walls light what stands on the stage: each wall is a few glowing patches, whose colour
// is read from the canvas's small mipmaps. Included by the shaders of the stage, after #version.
const int PATCHES = 16;
uniform sampler2D canvas;
uniform vec4 patch_at[PATCHES];   // middle, metres; w: area, square metres (0: none)
uniform vec4 patch_out[PATCHES];  // direction of its light; w: mipmap level that holds it
uniform vec4 patch_uv[PATCHES];   // middle on the canvas

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
