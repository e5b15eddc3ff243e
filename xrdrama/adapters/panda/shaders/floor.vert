uniform mat4 p3d_ViewProjectionMatrix;
in vec4 p3d_Vertex;
out vec3 stage_point;
out vec3 washed;   // light of the walls on the stones
out vec3 ground;   // what the walls show at their feet, faded away from them
void main() {
    stage_point = p3d_Vertex.xyz;
    washed = wall_light(stage_point, vec3(0.0, 0.0, 1.0), 0.0);
    vec4 shown = ground_shown(stage_point);
    ground = shown.rgb / (1.0 + 0.13 * shown.w * shown.w);
    gl_Position = p3d_ViewProjectionMatrix * p3d_Vertex;
}
