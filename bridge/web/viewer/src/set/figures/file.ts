// A figure as it is read from the server: shared by all sets that show it.

import * as three from "three";
import { type Material, type Model, type Morphs, type Primitive, readGlb } from "../glb";
import { read } from "../pieces";
import { Textures } from "../textures";
import { Posing } from "./posing";

export const MOST_ACTIVE = 52; // shapes of one piece at once: all of ARKit's
const WIDE = 1024; // texels in a row of a texture of offsets

/** The points that follow one joint of a skin, as the corners of their box at rest. */
export interface Reach {
  skin: number;
  joint: number;
  box: three.Box3;
}

/** A primitive of a figure, on the graphics card. */
export interface Piece {
  primitive: Primitive;
  material: Material | undefined;
  skin: number;
  geometry: three.BufferGeometry;
  shapes: Shapes | null;
}

/** The shapes of a piece as a texture of offsets: two texels for each target and moved vertex. */
export interface Shapes {
  names: string[];
  rows: number;
  texture: three.DataTexture;
}

export class FigureFile {
  readonly posing: Posing;
  readonly pieces: Piece[] = [];
  readonly reaches: Reach[];
  /** Height of the feet's joints at rest, and of the head above them; metres. */
  readonly ankle: number;
  readonly height: number;

  private constructor(readonly model: Model, readonly textures: Textures) {
    this.posing = new Posing(model);
    for (const node of model.nodes) {
      if (node.mesh === undefined) continue;
      for (const primitive of model.meshes[node.mesh]!) this.pieces.push(this.piece(primitive, node.skin ?? 0));
    }
    this.reaches = reachesOf(this.pieces);
    const y = (bone: string): number => this.posing.rest[this.posing.bone(bone)]?.elements[13] ?? 0;
    this.ankle = Math.min(y("leftFoot"), y("rightFoot"));
    this.height = y("head") - this.ankle;
  }

  /** Read a figure; an Error that says why it cannot be drawn. */
  static async load(url: string): Promise<FigureFile> {
    const model = readGlb(await read(url));
    const used = new Set(model.materials.flatMap(({ pictures }) => Object.values(pictures).map(({ image }) => image)));
    return new FigureFile(model, await Textures.of(model, used));
  }

  dispose(): void {
    this.textures.dispose();
    for (const { geometry, shapes } of this.pieces) {
      geometry.dispose();
      shapes?.texture.dispose();
    }
  }

  private piece(primitive: Primitive, skin: number): Piece {
    const geometry = new three.BufferGeometry();
    for (const [name, { data, width, normalized }] of Object.entries(primitive.columns))
      geometry.setAttribute(name, new three.BufferAttribute(data, width, normalized));
    geometry.setIndex(new three.BufferAttribute(primitive.triangles, 1));
    const shapes = primitive.morphs ? offsets(primitive.morphs, geometry) : null;
    return { primitive, material: this.model.materials[primitive.material], skin, geometry, shapes };
  }
}

/** The texture of offsets, and the place of each vertex in it as `morph_row`. */
function offsets(morphs: Morphs, geometry: three.BufferGeometry): Shapes {
  const count = geometry.getAttribute("position").count;
  const both = [...morphs.places, ...morphs.normals];
  const moved: number[] = [];
  const rows = new Float32Array(count).fill(-1);
  for (let i = 0; i < count; i++)
    if (both.some((each) => each[3 * i] || each[3 * i + 1] || each[3 * i + 2])) {
      rows[i] = moved.length;
      moved.push(i);
    }
  const height = Math.max(1, Math.ceil((2 * morphs.names.length * moved.length) / WIDE));
  const texels = new Float32Array(4 * WIDE * height);
  let at = 0;
  morphs.names.forEach((_, target) => {
    for (const vertex of moved)
      for (const each of [morphs.places[target]!, morphs.normals[target]!]) {
        texels.set(each.subarray(3 * vertex, 3 * vertex + 3), at);
        at += 4;
      }
  });
  const texture = new three.DataTexture(texels, WIDE, height, three.RGBAFormat, three.FloatType);
  texture.needsUpdate = true;
  geometry.setAttribute("morph_row", new three.BufferAttribute(rows, 1));
  return { names: morphs.names, rows: moved.length, texture };
}

/** For each joint of each skin the box around the points that follow it, and their shapes. */
function reachesOf(pieces: Piece[]): Reach[] {
  const found = new Map<string, Reach>();
  for (const { primitive, skin } of pieces) {
    const [points, joints, weights] = ["position", "joints", "weights"].map((name) => primitive.columns[name]!.data);
    let far = 0;
    for (const each of primitive.morphs?.places ?? []) for (const value of each) far = Math.max(far, Math.abs(value));
    for (let i = 0; i < joints!.length; i++) {
      if (!(weights![i]! > 0)) continue;
      const joint = joints![i]!;
      const key = `${skin} ${joint}`;
      const reach = found.get(key) ?? { skin, joint, box: new three.Box3() };
      found.set(key, reach);
      const at = new three.Vector3().fromArray(points as never, 3 * (i >> 2));
      reach.box.expandByPoint(at.clone().subScalar(far)).expandByPoint(at.addScalar(far));
    }
  }
  return [...found.values()];
}
