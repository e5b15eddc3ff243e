#version 330
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform mat4 p3d_ModelMatrix;
in vec4 p3d_Vertex;
in vec3 normal;
in vec4 colour;
out vec3 stage_point;
out vec3 facing;
out vec4 tint;
void main() {
    stage_point = (p3d_ModelMatrix * p3d_Vertex).xyz;
    facing = mat3(p3d_ModelMatrix) * normal;
    tint = colour;
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
