// The light around one figure as uniforms. A port of xrdrama/adapters/panda/figure/lit.py.

import type * as three from "three";
import type { Lighting, Uniform } from "../lighting";
import { BAKED, DIRECTIONS, type Surroundings } from "./surroundings";

const STEP = 0.02; // metres that a figure moves before the light around it is looked up again

export const luminance = (light: ArrayLike<number>): number =>
  0.2126 * light[0]! + 0.7152 * light[1]! + 0.0722 * light[2]!;

const dot = (a: readonly number[], b: readonly number[]): number => a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;

export class Lit {
  readonly uniforms: Record<string, Uniform> = {
    around: { value: new Float32Array(24) }, lamp: { value: new Float32Array(4) },
    lamp_light: { value: new Float32Array(4) }, fill: { value: new Float32Array(4) },
  };
  /** Luminance of the light on a level floor here, without the key light. */
  fromAbove = 0;
  openSky = 1;
  private shares: number[][] = [];
  private cell = "";

  /** Set the uniforms for a figure whose box this is. */
  update(box: three.Box3, lighting: Lighting, surroundings: Surroundings): void {
    const middle = [
      (box.min.x + box.max.x) / 2, (box.min.y + box.max.y) / 2, box.min.z + 0.75 * (box.max.z - box.min.z),
    ].map((value) => Math.round(value / STEP));
    if (middle.join() !== this.cell) {
      this.cell = middle.join();
      this.shares = surroundings.at([middle[0]! * STEP, middle[1]! * STEP, middle[2]! * STEP]);
    }
    const row = (name: string, at: number): number[] =>
      [...(lighting.uniforms[name]!.value as Float32Array).subarray(4 * at, 4 * at + 3)];
    const colours = Array.from({ length: BAKED }, (_, i) => row("baked", i));
    const sky = row("ambient", 0);
    const lamps = this.shares.map((shares) =>
      [0, 1, 2].map((k) => colours.reduce((sum, colour, i) => sum + shares[i]! * colour[k]!, 0)));
    const open = this.shares.map((shares) => shares[BAKED]!);
    const around = this.uniforms["around"]!.value as Float32Array;
    lamps.forEach((light, i) => around.set([...light, open[i]!], 4 * i));
    const bright = lamps.map(luminance);
    const way = [0, 1, 2].map((k) => bright.reduce((sum, b, i) => sum + b * DIRECTIONS[i]![k]!, 0));
    const length = Math.hypot(...way);
    const total = bright.reduce((sum, b) => sum + b, 0);
    const towards = length > 1e-6 ? way.map((value) => value / length) : [0, 0, 1];
    this.set("lamp", [...towards, total > 1e-9 ? length / total : 0]);
    const weights = DIRECTIONS.map((d) => Math.max(dot(towards, d), 0) ** 2);
    this.set("lamp_light", [0, 1, 2].map((k) => lamps.reduce((sum, light, i) => sum + weights[i]! * light[k]!, 0)));
    const mean = open.reduce((sum, value) => sum + value, 0) / 6;
    this.set("fill", [0, 1, 2].map((k) => lamps.reduce((sum, light) => sum + light[k]!, 0) / 6 + sky[k]! * mean));
    this.openSky = open[4]!;
    this.fromAbove = bright[4]! + luminance(sky) * open[4]!;
  }

  private set(name: string, values: number[]): void {
    (this.uniforms[name]!.value as Float32Array).set(values);
  }
}
