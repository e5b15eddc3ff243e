// The light that a set brings to who is in it, from what it brings to its own surfaces.
// A port of xrdrama/adapters/panda/figure/surroundings.py.

import * as three from "three";
import type { Model, Primitive } from "../glb";
import type { Moving } from "../moving";

export const BAKED = 4;
const CELL = 0.35; // metres; vertices in a cell that face the same way are one sample
const NEAR = 1; // metres within which a surface counts most
const AWAY = 0.02; // how much one further away counts
const BEFORE = 1; // metres over which surfaces before a point lose their weight
export const DIRECTIONS: readonly (readonly [number, number, number])[] = [
  [1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1],
];

/** Place, normal, shares of the baked lights, open sky. */
type Sample = number[];

export class Surroundings {
  private readonly samples: Sample[];

  /** `leftOut` are the names of materials that are not surfaces. */
  constructor(model: Model, moving: Moving, leftOut: ReadonlySet<string>) {
    const cells = new Map<string, { count: number; sum: Sample }>();
    model.nodes.forEach((node, index) => {
      if (node.mesh === undefined || node.skin !== undefined || moving.moves(index)) return;
      for (const piece of model.meshes[node.mesh]!) {
        const material = model.materials[piece.material];
        if (!material || leftOut.has(material.name) || material.alpha !== "OPAQUE") continue;
        add(cells, piece, moving.matrices[index]!);
      }
    });
    this.samples = [...cells.values()].map(({ count, sum }) => sum.map((value) => value / count));
  }

  /** From each of six directions the shares of the baked lights, and of the sky. */
  at(point: readonly [number, number, number]): number[][] {
    if (!this.samples.length) return DIRECTIONS.map(() => [...new Array(BAKED).fill(0), 1]);
    const found = DIRECTIONS.map(() => new Array<number>(BAKED + 1).fill(0));
    const whole = new Array<number>(6).fill(0);
    for (const sample of this.samples) {
      const way = [sample[0]! - point[0], sample[1]! - point[1], sample[2]! - point[2]];
      const far2 = way[0]! ** 2 + way[1]! ** 2 + way[2]! ** 2;
      const near = Math.exp(-far2 / (2 * NEAR ** 2)) + AWAY / (1 + far2) ** 2;
      DIRECTIONS.forEach((d, i) => {
        const facing = Math.max(d[0] * sample[3]! + d[1] * sample[4]! + d[2] * sample[5]!, 0) ** 2;
        const along = d[0] * way[0]! + d[1] * way[1]! + d[2] * way[2]!;
        const behind = Math.min(Math.max(0.5 - along / BEFORE, AWAY), 1);
        const weight = near * facing * behind + 1e-12;
        whole[i]! += weight;
        for (let k = 0; k <= BAKED; k++) found[i]![k]! += weight * sample[6 + k]!;
      });
    }
    return found.map((row, i) => row.map((value) => value / whole[i]!));
  }
}

function add(cells: Map<string, { count: number; sum: Sample }>, piece: Primitive, matrix: three.Matrix4): void {
  const { position, normal, bake, colour, size, seed } = piece.columns;
  if (!position || !normal || !bake || size || seed) return;
  const turned = new three.Matrix3().getNormalMatrix(matrix);
  const scale = (column: typeof bake): number => (column?.normalized ? 1 / (column.data instanceof Uint16Array ? 65535 : 255) : 1);
  const [baked, alpha] = [scale(bake), scale(colour!)];
  for (let i = 0; i < position.data.length / 3; i++) {
    const at = new three.Vector3().fromArray(position.data as never, 3 * i).applyMatrix4(matrix);
    const way = new three.Vector3().fromArray(normal.data as never, 3 * i).applyMatrix3(turned).normalize();
    const sample = [at.x, at.y, at.z, way.x, way.y, way.z];
    for (let k = 0; k < BAKED; k++) sample.push((bake.data[bake.width * i + k]! * baked) ** 2);
    sample.push(colour ? colour.data[colour.width * i + 3]! * alpha : 1);
    const parts = [way.x, way.y, way.z].map(Math.abs);
    const axis = parts.indexOf(Math.max(...parts));
    const key = [at.x, at.y, at.z].map((value) => Math.floor(value / CELL));
    const name = `${key.join()} ${axis} ${[way.x, way.y, way.z][axis]! < 0}`;
    const cell = cells.get(name);
    if (!cell) cells.set(name, { count: 1, sum: sample });
    else {
      cell.count++;
      sample.forEach((value, k) => (cell.sum[k]! += value));
    }
  }
}
