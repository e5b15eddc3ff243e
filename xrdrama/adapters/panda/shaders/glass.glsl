// What a lens does to a rectilinear picture: OpenLensIO's Brown-Conrady distortion, in millimetres
// on the sensor (x right, y down), as in xrdrama/stage/lenses/distortion.py.
uniform vec4 glass_sensor; // xy: size of the sensor, zw: offset of the centre of projection
uniform vec4 glass_upper;  // k1, k3, k5, focal length
uniform vec4 glass_lower;  // k2, k4, k6, and 0: no lens, 1: D-U, 2: U-D
uniform vec4 glass_offset; // p1, p2, and the centre of distortion from that of projection
uniform vec4 glass_frame;  // tangents of the rectilinear picture: left, right, bottom, top

vec2 brown_conrady(vec2 e) {
    float s = dot(e, e);
    vec3 k = glass_upper.xyz, l = glass_lower.xyz;
    float ratio = (1.0 + s * (k.x + s * (k.y + s * k.z))) / (1.0 + s * (l.x + s * (l.y + s * l.z)));
    vec2 p = glass_offset.xy;
    return e * ratio + 2.0 * p * e.x * e.y + p.yx * (s + 2.0 * e * e);
}

// The inverse, by Newton's method.
vec2 unbrown_conrady(vec2 wanted) {
    vec3 k = glass_upper.xyz, l = glass_lower.xyz;
    vec2 p = glass_offset.xy;
    vec2 e = wanted;
    for (int i = 0; i < 12; i++) {
        float s = dot(e, e);
        float n = 1.0 + s * (k.x + s * (k.y + s * k.z)), d = 1.0 + s * (l.x + s * (l.y + s * l.z));
        float slope = ((k.x + s * (2.0 * k.y + s * 3.0 * k.z)) * d
            - n * (l.x + s * (2.0 * l.y + s * 3.0 * l.z))) / (d * d);
        float a = n / d + 2.0 * e.x * e.x * slope + 2.0 * p.x * e.y + 6.0 * p.y * e.x;
        float b = n / d + 2.0 * e.y * e.y * slope + 2.0 * p.y * e.x + 6.0 * p.x * e.y;
        float c = 2.0 * e.x * e.y * slope + 2.0 * p.x * e.x + 2.0 * p.y * e.y;
        vec2 off = brown_conrady(e) - wanted;
        e -= vec2(b * off.x - c * off.y, a * off.y - c * off.x) / (a * b - c * c);
    }
    return e;
}

// Where in the rectilinear picture (0 to 1, from the lower left) a place of the frame is seen.
vec2 through_glass(vec2 uv) {
    if (glass_lower.w < 0.5) return uv;
    vec2 e = vec2(uv.x - 0.5, 0.5 - uv.y) * glass_sensor.xy - glass_sensor.zw - glass_offset.zw;
    e = (glass_lower.w < 1.5 ? brown_conrady(e) : unbrown_conrady(e)) + glass_offset.zw;
    vec2 tangent = vec2(e.x, -e.y) / glass_upper.w;
    return (tangent - glass_frame.xz) / (glass_frame.yw - glass_frame.xz);
}
