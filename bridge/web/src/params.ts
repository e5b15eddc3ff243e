import { el, mark, plain, say, titled } from "./dom";
import type { Link } from "./link";
import type { Control, Greeting, State } from "./words";

const PERIOD = 40; // milliseconds between two values of a slider that is dragged
const LET_GO = 700; // a slider that was moved shows its own value for so long

interface Row {
  control: Control;
  box: HTMLElement;
  show: (state: State) => void;
}

/** A control for every parameter of the set that plays. */
export function params(link: Link, greeting: Greeting): HTMLElement {
  const title = el("h3", { id: "params-title" });
  const list = el("div", { class: "params" });
  const all = el("button", { class: "small", id: "release-all" }, "Release all");
  all.hidden = true;
  let rows: Row[] = [];
  let scene: string | undefined;
  const mayMove = greeting.role !== "viewer";
  all.addEventListener("click", () => {
    for (const name of link.state.over ?? []) void link.ask({ do: "param", name, value: null });
  });
  link.watch((state, changed) => {
    if (changed.has("scene") && state.scene !== scene) {
      box.hidden = false;
      scene = state.scene; // a page that catches up keeps its controls, and the one in use
      const controls = greeting.sheet.scenes[state.scene ?? ""] ?? [];
      say(title, titled(state.scene ?? ""));
      rows = controls.map((control) => row(link, control, mayMove));
      list.replaceChildren(...rows.map((one) => one.box));
    }
    all.hidden = !state.over?.length || !mayMove;
    for (const one of rows) one.show(state);
  });
  const box = el(
    "section",
    { class: "card set", "aria-labelledby": "params-title" },
    el("div", { class: "head" }, title, all),
    list,
  );
  box.hidden = true; // until it is known which set plays
  return box;
}

function row(link: Link, control: Control, mayMove: boolean): Row {
  const id = `p-${control.id}`;
  const value = el("output", { for: id });
  const by = el("span", { class: "by" });
  const release = el("button", { class: "small release", "data-release": control.id }, "Release");
  release.addEventListener("click", () => {
    touched = -Infinity;
    void link.ask({ do: "param", name: control.id, value: null });
  });
  let touched = -Infinity;
  const send = throttled((wanted: number) => void link.ask({ do: "param", name: control.id, value: wanted }));
  const input = made(control, id, mayMove, (wanted) => {
    touched = performance.now();
    say(value, shown(control, wanted));
    send(wanted);
  });
  const box = el(
    "div",
    { class: `param ${control.kind}`, title: control.doc },
    el("label", { for: id }, titled(control.id)),
    input,
    value,
    el("span", { class: "hand" }, by, release),
  );
  const show = (state: State) => {
    const current = state[`p/${control.id}`] ?? control.default;
    const over = state.over?.includes(control.id) ?? false;
    mark(box, "over", over);
    release.hidden = !over || !mayMove;
    say(by, over ? (state.by?.[control.id] ?? "held") : "");
    if (performance.now() - touched < LET_GO) return;
    say(value, shown(control, current));
    put(control, input, current);
  };
  return { control, box, show };
}

function made(
  control: Control,
  id: string,
  mayMove: boolean,
  moved: (value: number) => void,
): HTMLInputElement | HTMLSelectElement {
  const disabled = !mayMove;
  if (control.kind === "choice") {
    const options = control.choices.map((name, index) => el("option", { value: index }, plain(name)));
    const select = el("select", { id, disabled }, ...options);
    select.addEventListener("change", () => moved(Number(select.value)));
    return select;
  }
  if (control.kind === "flag") {
    const box = el("input", { id, disabled, type: "checkbox", role: "switch" });
    box.addEventListener("change", () => moved(box.checked ? control.most : control.least));
    return box;
  }
  const { least: min, most: max } = control;
  const slider = el("input", { id, disabled, type: "range", min, max, step: (max - min) / 200 });
  slider.addEventListener("input", () => moved(Number(slider.value)));
  return slider;
}

function put(
  control: Control,
  input: HTMLInputElement | HTMLSelectElement,
  value: number | string,
): void {
  if (control.kind === "choice") input.value = String(control.choices.indexOf(String(value)));
  else if (input instanceof HTMLInputElement && control.kind === "flag") {
    input.checked = Number(value) > control.least;
  } else if (Number(input.value) !== Number(value)) input.value = String(value);
}

function shown(control: Control, value: number | string): string {
  if (control.kind === "choice") {
    return plain(typeof value === "number" ? (control.choices[value] ?? "") : value);
  }
  if (control.kind === "flag") return Number(value) > control.least ? "on" : "off";
  return Number(value).toFixed(2);
}

/** Call with the newest value at most once a period; the last value is never lost. */
export function throttled(call: (value: number) => void, period = PERIOD): (value: number) => void {
  let last = -Infinity;
  let newest: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const go = () => {
    timer = undefined;
    if (newest === undefined) return;
    last = performance.now();
    const value = newest;
    newest = undefined;
    call(value);
  };
  return (value) => {
    newest = value;
    const wait = last + period - performance.now();
    if (wait <= 0 && timer === undefined) go();
    else timer ??= setTimeout(go, Math.max(0, wait));
  };
}
