// The shaders of xrdrama/adapters/panda/shaders under a second header: the wall and the page share
// one source. This is the only place where the two differ (GLSL ES, names of matrices and inputs).

import card_vert from "../../../../../xrdrama/adapters/panda/shaders/card.vert?raw";
import figure_frag from "../../../../../xrdrama/adapters/panda/shaders/figure.frag?raw";
import figure_vert from "../../../../../xrdrama/adapters/panda/shaders/figure.vert?raw";
import gleam_glsl from "../../../../../xrdrama/adapters/panda/shaders/gleam.glsl?raw";
import halo_frag from "../../../../../xrdrama/adapters/panda/shaders/halo.frag?raw";
import look_glsl from "../../../../../xrdrama/adapters/panda/shaders/look.glsl?raw";
import mist_frag from "../../../../../xrdrama/adapters/panda/shaders/mist.frag?raw";
import mist_vert from "../../../../../xrdrama/adapters/panda/shaders/mist.vert?raw";
import particle_frag from "../../../../../xrdrama/adapters/panda/shaders/particle.frag?raw";
import particle_vert from "../../../../../xrdrama/adapters/panda/shaders/particle.vert?raw";
import shade_frag from "../../../../../xrdrama/adapters/panda/shaders/shade.frag?raw";
import shadow_frag from "../../../../../xrdrama/adapters/panda/shaders/shadow.frag?raw";
import shadow_vert from "../../../../../xrdrama/adapters/panda/shaders/shadow.vert?raw";
import shaft_frag from "../../../../../xrdrama/adapters/panda/shaders/shaft.frag?raw";
import shaft_vert from "../../../../../xrdrama/adapters/panda/shaders/shaft.vert?raw";
import sky_frag from "../../../../../xrdrama/adapters/panda/shaders/sky.frag?raw";
import sky_vert from "../../../../../xrdrama/adapters/panda/shaders/sky.vert?raw";
import streak_frag from "../../../../../xrdrama/adapters/panda/shaders/streak.frag?raw";
import surface_frag from "../../../../../xrdrama/adapters/panda/shaders/surface.frag?raw";
import surface_vert from "../../../../../xrdrama/adapters/panda/shaders/surface.vert?raw";
import tone_glsl from "../../../../../xrdrama/adapters/panda/shaders/tone.glsl?raw";

const FILES = {
  "card.vert": card_vert, "figure.frag": figure_frag, "figure.vert": figure_vert, "gleam.glsl": gleam_glsl, "halo.frag": halo_frag,
  "look.glsl": look_glsl, "mist.frag": mist_frag, "mist.vert": mist_vert,
  "particle.frag": particle_frag, "particle.vert": particle_vert, "shade.frag": shade_frag,
  "shadow.frag": shadow_frag, "shadow.vert": shadow_vert, "shaft.frag": shaft_frag,
  "shaft.vert": shaft_vert, "sky.frag": sky_frag, "sky.vert": sky_vert,
  "streak.frag": streak_frag, "surface.frag": surface_frag, "surface.vert": surface_vert,
  "tone.glsl": tone_glsl,
};
export type FileName = keyof typeof FILES;

export const SHADOW_WIDTH = 1024;

// The set's frame is Z up, three's is Y up: (x, y, z) there is (x, -z, y) here. Nowhere else.
const HEAD = `
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DShadow;
uniform mat4 modelMatrix, viewMatrix, projectionMatrix;
uniform vec3 cameraPosition;
const mat4 FROM_SET = mat4(1,0,0,0, 0,0,-1,0, 0,1,0,0, 0,0,0,1);
const mat4 TO_SET = mat4(1,0,0,0, 0,0,1,0, 0,-1,0,0, 0,0,0,1);
#define p3d_ModelMatrix (TO_SET * modelMatrix)
#define p3d_ViewProjectionMatrix (projectionMatrix * viewMatrix * FROM_SET)
#define eye vec4((TO_SET * vec4(cameraPosition, 1.0)).xyz, 0.0)
#define vertex position
`;

// Where nothing develops the picture afterwards (a headset's own buffer), each piece develops
// itself; what it then blends with is already developed.
const ENDS: Record<Blend, string> = {
  solid: "picture.rgb = encoded(displayed(picture.rgb));",
  over: "if (picture.a > 0.0) picture.rgb = encoded(displayed(picture.rgb / picture.a)) * picture.a;",
  add: "picture.rgb = encoded(max(displayed(picture.rgb) - tone_lift.rgb, 0.0));",
};

/** How a piece is mixed with what is behind it. */
export type Blend = "solid" | "over" | "add";

export const ENCODED = `
vec3 encoded(vec3 c) {
  c = clamp(c, 0.0, 1.0);
  return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
}
`;

/** The two sources of a program; `defines` are names with or without a value. */
export function program(
  vertex: FileName, fragment: FileName, blend: Blend, defines: readonly string[],
  included: readonly FileName[] = [],
): { vertexShader: string; fragmentShader: string } {
  const head = [...defines, `SHADOW_WIDTH ${SHADOW_WIDTH}.0`]
    .map((name) => `#define ${name}\n`).join("");
  const body = [...included, fragment].map((name) => FILES[name]).join("\n")
    .replace("void main()", "void drawn()");
  return {
    vertexShader: adapted(head + HEAD + FILES["look.glsl"] + FILES[vertex]),
    fragmentShader: adapted(
      head + HEAD + FILES["look.glsl"] + tone_glsl + ENCODED +
        body.replace(/^uniform vec4 tone;.*$/m, "") +
        `\nuniform vec4 develops;\nvoid main() {\n  drawn();\n  if (develops.x > 0.0) { ${ENDS[blend]} }\n}\n`,
    ),
  };
}

/** The program that draws what casts a shadow, as the key light sees it. */
export function shadowProgram(defines: readonly string[]): { vertexShader: string; fragmentShader: string } {
  const head = defines.map((name) => `#define ${name}\n`).join("") + HEAD +
    "uniform mat4 shadow_clip;\n#define p3d_ModelViewProjectionMatrix (shadow_clip * p3d_ModelMatrix)\n";
  const vertex = "JOINTS" in Object.fromEntries(defines.map((d) => [d.split(" ")[0]!, 1]))
    ? FILES["shadow.vert"].replace("p3d_ModelViewProjectionMatrix * at", "shadow_clip * at")
    : FILES["shadow.vert"];
  return { vertexShader: adapted(head + vertex), fragmentShader: adapted(head + FILES["shadow.frag"]) };
}

function adapted(source: string): string {
  return source.replace(/^uniform mat4 p3d_\w+;.*$/gm, "").replace(/^uniform vec4 eye;.*$/gm, "");
}

export const DEVELOP_VERTEX = "in vec3 position;\nvoid main() { gl_Position = vec4(position.xy, 0.0, 1.0); }\n";

// A picture of a set as it is displayed, after the set that fades out was mixed in as light.
export const DEVELOP_FRAGMENT = `
precision highp float;
precision highp sampler2D;
uniform sampler2D scene, leaving;
uniform vec4 origin;   // xy: the corner that is drawn, in pixels
uniform vec4 mix_rule; // x: exposure of the leaving set as a multiple, y: its share of the light
${tone_glsl}${ENCODED}
out vec4 picture;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy - origin.xy);
  vec3 radiance = texelFetch(scene, at, 0).rgb;
  if (mix_rule.y > 0.0) {
    vec3 old = min(texelFetch(leaving, at, 0).rgb * mix_rule.x, 6e4);
    radiance = mix(radiance, old, mix_rule.y);
  }
  picture = vec4(encoded(displayed(radiance)), 1.0);
}
`;
