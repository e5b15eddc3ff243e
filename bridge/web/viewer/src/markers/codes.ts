// Reads the cells of a square and compares them with the codes of the story's markers.
// What a code is: xrdrama/story/markers.py, which also computes the codes that come here.

import { level, type Grey } from "./picture";
import { across, homography } from "./homography";
import type { Quad } from "./squares";

/** Marker names, and their 36 cells as nine hexadecimal digits. */
export type Codes = Readonly<Record<string, string>>;

/** How much a square may differ from a marker. The page uses STRICT; LOOSE exists for the tests,
 * which show that the clip of false squares gives wrong names with it. */
export interface Rules {
  readonly wrongCells: number;
  readonly wrongBorder: number;
  readonly wrongQuiet: number;
}
export const STRICT: Rules = { wrongCells: 1, wrongBorder: 1, wrongQuiet: 4 };
export const LOOSE: Rules = { wrongCells: 11, wrongBorder: 28, wrongQuiet: 36 };

export interface Read {
  readonly marker: string;
  /** Corners in the order top left, top right, bottom right, bottom left of the printed marker. */
  readonly corners: Quad;
  readonly wrong: number;
}

const SIDE = 6;
const LEAST_CONTRAST = 10;

/** The marker that a square shows, or null. */
export function read(picture: Grey, quad: Quad, codes: Codes, rules: Rules): Read | null {
  const cells = sampled(picture, quad);
  if (!cells) return null;
  const quiet: number[] = [];
  const border: number[] = [];
  const inner: number[] = [];
  for (let y = 0; y < 10; y++) {
    for (let x = 0; x < 10; x++) {
      const ring = Math.min(x, y, 9 - x, 9 - y);
      (ring === 0 ? quiet : ring === 1 ? border : inner).push(cells[y * 10 + x]!);
    }
  }
  const [white, black] = [middle(quiet), middle(border)];
  if (white - black < LEAST_CONTRAST) return null;
  const half = (white + black) / 2;
  if (quiet.filter((value) => value < half).length > rules.wrongQuiet) return null;
  if (border.filter((value) => value > half).length > rules.wrongBorder) return null;
  return nearest(inner.map((value) => value > half), quad, codes, rules);
}

/** Levels of 10 x 10 cells: the code, its border and its quiet zone. */
function sampled(picture: Grey, quad: Quad): Float64Array | null {
  const map = homography([[1, 1], [9, 1], [9, 9], [1, 9]], quad);
  if (!map) return null;
  const out = new Float64Array(100);
  for (let cell = 0; cell < 100; cell++) {
    let sum = 0;
    for (let k = 0; k < 9; k++) {
      const [x, y] = across(map, [
        (cell % 10) + 0.5 + ((k % 3) - 1) * 0.2,
        ((cell / 10) | 0) + 0.5 + (((k / 3) | 0) - 1) * 0.2,
      ]);
      sum += level(picture, x, y);
    }
    out[cell] = sum / 9;
  }
  return out;
}

function nearest(bits: boolean[], quad: Quad, codes: Codes, rules: Rules): Read | null {
  let best: Read | null = null;
  let second = Infinity;
  let turned = bits;
  for (let turn = 0; turn < 4; turn++) {
    for (const [marker, hex] of Object.entries(codes)) {
      const code = bitsOf(hex);
      const wrong = code.reduce((sum, bit, i) => sum + (bit === turned[i] ? 0 : 1), 0);
      if (best && wrong >= best.wrong) {
        second = Math.min(second, wrong);
        continue;
      }
      if (best) second = best.wrong;
      const corners = [0, 1, 2, 3].map((i) => quad[(i + turn) % 4]!) as unknown as Quad;
      best = { marker, corners, wrong };
    }
    turned = anticlockwise(turned);
  }
  return best && best.wrong <= rules.wrongCells && second > best.wrong ? best : null;
}

function bitsOf(hex: string): boolean[] {
  return [...hex].flatMap((digit) => {
    const value = parseInt(digit, 16);
    return [8, 4, 2, 1].map((bit) => (value & bit) !== 0);
  });
}

/** Row y, column x of the result is what was at row x, column 5 - y. */
function anticlockwise(bits: boolean[]): boolean[] {
  return bits.map((_, i) => {
    const [x, y] = [i % SIDE, (i / SIDE) | 0];
    return bits[x * SIDE + (SIDE - 1 - y)]!;
  });
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

