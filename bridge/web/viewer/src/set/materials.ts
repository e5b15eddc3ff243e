// Materials of a set: which shader, with which defines, mixed how, drawn when.
// A port of xrdrama/adapters/panda/set/materials.py; the decisions must stay the same.

import * as three from "three";
import type { Laid, Material, Model, Slot } from "./glb";
import type { Levels } from "./levels";
import type { Uniform } from "./lighting";
import { type Blend, type FileName, program, shadowProgram } from "./shaders";
import type { Finish, Sheet } from "./sheet";
import type { Textures } from "./textures";

/** `draft` lights at corners of triangles, without shadows: for phones that are slow. */
export type Quality = "full" | "draft";

const MATT = 0.54; // a rougher surface does not visibly reflect the sky
const ORDER = { solid: 0, far: 1, sky: 2, streak: 10, mist: 20, glow: 30 };
const INPUTS: Record<Slot, string> = {
  base: "base_picture", normal: "normal_picture", rough: "rough_picture",
  emissive: "emission_picture", occlusion: "occlusion_picture",
};
const SLOTS = Object.keys(INPUTS) as Slot[];
const DEFAULTS = {
  colour: [1, 1, 1, 1], bake: [0, 0, 0, 0], motion: [0, 0, 0, 0], size: [0, 0],
  texcoord: [0, 0], tangent: [1, 0, 0, 1],
};

const NO_FINISH: Finish = {
  id: "", kind: "surface", glow_by: "", fade_by: "", sway: 0, flicker: 0, wet: 0, snow: 0,
  casts: true, over: "", tile: 1,
};

/** True if a piece is partly transparent, and so is drawn after all opaque pieces. */
export const isGlass = (material: Material, finish: Finish): boolean =>
  material.alpha === "BLEND" && (finish.kind === "surface" || finish.kind === "backdrop");

/** The uniform `behaviour` of one material: glow, fade, sway and flicker. */
export class Behaviour {
  readonly row = new Float32Array([1, 1, 0, 0]);

  constructor(readonly finish: Finish, readonly fadeBy: string) {}

  update(levels: Levels): void {
    const { glow_by, sway, flicker } = this.finish;
    this.row.set([levels.of(glow_by), levels.of(this.fadeBy), (sway * Math.PI) / 180, flicker]);
  }
}

/** What a piece needs beside its material. */
export interface Needs {
  uneven?: boolean;
  along?: boolean;
  joints?: { count: number; rows: Float32Array };
}

export class Materials {
  private readonly made: three.RawShaderMaterial[] = [];

  constructor(
    private readonly sheet: Sheet,
    private readonly model: Model,
    private readonly textures: Textures,
    private readonly shared: Record<string, Uniform>,
    readonly quality: Quality,
  ) {}

  finishOf(material: Material): Finish {
    return this.sheet.materials[material.name] ?? NO_FINISH;
  }

  dispose(): void {
    for (const one of this.made) one.dispose();
  }

  /** The material of a piece, with its place in the drawing order. */
  dress(index: number, behaviour: Behaviour, needs: Needs): [three.RawShaderMaterial, number] {
    const material = this.model.materials[index]!;
    const { finish } = behaviour;
    const bent = needs.along ? ["ALONG"] : [];
    const own = { behaviour: { value: behaviour.row } };
    if (finish.kind === "halo")
      return [this.make("card.vert", "halo.frag", "add", bent, own), ORDER.glow];
    if (finish.kind === "streak")
      return [this.make("card.vert", "streak.frag", "add", ["STREAK"], { ...own, ...this.floor(finish) }),
        ORDER.streak];
    if (finish.kind === "shade")
      return [this.make("mist.vert", "shade.frag", "over", bent, own), ORDER.streak + 1];
    if (finish.kind === "mist")
      return [this.make("mist.vert", "mist.frag", "over", bent, own), ORDER.mist];
    if (finish.kind === "shaft")
      return [this.make("shaft.vert", "shaft.frag", "add", [], own), ORDER.glow];
    return this.surface(material, behaviour, needs, bent);
  }

  particles(kind: string, own: Record<string, Uniform>): [three.RawShaderMaterial, number] {
    const made = this.make("particle.vert", "particle.frag", "over", [kind.toUpperCase()], own);
    return [made, ORDER.glow + 1];
  }

  sky(): [three.RawShaderMaterial, number] {
    const made = this.make("sky.vert", "sky.frag", "solid", [], {});
    made.side = three.DoubleSide;
    made.depthWrite = false;
    return [made, ORDER.sky];
  }

