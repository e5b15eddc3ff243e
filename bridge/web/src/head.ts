import { clock, el, mark, say } from "./dom";
import type { Link, Standing } from "./link";
import type { Greeting, State } from "./words";

const STANDINGS: Record<Standing, string> = {
  connecting: "connecting",
  waiting: "waiting",
  live: "live",
  silent: "no answer",
  ended: "ended",
  died: "broken off",
  away: "reconnecting",
  uninvited: "no invitation",
  replaced: "closed",
};

/** Title, time, connection. What comes and goes has its place, so nothing moves. */
export function head(link: Link, { sheet, you }: Greeting, openHelp: () => void): HTMLElement {
  const standing = el("span", { class: "standing", role: "status" }, STANDINGS.connecting);
  const time = el("span", { class: "timecode" });
  const rolling = el("span", { class: "flag rolling off" }, "ROLLING");
  const held = el("span", { class: "flag held off" }, "HELD");
  link.onStand((now) => {
    say(standing, STANDINGS[now]);
    standing.dataset["now"] = now;
    mark(document.body, "cut-off", now !== "live");
  });
  link.watch((state, changed) => {
    if (changed.has("timecode")) say(time, state.timecode ?? "");
    mark(rolling, "off", !state.rolling || state.fate !== undefined);
    say(rolling, rollText(link, sheet.rate) || "ROLLING");
    mark(held, "off", !state.held || Boolean(state.panic));
    if (changed.has("waiting")) say(held, state.waiting ? `HELD, then ${state.waiting}` : "HELD");
  });
  return el(
    "header",
    { class: "head" },
    el("h1", { dir: "auto" }, sheet.title),
    time,
    el("span", { class: "flags" }, held, rolling),
    standing,
    el("span", { class: "you" }, you),
    el("button", { class: "help", id: "help", "aria-label": "Invitations and keys", onclick: openHelp }, "?"),
  );
}

/** Which roll it is, and for how long: `ROLL 2 0:34`. */
export function rollText({ state, number }: { state: State; number: number }, rate: number): string {
  if (!state.rolling) return "";
  const which = state.rolls === undefined ? "ROLL" : `ROLL ${state.rolls}`;
  return state.rolled === undefined ? which : `${which} ${clock(Math.max(0, number / rate - state.rolled))}`;
}

/** What was refused, for some seconds. */
export function notices(link: Link): HTMLElement {
  const list = el("div", { class: "notices", role: "status" });
  link.onRefused = (text) => {
    const note = el("p", {}, text);
    list.append(note);
    while (list.children.length > 3) list.firstChild?.remove();
    setTimeout(() => note.remove(), 7000);
  };
  return list;
}
