"use strict";
// Joins the parts of the page: what is chosen, opened, found and focused.

const find = (id) => document.getElementById(id);
const story = JSON.parse(find("story").textContent);
const map = new StoryMap(story);
const drawing = new Drawing(find("paper"), map);
const state = { chosen: undefined, focus: undefined, found: new Set(), heat: story.plays > 0 };
const view = new View(find("map"), find("paper"), find("small"), map, () => {
  drawing.draw(view, view.width, view.height, view.ratio, state);
  view.drawSmall(drawing.colour, state);
});
const panel = new Panel(find("panel"), map, choose);

/** Open or close chapters; what is at (x, y) of the first one stays where it is on the page. */
function toggle(parts, isOpen) {
  const [first] = parts, { x, y } = first;
  for (const part of parts) part.isOpen = isOpen;
  map.arrange();
  view.x += first.x - x;
  view.y += first.y - y;
  if (parts.some((part) => part === state.focus || part === state.focus?.part)) state.focus = isOpen ? first.beats[0] : first;
  const hasClosed = map.parts.some((part) => !part.isOpen);
  find("all").textContent = hasClosed ? "Open all chapters" : "Close all chapters";
  find("all").hidden = map.parts.length < 2;
  view.keep();
}

function choose(beat, reveal = false) {
  if (!beat.part.isOpen) toggle([beat.part], true);
  state.chosen = state.focus = beat;
  panel.beat(beat);
  show(true);
  if (reveal) view.reveal(map.rectangle(beat), true);
  say(beat);
  view.redraw();
}

function release() {
  state.chosen = undefined;
  state.found = new Set();
  panel.overview();
  view.redraw();
}

function show(isShown) {
  find("panel").hidden = !isShown;
  find("side").setAttribute("aria-pressed", String(isShown));
  view.resize();
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function say(item) {
  const words = item.part
    ? `${item.title}, ${item.words}, ${count(item.rows.length, "path")} out${item.findings.length ? `, ${count(item.findings.length, "finding")}` : ""}`
    : `chapter ${item.title}, ${item.words}, closed`;
  find("said").textContent = words;
}

find("map").addEventListener("click", (event) => {
  if (event.target === find("small") || view.moved > 6) return;
  const [x, y] = view.point(event), { beat, port, part, isTitle } = map.at(x, y);
  if (beat) choose(beat);
  else if (port) choose(map.beats[port.other], true);
  else if (part && isTitle) toggle([part], !part.isOpen);
  else release();
});

// -- the keyboard --------------------------------------------------------------------------------

const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

/** The nearest item in a direction from the focused one. */
function nearest([right, down]) {
  const from = map.rectangle(state.focus), x = from.x + from.width / 2, y = from.y + from.height / 2;
  let best, least = Infinity;
  for (const one of map.items()) {
    const dx = one.x + one.width / 2 - x, dy = one.y + one.height / 2 - y;
    const along = dx * right + dy * down, across = Math.abs(dx * down) + Math.abs(dy * right);
    if (one.item === state.focus || along < 4) continue;
    const cost = along + 3 * across;
    if (cost < least) [best, least] = [one.item, cost];
  }
  return best;
}

/** To the right and left along paths, if the focused beat has some that are in sight. */
function following(step) {
  const [right] = step, beat = state.focus;
  if (right && beat.part) {
    const others = right > 0 ? beat.rows.filter(({ to }) => to >= 0).map(({ to }) => map.beats[to]) : beat.ins.map((way) => way.beat);
    const next = others.find((other) => other.part.isOpen && other !== beat && (map.rectangle(other).x - map.rectangle(beat).x) * right > 0);
    if (next) return next;
  }
  return nearest(step);
}

find("map").addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (step && event.shiftKey) view.pan(step[0] * 120, step[1] * 120);
  else if (step) {
    const next = state.focus ? following(step) : (map.items()[0]?.item ?? undefined);
    if (next) {
      state.focus = next;
      view.reveal(map.rectangle(next));
      say(next);
    }
  } else if (event.key === "Enter" && state.focus) {
    if (state.focus.part) choose(state.focus, true);
    else toggle([state.focus], true);
  } else if (event.key === "Backspace" && state.focus?.part?.title) toggle([state.focus.part], false);
  else if (event.key === "+" || event.key === "=") view.scale(1.25);
  else if (event.key === "-") view.scale(0.8);
  else if (event.key === "0") view.fit();
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !(event.target instanceof HTMLInputElement)) {
    event.preventDefault();
    find("search").focus();
  } else if (event.key === "Escape" && event.target !== find("search")) {
    release();
    find("map").focus();
  }
});

