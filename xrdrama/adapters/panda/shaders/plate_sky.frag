in vec3 toward;
out vec4 picture;

void main() { picture = vec4(plate_light(plate_around(normalize(toward))), 1.0); }
