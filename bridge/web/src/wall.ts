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
  const names = sheet.walls.map(({ id, at, pixels, canvas }) => {
    const name = el("span", { class: "wall-name" }, canvas ? `${canvas}: ${id}` : id);
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
  const walls = sheet.walls
    .map(({ id, pixels, canvas }) => `${id} ${pixels[0]} × ${pixels[1]} px${canvas ? ` on canvas ${canvas}` : ""}`)
    .join(", ");
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
    const views = state.inners ? Object.values(state.inners) : state.inner ? [state.inner] : [];
    const lines = state.panic ? [] : views.flatMap((view) => outlines(sheet.walls, view));
    inner.replaceChildren(
      ...lines.map((line) => svg("polygon", { points: line.map((p) => p.join(",")).join(" ") })),
      svg("path", { d: border(sheet.walls, lines) }),
    );
    const where = [...new Set(lines.map((line) => line.wall))].join(", ");
    say(seen, state.panic ? " (off: safe picture)" : where ? `, now on ${where}` : ", not on any wall now");
    mark(over, "safe", Boolean(state.panic));
  };
  link.watch((_, changed) => {
    if (changed.has("inner") || changed.has("inners") || changed.has("panic")) draw();
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

/** A polygon on the canvas, with its wall and the corners of its facet on the canvas. */
export type Outline = Point[] & { wall?: string; facet?: Point[] };

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
    for (const { corners, places, triangle } of wall.facets) {
      const [origin, along, up] = [turned(corners[0]), turned(corners[1]), turned(corners[2])];
      const at = ([u, v]: Point) => origin.map((o, i) => o + u * ((along[i] ?? 0) - o) + v * ((up[i] ?? 0) - o));
      const sides = [
        (p: number[]) => (p[1] ?? 0) - 1e-6,
        (p: number[]) => (p[0] ?? 0) - left * (p[1] ?? 0),
        (p: number[]) => right * (p[1] ?? 0) - (p[0] ?? 0),
        (p: number[]) => (p[2] ?? 0) - bottom * (p[1] ?? 0),
        (p: number[]) => top * (p[1] ?? 0) - (p[2] ?? 0),
      ];
      const whole: Point[] = triangle ? [[0, 0], [1, 0], [0, 1]] : [[0, 0], [1, 0], [1, 1], [0, 1]];
      let polygon = whole;
      for (const side of sides) polygon = clipped(polygon, (point) => side(at(point)));
      if (polygon.length < 3) continue;
      const outline: Outline = polygon.map((point) => placed(places, point));
      outline.facet = whole.map((point) => placed(places, point));
      outline.wall = wall.id;
      found.push(outline);
    }
  }
  return found;
}

/** A position on a facet, as shares of its two sides, in pixels of the canvas. */
function placed(places: Point[], [u, v]: Point): Point {
  const [[x0, y0] = [0, 0], [x1, y1] = [0, 0], [x2, y2] = [0, 0]] = places;
  return [tenth(x0 + u * (x1 - x0) + v * (x2 - x0)), tenth(y0 + u * (y1 - y0) + v * (y2 - y0))];
}

type Edge = [Point, Point];

function edges(facet: Point[]): Edge[] {
  return facet.map((to, index): Edge => [facet.at(index - 1) ?? to, to]);
}

/** The name of an edge, the same in both directions. */
function edgeName([from, to]: Edge): string {
  return [from.join(), to.join()].sort().join(" ");
}

/** The edges of outlines as a path, without those between two facets of one wall. */
export function border(walls: Wall[], lines: Outline[]): string {
  const seams = new Set<string>();
  for (const { id, facets } of walls) {
    const once = new Set<string>();
    for (const { places, triangle } of facets) {
      const whole: Point[] = triangle ? [[0, 0], [1, 0], [0, 1]] : [[0, 0], [1, 0], [1, 1], [0, 1]];
      for (const edge of edges(whole.map((point) => placed(places, point)))) {
        const name = `${id} ${edgeName(edge)}`;
        if (once.has(name)) seams.add(name);
        once.add(name);
      }
    }
  }
  return lines
    .flatMap((line) => {
      const inside = edges(line.facet ?? []).filter((edge) => seams.has(`${line.wall} ${edgeName(edge)}`));
      return edges(line).map(([from, to]) => {
        const isSeam = inside.some((edge) => isOn(edge, from) && isOn(edge, to));
        return isSeam ? "" : `M${from[0]} ${from[1]}L${to[0]} ${to[1]}`;
      });
    })
    .join("");
}

/** True when a point is on the line through an edge, to the tenth of a pixel that points are rounded to. */
function isOn([[x0, y0], [x1, y1]]: Edge, [x, y]: Point): boolean {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  return Math.abs((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / length < 0.15;
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
