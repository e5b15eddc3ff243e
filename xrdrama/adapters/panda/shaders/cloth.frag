// The stand-in actor: cloth and skin under the light of the walls.
uniform vec3 camera;
uniform vec4 base; // colour; w: sheen
in vec3 stage_point;
in vec3 facing;
in vec4 tint;
out vec4 light;
void main() {
    vec3 n = normalize(facing);
    vec3 way = normalize(camera - stage_point);
    if (dot(n, way) < 0.0) n = -n;
    vec3 colour = base.rgb * tint.rgb;
    vec3 diffuse = colour * wall_light(stage_point, n, 0.25);
    // What stands before a wall is edged by it: light from behind grazes the fibres.
    float edge = pow(1.0 - max(dot(n, way), 0.0), 3.0);
    vec3 rim = wall_light(stage_point, normalize(reflect(-way, n)), 0.1) * edge * base.w;
    // A little light of the studio, so that black cloth still has form.
    vec3 studio = colour * (0.010 + 0.012 * max(n.z, 0.0)) * vec3(0.8, 0.9, 1.1);
    light = vec4(diffuse + rim + studio, 1.0);
}
