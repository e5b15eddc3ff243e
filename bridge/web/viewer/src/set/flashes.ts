// Fireworks of a set: where each flashes at a time, and its light.
// The same as xrdrama/adapters/panda/set/flashes.py, bit for bit: a hash takes the last bits.

import { lerp, times, unit } from "./levels";
import type { Flashes, Rgb, Vec } from "./sheet";

export const SLOTS = 3;
const PERIOD_S = 2.4;
const STAGGER = 0.37;
const LOOP = 6000;
const single = Math.fround;
const TURN = single(12.9898);

/** Directions of a slot's glow and of its sparks, and the light of the flash at full strength. */
export function flash(flashes: Flashes, slot: number, seconds: number): [Vec, Vec, Rgb] {
  const beat = seconds / PERIOD_S + slot * STAGGER;
  const count = ((Math.floor(beat) % LOOP) + LOOP) % LOOP;
  const number = count * SLOTS + slot;
  const age = (beat - Math.floor(beat)) * PERIOD_S;
  const rise = hashed(single(number + single(7.1)) * TURN) * 0.16;
  const toward = (turned: number): Vec => {
    const [x, y, z] = flashes.toward;
    const spread = (hashed(turned) - 0.5) * 0.6;
    return unit([x - y * spread, y + x * spread, z + rise]);
  };
  const sparks = toward(number * TURN);
  const glow = slot === 0 ? toward(count * single(SLOTS * TURN)) : sparks;
  const lit = Math.min(age / 0.07, 1);
  const burn = lit * lit * (3 - 2 * lit) * (0.8 * Math.exp(-2.6 * age) + 0.3 * Math.exp(-age));
  const turn = hashed(single(number + single(3.3)) * TURN);
  const gold = flashes.colour;
  const rose: Rgb = [gold[0], gold[2], gold[1]];
  const violet: Rgb = [gold[1], gold[2], gold[0]];
  const hue = turn < 0.55 ? lerp(gold, rose, turn * 1.5) : lerp(rose, violet, (turn - 0.55) * 1.8);
  const grey = hue[0] * 0.3 + hue[1] * 0.6 + hue[2] * 0.1;
  return [glow, sparks, times(lerp(hue, [grey, grey, grey], 0.2), burn)];
}

function hashed(turned: number): number {
  const outer = single(sine(single(turned)) * single(43758.5453));
  return outer - Math.floor(outer);
}

function sine(found: number): number {
  let x = found;
  const octant = (Math.trunc(single(x * single(1.27323954473516))) + 1) & ~1;
  for (const part of [0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8])
    x = single(x - octant * single(part));
  const z = single(x * x);
  let y: number;
  if (octant & 2) {
    y = polynomial(z, 2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2);
    y = single(single(y * z) * z);
    y = single(single(y - single(z * 0.5)) + 1);
  } else {
    y = polynomial(z, -1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
    y = single(single(y * z) * x + x);
  }
  return octant & 4 ? -y : y;
}

function polynomial(z: number, first: number, ...others: number[]): number {
  let y = single(first);
  for (const coefficient of others) y = single(y * z + single(coefficient));
  return y;
}
