uniform mat4 p3d_ViewProjectionMatrix;
uniform mat4 p3d_ModelMatrix;
uniform vec3 camera;
in vec4 p3d_Vertex;
in vec3 normal;
in vec4 colour;
out vec3 stage_point;
out vec3 facing;
out vec4 tint;
out vec3 washed;  // light of the walls that spreads in the cloth
out vec3 edged;   // light from beyond, which grazes its fibres
void main() {
    stage_point = (p3d_ModelMatrix * p3d_Vertex).xyz;
    facing = normalize(mat3(p3d_ModelMatrix) * normal);
    tint = colour;
    vec3 beyond = normalize(facing - 0.9 * normalize(camera - stage_point));
    washed = wall_light(stage_point, facing, 0.35);
    edged = wall_light(stage_point, beyond, 0.2);
    gl_Position = p3d_ViewProjectionMatrix * vec4(stage_point, 1.0);
}
