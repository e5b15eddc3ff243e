import { el, mark, plain, say, titled } from "./dom";
import { may } from "./commands";
import type { Link } from "./link";
import type { Control, Greeting, State } from "./words";

const PERIOD = 40; // milliseconds between two values of a slider that is dragged
const LET_GO = 700; // milliseconds for which a moved slider shows its own value
const STEPS = { slider: 200, field: 100 }; // of a parameter's range

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
  const mayMove = may(greeting.role, { do: "param", param: "", value: null });
  all.addEventListener("click", () => {
    for (const name of link.state.over ?? []) void link.ask({ do: "param", param: name, value: null });
  });
  link.watch((state, changed) => {
    if (changed.has("scene") && state.scene !== scene) {
      box.hidden = false;
      scene = state.scene; // a page that reconnects keeps its controls and the focus
      const controls = greeting.sheet.scenes[state.scene ?? ""] ?? [];
      say(title, titled(state.scene ?? ""));
      rows = controls.map((control) => row(link, control, mayMove));
      list.replaceChildren(...rows.map((one) => one.box));
    }
    all.hidden = !state.over?.length || !mayMove;
    all.disabled = link.isCutOff;
    for (const one of rows) one.show(state);
  });
  const box = el(
    "section",
    { class: "card set", "aria-labelledby": "params-title" },
    el("div", { class: "head" }, title, all),
    list,
  );
  box.hidden = true; // until the current set is known
  return box;
}

function row(link: Link, control: Control, mayMove: boolean): Row {
  const id = `p-${control.id}`;
  const by = el("span", { class: "by" });
  const release = el("button", { class: "small release", "data-release": control.id }, "Release");
  release.addEventListener("click", () => {
    touched = -Infinity;
    void link.ask({ do: "param", param: control.id, value: null });
  });
  let touched = -Infinity;
  const ask = (wanted: number) => void link.ask({ do: "param", param: control.id, value: wanted });
  const send = throttled(ask);
  const put = (wanted: number) => {
    touched = performance.now();
    value.show(wanted);
  };
  const input = made(control, id, (wanted) => {
    put(wanted);
    send(wanted);
  });
  const value: Value =
    control.kind === "real"
      ? typed(control, id, (wanted) => {
          put(wanted);
          place(control, input, wanted);
          ask(wanted);
        })
      : shownOnly(control, id);
  const box = el(
    "div",
    { class: `param ${control.kind}`, title: control.doc },
    el("label", { for: id }, titled(control.id)),
    input,
    value.box,
    el("span", { class: "hand" }, by, release),
    value.problem,
  );
  const show = (state: State) => {
    const current = state[`p/${control.id}`] ?? control.default;
    const over = state.over?.includes(control.id) ?? false;
    mark(box, "over", over);
    release.hidden = !over || !mayMove;
    const disabled = !mayMove || link.isCutOff;
    for (const one of [input, release, value.field]) if (one) one.disabled = disabled;
    say(by, over ? (state.by?.[control.id] ?? "held") : "");
    if (performance.now() - touched < LET_GO) return;
    value.show(current);
    place(control, input, current);
  };
  return { control, box, show };
}

function made(
  control: Control,
  id: string,
  moved: (value: number) => void,
): HTMLInputElement | HTMLSelectElement {
  if (control.kind === "choice") {
    const options = control.choices.map((name, index) => el("option", { value: index }, plain(name)));
    const select = el("select", { id }, ...options);
    select.addEventListener("change", () => moved(Number(select.value)));
    return select;
  }
  if (control.kind === "flag") {
    const box = el("input", { id, type: "checkbox", role: "switch" });
    box.addEventListener("change", () => moved(box.checked ? control.most : control.least));
    return box;
  }
  const { least: min, most: max } = control;
  const slider = el("input", { id, type: "range", min, max, step: (max - min) / STEPS.slider });
  slider.addEventListener("input", () => moved(Number(slider.value)));
  return slider;
}

function place(
  control: Control,
  input: HTMLInputElement | HTMLSelectElement,
  value: number | string,
): void {
  if (control.kind === "choice") input.value = String(control.choices.indexOf(String(value)));
  else if (input instanceof HTMLInputElement && control.kind === "flag") {
    input.checked = Number(value) > control.least;
  } else if (Number(input.value) !== Number(value)) input.value = String(value);
}

/** The position of a parameter's value. */
interface Value {
  box: HTMLElement;
  field?: HTMLInputElement;
  problem?: HTMLElement;
  show: (value: number | string) => void;
}

function shownOnly(control: Control, id: string): Value {
  const box = el("output", { for: id });
  return { box, show: (value) => say(box, shown(control, value)) };
}

/** A number field: Enter sends the number, Escape or leaving the field discards it. */
function typed(control: Control, id: string, sent: (value: number) => void): Value {
  const { least: min, most: max } = control;
  const problem = el("p", { class: "problem", id: `${id}-problem`, role: "alert" });
  const field = el("input", {
    id: `${id}-number`,
    type: "number",
    inputmode: "decimal",
    min,
    max,
    step: (max - min) / STEPS.field,
    required: true,
    autocomplete: "off",
    "aria-label": `${titled(control.id)}, ${min} to ${max}: type a number and press Enter`,
    "aria-describedby": problem.id,
  });
  let newest: number | string = control.default;
  let edited = false;
  const refuse = (text: string) => {
    say(problem, text);
    problem.hidden = !text;
    if (text) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };
  const restore = () => {
    edited = false;
    field.value = shown(control, newest);
  };
  field.addEventListener("input", () => {
    edited = true;
    refuse(numberProblem(control, field.value, field.validity?.badInput));
  });
  field.addEventListener("focus", () => field.select());
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      const text = numberProblem(control, field.value, field.validity?.badInput);
      refuse(text);
      if (text) return;
      newest = Number(field.value);
      edited = false;
      sent(newest);
      field.select();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      restore();
      refuse("");
      field.select();
    }
  });
  field.addEventListener("blur", () => {
    const dropped = edited && Number(field.value) !== Number(shown(control, newest));
    restore();
    refuse(dropped ? "Not sent: type a number and press Enter" : "");
  });
  refuse("");
  const show = (value: number | string) => {
    newest = value;
    if (!edited && document.activeElement !== field) field.value = shown(control, value);
    else if (!edited && Number(field.value) !== Number(shown(control, value))) restore();
  };
  return { box: field, field, problem, show };
}

/** The problem of a typed number; "" when it can be sent. */
export function numberProblem(control: Pick<Control, "id" | "least" | "most">, text: string, bad = false): string {
  const { least, most } = control;
  const value = Number(text);
  if (bad || !text.trim() || !Number.isFinite(value)) return `Type a number from ${least} to ${most}`;
  return value < least || value > most ? `${titled(control.id)} goes from ${least} to ${most}` : "";
}

/** A value as text, with the number of digits that its range needs. */
export function shown(control: Control, value: number | string): string {
  if (control.kind === "choice") {
    return plain(typeof value === "number" ? (control.choices[value] ?? "") : value);
  }
  if (control.kind === "flag") return Number(value) > control.least ? "on" : "off";
  const range = control.most - control.least;
  const digits = range > 0 ? Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(range)))) : 2;
  return Number(value).toFixed(digits);
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
