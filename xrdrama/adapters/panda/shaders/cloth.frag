#version 330
// The stand-in actor: cloth, skin, hair and leather under the light of the walls.
uniform vec3 camera;
uniform vec4 base; // colour; w: sheen
in vec3 stage_point;
in vec3 facing;
in vec4 tint;      // w: how open the place is
in vec3 washed;
in vec3 edged;
out vec4 light;
void main() {
    vec3 n = normalize(facing);
    vec3 way = normalize(camera - stage_point);
    if (dot(n, way) < 0.0) n = -n;
    vec3 colour = base.rgb * tint.rgb;
    float across = 1.0 - max(dot(n, way), 0.0);
    // What stands before a wall is edged by it.
    // Lamps stand out warm from the mean colour that a small mipmap holds.
    vec3 rim = edged * vec3(1.25, 0.96, 0.72) * (base.w * (3.6 * across * across * across + 0.12 * across) * tint.a);
    // A soft lamp of the studio, behind the camera and high, so that dark cloth still has form.
    float lamp = 0.05 + 0.12 * max(dot(n, normalize(vec3(-0.45, -0.55, 0.70))), 0.0);
    vec3 studio = colour * lamp * vec3(0.95, 0.94, 1.02) * tint.a;
    light = vec4(colour * washed * mix(0.4, 1.0, tint.a) + rim + studio, 1.0);
}
