#version 330
// The stage floor: laid with stone and wetted, so that it goes on from what the walls show.
uniform vec3 camera;
uniform vec4 feet;        // where the actor stands; w: how dark the contact is
uniform sampler2D mirror; // walls and actor, seen from below the floor
uniform sampler2D stones; // x: tone, y: wet, zw: lean
uniform vec4 picture;     // xy: size of the camera's picture, z: repeats of the stones a metre
in vec3 stage_point;
in vec3 washed;
in vec3 ground;
out vec4 light;

void main() {
    vec4 stone = texture(stones, stage_point.xy * picture.z);
    vec2 lean = stone.zw - 0.5;
    float wet = stone.y;
    vec3 way = normalize(camera - stage_point);
    vec3 diffuse = (ground + washed * 0.10) * (stone.x * 2.0) * (1.0 - 0.35 * wet);

    // Rough stone smears what it mirrors along the way to the eye.
    vec2 uv = gl_FragCoord.xy / picture.xy + lean * vec2(0.05, 0.09);
    float smear = 0.030 * (1.15 - wet), level = 2.2 - 1.6 * wet;
    vec3 seen = (textureLod(mirror, uv - vec2(0.0, smear), level).rgb
               + textureLod(mirror, uv, level).rgb
               + textureLod(mirror, uv + vec2(0.0, smear), level).rgb) / 3.0;
    float grazing = 1.0 - max(way.z, 0.0);
    float fresnel = 0.04 + 0.96 * grazing * grazing * grazing * grazing;
    vec3 colour = diffuse + seen * min(fresnel * (0.10 + 1.35 * wet), 0.85);

    // Under the soles it is dark, and the walls' light leaves a soft shadow towards the camera.
    vec2 from = stage_point.xy - feet.xy;
    vec2 near = from / vec2(0.30, 0.22), shade = (from + vec2(0.0, 0.55)) / vec2(0.42, 0.80);
    float contact = exp(-dot(near, near)) * feet.w + exp(-dot(shade, shade)) * 0.5 * feet.w;
    light = vec4(colour * (1.0 - min(contact, 0.85)) + vec3(0.0012, 0.0015, 0.0022), 1.0);
}
