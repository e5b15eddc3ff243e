import { el, mark, plain, say } from "./dom";
import type { Link } from "./link";
import type { Doing, Greeting, State } from "./words";

/** Slate, roll and cut. */
export function slate(link: Link, { role }: Greeting): { box: HTMLElement; roll: () => void } {
  const off = role === "viewer";
  const text = el("input", {
    id: "slate",
    type: "text",
    maxlength: 120,
    autocomplete: "off",
    placeholder: "12A, take 3",
    disabled: off,
  });
  const roll = () => void link.ask({ do: "roll", on: !link.state.rolling });
  const button = el("button", { id: "roll", class: "roll", disabled: off, onclick: roll });
  text.addEventListener("change", () => void link.ask({ do: "slate", text: text.value.trim() }));
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter") text.blur();
  });
  link.watch((state, changed) => {
    if (changed.has("slate") && document.activeElement !== text) text.value = state.slate ?? "";
    say(button, state.rolling ? "CUT" : "ROLL");
    mark(button, "on", Boolean(state.rolling));
  });
  say(button, "ROLL");
  const box = el("section", { class: "slate", "aria-label": "Slate" }, el("label", { for: "slate" }, "Slate"), text, button);
  return { box, roll };
}

/** How the show does: frames, tracker, alarms, who is here and what was done. */
export function health(link: Link): HTMLElement {
  const facts = ["Frames", "Tracker", "Camera", "Here"].map((name) => {
    const value = el("dd");
    return { name, value, row: el("div", {}, el("dt", {}, name), value) };
  });
  const [frames, tracker, camera, here] = facts;
  const alarms = el("ul", { class: "alarms", role: "alert" });
  const doings = el("ol", { class: "doings", "aria-label": "What was done" });
  link.watch((state, changed) => {
    if (frames) {
      say(frames.value, frameText(state));
      mark(frames.row, "bad", (state.vitals?.worst_ms ?? 0) > (state.vitals?.budget_ms ?? Infinity));
    }
    if (tracker) {
      say(tracker.value, trackerText(state));
      mark(tracker.row, "bad", state.tracker !== undefined && state.tracker.state !== "live" && state.tracker.state !== "predicted");
    }
    if (camera) say(camera.value, cameraText(state.camera));
    if (here && changed.has("desks")) say(here.value, (state.desks ?? []).join(", "));
    if (changed.has("alarms")) {
      alarms.replaceChildren(...(state.alarms ?? []).map((one) => el("li", {}, one.text)));
    }
    if (changed.has("doings")) {
      doings.replaceChildren(
        ...(state.doings ?? []).slice(0, 5).map((one) => el("li", {}, el("b", {}, one.who), ` ${told(one)}`)),
      );
    }
  });
  return el(
    "section",
    { class: "card health", "aria-label": "Health" },
    alarms,
    el("dl", {}, ...facts.map((one) => one.row)),
    doings,
  );
}

function frameText(state: State): string {
  const rate = state.fps === undefined ? "none" : `${state.fps.toFixed(1)} a second`;
  const vitals = state.vitals;
  if (!vitals) return rate;
  const made = `${vitals.frame_ms.toFixed(1)} ms (worst ${vitals.worst_ms.toFixed(0)}) of ${vitals.budget_ms.toFixed(0)}`;
  return `${rate}, ${made}, ${vitals.late} late, ${vitals.skipped} skipped`;
}

function trackerText(state: State): string {
  if (!state.tracker) return "none";
  const { vitals } = state;
  const rate = vitals?.tracker_rate == null ? "" : `, ${vitals.tracker_rate.toFixed(0)} a second`;
  const gaps = vitals?.tracker_gaps ? `, ${vitals.tracker_gaps} gaps` : "";
  const bad = vitals?.tracker_bad ? `, ${vitals.tracker_bad} bad` : "";
  const age = state["tracker.age"] === undefined ? "" : `, ${state["tracker.age"]} ms old`;
  return `${state.tracker.state}${rate}${age}${gaps}${bad}`;
}

function cameraText(camera: number[] | undefined): string {
  if (!camera) return "none";
  const [x = 0, y = 0, z = 0, pan = 0, tilt = 0] = camera;
  return `${x.toFixed(2)}, ${y.toFixed(2)}, ${z.toFixed(2)} m; pan ${pan.toFixed(1)}°, tilt ${tilt.toFixed(1)}°`;
}

function told(doing: Doing): string {
  switch (doing.do) {
    case "param":
      return doing.value === null || doing.value === undefined
        ? `released ${plain(doing.name ?? "")}`
        : `${plain(doing.name ?? "")} to ${doing.value.toFixed(2)}`;
    case "hold":
      return doing.on ? "held the story" : "let it go on";
    case "force":
      return `forced ${plain(doing.beat ?? "")}`;
    case "undo":
      return "undid a pick";
    case "confirm":
      return doing.on ? "confirms picks" : "lets picks happen";
    case "decide":
      return doing.yes ? "said yes" : "said no";
    case "pick":
      return `picked ${plain(doing.option ?? "")}`;
    case "slate":
      return `slated “${doing.text ?? ""}”`;
    case "roll":
      return doing.on ? "rolled" : "cut";
    case "panic":
      return doing.on ? "PANIC" : "back from panic";
    default:
      return doing.do;
  }
}
