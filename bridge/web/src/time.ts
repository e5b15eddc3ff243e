import { may } from "./commands";
import { el, say } from "./dom";
import type { Link } from "./link";
import type { Greeting, State } from "./words";

/** One step beyond the longest time: no time limit. */
const MOST = 4;
const UNLIMITED = MOST + 0.5;

/** How much longer choices stay open, for viewers who need more time. */
export function time(link: Link, { role }: Greeting): HTMLElement {
  const allowed = may(role, { do: "time_scale", scale: 1 });
  const value = el("output", { for: "time-scale" });
  const range = el("input", {
    type: "range",
    id: "time-scale",
    min: 1,
    max: UNLIMITED,
    step: 0.5,
    disabled: !allowed,
  });
  range.addEventListener("change", () => {
    const wanted = Number(range.value);
    void link.ask({ do: "time_scale", scale: wanted > MOST ? null : wanted });
  });
  range.addEventListener("input", () => put(Number(range.value)));
  const put = (wanted: number) => {
    const text = timeText(wanted > MOST ? null : wanted);
    say(value, text);
    range.setAttribute("aria-valuetext", text);
  };
  link.watch((state, changed) => {
    range.disabled = !allowed || link.isCutOff;
    if (!changed.has("time_scale")) return;
    const shown = scaleOf(state);
    range.value = String(shown ?? UNLIMITED);
    put(shown ?? UNLIMITED);
  });
  put(1);
  return el(
    "section",
    { class: "card time" },
    el("label", { for: "time-scale" }, "Time for choices"),
    range,
    value,
  );
}

/** How much longer choices stay open in a state; null without a time limit. */
export function scaleOf(state: State): number | null {
  return state.time_scale === "none" ? null : (state.time_scale ?? 1);
}

export function timeText(scale: number | null): string {
  if (scale === null) return "no time limit";
  return scale === 1 ? "as written" : `${scale} times as long`;
}
