// The stage floor: laid with stone and wetted, so that it goes on from what the walls show.
uniform vec3 camera;
uniform vec4 feet;        // where the actor stands; w: how dark the contact is
uniform sampler2D mirror; // walls and actor, seen from below the floor
uniform sampler2D stones; // x: tone, y: wet, zw: lean
uniform vec4 body[1];     // the stand-in's shadow, a cylinder: x: radius (0: none), y: height
uniform vec4 patch_size[PATCHES]; // half the width and height
uniform vec4 picture;     // xy: size of the camera's picture
uniform vec4 floor_laid[2]; // x: repeats of the stones a metre, y: share of wet; then the colour
in vec3 stage_point;
in vec3 washed;
in vec3 ground;
out vec4 light;

// The share of a patch, an upright rectangle, that the body hides from this point: the share of its
// width, as an angle about the point, times that of its height, both where the body stands.
float hidden(int i, vec2 to_body) {
    float near = max(length(to_body), body[0].x * 1.02), most = asin(body[0].x / near);
    vec2 ahead = to_body / max(length(to_body), 1e-4);
    vec2 middle = patch_at[i].xy - stage_point.xy, out_of = patch_out[i].xy;
    bool upright = dot(out_of, out_of) > 0.1;
    vec2 along = normalize(upright ? vec2(-out_of.y, out_of.x) : vec2(-middle.y, middle.x + 1e-4));
    vec2 one = middle + along * patch_size[i].x, other = middle - along * patch_size[i].x;
    float a = atan(ahead.x * one.y - ahead.y * one.x, dot(ahead, one));
    float b = atan(ahead.x * other.y - ahead.y * other.x, dot(ahead, other));
    float low = min(a, b), high = max(a, b);
    if (high - low > 3.14159) return 0.0; // behind this point
    float across = (min(high, most) - max(low, -most)) / max(high - low, 1e-4);
    float reach = upright ? dot(middle, out_of) / min(dot(ahead, out_of), -1e-3) : length(middle);
    if (reach < near) return 0.0;
    float lower = max(0.0, patch_at[i].z - patch_size[i].y) / reach;
    float upper = (patch_at[i].z + patch_size[i].y) / reach;
    float up = (min(body[0].y / near, upper) - lower) / max(upper - lower, 1e-4);
    return clamp(across, 0.0, 1.0) * clamp(up, 0.0, 1.0);
}

// The share of the walls' light that the stand-in leaves.
float unhidden() {
    if (body[0].x <= 0.0 || body[0].y <= 0.0) return 1.0;
    float all = 1e-6, left = 1e-6;
    for (int i = 0; i < PATCHES; ++i) {
        if (patch_at[i].w <= 0.0) continue;
        vec3 way = patch_at[i].xyz - stage_point;
        float far2 = dot(way, way);
        vec3 to = way * inversesqrt(far2);
        float sent = dot(patch_light(i), vec3(0.2126, 0.7152, 0.0722)) * max(to.z, 0.0)
            * max(-dot(patch_out[i].xyz, to), 0.0) * patch_at[i].w / (far2 + patch_at[i].w * 0.3);
        all += sent;
        left += sent * (1.0 - hidden(i, feet.xy - stage_point.xy));
    }
    return left / all;
}

void main() {
    vec4 stone = texture(stones, stage_point.xy * floor_laid[0].x);
#ifdef PICTURED
    vec3 tone = stone.rgb;  // a picture of the crew's, level and evenly wet
    stone = vec4(0.5, 0.25, 0.5, 0.5);
#else
    vec3 tone = vec3(stone.x * 2.0);
#endif
    vec2 lean = stone.zw - 0.5;
    float wet = min(stone.y * floor_laid[0].y, 1.0);
    vec3 way = normalize(camera - stage_point);
    vec3 diffuse = (ground + washed * 0.10) * tone * floor_laid[1].rgb * (1.0 - 0.35 * wet);

    // Rough stone smears what it mirrors along the way to the eye.
    vec2 uv = gl_FragCoord.xy / picture.xy + lean * vec2(0.05, 0.09);
    float smear = 0.030 * (1.15 - wet), level = 2.2 - 1.6 * wet;
    vec3 seen = (textureLod(mirror, uv - vec2(0.0, smear), level).rgb
               + textureLod(mirror, uv, level).rgb
               + textureLod(mirror, uv + vec2(0.0, smear), level).rgb) / 3.0;
    float grazing = 1.0 - max(way.z, 0.0);
    float fresnel = 0.04 + 0.96 * grazing * grazing * grazing * grazing;
    float lit = unhidden();
    diffuse *= lit;
    vec3 colour = diffuse + seen * min(fresnel * (0.10 + 1.35 * wet), 0.85);

    // Under the soles it is dark, and the walls' light leaves a soft shadow towards the camera.
    vec2 from = stage_point.xy - feet.xy;
    vec2 near = from / vec2(0.30, 0.22), shade = (from + vec2(0.0, 0.55)) / vec2(0.42, 0.80);
    float soft = body[0].x > 0.0 ? 0.0 : exp(-dot(shade, shade)) * 0.5;
    float contact = (exp(-dot(near, near)) + soft) * feet.w;
    light = vec4(colour * (1.0 - min(contact, 0.85)) + vec3(0.0012, 0.0015, 0.0022), 1.0);
}
