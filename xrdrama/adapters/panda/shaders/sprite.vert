#version 330
// A card in the plane of the picture: x and z of its corners are clip coordinates.
uniform mat4 p3d_ModelMatrix;
in vec4 p3d_Vertex;
in vec2 p3d_MultiTexCoord0;
out vec2 uv;
void main() {
    uv = p3d_MultiTexCoord0;
    vec4 at = p3d_ModelMatrix * p3d_Vertex;
    gl_Position = vec4(at.x, at.z, 0.0, 1.0);
}
