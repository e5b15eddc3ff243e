#version 330
// A wall as the film camera sees it, or mirrored below the floor.
uniform mat4 p3d_ModelViewProjectionMatrix;
uniform mat4 p3d_ModelMatrix;
in vec4 p3d_Vertex;
in vec3 p3d_Normal;
in vec2 p3d_MultiTexCoord0;
out vec3 stage_point;
out vec3 facing;
out vec2 canvas_uv;
void main() {
    stage_point = (p3d_ModelMatrix * p3d_Vertex).xyz;
    facing = mat3(p3d_ModelMatrix) * p3d_Normal;
    canvas_uv = p3d_MultiTexCoord0;
    gl_Position = p3d_ModelViewProjectionMatrix * p3d_Vertex;
}
