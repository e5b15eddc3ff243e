import { el, mark, plain, say, svg, titled } from "./dom";
import { layers } from "./layers";
import type { Link } from "./link";
import type { Greeting } from "./words";

const WIDE = 148;
const HIGH = 58;
const BOX = { width: 122, height: 44 };

/** The map of the story: choose a beat, then say that you mean it. */
export function map(link: Link, { sheet, role }: Greeting): { dialog: HTMLDialogElement; open: () => void } {
  const placed = layers(sheet.beats, sheet.start);
  const columns = Math.max(...placed.map((one) => one.column)) + 1;
  const rows = Math.max(...placed.map((one) => one.row)) + 1;
  const lines = svg("svg", {
    width: columns * WIDE,
    height: rows * HIGH,
    viewBox: `0 0 ${columns * WIDE} ${rows * HIGH}`,
    "aria-hidden": "true",
  });
  const field = el("div", { class: "field" }, lines);
  field.style.width = `${columns * WIDE}px`;
  field.style.height = `${rows * HIGH}px`;
  const at = new Map(placed.map((one) => [one.beat.id, one]));
  let chosen = "";

  for (const one of placed) {
    for (const way of one.beat.ways) {
      const to = at.get(way.to);
      if (to) lines.append(line(one, to, way.how));
    }
  }
  const buttons = placed.map(({ beat, column, row }) => {
    const button = el(
      "button",
      { class: beat.ending ? "node ending" : "node", "data-beat": beat.id, "aria-pressed": "false" },
      titled(beat.id),
    );
    button.style.left = `${column * WIDE + (WIDE - BOX.width) / 2}px`;
    button.style.top = `${row * HIGH + (HIGH - BOX.height) / 2}px`;
    button.addEventListener("click", () => choose(beat.id));
    field.append(button);
    return { beat, button };
  });

  const sure = el("button", { class: "go", id: "force-now", disabled: true }, "Choose a beat");
  const away = el("button", { class: "plain" }, "Close");
  const dialog = el(
    "dialog",
    { class: "map", "aria-labelledby": "map-title" },
    el("h2", { id: "map-title" }, "Force the story"),
    // A region that scrolls must be reachable without a pointer.
    el("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "The beats" }, field),
    el("div", { class: "pair" }, away, sure),
  );
  away.addEventListener("click", () => dialog.close());
  sure.addEventListener("click", () => {
    if (chosen) void link.ask({ do: "force", beat: chosen });
    dialog.close();
  });

  const choose = (id: string) => {
    chosen = id;
    for (const { beat, button } of buttons) {
      mark(button, "chosen", beat.id === id);
      button.setAttribute("aria-pressed", String(beat.id === id));
    }
    sure.disabled = !id || role !== "director";
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
  });
  const open = () => {
    choose("");
    place();
    dialog.showModal();
    buttons.find(({ button }) => button.classList.contains("here"))?.button.focus();
  };
  return { dialog, open };
}

function line(
  from: { column: number; row: number },
  to: { column: number; row: number },
  how: string,
): SVGPathElement {
  const y = (row: number) => row * HIGH + HIGH / 2;
  const x1 = from.column * WIDE + (WIDE + BOX.width) / 2;
  const x2 = to.column * WIDE + (WIDE - BOX.width) / 2;
  const bend = Math.max(24, (x2 - x1) / 2);
  const [y1, y2] = [y(from.row), y(to.row)];
  return svg("path", {
    class: how,
    d: `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
  });
}
