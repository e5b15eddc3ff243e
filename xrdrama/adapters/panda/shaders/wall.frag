#version 330
// The canvas on the wall, exactly as it was drawn; or as LEDs look from the side.
uniform sampler2D canvas;
uniform vec4 canvas_part; // the wall's own LEDs, u and v: their neighbours are on another wall
uniform vec4 off_angle[1]; // x: 1 if it is simulated
uniform vec3 falloff; // power of the cosine for red, green and blue
uniform vec3 camera;
in vec3 stage_point;
in vec3 facing;
in vec2 canvas_uv;
out vec4 light;
void main() {
    light = textureLod(canvas, clamp(canvas_uv, canvas_part.xy, canvas_part.zw), 0.0);
    if (off_angle[0].x > 0.5) {
        float straight = abs(dot(normalize(facing), normalize(camera - stage_point)));
        light.rgb *= pow(vec3(max(straight, 1e-3)), falloff);
    }
}
