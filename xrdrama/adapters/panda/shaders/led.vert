#version 330
// The processor canvas: every LED draws itself where its wall lies on the canvas.
in vec4 p3d_Vertex;
in vec2 p3d_MultiTexCoord0;
out vec3 stage_point;
void main() {
    stage_point = p3d_Vertex.xyz;
    gl_Position = vec4(p3d_MultiTexCoord0 * 2.0 - 1.0, 0.0, 1.0);
}
