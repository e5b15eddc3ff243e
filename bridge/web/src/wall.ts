import { el, mark, say, svg } from "./dom";
import type { Link } from "./link";
import type { Greeting, Sheet, Wall } from "./words";

type Point = [number, number];

export interface WallParts {
  /** Outlines and names on top of the canvas picture. */
  over: HTMLElement;
  /** The legend beside it. */
  legend: HTMLElement;
}

/** The parts of the processor's canvas: walls by id, the inner frustum, unused areas. */
export function wallParts(link: Link, { sheet }: Greeting): WallParts {
  const [width, height] = sheet.canvas ?? [1, 1];
  const inner = svg("g", { class: "inner" });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("path", { class: "unused", d: unused(sheet), "fill-rule": "evenodd" }),
    ...sheet.walls.map(({ at, pixels }) =>
      svg("rect", { class: "outer", x: at[0], y: at[1], width: pixels[0], height: pixels[1] }),
    ),
    inner,
  );
  const names = sheet.walls.map(({ id, at, pixels }) => {
    const name = el("span", { class: "wall-name" }, id);
    // On the side with enough space, also for a narrow wall.
    const isRight = at[0] + pixels[0] / 2 > width * 0.6;
    if (isRight) name.style.right = `${(1 - (at[0] + pixels[0]) / width) * 100}%`;
    else name.style.left = `${(at[0] / width) * 100}%`;
    name.style.top = `${((at[1] + pixels[1]) / height) * 100}%`;
    return name;
  });
  const over = el("div", { class: "parts", "aria-hidden": "true" }, ...names);
  over.prepend(drawing);

  const seen = el("span");
  const walls = sheet.walls.map(({ id, pixels }) => `${id} ${pixels[0]} × ${pixels[1]} px`).join(", ");
  const hasUnused = sheet.walls.reduce((sum, { pixels }) => sum + pixels[0] * pixels[1], 0) < width * height;
  const part = (name: string, ...texts: (Node | string)[]) =>
    el("li", {}, el("i", { class: `key ${name}`, "aria-hidden": "true" }), el("span", {}, ...texts));
  const legend = el(
    "ul",
    { class: "legend", "aria-label": "Parts of the wall's picture" },
    part("inner", el("b", {}, "Inner frustum"), ": the camera's field of view, in full detail", seen),
    part("outer", el("b", {}, "Outer picture"), `: lighting for set and actors, less detail. Walls: ${walls}`),
    ...(hasUnused ? [part("unused", el("b", {}, "Unused"), ": no LEDs here")] : []),
  );
  const draw = () => {
    const { state } = link;
    const lines = state.inner && !state.panic ? outlines(sheet.walls, state.inner) : [];
    inner.replaceChildren(
      ...lines.map((line) => svg("polygon", { points: line.map((p) => p.join(",")).join(" ") })),
      svg("path", { d: border(sheet.walls, lines) }),
    );
    const where = [...new Set(lines.map((line) => line.wall))].join(", ");
    say(seen, state.panic ? " (off: safe picture)" : where ? `, now on ${where}` : ", not on any wall now");
    mark(over, "safe", Boolean(state.panic));
  };
  link.watch((_, changed) => {
    if (changed.has("inner") || changed.has("panic")) draw();
  });
  draw();
  return { over, legend };
}

/** The canvas without its walls, as a path to be filled by the even-odd rule. */
function unused({ canvas, walls }: Sheet): string {
  const [width, height] = canvas ?? [1, 1];
  const box = (x: number, y: number, w: number, h: number) => `M${x} ${y}h${w}v${h}h${-w}z`;
  return box(0, 0, width, height) + walls.map(({ at, pixels }) => box(...at, ...pixels)).join("");
}

export type Outline = Point[] & { wall?: string };

/**
 * The inner frustum on each facet, as polygons in pixels of the canvas. `view` is the pose (position,
 * then quaternion with its scalar first) and the tangents of the left, right, bottom and top edge.
 *
 * On a flat facet the homogeneous coordinates of the view are linear in the place on the facet, so the
 * facet is clipped against the frustum's sides as a polygon is (Sutherland and Hodgman, 1974).
 */
export function outlines(walls: Wall[], view: number[]): Outline[] {
  const [px = 0, py = 0, pz = 0, w = 1, x = 0, y = 0, z = 0, left = -1, right = 1, bottom = -1, top = 1] = view;
  // World to view is the inverse rotation: X right, Y ahead, Z up.
  const turned = (v: number[]): [number, number, number] => {
    const [a, b, c] = [(v[0] ?? 0) - px, (v[1] ?? 0) - py, (v[2] ?? 0) - pz];
    const [tx, ty, tz] = [2 * (c * y - b * z), 2 * (a * z - c * x), 2 * (b * x - a * y)];
    return [
      a - w * tx + (y * tz - z * ty),
      b - w * ty + (z * tx - x * tz),
      c - w * tz + (x * ty - y * tx),
    ];
  };
  const found: Outline[] = [];
  for (const wall of walls) {
    for (const { corners, canvas } of wall.facets) {
      const [origin, along, up] = [turned(corners[0]), turned(corners[1]), turned(corners[2])];
      const at = ([u, v]: Point) => origin.map((o, i) => o + u * ((along[i] ?? 0) - o) + v * ((up[i] ?? 0) - o));
      const sides = [
        (p: number[]) => (p[1] ?? 0) - 1e-6,
        (p: number[]) => (p[0] ?? 0) - left * (p[1] ?? 0),
        (p: number[]) => right * (p[1] ?? 0) - (p[0] ?? 0),
        (p: number[]) => (p[2] ?? 0) - bottom * (p[1] ?? 0),
        (p: number[]) => top * (p[1] ?? 0) - (p[2] ?? 0),
      ];
      let polygon: Point[] = [[0, 0], [1, 0], [1, 1], [0, 1]];
      for (const side of sides) polygon = clipped(polygon, (point) => side(at(point)));
      if (polygon.length < 3) continue;
      const [x0, y0, width, height] = canvas;
      const outline: Outline = polygon.map(([u, v]): Point => [
        tenth(x0 + u * width),
        tenth(y0 + (1 - v) * height),
      ]);
      outline.wall = wall.id;
      found.push(outline);
    }
  }
  return found;
}

/** The edges of outlines as a path, without those between two facets of one wall. */
export function border(walls: Wall[], lines: Outline[]): string {
  const seams = new Map<string, Set<number>>();
  for (const { id, facets } of walls) {
    const lefts = new Set(facets.map(({ canvas }) => tenth(canvas[0])));
    const rights = facets.map(({ canvas }) => tenth(canvas[0] + canvas[2]));
    seams.set(id, new Set(rights.filter((right) => lefts.has(right))));
  }
  return lines
    .flatMap((line) =>
      line.map(([x, y], index) => {
        const [x0, y0] = line.at(index - 1) ?? [x, y];
        const isSeam = x === x0 && seams.get(line.wall ?? "")?.has(x);
        return isSeam ? "" : `M${x0} ${y0}L${x} ${y}`;
      }),
    )
    .join("");
}

function tenth(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function clipped(polygon: Point[], inside: (point: Point) => number): Point[] {
  const found: Point[] = [];
  polygon.forEach((to, index) => {
    const from = polygon.at(index - 1) ?? to;
    const [a, b] = [inside(from), inside(to)];
    if (a >= 0 !== b >= 0) {
      const t = a / (a - b);
      found.push([from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])]);
    }
    if (b >= 0) found.push(to);
  });
  return found;
}
