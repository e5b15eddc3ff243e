// Where a marker is: rotation and position in front of the camera, from its four corners.

import { homography, solve } from "./homography";
import type { Point, Quad } from "./squares";

/** The camera of pixels without distortion: the focal length and the centre, in pixels. */
export interface Lens {
  readonly focal: number;
  readonly centre: Point;
}

/** `matrix`: marker to camera, 4 x 4, column by column, metres, as three.js has it: camera x right,
 * y up, looking along -z; marker x right, y up, z out of the sheet, origin in its middle.
 * `error_px`: root mean square distance of the corners from where this pose puts them. */
export interface Pose {
  readonly matrix: readonly number[];
  readonly distance: number;
  readonly error_px: number;
}

type Vector = readonly [number, number, number];
/** Rows of a rotation, and the position; the camera's axes as in pictures: x right, y down, z away. */
interface Placed {
  readonly r: readonly [Vector, Vector, Vector];
  readonly t: Vector;
}

/** A lens by its field of view across the longer side of the picture, in degrees. Pages cannot ask
 * a phone for its own: 65 fits most main cameras in video. Each per cent that it is wrong makes
 * distances wrong by a per cent; the effect still covers the marker. */
export function lensOf(width: number, height: number, degrees: number): Lens {
  const focal = Math.max(width, height) / 2 / Math.tan((degrees * Math.PI) / 360);
  return { focal, centre: [(width - 1) / 2, (height - 1) / 2] };
}

/** The pose of a square of `size` metres; null where the corners cannot be a picture of one. */
export function poseOf(corners: Quad, size: number, lens: Lens): Pose | null {
  const half = size / 2;
  const flat: Quad = [[-half, -half], [half, -half], [half, half], [-half, half]];
  const seen = corners.map(([x, y]): Point => [
    (x - lens.centre[0]) / lens.focal,
    (y - lens.centre[1]) / lens.focal,
  ]) as unknown as Quad;
  const first = start(flat, seen);
  if (!first) return null;
  const tries = [first, mirrored(first)].map((guess) => settled(guess, flat, seen));
  const [one, other] = tries as [Fit, Fit];
  const best = one.error <= other.error ? one : other;
  if (!Number.isFinite(best.error) || best.placed.t[2] <= 0) return null;
  return published(best, lens.focal);
}

interface Fit {
  readonly placed: Placed;
  readonly error: number;
}

function published({ placed: { r, t }, error }: Fit, focal: number): Pose {
  const [a, b, c] = r;
  // y down to y up and z away to z back, for the camera and for the marker.
  const matrix = [
    a[0], -b[0], -c[0], 0,
    -a[1], b[1], c[1], 0,
    -a[2], b[2], c[2], 0,
    t[0], -t[1], -t[2], 1,
  ];
  return { matrix, distance: Math.hypot(...t), error_px: error * focal };
}

function start(flat: Quad, seen: Quad): Placed | null {
  const h = homography(flat, seen);
  if (!h) return null;
  const one: Vector = [h[0]!, h[3]!, h[6]!];
  const two: Vector = [h[1]!, h[4]!, h[7]!];
  const scale = 2 / (Math.hypot(...one) + Math.hypot(...two));
  const x = unit(one);
  const z = unit(cross(x, two));
  const y = cross(z, x);
  return {
    r: [[x[0], y[0], z[0]], [x[1], y[1], z[1]], [x[2], y[2], z[2]]],
    t: [h[2]! * scale, h[5]! * scale, scale],
  };
}

/** The other pose that looks nearly the same: leaning to the opposite side. */
function mirrored({ r, t }: Placed): Placed {
  const sight = unit(t);
  const normal: Vector = [r[0][2], r[1][2], r[2][2]];
  const along = dot(sight, normal);
  const other: Vector = [0, 1, 2].map((i) => 2 * along * sight[i]! - normal[i]!) as unknown as Vector;
  const axis = cross(normal, other);
  const sine = Math.hypot(...axis);
  if (sine < 1e-9) return { r, t };
  const angle = Math.atan2(sine, dot(normal, other));
  return { r: multiplied(rotation(axis.map((v) => (v / sine) * angle) as unknown as Vector), r), t };
}

/** Gauss-Newton on the six unknowns, damped. */
function settled(guess: Placed, flat: Quad, seen: Quad): Fit {
  let placed = guess;
  let error = squares(placed, flat, seen);
  let damping = 1e-3;
  for (let round = 0; round < 30 && damping < 1e6; round++) {
    const step = downhill(placed, flat, seen, damping);
    if (!step) break;
    const next = moved(placed, step);
    const then = squares(next, flat, seen);
    if (then < error) {
      const gain = error - then;
      [placed, error, damping] = [next, then, damping / 4];
      if (gain < 1e-16) break;
    } else damping *= 8;
  }
  return { placed, error: Math.sqrt(error / 4) };
}

function moved({ r, t }: Placed, step: number[]): Placed {
  const turn = rotation([step[0]!, step[1]!, step[2]!]);
  return { r: multiplied(turn, r), t: [t[0] + step[3]!, t[1] + step[4]!, t[2] + step[5]!] };
}

function residuals({ r, t }: Placed, flat: Quad, seen: Quad): number[] {
  const out: number[] = [];
  for (let i = 0; i < 4; i++) {
    const [x, y] = flat[i]!;
    const z = r[2][0] * x + r[2][1] * y + t[2];
    out.push((r[0][0] * x + r[0][1] * y + t[0]) / z - seen[i]![0]);
    out.push((r[1][0] * x + r[1][1] * y + t[1]) / z - seen[i]![1]);
  }
  return out;
}

const squares = (placed: Placed, flat: Quad, seen: Quad): number =>
  placed.t[2] > 0 ? residuals(placed, flat, seen).reduce((sum, v) => sum + v * v, 0) : Infinity;

function downhill(placed: Placed, flat: Quad, seen: Quad, damping: number): number[] | null {
  const now = residuals(placed, flat, seen);
  const small = 1e-6;
  const slopes = [0, 1, 2, 3, 4, 5].map((k) => {
    const step = [0, 0, 0, 0, 0, 0];
    step[k] = small;
    return residuals(moved(placed, step), flat, seen).map((v, i) => (v - now[i]!) / small);
  });
  const rows = slopes.map((slope, i) => {
    const row = slopes.map((other) => slope.reduce((sum, v, k) => sum + v * other[k]!, 0));
    row[i]! *= 1 + damping;
    return [...row, -slope.reduce((sum, v, k) => sum + v * now[k]!, 0)];
  });
  return solve(rows);
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
function unit(v: Vector): Vector {
  const long = Math.hypot(...v) || 1;
  return [v[0] / long, v[1] / long, v[2] / long];
}

/** Rodrigues' formula. */
function rotation(v: Vector): [Vector, Vector, Vector] {
  const angle = Math.hypot(...v);
  const [x, y, z] = angle < 1e-12 ? [0, 0, 0] : [v[0] / angle, v[1] / angle, v[2] / angle];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const k = 1 - c;
  return [
    [c + x * x * k, x * y * k - z * s, x * z * k + y * s],
    [y * x * k + z * s, c + y * y * k, y * z * k - x * s],
    [z * x * k - y * s, z * y * k + x * s, c + z * z * k],
  ];
}

function multiplied(a: Placed["r"], b: Placed["r"]): Placed["r"] {
  const row = (i: 0 | 1 | 2): Vector =>
    [0, 1, 2].map((k) => a[i][0] * b[0][k]! + a[i][1] * b[1][k]! + a[i][2] * b[2][k]!) as unknown as Vector;
  return [row(0), row(1), row(2)];
}
