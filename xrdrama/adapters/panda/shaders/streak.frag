// A light's image in a wet floor (z = 0): the card stands in the mirrored world below the floor,
// and each of its pixels is brought up to where the eye meets the floor on the way to it.
uniform mat4 p3d_ViewProjectionMatrix;
uniform vec4 eye;
uniform vec4 floor_map;  // x: repeats of the floor's pictures a metre
uniform sampler2D floor_rough;
uniform sampler2D floor_normal;
in vec2 corner;
in vec3 at;
in vec3 light;
flat in vec3 source;
flat in vec2 extent;
out vec4 picture;

void main() {
  float share = eye.z / max(eye.z - at.z, 1e-4);
  vec3 p = eye.xyz + (at - eye.xyz) * share;
  vec2 uv = p.xy * floor_map.x;
  float rough = texture(floor_rough, uv).g;
  vec2 bump = texture(floor_normal, uv).xy * 2.0 - 1.0;
  float wet = clamp(1.15 - 1.5 * rough, 0.0, 1.0);
  vec3 way = p - eye.xyz;
  float cosine = clamp(-way.z / length(way), 0.0, 1.0), grazing = 1.0 - cosine;
  float g2 = grazing * grazing;
  float fresnel = 0.03 + 0.97 * g2 * g2 * grazing;
  float side = corner.x + bump.x * 1.8;
  float across = exp(-3.4 * side * side) * (1.0 - corner.x * corner.x);
  // How far a facet must lean to send the light here; stones lean a little, each its own way.
  float d = length(p.xy - eye.xy), whole = length(source.xy - eye.xy);
  float lean = 0.5 * (atan(source.z, max(whole - d, 0.05)) - atan(eye.z, d)) + bump.y * 0.35;
  float spread = lean > 0.0 ? 0.26 : 0.12;
  float down = exp(-lean * lean / (spread * spread)) * smoothstep(0.0, 0.25, 1.0 - abs(corner.y));
  vec3 seen = light * across * down * fresnel * wet;
  seen *= 1.0 - air_between(eye.xyz, p);
  picture = vec4(added(seen), 1.0);
  vec3 nearer = p + (eye.xyz - p) * 0.004 + vec3(0.0, 0.0, 0.012);
  vec4 clip = p3d_ViewProjectionMatrix * vec4(nearer, 1.0);
  gl_FragDepth = clamp(clip.z / clip.w * 0.5 + 0.5, 0.0, 1.0);
}
