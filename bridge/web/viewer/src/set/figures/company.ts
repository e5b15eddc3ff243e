// The figures in one set: where they are, what light is around them, and their shadows.
// A port of xrdrama/adapters/panda/figure/company.py, body.py and dressing.py.

import * as three from "three";
import type { Slot } from "../glb";
import type { Lighting, Uniform } from "../lighting";
import type { Materials } from "../materials";
import { type FigureFile, MOST_ACTIVE, type Piece } from "./file";
import { Grounding } from "./grounding";
import { Lit } from "./lit";
import type { Posed } from "./posed";
import { jointMatrices, rootMatrix } from "./posing";
import type { Surroundings } from "./surroundings";

const KINDS: Record<string, string> = {
  skin: "SKIN", eyes: "EYES", teeth: "WET", mouth: "WET", hair: "HAIR",
  cloth: "CLOTH", leather: "GLOSS", metal: "GLOSS", wood: "GLOSS", paper: "CLOTH",
};
const INPUTS: Partial<Record<Slot, [string, string]>> = {
  base: ["base_picture", "BASE_PICTURE"], normal: ["normal_picture", "NORMALS"],
  rough: ["rough_picture", "ROUGH_PICTURE"], occlusion: ["occlusion_picture", "OCCLUSION"],
};
const MARGIN = 0.02; // metres by which the box of a figure is larger than that of its joints
const LEAST = 1e-4; // a weaker shape is not blended

export class Company {
  readonly group = new three.Group();
  /** The pieces that cast shadows. */
  readonly casters = new three.Group();
  /** Changes when one of them moves. */
  moves = 0;
  private readonly members = new Map<string, Member>();

  constructor(private readonly materials: Materials, private readonly surroundings: Surroundings) {}

  /** Show the performers whose figures are here, whatever was shown before. */
  update(performers: readonly Posed[], files: (hash: string) => FigureFile | null, lighting: Lighting): void {
    const shown = new Set<Member>();
    for (const posed of performers) {
      const file = posed.presence > 0 ? files(posed.figure) : null;
      if (!file) continue;
      const key = `${posed.id} ${posed.figure}`;
      const member = this.members.get(key) ?? new Member(file, this.materials, this.group, this.casters);
      this.members.set(key, member);
      shown.add(member);
      if (member.update(posed, lighting, this.surroundings)) this.moves++;
    }
    for (const member of this.members.values()) if (member.show(shown.has(member))) this.moves++;
  }

  /** A box and those of the figures, which extend it by whole metres. */
  around(box: three.Box3): three.Box3 {
    const found = box.clone();
    for (const member of this.members.values()) {
      if (!member.shown) continue;
      const { min, max } = member.box;
      if (box.containsBox(member.box)) continue;
      found.expandByPoint(min.clone().floor()).expandByPoint(max.clone().ceil());
    }
    return found;
  }

  dispose(): void {
    for (const member of this.members.values()) member.dispose();
    this.members.clear();
    this.group.removeFromParent();
    this.casters.removeFromParent();
  }
}

class Member {
  readonly box = new three.Box3();
  shown = false;
  private readonly rows: Float32Array[];
  private readonly behaviour = new Float32Array(4);
  private readonly active: [Piece, Float32Array][] = [];
  private readonly group = new three.Group();
  private readonly casts = new three.Group();
  private readonly lit = new Lit();
  private readonly grounding: Grounding;
  private state = "";

  constructor(
    private readonly file: FigureFile, private readonly materials: Materials,
    company: three.Group, casters: three.Group,
  ) {
    this.rows = file.model.skins.map(({ joints }) => new Float32Array(12 * joints.length));
    for (const piece of file.pieces) this.add(piece);
    this.grounding = new Grounding(materials);
    this.group.add(this.grounding.group);
    company.add(this.group);
    casters.add(this.casts);
    this.group.visible = this.casts.visible = false;
  }

  /** Whether it is drawn; true if that changes. */
  show(shown: boolean): boolean {
    if (shown === this.shown) return false;
    this.shown = this.group.visible = this.casts.visible = shown;
    return true;
  }

  /** Pose it; true if it is not as it was. */
  update(posed: Posed, lighting: Lighting, surroundings: Surroundings): boolean {
    const state = JSON.stringify(posed);
    const moved = state !== this.state;
    this.state = state;
    if (moved) this.pose(posed);
    this.lit.update(this.box, lighting, surroundings);
    const { file } = this;
    const root = rootMatrix(posed);
    this.grounding.update(posed, this.feet(root), file.height, file.ankle, lighting, this.lit, this.materials.quality);
    return moved;
  }