  /** The material that draws a piece into the shadow of the key light. */
  shadow(index: number, behaviour: Behaviour, needs: Needs): three.RawShaderMaterial {
    const material = this.model.materials[index]!;
    const picture = material.pictures.base;
    const defines = needs.joints ? [`JOINTS ${needs.joints.count}`] : [];
    const holes = isGlass(material, behaviour.finish) || material.alpha === "MASK";
    if (holes) defines.push(picture ? `HOLES texcoord${picture.texcoord || ""}` : "FAINT");
    const made = new three.RawShaderMaterial({
      ...shadowProgram(defines),
      glslVersion: three.GLSL3,
      side: three.DoubleSide,
      colorWrite: false,
      uniforms: {
        behaviour: { value: behaviour.row },
        shadow_clip: this.shared["shadow_clip"]!,
        base_factor: { value: new Float32Array(material.base) },
        alpha: { value: new Float32Array([material.alpha === "MASK" ? material.cutoff : 0.5, 0, 0, 0]) },
        ...(holes && picture ? { base_picture: { value: this.textures.of(picture.image, true, picture) } } : {}),
        ...(needs.joints ? { joint_rows: { value: needs.joints.rows } } : {}),
      },
    });
    return this.keep(made);
  }

  /** What draws a piece of a figure in the light of this set. */
  figure(defines: readonly string[], own: Record<string, Uniform>, side: three.Side): three.RawShaderMaterial {
    const lights = this.sheet.model_lights.length;
    const all = lights ? [...defines, `MODEL_LIGHTS ${lights}`] : defines;
    const made = this.make("figure.vert", "figure.frag", "solid", all, own, ["gleam.glsl"]);
    made.side = side;
    return made;
  }

  /** What draws a piece of a figure into the shadow of the key light. */
  figureShadow(defines: readonly string[], own: Record<string, Uniform>): three.RawShaderMaterial {
    const made = new three.RawShaderMaterial({
      ...shadowProgram(defines), glslVersion: three.GLSL3, side: three.DoubleSide, colorWrite: false,
      uniforms: { ...own, shadow_clip: this.shared["shadow_clip"]! },
    });
    return this.keep(made);
  }

  /** What draws the dark on a floor, `behaviour.y` dark. */
  shade(behaviour: Float32Array): [three.RawShaderMaterial, number] {
    return [this.make("mist.vert", "shade.frag", "over", [], { behaviour: { value: behaviour } }), ORDER.streak + 1];
  }

  private surface(
    material: Material, behaviour: Behaviour, needs: Needs, bent: string[],
  ): [three.RawShaderMaterial, number] {
    const { finish } = behaviour;
    const pictures = this.pictures(material, finish);
    const found = Object.entries(pictures) as [Slot, Laid][];
    const sets = new Set(found.map(([, laid]) => laid.texcoord));
    const defines = [
      ...found.map(([slot]) => (slot === "normal" ? "NORMALS" : INPUTS[slot].toUpperCase())),
      ...this.defines(material, behaviour),
      ...(found.length ? ["PICTURES"] : []),
      ...[...sets].filter((i) => i > 0).map((i) => `UV${i}`),
      ...found.filter(([, laid]) => laid.texcoord)
        .map(([slot, laid]) => `${slot.toUpperCase()}_UV uv${laid.texcoord}`),
      ...(needs.uneven ? ["UNEVEN"] : []),
      ...(needs.joints ? [`JOINTS ${needs.joints.count}`] : []),
      ...bent,
    ];
    const own: Record<string, Uniform> = {
      behaviour: { value: behaviour.row },
      base_factor: { value: new Float32Array(material.base) },
      finish: {
        value: new Float32Array([material.roughness, material.metallic, material.normalScale, finish.wet]),
      },
      emission: { value: new Float32Array([...material.emissive, finish.snow]) },
      alpha: {
        value: new Float32Array([
          material.alpha === "MASK" ? material.cutoff : 0.5, material.occlusionStrength, 0, 0,
        ]),
      },
    };
    for (const [slot, laid] of found) {
      const encoded = slot === "base" || slot === "emissive";
      own[INPUTS[slot]] = { value: this.textures.of(laid.image, encoded, laid) };
    }
    if (needs.joints) own["joint_rows"] = { value: needs.joints.rows };
    const glass = isGlass(material, finish);
    const blend = finish.kind === "water" || glass ? "over" : "solid";
    const made = this.make("surface.vert", "surface.frag", blend, defines, own, ["gleam.glsl"]);
    if (finish.kind === "water") return [made, ORDER.streak + 1];
    if (glass) {
      made.side = three.FrontSide;
      return [made, ORDER.mist];
    }
    if (material.doubleSided) made.side = three.DoubleSide;
    return [made, finish.kind === "backdrop" ? ORDER.far : ORDER.solid];
  }

