// Places the sides of a dark square more exactly than to a pixel.

import { level, type Grey } from "./picture";
import type { Point, Quad } from "./squares";

interface Line {
  readonly nx: number;
  readonly ny: number;
  readonly c: number;
}

/** The corners where the fitted sides meet; null where a side does not go from dark to bright.
 * A motion blur widens an edge evenly: its middle is where the edge was in the middle of the
 * exposure. `cell` is the width of the black border in pixels. */
export function refined(picture: Grey, quad: Quad): Quad | null {
  let corners: Quad | null = quad;
  for (let round = 0; round < 3 && corners; round++) corners = once(picture, corners);
  return corners;
}

function once(picture: Grey, quad: Quad): Quad | null {
  const lines: Line[] = [];
  for (let i = 0; i < 4; i++) {
    const side = quad[i]!;
    const next = quad[(i + 1) % 4]!;
    const line = fitted(edge(picture, side, next, reach(quad, i)));
    if (!line) return null;
    lines.push(line);
  }
  const out: Point[] = [];
  for (let i = 0; i < 4; i++) {
    const corner = meeting(lines[(i + 3) % 4]!, lines[i]!);
    const old = quad[i]!;
    if (!corner || Math.hypot(corner[0] - old[0], corner[1] - old[1]) > 8) return null;
    out.push(corner);
  }
  return out as unknown as Quad;
}

/** How far an edge is looked for, in pixels: most of a cell, as seen across side `i`. */
function reach(quad: Quad, i: number): number {
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => quad[(i + k) % 4]!) as [Point, Point, Point, Point];
  const area = Math.abs((c[0] - a[0]) * (d[1] - b[1]) - (c[1] - a[1]) * (d[0] - b[0])) / 2;
  const side = Math.hypot(b[0] - a[0], b[1] - a[1]);
  return Math.min(Math.max((area / side / 8) * 0.62, 2), 12);
}

/** Points on one side of the square, where the level is half-way between inside and outside. */
function edge(picture: Grey, from: Point, to: Point, reach: number): Point[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const long = Math.hypot(dx, dy);
  // Clockwise as seen, y down: outside is to the left of the way.
  const [ox, oy] = [dy / long, -dx / long];
  const count = Math.max(8, Math.min(48, long | 0));
  const points: Point[] = [];
  const samples = Math.max(8, Math.ceil(reach * 4));
  const profile = new Float64Array(samples + 1);
  for (let k = 0; k < count; k++) {
    const along = 0.06 + (0.88 * (k + 0.5)) / count;
    const [x, y] = [from[0] + dx * along, from[1] + dy * along];
    for (let s = 0; s <= samples; s++) {
      const off = reach * ((2 * s) / samples - 1);
      profile[s] = level(picture, x + ox * off, y + oy * off);
    }
    const inside = (profile[0]! + profile[1]! + profile[2]!) / 3;
    const outside = (profile[samples]! + profile[samples - 1]! + profile[samples - 2]!) / 3;
    if (outside - inside < 6) continue;
    // The area under the profile gives the edge, whatever its width is.
    let sum = (profile[0]! + profile[samples]!) / 2;
    for (let s = 1; s < samples; s++) sum += profile[s]!;
    const bright = (sum / samples - inside) / (outside - inside);
    const off = reach * (1 - 2 * Math.min(Math.max(bright, 0), 1));
    points.push([x + ox * off, y + oy * off]);
  }
  return points.length >= count / 2 ? points : [];
}

/** A line through points, by total least squares; points far off it are left out. */
function fitted(points: Point[]): Line | null {
  let kept = points;
  let line: Line | null = null;
  for (let round = 0; round < 3; round++) {
    if (kept.length < 4) return null;
    let [mx, my] = [0, 0];
    for (const [x, y] of kept) [mx, my] = [mx + x, my + y];
    [mx, my] = [mx / kept.length, my / kept.length];
    let [xx, xy, yy] = [0, 0, 0];
    for (const [x, y] of kept) {
      xx += (x - mx) ** 2;
      xy += (x - mx) * (y - my);
      yy += (y - my) ** 2;
    }
    const angle = 0.5 * Math.atan2(2 * xy, xx - yy) + Math.PI / 2;
    const [nx, ny] = [Math.cos(angle), Math.sin(angle)];
    line = { nx, ny, c: nx * mx + ny * my };
    const away = kept.map(([x, y]) => Math.abs(nx * x + ny * y - line!.c));
    const usual = [...away].sort((a, b) => a - b)[away.length >> 1]!;
    const most = Math.max(0.3, usual * 3);
    kept = kept.filter((_, i) => away[i]! <= most);
  }
  return line;
}

function meeting(one: Line, other: Line): Point | null {
  const det = one.nx * other.ny - one.ny * other.nx;
  if (Math.abs(det) < 0.1) return null;
  return [
    (one.c * other.ny - one.ny * other.c) / det,
    (one.nx * other.c - one.c * other.nx) / det,
  ];
}
