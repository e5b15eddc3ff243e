in vec2 uv;
out vec4 picture;

void main() { picture = vec4(plate_light(uv), 1.0); }
