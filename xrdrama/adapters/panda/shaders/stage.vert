uniform mat4 p3d_ViewProjectionMatrix;
uniform mat4 p3d_ModelMatrix;
uniform vec3 camera;
in vec4 p3d_Vertex;
in vec3 normal;
in vec4 colour;
in vec4 motion;        // the joint; w: how far it is followed, above 0 by the head, below by the arm
uniform vec4 stance[1];  // radians: trunk, head, nod, forearm
out vec3 stage_point;
out vec3 facing;
out vec4 tint;
out vec3 washed;  // light of the walls that spreads in the cloth
out vec3 edged;   // light from beyond, which grazes its fibres

vec2 turned(vec2 p, float angle) {
    float c = cos(angle), s = sin(angle);
    return vec2(c * p.x - s * p.y, s * p.x + c * p.y);
}

void main() {
    float head = max(motion.w, 0.0), arm = max(-motion.w, 0.0);
    float up = stance[0].z * head + stance[0].w * arm;
    vec3 p = p3d_Vertex.xyz - motion.xyz, n = normal;
    p.yz = turned(p.yz, up);
    n.yz = turned(n.yz, up);
    p.xy = turned(p.xy, stance[0].y * head);
    n.xy = turned(n.xy, stance[0].y * head);
    p += motion.xyz;
    // From the knees to the shoulders, so that the feet stay and the coat winds.
    float trunk = stance[0].x * smoothstep(0.45, 1.30, p.z);
    p.xy = turned(p.xy, trunk);
    n.xy = turned(n.xy, trunk);
    stage_point = (p3d_ModelMatrix * vec4(p, 1.0)).xyz;
    facing = normalize(mat3(p3d_ModelMatrix) * n);
    tint = colour;
    vec3 beyond = normalize(facing - 0.9 * normalize(camera - stage_point));
    washed = wall_light(stage_point, facing, 0.35);
    edged = wall_light(stage_point, beyond, 0.2);
    gl_Position = p3d_ViewProjectionMatrix * vec4(stage_point, 1.0);
}
