// The stage floor: laid with stone and wetted, so that the walls stand in it.
uniform vec3 camera;
uniform vec4 feet;      // where the actor stands; w: how dark the contact is
uniform sampler2D mirror; // the walls, seen from below the floor
uniform vec4 picture;     // size of the camera's picture
in vec3 stage_point;
in vec3 facing;
out vec4 light;

float hash(vec2 p) { return fract(sin(dot(p, vec2(41.3, 289.1))) * 43758.5453); }
float noise(vec2 p) {
    vec2 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(mix(hash(i), hash(i + vec2(1, 0)), f.x),
               mix(hash(i + vec2(0, 1)), hash(i + vec2(1, 1)), f.x), f.y);
}

void main() {
    // Slabs in courses, no two the same, with worn joints.
    vec2 p = stage_point.xy / vec2(0.92, 0.46);
    p.x += 0.37 * hash(vec2(floor(p.y), 3.0)) + 0.5 * mod(floor(p.y), 2.0);
    vec2 slab = floor(p), in_slab = fract(p);
    float joint = smoothstep(0.0, 0.045, min(in_slab.x, 1.0 - in_slab.x))
                * smoothstep(0.0, 0.08, min(in_slab.y, 1.0 - in_slab.y));
    float grain = noise(stage_point.xy * 38.0) * 0.5 + noise(stage_point.xy * 9.0) * 0.5;
    float tone = 0.75 + 0.5 * hash(slab);
    vec3 stone = vec3(0.105, 0.115, 0.14) * tone * (0.7 + 0.6 * grain) * mix(0.35, 1.0, joint);
    float wet = smoothstep(0.35, 0.75, noise(stage_point.xy * 0.8 + 7.0)) * 0.75 + 0.2;

    vec3 way = normalize(camera - stage_point);
    vec2 uv = gl_FragCoord.xy / picture.xy;
    float ruffle = (1.0 - wet * 0.75) * 0.035;
    vec2 bend = (vec2(noise(stage_point.xy * 24.0), noise(stage_point.xy * 24.0 + 51.0)) - 0.5) * ruffle;
    bend.y += (hash(slab + 9.0) - 0.5) * 0.012;
    vec3 seen = vec3(0.0);
    // Rough stone smears what it mirrors along the way to the eye.
    for (int i = -2; i <= 2; ++i)
        seen += textureLod(mirror, uv + bend + vec2(0.0, float(i) * 0.012 * (1.3 - wet)), 1.0).rgb;
    seen /= 5.0;
    float fresnel = 0.03 + 0.97 * pow(1.0 - max(way.z, 0.0), 5.0);
    vec3 diffuse = stone * wall_light(stage_point, vec3(0, 0, 1), 0.0);
    vec3 colour = diffuse + seen * min(fresnel * (0.35 + 0.9 * wet) * mix(0.45, 1.0, joint), 0.8);

    vec2 from_feet = (stage_point.xy - feet.xy) / vec2(0.34, 0.26);
    float contact = 1.0 - feet.w * exp(-dot(from_feet, from_feet));
    light = vec4(colour * contact + vec3(0.0015, 0.002, 0.003), 1.0);
}