  dispose(): void {
    this.grounding.dispose();
    this.group.removeFromParent();
    this.casts.removeFromParent();
  }

  private worlds: three.Matrix4[] = [];

  private pose(posed: Posed): void {
    const { file } = this;
    this.worlds = file.posing.pose(posed);
    const root = rootMatrix(posed);
    const found = file.model.skins.map((skin) => jointMatrices(skin, this.worlds, root));
    found.forEach((matrices, i) => write(this.rows[i]!, matrices));
    this.behaviour.set([1, posed.presence, 0, 0]);
    for (const [piece, active] of this.active) activate(piece, posed.shapes, active);
    this.box.makeEmpty();
    for (const { skin, joint, box } of file.reaches)
      this.box.union(box.clone().applyMatrix4(found[skin]![joint]!));
    this.box.expandByScalar(MARGIN);
  }

  private feet(root: three.Matrix4): three.Vector3[] {
    return ["leftFoot", "rightFoot"].map((bone) => {
      const { x, y, z } = new three.Vector3().setFromMatrixPosition(this.worlds[this.file.posing.bone(bone)]!);
      return new three.Vector3(x, -z, y).applyMatrix4(root);
    });
  }

  private add(piece: Piece): void {
    const { material, primitive, shapes, skin } = piece;
    const first = (material?.name ?? "").toLowerCase().replaceAll("-", "_").split("_")[0]!;
    const rows = { value: this.rows[skin]! };
    const behaviour = { value: this.behaviour };
    const joints = `JOINTS ${this.file.model.skins[skin]!.joints.length}`;
    const defines = new Set([KINDS[first] ?? "GLOSS", joints]);
    const own: Record<string, Uniform> = {
      ...this.lit.uniforms, joint_rows: rows, behaviour,
      base_factor: { value: new Float32Array(material?.base ?? [1, 1, 1, 1]) },
      finish: { value: new Float32Array([material?.roughness ?? 1, material?.metallic ?? 1, material?.normalScale ?? 1, 0]) },
      emission: { value: new Float32Array([...(material?.emissive ?? [0, 0, 0]), 0]) },
      alpha: { value: new Float32Array([material?.alpha === "MASK" ? material.cutoff : 0.5, material?.occlusionStrength ?? 1, 0, 0]) },
    };
    if (material && Math.max(...material.emissive) > 0) defines.add("GLOWS");
    if (material?.doubleSided) defines.add("TWO_SIDED");
    if (material && material.alpha !== "OPAQUE") defines.add("MASKED");
    for (const [slot, laid] of Object.entries(primitive.columns["texcoord"] ? (material?.pictures ?? {}) : {})) {
      const input = INPUTS[slot as Slot];
      const fine = slot === "rough" || slot === "occlusion";
      if (!input || (fine && this.materials.quality !== "full") || (slot === "normal" && !primitive.columns["tangent"])) continue;
      own[input[0]] = { value: this.file.textures.of(laid.image, slot === "base", laid) };
      defines.add(input[1]).add("PICTURES");
    }
    if (shapes) {
      const active = new Float32Array(4 * (MOST_ACTIVE + 1));
      this.active.push([piece, active]);
      defines.add(`MORPHS ${MOST_ACTIVE + 1}`);
      own["morph_offsets"] = { value: shapes.texture };
      own["morph_active"] = { value: active };
    }
    const sides = material?.doubleSided ? three.DoubleSide : three.FrontSide;
    const mesh = new three.Mesh(piece.geometry, this.materials.figure([...defines].sort(), own, sides));
    const caster = new three.Mesh(piece.geometry, this.materials.figureShadow([joints], { joint_rows: rows, behaviour }));
    for (const one of [mesh, caster]) {
      one.frustumCulled = false;
      one.matrixAutoUpdate = false;
    }
    this.group.add(mesh);
    this.casts.add(caster);
  }
}

/** Three rows of four numbers for each matrix. */
function write(rows: Float32Array, matrices: three.Matrix4[]): void {
  matrices.forEach(({ elements: e }, i) => {
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 4; column++) rows[12 * i + 4 * row + column] = e[4 * column + row]!;
  });
}

function activate({ shapes }: Piece, wanted: Record<string, number>, active: Float32Array): void {
  let count = 0;
  shapes!.names.forEach((name, target) => {
    const weight = wanted[name] ?? 0;
    if (weight > LEAST && count < MOST_ACTIVE) active.set([target, weight, 0, 0], 4 * ++count);
  });
  active.set([count, shapes!.rows, 0, 0], 0);
}
