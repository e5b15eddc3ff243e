// Finds quadrilaterals: outlines of dark areas that four straight sides describe.

export type Point = readonly [number, number];
export type Quad = readonly [Point, Point, Point, Point];

const LEAST_SIDE = 20;
const MOST_OUTLINES = 600;

/** Corners, clockwise as seen, of the dark areas that look like a square in perspective. */
export function quads(dark: Uint8Array, width: number, height: number): Quad[] {
  const seen = new Uint8Array(dark.length);
  const found: Quad[] = [];
  let outlines = 0;
  for (let start = width + 1; start < dark.length - width - 1; start++) {
    if (!dark[start] || seen[start] || dark[start - 1]) continue;
    const outline = trace(dark, seen, start, width);
    if (outline.length < LEAST_SIDE * 3 || outline.length > 4 * (width + height)) continue;
    if (++outlines > MOST_OUTLINES) break;
    const quad = fourSides(outline, width);
    if (quad) found.push(quad);
  }
  return found;
}

/** The outline of the area whose leftmost pixel of its row is `start`, as pixel indices. */
function trace(dark: Uint8Array, seen: Uint8Array, start: number, width: number): number[] {
  const steps = [1, width + 1, width, width - 1, -1, -width - 1, -width, -width + 1];
  const outline: number[] = [];
  let at = start;
  let way = 7;
  const most = 8 * (width + dark.length / width);
  do {
    outline.push(at);
    seen[at] = 1;
    let turn = 0;
    way = (way + 6) & 7;
    while (turn < 8 && !dark[at + steps[way]!]) {
      way = (way + 1) & 7;
      turn++;
    }
    if (turn === 8) return outline;
    at += steps[way]!;
  } while (at !== start && outline.length < most);
  return outline;
}

function fourSides(outline: number[], width: number): Quad | null {
  const points = outline.map((at): Point => [at % width, (at / width) | 0]);
  const first = farthest(points, points[0]!);
  const second = farthest(points, points[first]!);
  const [low, high] = first < second ? [first, second] : [second, first];
  const long = Math.hypot(
    points[low]![0] - points[high]![0],
    points[low]![1] - points[high]![1],
  );
  const slack = Math.max(2, long * 0.045);
  const one = apart(points, low, high);
  const other = apart(points, high, low + points.length);
  if (!one || !other || one.away < slack || other.away < slack) return null;
  const corners = [low, one.at, high, other.at % points.length];
  for (let i = 0; i < 4; i++) {
    const from = corners[i]!;
    let to = corners[(i + 1) % 4]!;
    if (to <= from) to += points.length;
    const bend = apart(points, from, to);
    if (!bend || bend.away > slack) return null;
  }
  const quad = corners.map((at) => points[at]!) as unknown as [Point, Point, Point, Point];
  return shaped(quad);
}

function shaped(quad: [Point, Point, Point, Point]): Quad | null {
  let turns = 0;
  let shortest = Infinity;
  let longest = 0;
  for (let i = 0; i < 4; i++) {
    const [a, b, c] = [quad[i]!, quad[(i + 1) % 4]!, quad[(i + 2) % 4]!];
    const side = Math.hypot(b[0] - a[0], b[1] - a[1]);
    shortest = Math.min(shortest, side);
    longest = Math.max(longest, side);
    turns += Math.sign((b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0]));
  }
  if (Math.abs(turns) !== 4 || shortest < LEAST_SIDE || longest > shortest * 4) return null;
  return turns > 0 ? quad : [quad[0], quad[3], quad[2], quad[1]];
}

function farthest(points: Point[], from: Point): number {
  let best = 0;
  let most = -1;
  points.forEach(([x, y], i) => {
    const far = (x - from[0]) ** 2 + (y - from[1]) ** 2;
    if (far > most) [best, most] = [i, far];
  });
  return best;
}

/** The point between two places of an outline that is farthest from the line through them. */
function apart(points: Point[], from: number, to: number): { at: number; away: number } | null {
  if (to - from < 3) return null;
  const [x, y] = points[from % points.length]!;
  const end = points[to % points.length]!;
  const [dx, dy] = [end[0] - x, end[1] - y];
  const long = Math.hypot(dx, dy) || 1;
  let at = from;
  let away = 0;
  for (let i = from + 1; i < to; i++) {
    const point = points[i % points.length]!;
    const off = Math.abs((point[0] - x) * dy - (point[1] - y) * dx) / long;
    if (off > away) [at, away] = [i, off];
  }
  return { at, away };
}