// -- search --------------------------------------------------------------------------------------

const texts = map.beats.map((beat) =>
  [beat.id, beat.title, ...beat.rows.map((row) => row.full), ...beat.script.filter(({ kind }) => kind === "line").map(({ who, text }) => `${who}: ${text}`)],
);
let results = [], picked = 0;

function search() {
  const words = find("search").value.trim().toLowerCase();
  results = [];
  state.found = new Set();
  if (words)
    map.beats.forEach((beat, number) => {
      const text = texts[number].find((one) => one.toLowerCase().includes(words));
      if (!text) return;
      state.found.add(beat);
      results.push({ beat, text, rank: texts[number].indexOf(text) });
    });
  results.sort((a, b) => Math.min(a.rank, 2) - Math.min(b.rank, 2));
  picked = 0;
  list(Boolean(words));
  view.redraw();
}

function list(isOpen) {
  const found = find("found");
  found.hidden = !isOpen;
  find("search").setAttribute("aria-expanded", String(isOpen));
  if (!isOpen) return find("search").removeAttribute("aria-activedescendant");
  const rows = results.slice(0, 30).map(({ beat, text }, number) =>
    element(
      "li",
      { id: `found-${number}`, role: "option", "aria-selected": String(number === picked), click: () => take(number) },
      element("div", {}, beat.title),
      element("small", {}, text === beat.id || text === beat.title ? beat.words : text),
    ),
  );
  found.replaceChildren(...(rows.length ? rows : [element("li", { role: "option", "aria-selected": "false", "aria-disabled": "true" }, "No beat has this text.")]));
  if (rows.length) find("search").setAttribute("aria-activedescendant", `found-${picked}`);
  rows[picked]?.scrollIntoView({ block: "nearest" });
}

function take(number) {
  if (!results[number]) return;
  list(false);
  choose(results[number].beat, true);
  find("map").focus();
}

find("search").addEventListener("input", search);
find("search").addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = Math.min(30, results.length);
  if (step && count) {
    picked = (picked + step + count) % count;
    list(true);
  } else if (event.key === "Enter") take(picked);
  else if (event.key === "Escape") {
    find("search").value = "";
    search();
    find("map").focus();
  } else return;
  event.preventDefault();
});
find("search").addEventListener("blur", () => setTimeout(() => list(false), 150));

// -- buttons, colours, print ---------------------------------------------------------------------

find("in").addEventListener("click", () => view.scale(1.25));
find("out").addEventListener("click", () => view.scale(0.8));
find("fit").addEventListener("click", () => view.fit());
find("side").addEventListener("click", () => show(find("panel").hidden));
find("heat").hidden = !story.plays;
find("heat").addEventListener("click", () => {
  state.heat = !state.heat;
  find("heat").setAttribute("aria-pressed", String(state.heat));
  view.redraw();
});
find("all").addEventListener("click", () => {
  const hasClosed = map.parts.some((part) => !part.isOpen);
  toggle(map.parts, hasClosed);
  view.fit();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  drawing.recolour();
  view.redraw();
});

/** Print the whole map over the width of the page, in the colours of paper. */
function printed() {
  document.documentElement.classList.add("printing");
  view.isPrinting = true;
  drawing.recolour();
  const border = 20, wide = map.width + 2 * border, high = map.height + 2 * border;
  const ratio = Math.min(2, 8000 / wide, 8000 / high);
  view.paper.width = wide * ratio;
  view.paper.height = high * ratio;
  drawing.draw({ x: -border, y: -border, zoom: 1 }, wide, high, ratio, { ...state, focus: undefined, chosen: undefined, found: new Set() });
}
addEventListener("beforeprint", printed);
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("printing");
  view.isPrinting = false;
  drawing.recolour();
  view.resize();
});

document.querySelector("h1").textContent = story.title;
const start = map.beats.find((beat) => beat.id === story.open);
const opened = map.parts.filter((part) => (start ? part === start.part : story.opened));
if (opened.length) toggle(opened, true);
else toggle(map.parts, false);
panel.overview();
show(innerWidth > 760);
view.resize();
view.fit(true);
if (start) choose(start, true);
