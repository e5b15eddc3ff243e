// The perspective map between two quadrilaterals.

import type { Point, Quad } from "./squares";

/** Row by row, 3 x 3, the last entry is 1. */
export type Homography = readonly number[];

/** The map that takes four points to four others; null where three of them are on a line. */
export function homography(from: Quad, to: Quad): Homography | null {
  const rows: number[][] = [];
  for (let i = 0; i < 4; i++) {
    const [x, y] = from[i]!;
    const [u, v] = to[i]!;
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]);
  }
  const solved = solve(rows);
  return solved && [...solved, 1];
}

/** Where the map takes a point. */
export function across(map: Homography, [x, y]: Point): Point {
  const w = map[6]! * x + map[7]! * y + map[8]!;
  return [
    (map[0]! * x + map[1]! * y + map[2]!) / w,
    (map[3]! * x + map[4]! * y + map[5]!) / w,
  ];
}

/** The solution of n equations, each a row of n factors and the right side; null without a solution. */
export function solve(rows: number[][]): number[] | null {
  const n = rows.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    const top = rows[pivot]!;
    if (Math.abs(top[column]!) < 1e-12) return null;
    [rows[pivot], rows[column]] = [rows[column]!, top];
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / top[column]!;
      for (let k = column; k <= n; k++) rows[i]![k]! -= factor * top[k]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}
