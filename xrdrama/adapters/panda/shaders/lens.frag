// What the film camera makes of the light: exposure, a shoulder, falloff to the corners, and a
// little bloom of what is bright. Only here: on a wall it would differ from picture to picture.
uniform sampler2D scene;
uniform vec4 lens; // exposure, falloff, bloom, aspect
in vec2 uv;
out vec4 light;
void main() {
    vec2 at = through_glass(uv);
    vec3 c = textureLod(scene, at, 0.0).rgb;
    // Glass scatters all light, but only lamps are seen to.
    vec3 bloom = textureLod(scene, at, 3.0).rgb * 0.55 + textureLod(scene, at, 4.6).rgb * 0.45;
    c += max(bloom - 0.06, 0.0) * lens.z;
    c *= lens.x;
    vec2 r = (uv - 0.5) * vec2(lens.w, 1.0);
    c *= 1.0 - lens.y * dot(r, r);
    c = mix(c, 1.0 - exp(-c), smoothstep(0.6, 1.4, max(c.r, max(c.g, c.b))));
    light = vec4(c, 1.0);
}
