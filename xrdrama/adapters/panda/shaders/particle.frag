in vec2 corner;
in vec4 light;
out vec4 picture;

void main() {
  float r2 = dot(corner, corner);
#ifdef RISE
  // A paper bag with a flame in its mouth, and the glow around it.
  vec2 c = corner / vec2(0.34, 0.42);
  float body = smoothstep(1.05, 0.85, max(abs(c.x) * (1.0 - 0.14 * c.y), abs(c.y)));
  float glow = exp(-6.0 * r2) * max(1.0 - r2, 0.0);
  float heat = mix(0.35, 1.5, smoothstep(0.9, -0.9, c.y));
  float hides = body * light.w;
  vec3 seen = light.rgb * (body * heat + 0.13 * glow);
  picture = vec4(hides > 0.0 ? seen * hides + added(light.rgb * 0.13 * glow) * (1.0 - hides)
                             : added(seen), hides);
#else
  float round_ = smoothstep(1.0, 0.15, r2);
#ifdef SNOW
  picture = vec4(light.rgb, 1.0) * (light.w * round_);
#else
  picture = vec4(added(light.rgb * round_), 0.0);
#endif
#endif
}
