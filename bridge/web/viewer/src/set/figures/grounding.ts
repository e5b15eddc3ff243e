// The dark on the floor below a figure. A port of xrdrama/adapters/panda/figure/grounding.py.

import * as three from "three";
import type { Lighting } from "../lighting";
import type { Materials, Quality } from "../materials";
import { type Lit, luminance } from "./lit";
import type { Posed } from "./posed";

const ABOVE = 0.025; // metres over the floor
const FOOT = [0.17, 0.23] as const; // half width and length, as shares of the figure's height
const BODY = 0.58;
const TOES = 0.05;
const LIFTED = 0.25; // metres over which a foot that is lifted loses its dark
const LONGEST = 2.5; // most length of the key's shadow, in heights of the figure

export class Grounding {
  readonly group = new three.Group();
  private readonly cards: { mesh: three.Mesh; row: Float32Array }[];
  private readonly geometry = new three.PlaneGeometry(2, 2);

  constructor(materials: Materials) {
    this.geometry.setAttribute("texcoord", this.geometry.getAttribute("uv"));
    this.cards = Array.from({ length: 4 }, () => {
      const row = new Float32Array(4);
      const [made, order] = materials.shade(row);
      const mesh = new three.Mesh(this.geometry, made);
      mesh.renderOrder = order;
      mesh.frustumCulled = false;
      mesh.matrixAutoUpdate = false;
      this.group.add(mesh);
      return { mesh, row };
    });
  }

  /** Place the cards below a figure with these feet, in the set's frame. */
  update(
    posed: Posed, feet: three.Vector3[], size: number, ankle: number, lighting: Lighting, lit: Lit, quality: Quality,
  ): void {
    const floor = posed.at[2] + ABOVE;
    const turn = posed.pan;
    feet.forEach(({ x, y, z }, i) => {
      const lifted = Math.max(z - floor - ankle, 0) / LIFTED;
      const toes = [x - Math.sin(turn) * TOES * size, y + Math.cos(turn) * TOES * size] as const;
      this.place(i, toes, floor, turn, FOOT[0] * size, FOOT[1] * size, posed.presence * Math.max(1 - lifted, 0));
    });
    const middle = [(feet[0]!.x + feet[1]!.x) / 2, (feet[0]!.y + feet[1]!.y) / 2] as const;
    this.place(2, middle, floor, turn, BODY * size, BODY * size, posed.presence);
    this.cast(middle, floor, size, posed.presence, lighting, lit, quality);
  }

  dispose(): void {
    this.geometry.dispose();
    this.group.removeFromParent();
  }

  /** The key's shadow as an ellipse, where its map is not read. */
  private cast(
    middle: readonly [number, number], floor: number, size: number, presence: number,
    lighting: Lighting, lit: Lit, quality: Quality,
  ): void {
    const way = lighting.key;
    if (quality === "full" || !way || way[2]! > -0.05) {
      this.cards[3]!.mesh.visible = false;
      return;
    }
    const across = Math.hypot(way[0]!, way[1]!);
    const length = Math.min(across / -way[2]!, LONGEST) * size;
    let key = luminance(lighting.uniforms["key_colour"]!.value as Float32Array) * -way[2]!;
    key *= Math.min(Math.max((lit.openSky - 0.25) / 0.4, 0), 1);
    const share = key / Math.max(key + lit.fromAbove, 1e-9);
    const [x, y] = [way[0]! / Math.max(across, 1e-9), way[1]! / Math.max(across, 1e-9)];
    const at = [middle[0] + (x * length) / 2, middle[1] + (y * length) / 2] as const;
    this.place(3, at, floor, Math.atan2(-x, y), 0.2 * size, length / 2 + 0.2 * size, presence * share);
  }

  /** Half width and half length in metres, the length along the heading (radians). */
  private place(
    index: number, at: readonly [number, number], floor: number, heading: number,
    width: number, length: number, dark: number,
  ): void {
    const { mesh, row } = this.cards[index]!;
    mesh.matrix.makeRotationZ(heading).scale(new three.Vector3(width, length, 1)).setPosition(at[0], at[1], floor);
    mesh.visible = dark > 0;
    row.set([0, dark]);
  }
}