  private pictures(material: Material, finish: Finish): Partial<Record<Slot, Laid>> {
    const full = this.quality === "full";
    const wet = finish.wet > 0 || finish.kind === "water";
    const drawn: Record<Slot, boolean> = {
      base: true, emissive: !material.unlit, rough: (full || wet) && !material.unlit,
      normal: full && !material.unlit, occlusion: full && !material.unlit,
    };
    return Object.fromEntries(
      SLOTS.filter((slot) => drawn[slot] && material.pictures[slot])
        .map((slot) => [slot, material.pictures[slot]]),
    );
  }

  private defines(material: Material, behaviour: Behaviour): string[] {
    const { finish } = behaviour;
    const full = this.quality === "full";
    const wet = finish.wet > 0 || finish.kind === "water";
    const shiny = full && (material.roughness < MATT || material.pictures.rough !== undefined);
    const gleams = (shiny || material.metallic > 0) && finish.kind !== "backdrop";
    const glass = isGlass(material, finish);
    const lights = this.sheet.model_lights.length;
    const lit = !material.unlit;
    const wanted: [string, boolean][] = [
      ["MOVES", finish.sway > 0 || finish.flicker > 0],
      ["FADES", Boolean(behaviour.fadeBy)],
      ["SNOWS", finish.snow > 0 && lit],
      ["GLOWS", Math.max(...material.emissive) > 0 && lit],
      ["PAPER", Boolean(finish.id)],
      ["WATER", finish.kind === "water"],
      ["BACKDROP", finish.kind === "backdrop"],
      ["REFLECTS", (gleams || wet) && lit],
      ["FINE_AIR", finish.kind !== "surface"],
      ["TWO_SIDED", material.doubleSided && !glass],
      ["GLASS", glass],
      ["MASKED", material.alpha === "MASK" && finish.kind !== "water"],
      [`MODEL_LIGHTS ${lights}`, lights > 0],
      ["UNLIT", material.unlit],
    ];
    return wanted.filter(([, needed]) => needed).map(([name]) => name);
  }

  private floor(finish: Finish): Record<string, Uniform> {
    const floor = this.model.materials.find((one) => one.name === finish.over);
    const picture = (laid: Laid | undefined): Uniform => ({
      value: laid ? this.textures.of(laid.image, false) : this.textures.even(),
    });
    return {
      floor_rough: picture(floor?.pictures.rough),
      floor_normal: picture(floor?.pictures.normal),
      floor_map: { value: new Float32Array([1 / finish.tile, 0, 0, 0]) },
    };
  }

  private make(
    vertex: FileName, fragment: FileName, blend: Blend, defines: readonly string[],
    own: Record<string, Uniform>, included: readonly FileName[] = [],
  ): three.RawShaderMaterial {
    const general = [
      ...(this.quality === "full" ? ["FULL"] : []),
      ...(this.sheet.environment.flashes ? ["FLASHES"] : []),
    ];
    const made = new three.RawShaderMaterial({
      ...program(vertex, fragment, blend, [...general, ...defines], included),
      glslVersion: three.GLSL3,
      uniforms: { ...this.shared, ...own } as Record<string, three.IUniform>,
    });
    if (blend !== "solid") mixed(made, blend);
    return this.keep(made);
  }

  private keep(made: three.RawShaderMaterial): three.RawShaderMaterial {
    made.defaultAttributeValues = DEFAULTS as never;
    this.made.push(made);
    return made;
  }
}

/** Mix over what is behind, with colours already multiplied by alpha; the picture's own stays. */
function mixed(made: three.RawShaderMaterial, blend: Blend): void {
  made.transparent = true;
  made.depthWrite = false;
  made.side = three.DoubleSide;
  made.forceSinglePass = true;
  made.blending = three.CustomBlending;
  made.blendSrc = three.OneFactor;
  made.blendDst = blend === "add" ? three.OneFactor : three.OneMinusSrcAlphaFactor;
  made.blendSrcAlpha = three.ZeroFactor;
  made.blendDstAlpha = three.OneFactor;
}
