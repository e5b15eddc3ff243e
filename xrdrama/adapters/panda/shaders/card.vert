// Cards at a point that turn to the eye: halos, and streaks on a wet floor.
uniform mat4 p3d_ModelMatrix;
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 eye;
uniform vec4 behaviour;
uniform vec4 level;  // what each baked light is scaled by

in vec4 vertex;
in vec2 texcoord;
in vec4 colour;
in vec4 bake;
in vec2 size;
in vec4 motion;
out vec2 corner;
out vec3 at;
out vec3 light;
flat out vec3 source;
flat out vec2 extent;

void main() {
  corner = texcoord * 2.0 - 1.0;
  vec3 centre = swayed((p3d_ModelMatrix * vertex).xyz, motion.xyz, motion.w, behaviour.z);
#ifdef ALONG
  centre = along_way(centre);
#endif
  float any = bake.x + bake.y + bake.z + bake.w;
  float brightness = any > 0.0 ? dot(bake, level) : 1.0;
  light = colour.rgb * (behaviour.x * brightness * flickered(behaviour.w, motion.w));
  source = centre;
  extent = size;
  vec3 way = eye.xyz - centre;
#ifdef STREAK
  centre.z = -centre.z;
  way = vec3(eye.xy - centre.xy, 0.0);
  vec3 right = normalize(vec3(-way.y, way.x, 0.0) + vec3(1e-5, 0.0, 0.0));
  // From the light's foot down past its image: wet stones draw light out towards the eye.
  float below = corner.y * 0.5 + 0.5;
  at = vec3(centre.xy, -source.z * mix(1.7, 0.04, below)) + right * corner.x * size.x * 2.0;
#else
  float far = length(way);
  vec3 back = way / max(far, 1e-3);
  vec3 right = normalize(vec3(-back.y, back.x, 0.0) + vec3(1e-5, 0.0, 0.0));
  vec3 up = cross(back, right);
  // In front of what glows, so that the thing itself does not cut its halo.
  at = centre + back * min(size.x * 0.45, far * 0.3) + (right * corner.x + up * corner.y) * size.x;
  light *= smoothstep(0.5, 2.5, far);
#endif
  gl_Position = p3d_ViewProjectionMatrix * vec4(at, 1.0);
}
