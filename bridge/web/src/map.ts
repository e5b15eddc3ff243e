import { el, mark, plain, say, svg, titled } from "./dom";
import { may } from "./commands";
import { layers, type Placed } from "./layers";
import type { Link } from "./link";
import { closePanels, panel } from "./panel";
import type { Greeting } from "./words";

const BOX = { width: 122, height: 44 };
const NARROW = 76; // smallest width of a box in pixels, so that a name fits
const GAP = { along: 20, across: 8 };

/** The map of the story: choose a beat, then press Force. */
export function map(link: Link, { sheet, role }: Greeting): { dialog: HTMLDialogElement; open: () => void } {
  const placed = layers(sheet.beats, sheet.start);
  const lines = svg("svg", { "aria-hidden": "true" });
  const field = el("div", { class: "field" }, lines);
  const mayForce = may(role, { do: "forced", beat: "" });
  let chosen = "";

  const buttons = placed.map((one) => {
    const { beat } = one;
    const button = el(
      "button",
      { class: beat.ending ? "node ending" : "node", "data-beat": beat.id, "aria-pressed": "false" },
      titled(beat.id),
    );
    button.addEventListener("click", () => choose(beat.id));
    field.append(button);
    return { one, beat, button };
  });

  const sure = el("button", { class: "go", id: "force-now", disabled: true }, "Choose a beat");
  // A region that scrolls must be reachable without a pointer.
  const scroll = el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "The beats" }, field);
  const edged = el("div", { class: "edged" }, scroll);
  const { dialog, show } = panel("map", "Force the story", edged, el("div", { class: "pair" }, sure));
  sure.addEventListener("click", () => {
    if (chosen) void link.ask({ do: "forced", beat: chosen });
    closePanels();
  });

  const choose = (id: string) => {
    chosen = id;
    for (const { beat, button } of buttons) {
      mark(button, "chosen", beat.id === id);
      button.setAttribute("aria-pressed", String(beat.id === id));
    }
    sure.disabled = !id || !mayForce || link.isCutOff;
    say(sure, id ? `Force to ${plain(id)}` : "Choose a beat");
  };
  const place = () => {
    const here = sheet.beats.find((beat) => beat.id === link.state.beat);
    for (const { beat, button } of buttons) {
      mark(button, "here", beat.id === here?.id);
      button.disabled = Boolean(here?.force && !here.force.includes(beat.id));
    }
  };
  link.watch((_, changed) => {
    if (changed.has("beat")) place();
    sure.disabled = !chosen || !mayForce || link.isCutOff;
  });

  const draw = () => {
    const grid = fitted(placed, scroll.clientWidth);
    mark(field, "tall", grid.isTall);
    field.style.width = `${grid.width}px`;
    field.style.height = `${grid.height}px`;
    for (const { one, button } of buttons) {
      const { x, y } = grid.at(one);
      button.style.cssText = `left: ${x}px; top: ${y}px; width: ${grid.box}px`;
    }
    lines.setAttribute("viewBox", `0 0 ${grid.width} ${grid.height}`);
    lines.replaceChildren(...ways(placed, grid));
    edges();
  };
  /** Mark the edges beyond which the map continues. */
  const edges = () => {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = scroll;
    mark(edged, "more-left", scrollLeft > 4);
    mark(edged, "more-right", scrollLeft + clientWidth < scrollWidth - 4);
    mark(edged, "more-up", scrollTop > 4);
    mark(edged, "more-down", scrollTop + clientHeight < scrollHeight - 4);
  };
  scroll.addEventListener("scroll", edges);
  new ResizeObserver(() => {
    if (dialog.open) draw();
  }).observe(scroll);
  const open = () => {
    choose("");
    place();
    show();
    draw();
    buttons.find(({ button }) => button.classList.contains("here"))?.button.focus();
  };
  return { dialog, open };
}

interface Grid {
  width: number;
  height: number;
  box: number;
  isTall: boolean;
  at: (one: Placed) => { x: number; y: number };
}

/** A grid that fits into `room` pixels: from left to right, else from top to bottom, else wider. */
export function fitted(placed: Placed[], room: number): Grid {
  const columns = Math.max(0, ...placed.map((one) => one.column)) + 1;
  const rows = Math.max(0, ...placed.map((one) => one.row)) + 1;
  const along = Math.floor(room / columns) - GAP.along;
  const isTall = along < NARROW && rows < columns;
  const gap = isTall ? GAP.across : GAP.along;
  const across = isTall ? Math.floor(room / rows) - gap : along;
  const box = Math.min(BOX.width, Math.max(NARROW, across));
  const wide = box + gap;
  const high = BOX.height + (isTall ? GAP.along : GAP.across);
  const at = ({ column, row }: Placed) => {
    const [i, j] = isTall ? [row, column] : [column, row];
    return { x: i * wide + gap / 2, y: j * high + (high - BOX.height) / 2 };
  };
  const [wides, highs] = isTall ? [rows, columns] : [columns, rows];
  return { width: wides * wide, height: highs * high, box, isTall, at };
}

function ways(placed: Placed[], grid: Grid): SVGPathElement[] {
  const known = new Map(placed.map((one) => [one.beat.id, one]));
  return placed.flatMap((from) =>
    from.beat.ways.flatMap((way) => {
      const to = known.get(way.to);
      return to ? [svg("path", { "data-how": way.how, d: curve(grid.at(from), grid.at(to), grid) })] : [];
    }),
  );
}

/** From the far side of a box to the near side of another. */
function curve(from: { x: number; y: number }, to: { x: number; y: number }, grid: Grid): string {
  const { isTall, box } = grid;
  const middle = { x: box / 2, y: BOX.height / 2 };
  const [x1, y1] = isTall ? [from.x + middle.x, from.y + BOX.height] : [from.x + box, from.y + middle.y];
  const [x2, y2] = isTall ? [to.x + middle.x, to.y] : [to.x, to.y + middle.y];
  const bend = Math.max(12, (isTall ? y2 - y1 : x2 - x1) / 2);
  const [bx, by] = isTall ? [0, bend] : [bend, 0];
  return `M${x1} ${y1} C${x1 + bx} ${y1 + by} ${x2 - bx} ${y2 - by} ${x2} ${y2}`;
}
